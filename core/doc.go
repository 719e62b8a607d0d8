// Package cors decides which cross-origin requests browsers may make: the CORS
// protocol of the Fetch standard, for any web framework.
//
// A [Config] says which origins may make requests, and which requests. [New]
// checks it and compiles it into a [Policy]. Pass either to an adapter, which
// makes middleware for a framework:
//
//	cfg := cors.Config{
//		AllowOrigins:     []string{"https://myapp.com", "https://*.myapp.com"},
//		AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
//		AllowHeaders:     []string{"Content-Type", "Authorization"},
//		AllowCredentials: true,
//		MaxAge:           24 * time.Hour,
//	}
//	router.Use(gincors.New(cfg)) // or echocors, fibercors, chicors, httpcors
//
// CORS relaxes a restriction of browsers; it protects nothing by itself. A
// request from an origin that is not allowed still reaches its handler unless it
// needs a preflight, and programs other than browsers ignore CORS.
//
// The package does not depend on any framework. An adapter presents each request
// to [Policy.Decide] as a [Source] and writes the [Decision] to the response. To
// support another framework, write an adapter as in the example, and test it
// with package adaptertest.
//
// The protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
package cors
