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

// The tests below show mistakes of other libraries, which polycors must not make.

func TestOtherLibrariesConfig(t *testing.T) {
	for _, tt := range []struct {
		fault string
		cfg   cors.Config
		want  string // part of the error
	}{
		{"rs/cors CVE-2018-20744, chi, echo, fiber CVE-2024-25124, RESTEasy: an asterisk with credentials",
			credentialed("*"), "browsers refuse it"},
		{"gin-contrib CVE-2019-25211: a pattern with a path", origins("https://example.com/*"), "has a path"},
		{"rs/cors #197: any https origin with credentials", credentialed("https://*"), "allows every host"},
		{"rs/cors #197: a prefix of a scheme with credentials", credentialed("http*"), "allows every host"},
		{"rs/cors #197: one letter with credentials", credentialed("h*"), "has no scheme"},
		{"an expression for every site with credentials",
			credentialedRegexps(`https?://.+`), `also matches "https://evil.com"`},
		{"gin-contrib: a wildcard that crosses the end of the host", origins("https://example.com*"), "asterisk after its host"},
		{"gin-contrib: a wildcard in the middle of the host", origins("https://api.*.com"), "asterisk in place of a domain"},
		{"gin-contrib: a trailing slash that never matches", origins("https://a.com/"), `use "https://a.com"`},
		{"gin-contrib: a WebSocket entry that never matches", origins("wss://a.com"), `use "https://a.com"`},
		{"gin-contrib: max-age in nanoseconds", with(func(c *cors.Config) { c.MaxAge = 300 }), "300 * time.Second"},
		{"gin-contrib: a line break in an exposed header",
			with(func(c *cors.Config) { c.ExposeHeaders = []string{"X-A\r\nX-B: y"} }), "not a valid header name"},
		{"gin-contrib: an asterisk among exposed headers with credentials",
			change(credentialed("https://a.com"), func(c *cors.Config) { c.ExposeHeaders = []string{"*"} }), "exposes nothing"},
		{"gin-contrib, go-chi: patch in lower case",
			with(func(c *cors.Config) { c.AllowMethods = []string{"patch"} }), `use "PATCH"`},
		{"echo, fiber: an empty list allows any origin", cors.Config{}, "no origin would be allowed"},
		{"echo: null with credentials", credentialed("null"), "any site can have"},
		{"echo: an entry in upper case never matches", origins("https://Example.com"), `use "https://example.com"`},
		{"echo: a question mark is a wildcard", origins("https://a?.example.com"), "has a question mark"},
		{"fiber: blanks in a list",
			origins("https://a.com, https://*.example.com"), `use "https://a.com", "https://*.example.com"`},
		{"fiber: a default port never matches", origins("https://a.com:443"), `use "https://a.com"`},
		{"fiber: a callback is never called, beside an asterisk",
			cors.Config{AllowOrigins: []string{"*"}, AllowOriginFunc: never}, "are never used"},
		{"tower-http: an asterisk in a list", origins("*", "https://a.com"), "allows every origin"},
		{"rs/cors: a second asterisk is taken literally", origins("https://*.a.*"), "asterisk in place of a domain"},
		{"jub0bs/cors: an entry for files, which send null", origins("file://"), `as weak as "null"`},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			p, err := cors.New(tt.cfg)
			if p != nil || err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("New = %v, %v; want an error that contains %q", p, err, tt.want)
			}
		})
	}
}

func TestOtherLibrariesMatching(t *testing.T) {
	anyNonNull := expressions(`.*`)
	anyNonNull.AllowOriginFunc = func(context.Context, string) (bool, error) { return true, nil }
	for _, tt := range []struct {
		fault            string
		cfg              cors.Config
		allowed, refused string // separated by blanks
	}{
		{"gin-contrib CVE-2019-25211: the byte before a wildcard is ignored", origins("http://localhost:*"),
			"http://localhost:3000", "http://localhost.evil.com http://localhost.evil.com:80 http://localhostevil.com"},
		{"jub0bs/cors, fcors: hosts that share a suffix", origins("https://foo.com", "https://bar.com"),
			"https://foo.com https://bar.com", "https://barfoo.com https://foobar.com"},
		{"jub0bs/cors: hosts that share a suffix, in the other order", origins("https://bar.com", "https://foo.com"),
			"https://foo.com https://bar.com", "https://barfoo.com https://foobar.com"},
		{"fiber: a suffix without scheme, dot or port", credentialed("https://*.example.com"), "https://a.example.com",
			"https://evilexample.com http://evilexample.com:8080 http://a.example.com https://a.example.com:8080"},
		{"fiber, gin, rs, echo: origins are not parsed", origins("https://*.example.com"), "",
			"https://evil.net/.example.com https://evil.net@x.example.com https://.example.com " +
				"https://evil.net#.example.com https://evil.net?.example.com"},
		{"rs/cors #131: several origins in one header", origins("https://*.example.com"), "",
			"https://evil.net,https://a.example.com https://a.example.com,https://evil.net"},
		{"sanic, gin-contrib: an expression is anchored only at the start", expressions(`https://example\.com`),
			"https://example.com", "https://example.com.evil.net"},
		{"go-restful CVE-2022-1996, martini: dots match any character", origins("https://example.com", "https://*.foo.com"),
			"https://example.com https://a.foo.com",
			"https://exampleXcom https://exampleXcom.evil.net https://a.fooxcom https://a.fooXcom.evil.net"},
		{"go-zero CVE-2024-27302: a suffix of a host", origins("https://example.com"), "", "https://evilexample.com"},
		{"rack-cors CVE-2017-11173: a prefix of a host", origins("https://example.com"), "", "https://example.com.evil.net"},
		{"gin-contrib: expressions are lower-cased", expressions(`https://app-\D+\.example\.com`),
			"https://app-abc.example.com", "https://app-123.example.com"},
		{"gin-contrib: the texts around an asterisk overlap", origins("https://api-*-api.com.example"),
			"https://api-1-api.com.example", "https://api-api.com.example https://api-.com.example"},
		{"gin-contrib: wildcards need a switch", origins("https://*.example.com"), "https://a.example.com", ""},
		{"fiber: a blank shifts the text of a pattern", origins("https://a.com", "https://*.example.com"),
			"https://foo.example.com", "https://.fooexample.com https://fooexample.com"},
		{"fiber: schemes other than http", origins("tauri://localhost", "moz-extension://*"),
			"tauri://localhost moz-extension://abc", "tauri://evil http://localhost"},
		{"jub0bs/cors #12: some entries of a mixed list are lost",
			origins("https://example.com", "https://*.example.com", "https://*.example.com:8443",
				"https://example.com:*", "https://*.a.example.com:*"),
			"https://example.com https://example.com:1 https://a.example.com https://a.example.com:8443 https://b.a.example.com:5",
			"https://a.example.com:5 https://b.example.com:8444"},
		{"ktor: a trailing slash in the request", origins("https://a.com"), "https://a.com", "https://a.com/"},
		{"Safari sends unusual bytes in hosts", origins("https://*.example.com"), "",
			"https://evil.net`.example.com https://evil.net{.example.com https://evil.net_{.example.com " +
				"https://" + strings.Repeat("a", 1<<16) + ".example.com"},
		{"echo, fiber, rs: sandboxed frames", anyNonNull, "", "null"},
		{"express #220, fastify #151: expressions keep state", expressions(`https://a\.com`),
			"https://a.com https://a.com https://a.com", ""},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			p := mustPolicy(t, tt.cfg)
			for o := range strings.FieldsSeq(tt.allowed) {
				if d, _ := decide(t.Context(), p, get(o)); d.AllowOrigin != o {
					t.Errorf("%s is refused", o)
				}
			}
			for o := range strings.FieldsSeq(tt.refused) {
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

func TestOtherLibrariesResponses(t *testing.T) {
	failing := cors.Config{AllowOriginFunc: func(_ context.Context, o string) (bool, error) {
		if _, host, _ := strings.Cut(o, "://"); host == "" || strings.Contains(host, "/") {
			panic("AllowOriginFunc is called with " + o)
		}
		return false, context.DeadlineExceeded
	}}
	myApp := origins("https://myapp.com")
	methods := func(list ...string) cors.Config { return with(func(c *cors.Config) { c.AllowMethods = list }) }
	onlyMethod := func(method string) decision {
		return decision{Status: 204, AllowOrigin: "https://myapp.com", AllowMethods: method, Vary: preflightVary}
	}
	headers := with(func(c *cors.Config) { c.AllowHeaders = []string{"X-Ab", "x_a", "x.b"} })
	allHeaders := change(defaultPreflight, func(d *decision) { d.AllowHeaders = "X-Ab, x_a, x.b" })
	echoed := change(onlyMethod("GET"), func(d *decision) { d.AllowCredentials = "true" })

	checkDecisions(t, []decideCase{
		{"fiber, starlette: refused origins get credentials", full(), get("https://evil.example"), refusedActual},
		{"gorilla, echo: refused origins are echoed", myApp, get("https://evil.example"), refusedActual},
		{"fiber, echo: refused preflights get methods and headers",
			full(), preflight("https://evil.example", "PUT", "x-a"), refusedPreflight},
		{"gin-contrib, rs, starlette: only allowed origins get Vary", myApp, get("https://evil.example"), refusedActual},
		{"gin-contrib: no Vary without an origin", myApp, get(""), refusedActual},
		{"express: no Vary with expressions", expressions(`https://myapp\.com`), get("https://myapp.com"), myAppActual},
		{"rs, fastify: Vary lacks the header that chooses the policy",
			with(func(c *cors.Config) { c.Vary = []string{"X-Tenant"} }), get(""), decision{Vary: "Origin, X-Tenant"}},
		{"gin, echo, rs: OPTIONS other than preflights are answered",
			full(), cors.Request{Method: "OPTIONS", Origin: "https://myapp.com"}, fullActual},
		{"echo: OPTIONS without an origin are answered", full(), cors.Request{Method: "OPTIONS"}, refusedActual},
		{"gin-contrib, echo: refused requests are aborted",
			myApp, cors.Request{Method: "POST", Origin: "https://evil.example"}, refusedActual},
		{"gin-contrib: CORS is skipped for a similar Host",
			myApp, cors.Request{Method: "GET", Host: "myapp.com", Origin: "https://myapp.com"}, myAppActual},
		{"gin-contrib: Host is used as the origin",
			myApp, cors.Request{Method: "GET", Host: "evil.example", Origin: "https://evil.example"}, refusedActual},
		{"fiber: every request needs a header of preflights",
			full(), cors.Request{Method: "GET", Origin: "https://myapp.com"}, fullActual},
		{"fiber: other responses get the headers of preflights", full(), get("https://myapp.com"), fullActual},
		{"rs, chi: OPTIONS is allowed without an entry",
			methods("GET"), preflight("https://myapp.com", "OPTIONS", ""), onlyMethod("GET")},
		{"chi: the method of actual requests is checked", methods("POST"), get("https://myapp.com"), myAppActual},
		{"chi: patch is upper-cased", methods("GET"), preflight("https://myapp.com", "patch", ""), onlyMethod("GET")},
		{"rs: put in lower case never matches", methods("put"), preflight("https://myapp.com", "PUT", ""), onlyMethod("PUT")},
		{"chi: unusual bytes in requested headers are dropped", headers, preflight("https://myapp.com", "GET", "x-a~!b"), allHeaders},
		{"rs: requested headers are in upper case or unsorted", headers, preflight("https://myapp.com", "GET", "X.B, X_A"), allHeaders},
		{"jub0bs/cors #15: some sets of headers are refused", headers, preflight("https://myapp.com", "GET", "x-ab,x.b"), allHeaders},
		{"gin, tower: asterisks are sent with credentials", echoing(), preflight("https://myapp.com", "PATCH", "x-a"),
			change(echoed, func(d *decision) { d.AllowMethods, d.AllowHeaders = "PATCH", "x-a" })},
		{"starlette: the asterisk covers Authorization", echoing(), preflight("https://myapp.com", "GET", "authorization"), echoed},
		{"rs CVE-2025-47908, chi: thousands of commas",
			echoing(), preflight("https://myapp.com", "GET", strings.Repeat(",", 1<<20)), echoed},
		{"chi, express: a max-age of 0 is not sent",
			with(func(c *cors.Config) { c.MaxAge = -time.Second }), preflight("https://myapp.com", "GET", ""),
			change(defaultPreflight, func(d *decision) { d.MaxAge = "0" })},
		{"rs: an empty list of exposed headers is sent",
			with(func(c *cors.Config) { c.ExposeHeaders = []string{} }), get("https://myapp.com"), myAppActual},
		{"echo v3, tower: all origins in one value", origins("https://a.com", "https://myapp.com"), get("https://myapp.com"), myAppActual},
		{"rs/cors #131: several origins match a pattern",
			origins("https://*.example.com"), get("https://evil.net, https://a.example.com"), refusedActual},
		{"rs: two origins are both echoed",
			origins("https://a.com", "https://b.com"), get("https://a.com,https://b.com"), refusedActual},
		{"fiber: the asterisk overrules the callback", cors.Config{AllowOriginFunc: never}, get("https://a.com"), refusedActual},
		{"rs: the callback is called without an origin", failing, get(""), refusedActual},
		{"express: a failing callback fails clients without an origin", failing, cors.Request{Method: "POST"}, refusedActual},
		{"fiber: the callback is called with an invalid origin", failing, get("https://a.com/x"), refusedActual},
	})
}

// Express, chi and rs kept the slices of the caller. chi also wrote to their spare
// capacity.
func TestOtherLibrariesSharedLists(t *testing.T) {
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
		t.Errorf("the spare capacity of the caller's slice is %q", spare)
	}
}

// Flask-CORS and fiber read the path in another way than the router.
func TestOtherLibrariesPaths(t *testing.T) {
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
