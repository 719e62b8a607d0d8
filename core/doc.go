// Package cors decides which cross-origin requests browsers may make: the CORS
// protocol of the Fetch standard, for any web framework.
//
// A [Config] says who may do what; [New] checks it and compiles it into a
// [Policy]; [Policy.Decide] turns the few facts of a [Request] that matter into
// a [Decision], which is nothing but a status and header values. The package
// knows no framework: adapters read the one and write the other. An adapter for a
// further one calls [Policy.Answer], and passes the tests of package adaptertest.
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
// CORS relaxes what browsers forbid; it protects nothing by itself. A request
// from an origin that is not allowed still reaches its handler unless it needs
// a preflight, and programs other than browsers are not bound by CORS at all.
//
// The protocol: https://fetch.spec.whatwg.org/#http-cors-protocol
package cors
