package cors_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
)

func expressions(list ...string) cors.Config {
	var cfg cors.Config
	for _, expr := range list {
		cfg.AllowOriginRegexps = append(cfg.AllowOriginRegexps, regexp.MustCompile(expr))
	}
	return cfg
}

// Configurations that other libraries accepted, and should not have.
func TestFaultyConfigsOfOtherLibraries(t *testing.T) {
	for _, tc := range []struct {
		fault string
		cfg   cors.Config
		want  string // part of the error
	}{
		{"rs/cors CVE-2018-20744, chi, echo, fiber CVE-2024-25124, RESTEasy: asterisk with credentials", credentialed("*"), "browsers refuse it"},
		{"gin-contrib CVE-2019-25211: pattern with a path", origins("https://example.com/*"), "has a path"},
		{"rs/cors #197: every host of https with credentials", credentialed("https://*"), "allows every host"},
		{"rs/cors #197: a prefix of a scheme with credentials", credentialed("http*"), "allows every host"},
		{"rs/cors #197: a letter with credentials", credentialed("h*"), "has no scheme"},
		{"an expression for every site with credentials", change(expressions(`https?://.+`), func(c *cors.Config) { c.AllowCredentials = true }), `also matches "https://evil.com"`},
		{"gin-contrib: trailing wildcard that crosses the end of the host", origins("https://example.com*"), "asterisk after its host"},
		{"gin-contrib: wildcard in the middle of the host", origins("https://api.*.com"), "asterisk in place of a domain"},
		{"gin-contrib: entry with a trailing slash that never matches", origins("https://a.com/"), `use "https://a.com"`},
		{"gin-contrib: dead WebSocket entries", origins("wss://a.com"), `use "https://a.com"`},
		{"gin-contrib: max-age in nanoseconds", with(func(c *cors.Config) { c.MaxAge = 300 }), "300 * time.Second"},
		{"gin-contrib: line break in an exposed header", with(func(c *cors.Config) { c.ExposeHeaders = []string{"X-A\r\nX-B: y"} }), "not a valid header name"},
		{"gin-contrib: asterisk among exposed headers with credentials", change(credentialed("https://a.com"), func(c *cors.Config) { c.ExposeHeaders = []string{"*"} }), "exposes nothing"},
		{"gin-contrib, go-chi: lower-case patch", with(func(c *cors.Config) { c.AllowMethods = []string{"patch"} }), `use "PATCH"`},
		{"echo, fiber: an empty list means everyone", cors.Config{}, "no origin would be allowed"},
		{"echo: null with credentials", credentialed("null"), "any site can have"},
		{"echo: an entry in upper case refused in silence", origins("https://Example.com"), `use "https://example.com"`},
		{"echo: question mark as a wildcard", origins("https://a?.example.com"), "has a question mark"},
		{"fiber: blanks in a list", origins("https://a.com, https://*.example.com"), `use "https://a.com", "https://*.example.com"`},
		{"fiber: default port that never matches", origins("https://a.com:443"), `use "https://a.com"`},
		{"fiber: a callback beside the asterisk is never asked", cors.Config{AllowOrigins: []string{"*"}, AllowOriginFunc: never}, "are never used"},
		{"tower-http: the asterisk in a list", origins("*", "https://a.com"), "allows every origin"},
		{"rs/cors: second asterisk taken literally", origins("https://*.a.*"), "asterisk in place of a domain"},
		{"jub0bs/cors: entry for files, which send null", origins("file://"), `as weak as "null"`},
	} {
		t.Run(tc.fault, func(t *testing.T) {
			p, err := cors.New(tc.cfg)
			if p != nil || err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("New = %v, %v; want an error that contains %q", p, err, tc.want)
			}
		})
	}
}

// Origins that other libraries let in, or kept out, by mistake.
func TestFaultyMatchingOfOtherLibraries(t *testing.T) {
	for _, tc := range []struct {
		fault            string
		cfg              cors.Config
		allowed, refused []string
	}{
		{
			"gin-contrib CVE-2019-25211: the byte before the wildcard is lost", origins("http://localhost:*"),
			[]string{"http://localhost:3000"}, []string{"http://localhost.evil.com", "http://localhost.evil.com:80", "http://localhostevil.com"},
		},
		{
			"jub0bs/cors, fcors: hosts that share a suffix", origins("https://foo.com", "https://bar.com"),
			[]string{"https://foo.com", "https://bar.com"}, []string{"https://barfoo.com", "https://foobar.com"},
		},
		{
			"jub0bs/cors: the same in the other order", origins("https://bar.com", "https://foo.com"),
			[]string{"https://foo.com", "https://bar.com"}, []string{"https://barfoo.com", "https://foobar.com"},
		},
		{
			"fiber: suffix without scheme, dot or port", credentialed("https://*.example.com"),
			[]string{"https://a.example.com"}, []string{"https://evilexample.com", "http://evilexample.com:8080", "http://a.example.com", "https://a.example.com:8080"},
		},
		{
			"fiber, gin, rs, echo: origins that are not parsed", origins("https://*.example.com"),
			nil, []string{"https://evil.net/.example.com", "https://evil.net@x.example.com", "https://.example.com", "https://evil.net#.example.com", "https://evil.net?.example.com"},
		},
		{
			"rs/cors #131: several origins in one header", origins("https://*.example.com"),
			nil, []string{"https://evil.net, https://a.example.com", "https://evil.net,https://a.example.com", "https://a.example.com,https://evil.net"},
		},
		{
			"sanic, gin-contrib: expression anchored at the start only", expressions(`https://example\.com`),
			[]string{"https://example.com"}, []string{"https://example.com.evil.net"},
		},
		{
			"go-restful CVE-2022-1996, martini: dots that match anything", origins("https://example.com", "https://*.foo.com"),
			[]string{"https://example.com", "https://a.foo.com"}, []string{"https://exampleXcom", "https://exampleXcom.evil.net", "https://a.fooxcom", "https://a.fooXcom.evil.net"},
		},
		{
			"go-zero CVE-2024-27302: suffix of a host", origins("https://example.com"),
			nil, []string{"https://evilexample.com"},
		},
		{
			"rack-cors CVE-2017-11173: prefix of a host", origins("https://example.com"),
			nil, []string{"https://example.com.evil.net"},
		},
		{
			"gin-contrib: lower-cased expressions", expressions(`https://app-\D+\.example\.com`),
			[]string{"https://app-abc.example.com"}, []string{"https://app-123.example.com"},
		},
		{
			"gin-contrib: prefix and suffix that overlap", origins("https://api-*-api.com.example"),
			[]string{"https://api-1-api.com.example"}, []string{"https://api-api.com.example", "https://api-.com.example"},
		},
		{
			"gin-contrib: a wildcard that needs a switch", origins("https://*.example.com"),
			[]string{"https://a.example.com"}, nil,
		},
		{
			"fiber: a blank that shifts the cut", origins("https://a.com", "https://*.example.com"),
			[]string{"https://foo.example.com"}, []string{"https://.fooexample.com", "https://fooexample.com"},
		},
		{
			"fiber: schemes beyond http", origins("tauri://localhost", "moz-extension://*"),
			[]string{"tauri://localhost", "moz-extension://abc"}, []string{"tauri://evil", "http://localhost"},
		},
		{
			"jub0bs/cors #12: some of a mix are lost", origins("https://example.com", "https://*.example.com", "https://*.example.com:8443", "https://example.com:*", "https://*.a.example.com:*"),
			[]string{"https://example.com", "https://example.com:1", "https://a.example.com", "https://a.example.com:8443", "https://b.a.example.com:5"},
			[]string{"https://a.example.com:5", "https://b.example.com:8444"},
		},
		{
			"ktor: a trailing slash in the request", origins("https://a.com"),
			[]string{"https://a.com"}, []string{"https://a.com/"},
		},
		{
			"Safari lets odd bytes through", origins("https://*.example.com"),
			nil, []string{"https://evil.net`.example.com", "https://evil.net{.example.com", "https://evil.net_{.example.com", "https://" + strings.Repeat("a", 1<<16) + ".example.com"},
		},
		{
			"echo, fiber, rs: sandboxed frames", cors.Config{AllowOriginRegexps: expressions(`.*`).AllowOriginRegexps, AllowOriginFunc: func(context.Context, string) (bool, error) { return true, nil }},
			nil, []string{"null"},
		},
		{
			"express #220, fastify #151: expressions that keep state", expressions(`https://a\.com`),
			[]string{"https://a.com", "https://a.com", "https://a.com"}, nil,
		},
	} {
		t.Run(tc.fault, func(t *testing.T) {
			p := mustPolicy(t, tc.cfg)
			for _, o := range tc.allowed {
				if d, _ := decide(t.Context(), p, get(o)); d.AllowOrigin != o {
					t.Errorf("%s is refused", o)
				}
			}
			for _, o := range tc.refused {
				if d, _ := decide(t.Context(), p, get(o)); d != refusedActual {
					t.Errorf("%.60q gets %+v", o, d)
				}
				if d, _ := decide(t.Context(), p, preflight(o, "PUT", "x-a")); d != refusedPreflight {
					t.Errorf("a preflight from %.60q gets %+v", o, d)
				}
			}
		})
	}
}

// Answers that other libraries got wrong.
func TestFaultyAnswersOfOtherLibraries(t *testing.T) {
	must := func(ctx context.Context, o string) (bool, error) {
		if o == "" {
			panic("asked about no origin")
		}
		return false, context.DeadlineExceeded
	}
	headers := change(origins("https://myapp.com"), func(c *cors.Config) { c.AllowHeaders = []string{"X-Ab", "x_a", "x.b"} })
	onlyGet := change(origins("https://myapp.com"), func(c *cors.Config) { c.AllowMethods = []string{"GET"} })
	withoutMaxAge := decision{Status: 204, AllowOrigin: "https://myapp.com", Vary: preflightVary}
	for _, tc := range []struct {
		fault string
		cfg   cors.Config
		req   cors.Request
		want  decision
	}{
		{"fiber, starlette: credentials for refused origins", full(), get("https://evil.example"), refusedActual},
		{"gorilla, echo: refused origins reflected", origins("https://myapp.com"), get("https://evil.example"), refusedActual},
		{"fiber, echo: refused preflights told methods and headers", full(), preflight("https://evil.example", "PUT", "x-a"), refusedPreflight},
		{"gin-contrib, rs, starlette: Vary only when allowed", origins("https://myapp.com"), get("https://evil.example"), refusedActual},
		{"gin-contrib: no Vary without an origin", origins("https://myapp.com"), get(""), refusedActual},
		{"express: no Vary with expressions", expressions(`https://myapp\.com`), get("https://myapp.com"), decision{AllowOrigin: "https://myapp.com", Vary: "Origin"}},
		{"rs, fastify: Vary does not name what chooses the policy", change(origins("https://myapp.com"), func(c *cors.Config) { c.Vary = []string{"X-Tenant"} }), get(""), decision{Vary: "Origin, X-Tenant"}},
		{"gin, echo, rs: OPTIONS that is no preflight answered", full(), cors.Request{Method: "OPTIONS", Origin: "https://myapp.com"}, fullActual},
		{"echo: OPTIONS without an origin answered", full(), cors.Request{Method: "OPTIONS"}, refusedActual},
		{"gin-contrib, echo: refused requests aborted", origins("https://myapp.com"), cors.Request{Method: "POST", Origin: "https://evil.example"}, refusedActual},
		{"gin-contrib: CORS skipped when Host looks alike", origins("https://myapp.com"), cors.Request{Method: "GET", Host: "myapp.com", Origin: "https://myapp.com"}, decision{AllowOrigin: "https://myapp.com", Vary: "Origin"}},
		{"gin-contrib: Host promoted to an origin", origins("https://myapp.com"), cors.Request{Method: "GET", Host: "evil.example", Origin: "https://evil.example"}, refusedActual},
		{"fiber: a preflight's header wanted on every request", full(), cors.Request{Method: "GET", Origin: "https://myapp.com"}, fullActual},
		{"fiber: headers of preflights on other responses", full(), get("https://myapp.com"), fullActual},
		{"rs, chi: OPTIONS allowed without being listed", onlyGet, preflight("https://myapp.com", "OPTIONS", ""), change(withoutMaxAge, func(d *decision) { d.AllowMethods = "GET" })},
		{"chi: the method checked on actual requests", change(origins("https://myapp.com"), func(c *cors.Config) { c.AllowMethods = []string{"POST"} }), get("https://myapp.com"), decision{AllowOrigin: "https://myapp.com", Vary: "Origin"}},
		{"chi: patch upper-cased", onlyGet, preflight("https://myapp.com", "patch", ""), change(withoutMaxAge, func(d *decision) { d.AllowMethods = "GET" })},
		{"rs: put in lower case never matches", change(onlyGet, func(c *cors.Config) { c.AllowMethods = []string{"put"} }), preflight("https://myapp.com", "PUT", ""), change(withoutMaxAge, func(d *decision) { d.AllowMethods = "PUT" })},
		{"chi: odd bytes dropped from requested headers", headers, preflight("https://myapp.com", "GET", "x-a~!b"), change(defaultPreflight, func(d *decision) { d.AllowHeaders = "X-Ab, x_a, x.b" })},
		{"rs: requested headers in upper case or out of order", headers, preflight("https://myapp.com", "GET", "X.B, X_A"), change(defaultPreflight, func(d *decision) { d.AllowHeaders = "X-Ab, x_a, x.b" })},
		{"jub0bs/cors #15: some sets of headers refused", headers, preflight("https://myapp.com", "GET", "x-ab,x.b"), change(defaultPreflight, func(d *decision) { d.AllowHeaders = "X-Ab, x_a, x.b" })},
		{"gin, tower: asterisks with credentials sent literally", echoing(), preflight("https://myapp.com", "PATCH", "x-a"), decision{Status: 204, AllowOrigin: "https://myapp.com", AllowCredentials: "true", AllowMethods: "PATCH", AllowHeaders: "x-a", Vary: preflightVary}},
		{"starlette: Authorization covered by the asterisk", echoing(), preflight("https://myapp.com", "GET", "authorization"), decision{Status: 204, AllowOrigin: "https://myapp.com", AllowCredentials: "true", AllowMethods: "GET", Vary: preflightVary}},
		{"rs CVE-2025-47908, chi: thousands of commas", echoing(), preflight("https://myapp.com", "GET", strings.Repeat(",", 1<<20)), decision{Status: 204, AllowOrigin: "https://myapp.com", AllowCredentials: "true", AllowMethods: "GET", Vary: preflightVary}},
		{"chi, express: max-age 0 left out", change(origins("https://myapp.com"), func(c *cors.Config) { c.MaxAge = -time.Second }), preflight("https://myapp.com", "GET", ""), change(defaultPreflight, func(d *decision) { d.MaxAge = "0" })},
		{"rs: an empty list of exposed headers sent", change(origins("https://myapp.com"), func(c *cors.Config) { c.ExposeHeaders = []string{} }), get("https://myapp.com"), decision{AllowOrigin: "https://myapp.com", Vary: "Origin"}},
		{"echo v3, tower: all origins in one value", origins("https://a.com", "https://myapp.com"), get("https://myapp.com"), decision{AllowOrigin: "https://myapp.com", Vary: "Origin"}},
		{"rs: two origins both reflected", origins("https://a.com", "https://b.com"), get("https://a.com,https://b.com"), refusedActual},
		{"fiber: the callback's no is overruled by the asterisk", cors.Config{AllowOriginFunc: never}, get("https://a.com"), refusedActual},
		{"rs: the callback asked about no origin", cors.Config{AllowOriginFunc: must}, get(""), refusedActual},
		{"express: a failing callback fails clients without an origin", cors.Config{AllowOriginFunc: must}, cors.Request{Method: "POST"}, refusedActual},
		{"fiber: the callback sees what is no origin", cors.Config{AllowOriginFunc: must}, get("https://a.com/x"), refusedActual},
	} {
		t.Run(tc.fault, func(t *testing.T) {
			if got, err := decide(t.Context(), mustPolicy(t, tc.cfg), tc.req); got != tc.want || err != nil {
				t.Errorf("\n got %+v, %v\nwant %+v", got, err, tc.want)
			}
		})
	}
}

// Express, chi and rs once kept the slices that they were given, and chi wrote
// into their spare room.
func TestPoliciesDoNotShareTheListsTheyWereGiven(t *testing.T) {
	methods := make([]string, 1, 8)
	methods[0] = "PUT"
	one := mustPolicy(t, with(func(c *cors.Config) { c.AllowMethods = methods }))
	other := mustPolicy(t, with(func(c *cors.Config) { c.AllowMethods = append(methods, "DELETE") }))
	methods[0] = "PATCH"
	for p, want := range map[*cors.Policy]string{one: "PUT", other: "PUT, DELETE"} {
		if d, _ := decide(t.Context(), p, preflight("https://myapp.com", "PUT", "")); d.AllowMethods != want {
			t.Errorf("AllowMethods = %q, want %q", d.AllowMethods, want)
		}
	}
	if spare := methods[:8]; spare[2] != "" {
		t.Errorf("the spare room of the caller's slice holds %q", spare)
	}
}

// Flask-CORS and fiber chose policies by paths that the router read otherwise.
func TestFaultyPathsOfOtherLibraries(t *testing.T) {
	open, private := new(cors.Policy), new(cors.Policy)
	paths := cors.Paths{"/": open, "/a+b": private, "/api/": private}
	for path, want := range map[string]*cors.Policy{"/a+b": private, "/a b": open, "/apix": open} {
		if got := paths.Policy(path); got != want {
			t.Errorf("%s: got %p, want %p", path, got, want)
		}
	}
	for _, path := range []string{"/A+B", "/api/../x", "/x/../api/y"} {
		if got := paths.Policy(path); got == nil || got == open || got == private {
			t.Errorf("%s: has a policy of the map, or none", path)
		}
	}
}
