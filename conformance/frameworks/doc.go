// Package frameworks has no code. Below it is the test file that each page of docs/frameworks shows.
package frameworks
