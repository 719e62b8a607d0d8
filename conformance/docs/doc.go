// Package docs has no code. Its tests check every Markdown file of the repository: Go compiles, links lead
// somewhere, commands exist, and what they print is what the page shows.
package docs
