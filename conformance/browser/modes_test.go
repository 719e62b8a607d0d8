package browser

// modeScenarios test the modes of fetch, and requests to the page's own origin.
func modeScenarios() []scenario {
	silent := map[string]site{"api.test": {}, "myapp.test": {}, "api.myapp.test": {}}
	const own = "https://myapp.test/items"
	var scenarios []scenario
	for _, tt := range []struct {
		name  string
		steps []step
	}{
		{"no-cors gets an opaque response", []step{{mode: "no-cors", want: "opaque"}}},
		{"no-cors may POST", []step{{mode: "no-cors", method: "POST", body: "x", header: []string{"Content-Type: text/plain"}, want: "opaque"}}},
		{"no-cors may not PUT", []step{{mode: "no-cors", method: "PUT", want: "TypeError"}}},
		{"no-cors may HEAD", []step{{mode: "no-cors", method: "HEAD", want: "opaque"}}},
		{"no-cors drops headers", []step{{mode: "no-cors", header: []string{"X-A: 1", "Authorization: Bearer x"}, want: "opaque"}}},
		{"no-cors drops types that are not safelisted",
			[]step{{mode: "no-cors", method: "POST", header: []string{"Content-Type: application/json"}, want: "opaque"}}},
		{"no-cors on the page's own origin is not opaque", []step{{url: own, mode: "no-cors", want: "200"}}},
		{"same-origin does not fetch another origin", []step{{mode: "same-origin", want: "TypeError"}}},
		{"same-origin on the page's own origin",
			[]step{{url: own, mode: "same-origin", want: "200"}, {url: own, mode: "same-origin", method: "PUT", want: "200"}}},
		{"GET on the page's own origin has no Origin", []step{{url: own, want: "200"}, {url: own, method: "HEAD", want: "200"}}},
		{"POST on the page's own origin has an Origin", []step{
			{url: own, method: "POST", body: "x", header: []string{"Content-Type: text/plain"}, want: "200"},
			{url: own, method: "PUT", want: "200"}, {url: own, method: "DELETE", want: "200"}, {url: own, method: "patch", want: "200"},
		}},
		{"headers on the page's own origin need no permission",
			[]step{{url: own, header: []string{"X-A: 1", "Authorization: Bearer x"}, want: "200"}}},
		{"another port is another origin", []step{{url: "https://myapp.test:8443/items", want: "MissingAllowOriginHeader"}}},
		{"the default port is not another origin", []step{{url: "https://myapp.test:443/items", want: "200"}}},
		{"upper case is not another host", []step{{url: "https://MyApp.test/items", want: "200"}}},
		{"a subdomain is another origin", []step{{url: "https://api.myapp.test/items", want: "MissingAllowOriginHeader"}}},
		{"cors is the default", []step{{want: "MissingAllowOriginHeader"}, {mode: "cors", want: "MissingAllowOriginHeader"}}},
	} {
		scenarios = append(scenarios, scenario{name: tt.name, sites: silent, steps: tt.steps})
	}

	// For a page of the framework's own origin, browsers send Origin with a POST
	// request. RejectDisallowed must allow it.
	rejecting := allow("https://myapp.test")
	rejecting.RejectDisallowed = true
	for _, scheme := range []string{"https", "http"} {
		own := step{url: scheme + "://server.test/items", want: "200"}
		post, put, remove := own, own, own
		post.method, post.body, post.header = "POST", "x", []string{"Content-Type: text/plain"}
		put.method, put.header = "PUT", []string{"X-A: 1"}
		remove.method = "DELETE"
		for _, framework := range frameworks {
			scenarios = append(scenarios, scenario{
				name: "requests from a server's own pages over " + scheme + " are not rejected",
				from: page{origin: scheme + "://" + framework + ".test"}, policy: rejecting, through: []string{framework},
				steps: []step{own, post, put, remove},
			})
		}
	}
	return scenarios
}
