// Package model says a second time, for clarity and not for speed, what a policy
// means (policy.go and entry.go) and what a browser does (browser.go). It shares no
// code with the library; of package cors it has only the names of the settings.
//
// Its tests compare three things for random policies and random requests, with an
// application of every framework: what the policy means to allow, what a browser
// ends up allowing, and what corstest says. For a longer run:
//
//	go test ./model -rapid.checks 10000
package model
