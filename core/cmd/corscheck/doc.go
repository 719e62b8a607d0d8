// Corscheck asks a server what a browser would make of it, and says why.
//
//	corscheck probe -origin https://myapp.com -method PUT -credentials https://api.example/items/1
//	corscheck lint policy.yaml
//	corscheck explain policy.yaml -origin http://127.0.0.1:5173
//
// Probe works on any server in any language: it sends the preflights and
// requests that browsers send and judges the answers as they do, by the rules
// of package corstest. Lint and explain read the policy of a polycors
// middleware from a file.
//
// The exit status is 0 if the request is allowed or the policy valid, 1 if not,
// and 2 if that could not be told.
package main
