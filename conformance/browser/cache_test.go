package browser

import (
	"fmt"
	"net/http"
	"time"

	cors "github.com/polycors/polycors/core"
)

// Differences between the preflight caches of Chromium and the standard.
const (
	replaced = "the standard adds the methods and headers of a preflight to those of earlier ones; " +
		"in Chromium, the last preflight replaces them"
	signed = "the standard accepts only digits, and treats other values as five seconds; Chromium accepts a sign"
)

// cacheScenarios test when a browser sends a preflight again.
func cacheScenarios() []scenario {
	all := cors.Config{
		AllowOrigins:     []string{"https://myapp.test"},
		AllowHeaders:     []string{"X-A", "X-B"},
		AllowCredentials: true,
		MaxAge:           10 * time.Minute,
	}
	byDefault, never, short := all, all, all
	byDefault.MaxAge = 0
	never.MaxAge = -1
	short.MaxAge = time.Second
	revalidating := all
	revalidating.AllowHeaders = []string{"If-None-Match", "If-Modified-Since"}

	at := func(url string) step { return step{method: "PUT", url: url, want: "200"} }
	later := func(wait time.Duration, st step) step { st.after = wait; return st }

	var scenarios []scenario
	for _, tt := range []struct {
		name       string
		policy     cors.Config
		through    []string
		preflights int
		steps      []step
	}{
		{"an entry permits all methods and headers", all, frameworks, 1, []step{
			do("PUT"), do("DELETE"), do("PATCH", "X-A: 1"), do("PATCH", "X-B: 1"), do("GET", "X-A: 1"), do("POST", "X-A: 1", "X-B: 1"),
		}},
		{"an entry expires after five seconds by default", byDefault, nil, 2, []step{
			do("PUT"), do("DELETE"), later(5200*time.Millisecond, do("PUT")),
		}},
		{"an entry expires after its max-age", short, nil, 2, []step{do("PUT"), later(1200*time.Millisecond, do("PUT"))}},
		{"no entry permits a conditional request", revalidating, nil, 3, []step{
			do("PUT", "If-None-Match: x"), do("PUT", "If-None-Match: x"), do("PUT", "If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT"), do("PUT"),
		}},
		{"a negative MaxAge prevents an entry", never, frameworks, 3, []step{do("PUT"), do("PUT"), do("PUT")}},
		{"each URL has its own entry", all, nil, 3, []step{
			at("/items"), at("/items?page=1"), at("/items?page=2"), at("/items"), at("/items?page=1"),
		}},
		{"each fragment has its own entry", all, nil, 2, []step{at("/items#a"), at("/items#b"), at("/items#a")}},
		{"an entry with credentials permits a request without", all, nil, 1, []step{include(do("PUT")), do("PUT")}},
		{"an entry without credentials does not permit a request with", all, nil, 2, []step{do("PUT"), include(do("PUT")), include(do("PUT"))}},
		{"a request that fails keeps the entry", all, nil, 1, []step{
			{method: "PUT", url: "/readonly", want: "405"}, {method: "PUT", url: "/readonly", want: "405"},
		}},
		{"a preflight that fails makes no entry", all, nil, 3, []step{
			{method: "PROPFIND", want: "MethodDisallowedByPreflightResponse"},
			{method: "PROPFIND", want: "MethodDisallowedByPreflightResponse"},
			do("PUT"), do("PUT"),
		}},
		{"a preflight that fails deletes the entry", all, nil, 3, []step{
			do("PUT"), {method: "PROPFIND", want: "MethodDisallowedByPreflightResponse"}, do("PUT"), do("PUT"),
		}},
	} {
		scenarios = append(scenarios, scenario{
			name: tt.name, policy: tt.policy, through: tt.through,
			steps: tt.steps, preflights: tt.preflights,
		})
	}
	scenarios = append(scenarios, cacheDepartures(all)...)
	scenarios = append(scenarios, sequences()...)
	return append(scenarios, maxAges()...)
}

// cacheDepartures test where Chromium differs from the standard. They use variants
// of cfg, which allows caching.
func cacheDepartures(cfg cors.Config) []scenario {
	null, repeating := cfg, cfg
	null.AllowOrigins, null.Unsafe.NullOrigin = []string{"null"}, true
	repeating.AllowMethods, repeating.AllowHeaders = []string{"*"}, []string{"*"}
	caching := func(mode string) step { return step{method: "PUT", cache: mode, want: "200"} }
	return []scenario{
		{
			name: "a reload does not use an entry", policy: cfg,
			steps: []step{
				do("PUT"), caching("no-store"), caching("reload"), caching("no-cache"), caching("default"), do("PUT"),
			},
			preflights: 4,
			departure:  "in the standard, the cache mode has no effect on the preflight cache",
			unmodeled:  "cache modes",
		},
		{
			name: "a page with a null origin has no entries", from: sandboxedFrame, policy: null,
			steps:      []step{do("PUT"), do("PUT")},
			preflights: 2,
			departure:  "the standard caches for null as for any origin, in the partition of the site around the frame",
		},
		{
			name: "a response that allows what is requested replaces the entry", policy: repeating, through: frameworks,
			steps: []step{
				include(do("PUT")), include(do("DELETE")), include(do("PUT")), include(do("PUT", "X-A: 1")),
			},
			preflights: 4,
			departure:  replaced,
		},
	}
}

// sequences test requests to one URL of a server that allows everything, in
// several ways.
func sequences() []scenario {
	var scenarios []scenario
	for _, tt := range []struct {
		name       string
		steps      []step
		departs    bool // by the standard, the third request needs no preflight
		preflights map[string]int
	}{
		{"methods, then headers", []step{do("PUT"), do("DELETE"), do("PATCH", "X-A: 1"), do("PATCH", "X-B: 1")}, false,
			map[string]int{"everything": 1, "what is requested": 4, "wildcards": 1, "the method": 3, "the headers": 3}},
		{"fewer headers each time", []step{do("PUT", "X-A: 1", "X-B: 1"), do("DELETE", "X-A: 1"), do("PATCH")}, false,
			map[string]int{"everything": 1, "what is requested": 3, "wildcards": 1, "the method": 3, "the headers": 1}},
		{"alternating headers", []step{do("GET", "X-A: 1"), do("GET", "X-B: 1"), do("GET", "X-A: 1")}, true,
			map[string]int{"everything": 1, "what is requested": 3, "wildcards": 1, "the method": 1, "the headers": 3}},
		{"alternating methods", []step{do("PUT"), do("DELETE"), do("PUT"), do("DELETE")}, true,
			map[string]int{"everything": 1, "what is requested": 4, "wildcards": 1, "the method": 4, "the headers": 1}},
	} {
		for _, style := range []struct {
			name             string
			methods, headers string // empty: what is requested
		}{
			{"everything", "PUT, PATCH, DELETE", "X-A, X-B"},
			{"what is requested", "", ""},
			{"wildcards", "*", "*"},
			{"the method", "", "X-A, X-B"},
			{"the headers", "PUT, PATCH, DELETE", ""},
		} {
			s := scenario{
				name:       tt.name + ", allowing " + style.name,
				through:    []string{"chi"},
				middleware: repeating(style.methods, style.headers),
				steps:      tt.steps,
				preflights: tt.preflights[style.name],
			}
			if tt.departs && tt.preflights[style.name] > 1 {
				s.departure = replaced
			}
			scenarios = append(scenarios, s)
		}
	}
	return scenarios
}

// repeating returns a middleware that allows methods and headers for ten minutes,
// or what the preflight requests if a list is empty.
func repeating(methods, headers string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", "*")
			method := r.Header.Get("Access-Control-Request-Method")
			if r.Method != http.MethodOptions || method == "" {
				next.ServeHTTP(w, r)
				return
			}
			h.Set("Access-Control-Allow-Methods", methods)
			if methods == "" {
				h.Set("Access-Control-Allow-Methods", method)
			}
			h.Set("Access-Control-Allow-Headers", headers)
			if headers == "" {
				h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
			}
			h.Set("Access-Control-Max-Age", "600")
			w.WriteHeader(http.StatusNoContent)
		})
	}
}

// maxAges test values of Access-Control-Max-Age, most of them invalid, with three
// requests without delay.
func maxAges() []scenario {
	const kept, notKept = 1, 3
	var scenarios []scenario
	for _, tt := range []struct {
		lines      []string
		preflights int
		departure  string
	}{
		{nil, kept, ""},
		{[]string{""}, kept, ""},
		{[]string{"abc"}, kept, ""},
		{[]string{"600.5"}, kept, ""},
		{[]string{"600s"}, kept, ""},
		{[]string{"600, 600"}, kept, ""},
		{[]string{"600", "600"}, kept, ""},
		{[]string{"0", "0"}, kept, ""},
		{[]string{"99999999999999999999"}, kept, ""},
		{[]string{"4294967296"}, kept, ""},
		{[]string{"86400"}, kept, ""},
		{[]string{"600"}, kept, ""},
		{[]string{"0600"}, kept, ""},
		{[]string{" 600 "}, kept, ""},
		{[]string{"0"}, notKept, ""},
		{[]string{"00"}, notKept, ""},
		{[]string{"0.5"}, kept, ""},
		{[]string{"-1"}, notKept, signed},
		{[]string{"-600"}, notKept, signed},
	} {
		preflight := []string{allowOrigin + "*", allowMethods + "PUT"}
		for _, v := range tt.lines {
			preflight = append(preflight, "Access-Control-Max-Age: "+v)
		}
		put := step{method: "PUT", want: "200"}
		scenarios = append(scenarios, scenario{
			name:       fmt.Sprintf("Access-Control-Max-Age of %q", tt.lines),
			sites:      map[string]site{"api.test": {preflight: with(preflight...), response: with(allowOrigin + "*")}},
			steps:      []step{put, put, put},
			preflights: tt.preflights,
			departure:  tt.departure,
		})
	}
	return append(scenarios, maxAgesLater()...)
}

// maxAgesLater test values of Access-Control-Max-Age with two requests, and more
// than the default of five seconds between them.
func maxAgesLater() []scenario {
	later := step{method: "PUT", after: 5200 * time.Millisecond, want: "200"}
	var scenarios []scenario
	for _, tt := range []struct {
		line       string
		preflights int
		departure  string
	}{
		{"600", 1, ""}, {"+600", 1, signed}, {"0600", 1, ""}, {"4294967296", 1, ""},
		{"5", 2, ""}, {"600s", 2, ""}, {"99999999999999999999", 2, ""},
	} {
		scenarios = append(scenarios, scenario{
			name: fmt.Sprintf("Access-Control-Max-Age of %q, five seconds later", tt.line),
			sites: map[string]site{"api.test": {
				preflight: with(allowOrigin+"*", allowMethods+"PUT", "Access-Control-Max-Age: "+tt.line),
				response:  with(allowOrigin + "*"),
			}},
			steps:      []step{{method: "PUT", want: "200"}, later},
			preflights: tt.preflights,
			departure:  tt.departure,
		})
	}
	return scenarios
}
