// Package corstest is a browser for tests. It sends requests over any
// [http.RoundTripper], and follows the CORS protocol of the Fetch standard as a
// browser does.
//
//	api := corstest.Handler(router)
//	app := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: api}
//	evil := app.Open("https://evil.example") // in the same browser
//
//	corstest.Allows(t, app, "PUT", "/items/1", "Authorization: Bearer token")
//	corstest.Allows(t, app, "POST", "/items", corstest.Body("application/json", `{"name": "Pear"}`))
//	corstest.Refuses(t, evil, "PUT", "/items/1", "Authorization: Bearer token")
//	corstest.RefusesWith(t, app, corstest.IssueMethodDisallowed, "DELETE", "/items/1")
//	corstest.CheckRoutes(t, app, routes) // is the middleware mounted for all routes?
//
// For a server that listens, such as an [net/http/httptest.Server], leave
// Transport nil and set Page.Server to its URL.
//
// A [Page] sends the preflights that a browser sends, checks the responses as a
// browser does, and returns what a script may read. If it blocks a request, a
// [*BlockedError] contains the message of Chromium's console and what to change.
// For what the assertions do not cover, use [Page.Fetch].
//
// Where browsers differ from the standard or from each other, a Page behaves as
// Chromium 156 does, unless Page.Browser selects another browser. Tests compare
// a Page with a real Chromium. Firefox and Safari have not been compared.
//
// A Page does not model:
//   - requests by other means than fetch: service workers, WebSocket, EventSource,
//     forms, images and the like, and the redirect modes "manual" and "error";
//   - other reasons to block a request: Local Network Access, mixed content, blocked
//     ports, Content-Security-Policy, Cross-Origin-Resource-Policy;
//   - the HTTP cache and fetch's option for it, streamed request bodies, and the
//     SameSite attribute of cookies that are already in the jar;
//   - the request headers Accept-Encoding, Accept-Language, Referer and User-Agent,
//     which it does not send.
//
// The protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
package corstest
