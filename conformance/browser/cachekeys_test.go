package browser

import (
	"fmt"
	"strings"
)

// cacheKeyScenarios test which second request needs no preflight after a first one,
// for several lists of what is allowed.
func cacheKeyScenarios() []scenario {
	first := step{method: "PUT", url: "https://api.test/RUN/x?a=1#top", header: []string{"X-A: 1"}}
	change := func(f func(*step)) step { st := first; f(&st); return st }
	to := func(url string) step { return change(func(st *step) { st.url = url }) }
	headers := func(h ...string) step { return change(func(st *step) { st.header = h }) }
	method := func(m string) step { return change(func(st *step) { st.method = m }) }
	seconds := []struct {
		name string
		step step
	}{
		{"the same", first},
		{"with credentials", include(first)},
		{"without credentials", change(func(st *step) { st.credentials = "omit" })},
		{"without the fragment", to("https://api.test/RUN/x?a=1")},
		{"with another fragment", to("https://api.test/RUN/x?a=1#end")},
		{"with another query", to("https://api.test/RUN/x?a=2#top")},
		{"with an empty query", to("https://api.test/RUN/x?#top")},
		{"with the path in upper case", to("https://api.test/RUN/X?a=1#top")},
		{"with the path in percent-encoding", to("https://api.test/RUN/%78?a=1#top")},
		{"with a dot in the path", to("https://api.test/RUN/./x?a=1#top")},
		{"with a slash after the path", to("https://api.test/RUN/x/?a=1#top")},
		{"with the host in upper case", to("https://API.test/RUN/x?a=1#top")},
		{"with the default port", to("https://api.test:443/RUN/x?a=1#top")},
		{"with another port", to("https://api.test:8443/RUN/x?a=1#top")},
		{"with the scheme in upper case", to("HTTPS://api.test/RUN/x?a=1#top")},
		{"with an empty user name", to("https://@api.test/RUN/x?a=1#top")},
		{"DELETE", method("DELETE")},
		{"put", method("put")},
		{"patch", method("patch")},
		{"PATCH", method("PATCH")},
		{"POST", method("POST")},
		{"GET", method("GET")},
		{"without the header", headers()},
		{"with the header in upper case", headers("X-A: 2")},
		{"with another header", headers("X-B: 1")},
		{"with two headers", headers("X-A: 1", "X-B: 1")},
		{"with Authorization", headers("Authorization: Bearer x")},
		{"with a long Accept", headers("Accept: " + strings.Repeat("a", 129))},
		{"with a JSON body", headers("Content-Type: application/json")},
		{"in mode no-cors", change(func(st *step) { st.mode, st.method = "no-cors", "GET" })},
	}
	var scenarios []scenario
	for _, list := range []struct{ name, methods, headers string }{
		{"what is requested", "PUT", "X-A"},
		{"everything", "PUT, DELETE, PATCH, patch", "X-A, X-B, Accept, Authorization, Content-Type"},
		{"wildcards", "*", "*"},
		{"wildcards and names", "*, PUT", "X-A, *"},
		{"wildcards and Authorization", "PUT, *", "*, Authorization"},
	} {
		for _, second := range seconds {
			preflight := with(allowOrigin+"https://myapp.test", allowCredentials+"true", allowMethods+list.methods, allowHeaders+list.headers,
				"Access-Control-Max-Age: 600")
			for _, credentials := range []string{"omit", "include"} {
				if credentials == "include" && list.name == "wildcards" {
					continue // the first preflight fails
				}
				before := first
				before.credentials = credentials
				departure := ""
				if strings.HasPrefix(list.name, "wildcards") && !strings.Contains(list.headers, "Authorization") && second.name == "with Authorization" {
					departure = "in the standard, the wildcard does not cover Authorization; Chromium allows it, but asks each time"
				}
				scenarios = append(scenarios, scenario{
					name:  fmt.Sprintf("%s, %s, after %s", list.name, second.name, credentials),
					sites: map[string]site{"*": {preflight: preflight, response: with(allowOrigin+"https://myapp.test", allowCredentials+"true")}},
					steps: []step{before, second.step, before}, preflights: asChromium, departure: departure,
				})
			}
		}
	}
	return append(scenarios, cacheInRedirects()...)
}

// cacheInRedirects test entries for the URLs of a redirect.
func cacheInRedirects() []scenario {
	preflight := everywhere.preflight
	preflight.lines = append(preflight.lines[:len(preflight.lines):len(preflight.lines)], "Access-Control-Max-Age: 600")
	open := site{preflight: preflight, response: everywhere.response}
	var scenarios []scenario
	for _, hops := range [][2]string{
		{"https://api.test", "https://api.test"}, {"https://api.test", "https://other.test"}, {"https://api.test", "https://myapp.test"},
		{"https://myapp.test", "https://api.test"}, {"https://myapp.test", "https://myapp.test"},
	} {
		for _, status := range []int{302, 303, 307} {
			for _, method := range []string{"PUT", "POST"} {
				start := open
				start.paths = map[string]site{"/start": {preflight: preflight, response: reply{status, []string{allowOrigin + "*", "Location: " + hops[1] + "/x"}}}}
				moved := step{method: method, url: hops[0] + "/start", header: []string{"X-A: 1"}}
				direct := step{method: method, url: hops[1] + "/x", header: []string{"X-A: 1"}}
				scenarios = append(scenarios, scenario{
					name:  fmt.Sprintf("%s from %s to %s by %d", method, hops[0], hops[1], status),
					sites: map[string]site{"*": start}, steps: []step{moved, moved, direct, moved}, preflights: asChromium,
				})
			}
		}
	}
	return scenarios
}
