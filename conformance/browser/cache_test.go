package browser

import (
	"fmt"
	"net/http"
	"time"

	cors "github.com/polycors/polycors/core"
)

// Where Chromium's preflight cache departs from the standard's.
const (
	replaced = "the standard keeps every method and header that was ever allowed; " +
		"in Chromium the last preflight replaces the one before"
	signed = "the standard wants digits alone, and takes anything else for five seconds; Chromium takes a sign"
)

// cacheScenarios are about preflights that need not be sent again.
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
	for _, row := range []struct {
		what       string
		policy     cors.Config
		through    []string
		preflights int
		steps      []step
	}{
		{"one covers all methods and headers", all, frameworks, 1, []step{
			do("PUT"), do("DELETE"), do("PATCH", "X-A: 1"), do("PATCH", "X-B: 1"), do("GET", "X-A: 1"), do("POST", "X-A: 1", "X-B: 1"),
		}},
		{"one lasts for five seconds by default", byDefault, nil, 2, []step{
			do("PUT"), do("DELETE"), later(5200*time.Millisecond, do("PUT")),
		}},
		{"one expires", short, nil, 2, []step{do("PUT"), later(1200*time.Millisecond, do("PUT"))}},
		{"none serves a script that revalidates by itself", revalidating, nil, 3, []step{
			do("PUT", "If-None-Match: x"), do("PUT", "If-None-Match: x"), do("PUT", "If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT"), do("PUT"),
		}},
		{"none is kept", never, frameworks, 3, []step{do("PUT"), do("PUT"), do("PUT")}},
		{"every address has its own", all, nil, 3, []step{
			at("/items"), at("/items?page=1"), at("/items?page=2"), at("/items"), at("/items?page=1"),
		}},
		{"every fragment has its own", all, nil, 2, []step{at("/items#a"), at("/items#b"), at("/items#a")}},
		{"one with credentials serves without", all, nil, 1, []step{include(do("PUT")), do("PUT")}},
		{"one without credentials does not serve with", all, nil, 2, []step{do("PUT"), include(do("PUT")), include(do("PUT"))}},
		{"a request that fails keeps what the preflight said", all, nil, 1, []step{
			{method: "PUT", url: "/readonly", want: "405"}, {method: "PUT", url: "/readonly", want: "405"},
		}},
		{"one that was refused is not kept", all, nil, 3, []step{
			{method: "PROPFIND", want: "MethodDisallowedByPreflightResponse"},
			{method: "PROPFIND", want: "MethodDisallowedByPreflightResponse"},
			do("PUT"), do("PUT"),
		}},
		{"one that was refused takes the one before along", all, nil, 3, []step{
			do("PUT"), {method: "PROPFIND", want: "MethodDisallowedByPreflightResponse"}, do("PUT"), do("PUT"),
		}},
	} {
		scenarios = append(scenarios, scenario{
			name: row.what, policy: row.policy, through: row.through,
			steps: row.steps, preflights: row.preflights,
		})
	}
	scenarios = append(scenarios, cacheDepartures(all)...)
	scenarios = append(scenarios, sequences()...)
	return append(scenarios, maxAges()...)
}

// cacheDepartures are about what Chromium alone does. They start from a policy
// that lets browsers remember.
func cacheDepartures(cfg cors.Config) []scenario {
	null, repeating := cfg, cfg
	null.AllowOrigins, null.Unsafe.NullOrigin = []string{"null"}, true
	repeating.AllowMethods, repeating.AllowHeaders = []string{"*"}, []string{"*"}
	caching := func(mode string) step { return step{method: "PUT", cache: mode, want: "200"} }
	return []scenario{
		{
			name: "one is not used against a reload", policy: cfg,
			steps: []step{
				do("PUT"), caching("no-store"), caching("reload"), caching("no-cache"), caching("default"), do("PUT"),
			},
			preflights: 4,
			departure:  "the standard's preflight cache does not care for the cache mode",
			beyond:     "cache modes",
		},
		{
			name: "pages without an origin keep none", from: sandboxedFrame, policy: null,
			steps:      []step{do("PUT"), do("PUT")},
			preflights: 2,
			departure:  "the standard keeps one for null as for any origin, in the partition of the site around the frame",
		},
		{
			name: "one that allows what was asked replaces the one before", policy: repeating, through: frameworks,
			steps: []step{
				include(do("PUT")), include(do("DELETE")), include(do("PUT")), include(do("PUT", "X-A: 1")),
			},
			preflights: 4,
			departure:  replaced,
		},
	}
}

// sequences are requests to one address, of a server that says yes to all it
// is asked, in several ways.
func sequences() []scenario {
	var scenarios []scenario
	for _, row := range []struct {
		what       string
		steps      []step
		departs    bool // by the standard, the third request needs no preflight
		preflights map[string]int
	}{
		{"methods, then headers", []step{do("PUT"), do("DELETE"), do("PATCH", "X-A: 1"), do("PATCH", "X-B: 1")}, false,
			map[string]int{"everything": 1, "what was asked": 4, "wildcards": 1, "the method": 3, "the headers": 3}},
		{"less and less", []step{do("PUT", "X-A: 1", "X-B: 1"), do("DELETE", "X-A: 1"), do("PATCH")}, false,
			map[string]int{"everything": 1, "what was asked": 3, "wildcards": 1, "the method": 3, "the headers": 1}},
		{"headers by turns", []step{do("GET", "X-A: 1"), do("GET", "X-B: 1"), do("GET", "X-A: 1")}, true,
			map[string]int{"everything": 1, "what was asked": 3, "wildcards": 1, "the method": 1, "the headers": 3}},
		{"methods by turns", []step{do("PUT"), do("DELETE"), do("PUT"), do("DELETE")}, true,
			map[string]int{"everything": 1, "what was asked": 4, "wildcards": 1, "the method": 4, "the headers": 1}},
	} {
		for _, style := range []struct {
			name             string
			methods, headers string // empty: what was asked
		}{
			{"everything", "PUT, PATCH, DELETE", "X-A, X-B"},
			{"what was asked", "", ""},
			{"wildcards", "*", "*"},
			{"the method", "", "X-A, X-B"},
			{"the headers", "PUT, PATCH, DELETE", ""},
		} {
			s := scenario{
				name:       row.what + ", repeating " + style.name,
				through:    []string{"chi"},
				middleware: repeating(style.methods, style.headers),
				steps:      row.steps,
				preflights: row.preflights[style.name],
			}
			if row.departs && row.preflights[style.name] > 1 {
				s.departure = replaced
			}
			scenarios = append(scenarios, s)
		}
	}
	return scenarios
}

// repeating returns a middleware that allows these methods and headers to
// everyone for ten minutes, or, where empty, what the preflight asks for.
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

// maxAges are values of Access-Control-Max-Age, most of them wrong, for three
// requests one right after the other.
func maxAges() []scenario {
	const kept, notKept = 1, 3
	var scenarios []scenario
	for _, row := range []struct {
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
		for _, v := range row.lines {
			preflight = append(preflight, "Access-Control-Max-Age: "+v)
		}
		put := step{method: "PUT", want: "200"}
		scenarios = append(scenarios, scenario{
			name:       fmt.Sprintf("Access-Control-Max-Age of %q", row.lines),
			sites:      map[string]site{"api.test": {preflight: with(preflight...), response: with(allowOrigin + "*")}},
			steps:      []step{put, put, put},
			preflights: row.preflights,
			departure:  row.departure,
		})
	}
	return append(scenarios, maxAgesLater()...)
}

// maxAgesLater are for two requests with more than the default of five seconds
// between them.
func maxAgesLater() []scenario {
	later := step{method: "PUT", after: 5200 * time.Millisecond, want: "200"}
	var scenarios []scenario
	for _, row := range []struct {
		line       string
		preflights int
		departure  string
	}{
		{"600", 1, ""}, {"+600", 1, signed}, {"0600", 1, ""}, {"4294967296", 1, ""},
		{"5", 2, ""}, {"600s", 2, ""}, {"99999999999999999999", 2, ""},
	} {
		scenarios = append(scenarios, scenario{
			name: fmt.Sprintf("Access-Control-Max-Age of %q, five seconds later", row.line),
			sites: map[string]site{"api.test": {
				preflight: with(allowOrigin+"*", allowMethods+"PUT", "Access-Control-Max-Age: "+row.line),
				response:  with(allowOrigin + "*"),
			}},
			steps:      []step{{method: "PUT", want: "200"}, later},
			preflights: row.preflights,
			departure:  row.departure,
		})
	}
	return scenarios
}
