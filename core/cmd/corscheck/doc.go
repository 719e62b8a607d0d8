// Corscheck asks a server what a browser would allow, and says why.
//
//	corscheck probe -origin https://myapp.com -method PUT -credentials https://api.example/items/1
//	corscheck lint policy.yaml
//	corscheck explain policy.yaml -origin http://127.0.0.1:5173
//
// Probe works with any server in any language. It sends the preflights and
// requests that browsers send, and checks the responses as they do, by the rules
// of package corstest. Lint and explain read the policy of a polycors middleware
// from a file.
//
// The exit status is 0 if the request is allowed or the policy is valid, 1 if
// not, and 2 if corscheck could not tell. It is also 1 if the server lets any site
// act as its users.
package main
