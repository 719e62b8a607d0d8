package browser

import "fmt"

// metadataScenarios test the headers Sec-Fetch-… and Origin, for pages and servers
// near and far, with TLS and without.
func metadataScenarios() []scenario {
	localhost := page{origin: "http://localhost:3000"}
	var scenarios []scenario
	for _, from := range []page{myapp, plainPage, localhost, sandboxedFrame} {
		for _, target := range []string{
			"https://myapp.test", "https://myapp.test:8443", "https://api.myapp.test", "https://other.test",
			"http://localhost:3000", "http://localhost:8080", "http://sub.localhost:8080", "http://127.0.0.1:8080", "http://127.9.9.9:8080", "http://[::1]:8080",
			"http://plain.test", "http://plain.test:8080", "http://api.plain.test", "https://plain.test", "http://other.test",
		} {
			insecure := target == "http://plain.test" || target == "http://plain.test:8080" || target == "http://api.plain.test" || target == "http://other.test"
			if insecure && (from == myapp || from == sandboxedFrame) {
				continue // mixed content
			}
			url := target + "/x"
			scenarios = append(scenarios, scenario{
				name: fmt.Sprintf("from %s to %s", from.url(), target), from: from,
				sites: map[string]site{"*": everywhere},
				steps: []step{
					{url: url}, {url: url, method: "POST"}, {url: url, method: "PUT"}, {url: url, mode: "same-origin"}, {url: url, mode: "same-origin", method: "PUT"},
					{url: url, mode: "no-cors"}, {url: url, mode: "no-cors", method: "POST"},
				},
				preflights: asChromium,
			})
		}
	}
	for _, from := range []page{myapp, plainPage, localhost} {
		for _, hops := range [][]string{
			{"https://myapp.test", "https://api.myapp.test"}, {"https://myapp.test", "https://other.test"},
			{"https://api.myapp.test", "https://myapp.test"}, {"https://api.myapp.test", "https://other.test"},
			{"https://other.test", "https://myapp.test"}, {"https://other.test", "https://other.test"},
			{"http://localhost:3000", "http://localhost:8080"}, {"http://localhost:8080", "http://localhost:3000"},
			{"http://localhost:8080", "https://myapp.test"}, {"https://myapp.test", "http://localhost:8080"},
			{"http://plain.test", "http://api.plain.test"}, {"http://api.plain.test", "https://other.test"}, {"http://plain.test", "http://plain.test"},
			{"https://other.test", "http://plain.test"}, {"http://localhost:8080", "http://plain.test"},
		} {
			if from == myapp && (hops[0][:11] == "http://plai" || hops[1][:11] == "http://plai" || hops[0][:11] == "http://api.") {
				continue // mixed content
			}
			for _, method := range []string{"GET", "POST", "PUT"} {
				start := everywhere
				start.paths = map[string]site{"/start": {preflight: everywhere.preflight,
					response: reply{307, []string{allowOrigin + "*", "Location: " + hops[1] + "/x"}}}}
				departure := ""
				if method == "POST" && hops[0] == from.origin && hops[1] != from.origin {
					departure = "the standard keeps the origin in a redirect from the page's own origin; in mode no-cors, Chromium sends null"
				}
				scenarios = append(scenarios, scenario{
					departure: departure,
					name:      fmt.Sprintf("%s from %s to %s and %s", method, from.url(), hops[0], hops[1]), from: from,
					sites:      map[string]site{"*": start},
					steps:      []step{{url: hops[0] + "/start", method: method}, {url: hops[0] + "/start", method: method, mode: "no-cors"}},
					preflights: asChromium,
				})
			}
		}
	}
	return scenarios
}
