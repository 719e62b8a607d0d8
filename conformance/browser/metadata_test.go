package browser

import (
	"fmt"
	"slices"
	"strings"
)

// modeOnly is a difference between Chromium and the standard.
const modeOnly = "the standard sends no Sec-Fetch header to a server that is not trustworthy; Chromium sends Sec-Fetch-Mode with preflights"

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
			if mixes(from, target) {
				continue
			}
			departure := ""
			if isInsecure(target) && target != from.origin {
				departure = modeOnly
			}
			url := target + "/x"
			scenarios = append(scenarios, scenario{
				name: fmt.Sprintf("from %s to %s", from.url(), target), from: from,
				sites: map[string]site{"*": everywhere},
				steps: []step{
					{url: url}, {url: url, method: "POST"}, {url: url, method: "PUT"}, {url: url, mode: "same-origin"}, {url: url, mode: "same-origin", method: "PUT"},
					{url: url, mode: "no-cors"}, {url: url, mode: "no-cors", method: "POST"},
				},
				preflights: asChromium, departure: departure,
			})
		}
	}
	for _, from := range []page{myapp, plainPage, localhost} {
		scenarios = append(scenarios, metadataInRedirects(from)...)
	}
	return scenarios
}

// metadataInRedirects test the same headers along redirects.
func metadataInRedirects(from page) []scenario {
	var scenarios []scenario
	for _, hops := range [][]string{
		{"https://myapp.test", "https://api.myapp.test"}, {"https://myapp.test", "https://other.test"},
		{"https://api.myapp.test", "https://myapp.test"}, {"https://api.myapp.test", "https://other.test"},
		{"https://other.test", "https://myapp.test"}, {"https://other.test", "https://other.test"},
		{"http://localhost:3000", "http://localhost:8080"}, {"http://localhost:8080", "http://localhost:3000"},
		{"http://localhost:8080", "https://myapp.test"}, {"https://myapp.test", "http://localhost:8080"},
		{"http://plain.test", "http://api.plain.test"}, {"http://api.plain.test", "https://other.test"}, {"http://plain.test", "http://plain.test"},
		{"https://other.test", "http://plain.test"}, {"http://localhost:8080", "http://plain.test"},
	} {
		if mixes(from, hops...) {
			continue
		}
		for _, method := range []string{"GET", "POST", "PUT"} {
			start := everywhere
			start.paths = map[string]site{"/start": {
				preflight: everywhere.preflight,
				response:  reply{307, []string{allowOrigin + "*", "Location: " + hops[1] + "/x"}},
			}}
			departure := ""
			switch foreign := hops[0] != from.origin || hops[1] != from.origin; {
			case method == "POST" && hops[0] == from.origin && foreign:
				departure = "the standard keeps the origin in a redirect from the page's own origin; in mode no-cors, Chromium sends null"
			case method == "PUT" && slices.ContainsFunc(hops, isInsecure) && foreign:
				departure = modeOnly
			}
			url := hops[0] + "/start"
			scenarios = append(scenarios, scenario{
				name: fmt.Sprintf("%s from %s to %s and %s", method, from.url(), hops[0], hops[1]), from: from,
				sites:      map[string]site{"*": start},
				steps:      []step{{url: url, method: method}, {url: url, method: method, mode: "no-cors"}},
				preflights: asChromium, departure: departure,
			})
		}
	}
	return scenarios
}

// isInsecure reports whether a server is not trustworthy: without TLS, and not on
// loopback.
func isInsecure(target string) bool {
	return strings.HasPrefix(target, "http://") && strings.HasSuffix(strings.TrimSuffix(target, ":8080"), ".test")
}

// mixes reports whether requests of a page to a server are mixed content, which
// corstest does not model.
func mixes(from page, targets ...string) bool {
	return strings.HasPrefix(from.url(), "https:") && slices.ContainsFunc(targets, isInsecure)
}
