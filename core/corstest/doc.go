// Package corstest is a browser for tests: the CORS protocol of the Fetch
// standard as a user agent, over any http.RoundTripper.
//
//	api := corstest.Handler(router) // or nil, for a server that runs
//	app := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: api}
//	evil := &corstest.Page{Origin: "https://evil.example", Credentials: corstest.Include, Transport: api}
//
//	corstest.Allows(t, app, "PUT", "/items/1", "Authorization: Bearer token")
//	corstest.Refuses(t, evil, "PUT", "/items/1", "Authorization: Bearer token")
//	corstest.CheckRoutes(t, app, routes) // is the middleware where all routes go?
//
// A page sends the preflights that browsers send, as they send them, judges the
// answers as they do, and shows a script's view of responses. Where it blocks,
// a [*BlockedError] has the words of Chromium's console and what to change.
// [Page.Fetch] is for whatever the assertions are too short for.
//
// It follows Chromium, as observed in version 156, where browsers differ from
// the standard or from each other, unless Page.Browser says otherwise. Not
// modelled are Local Network Access, mixed content, the HTTP cache and fetch's
// option for it, redirects that are not followed, streamed bodies,
// Cross-Origin-Resource-Policy, and the SameSite attribute of cookies that are
// in the jar already.
//
// The protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
package corstest
