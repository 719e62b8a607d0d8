// Package raw sends requests with arbitrary bytes to the application of every
// framework, over connections in memory.
package raw
