// Package classics reproduces common CORS mistakes on real servers, with
// polycors and with other middleware. The scripts in testdata record what
// corscheck says about each.
//
//	go test ./classics -update   # rewrites them
package classics
