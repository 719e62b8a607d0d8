// Package museum shows known faults of CORS middleware: each exhibit is a policy
// and some requests that once went wrong somewhere. The tests send the requests to
// real servers, through every adapter of polycors and through the middleware of
// others, and look for the harm that a browser or a cache would see.
//
//	go test ./museum           # polycors does no harm, and README.md is up to date
//	go test ./museum -update   # rewrites README.md
//
// To add an adapter, add a line to the function adapters, and a function that
// builds a site with the framework. To add an exhibit, add it to a room.
package museum
