package cors_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
)

const preflightVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

// get returns a request from a page of the origin o.
func get(o string) cors.Request {
	return cors.Request{Method: "GET", Host: "api.example", Origin: o}
}

// preflight returns a preflight for a method and for headers, separated by commas.
func preflight(o, method, headers string) cors.Request {
	return cors.Request{Method: "OPTIONS", Host: "api.example", Origin: o, RequestMethod: method, RequestHeaders: headers}
}

func mustPolicy(t testing.TB, cfg cors.Config) *cors.Policy {
	t.Helper()
	p, err := cors.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// full sets every field that changes a response.
func full() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "https://*.myapp.com", "http://localhost:*"},
		AllowMethods:     []string{"GET", "post", "PUT", "DELETE"},
		AllowHeaders:     []string{"Content-Type", "authorization"},
		ExposeHeaders:    []string{"X-Total-Count", "ETag"},
		AllowCredentials: true,
		MaxAge:           24 * time.Hour,
	}
}

// change returns v, changed by f.
func change[T any](v T, f func(*T)) T {
	f(&v)
	return v
}

func refusing(cfg cors.Config) cors.Config {
	cfg.RejectDisallowed = true
	return cfg
}

// Decisions of full(), of myApp, of AllowAll and of any policy that refuses.
var (
	fullActual = decision{
		AllowOrigin: "https://myapp.com", AllowCredentials: "true", ExposeHeaders: "X-Total-Count, ETag", Vary: "Origin",
	}
	fullPreflight = decision{
		Status: 204, AllowOrigin: "https://myapp.com", AllowCredentials: "true", AllowMethods: "GET, POST, PUT, DELETE",
		AllowHeaders: "Content-Type, authorization", MaxAge: "86400", Vary: preflightVary,
	}
	myAppActual      = decision{AllowOrigin: "https://myapp.com", Vary: "Origin"}
	defaultPreflight = decision{
		Status: 204, AllowOrigin: "https://myapp.com", AllowMethods: "GET, HEAD, PUT, PATCH, POST, DELETE", Vary: preflightVary,
	}
	refusedActual    = decision{Vary: "Origin"}
	refusedPreflight = decision{Status: 403, Vary: preflightVary}
	allActual        = decision{AllowOrigin: "*"}
	allPreflight     = decision{Status: 204, AllowOrigin: "*", AllowMethods: "*", AllowHeaders: "*, Authorization", Vary: preflightVary}
)

func from(o string, d decision) decision { d.AllowOrigin = o; return d }

func withStatus(code int, d decision) decision { d.Status = code; return d }

// A decideCase is a request and the decision about it.
type decideCase struct {
	name string
	cfg  cors.Config
	req  cors.Request
	want decision
}

func checkDecisions(t *testing.T, cases []decideCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			got, err := decide(t.Context(), mustPolicy(t, tt.cfg), tt.req)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("\n got %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

func TestDecide(t *testing.T) {
	myApp := origins("https://myapp.com")
	tooLong := strings.Repeat("a", 1<<16)
	checkDecisions(t, []decideCase{
		{"no origin, any origin is allowed", cors.AllowAll(), get(""), allActual},
		{"no origin, any origin is allowed and headers are exposed",
			change(cors.AllowAll(), func(c *cors.Config) { c.ExposeHeaders = []string{"ETag"} }), get(""),
			decision{AllowOrigin: "*", ExposeHeaders: "ETag"}},
		{"no origin, some are allowed", full(), get(""), refusedActual},
		{"no origin, others are rejected", refusing(myApp), get(""), refusedActual},
		{"OPTIONS for a method without an origin is not a preflight", full(), preflight("", "PUT", "x-a"), refusedActual},

		{"an allowed request", full(), get("https://myapp.com"), fullActual},
		{"a method that is not allowed does not matter after the preflight",
			full(), cors.Request{Method: "PATCH", Origin: "https://myapp.com"}, fullActual},
		{"an allowed request from a subdomain", full(), get("https://a.myapp.com"), from("https://a.myapp.com", fullActual)},
		{"an allowed request with the default lists", myApp, get("https://myapp.com"), myAppActual},
		{"any origin is allowed", cors.AllowAll(), get("https://a.com"), allActual},
		{"a refused request", full(), get("https://evil.example"), refusedActual},
		{"a refused request from null", full(), get("null"), refusedActual},
		{"a rejected request", refusing(full()), get("https://evil.example"), withStatus(403, refusedActual)},
		{"two origins", full(), get("https://myapp.com,https://myapp.com"), refusedActual},
		{"two origins, any origin is allowed", cors.AllowAll(), get("https://a.com, https://b.com"), refusedActual},
		{"two origins in a preflight, any origin is allowed",
			cors.AllowAll(), preflight("https://a.com,https://b.com", "PUT", ""), refusedPreflight},
		{"an empty line and an origin", cors.AllowAll(), get(",https://a.com"), refusedActual},
		{"a very long origin", full(), get("https://" + tooLong + ".myapp.com"), refusedActual},
		{"a very long origin, any origin is allowed", cors.AllowAll(), get("https://" + tooLong), refusedActual},
	})
}

func TestDecidePreflight(t *testing.T) {
	myApp := origins("https://myapp.com")
	status := func(code int) cors.Config { return with(func(c *cors.Config) { c.PreflightStatus = code }) }
	continuing := func(status int) cors.Config {
		return with(func(c *cors.Config) { c.PreflightContinue, c.PreflightStatus = true, status })
	}
	checkDecisions(t, []decideCase{
		{"a preflight gets the full lists", full(), preflight("https://myapp.com", "GET", ""), fullPreflight},
		{"a preflight for a method that is not allowed gets the same lists",
			full(), preflight("https://myapp.com", "PATCH", "x-evil"), fullPreflight},
		{"a preflight from a subdomain",
			full(), preflight("https://a.b.myapp.com", "PUT", "authorization"), from("https://a.b.myapp.com", fullPreflight)},
		{"a preflight from any port",
			full(), preflight("http://localhost:3000", "PUT", ""), from("http://localhost:3000", fullPreflight)},
		{"a preflight with the default lists", myApp, preflight("https://myapp.com", "PUT", ""), defaultPreflight},
		{"a preflight, any origin is allowed", cors.AllowAll(), preflight("https://a.com", "PUT", "x-a"), allPreflight},
		{"a preflight from null, any origin is allowed", cors.AllowAll(), preflight("null", "PUT", "x-a"), allPreflight},
		{"a preflight from a refused origin", full(), preflight("https://evil.example", "PUT", ""), refusedPreflight},
		{"a preflight from null", full(), preflight("null", "PUT", ""), refusedPreflight},
		{"a preflight with another status",
			status(200), preflight("https://myapp.com", "PUT", ""), withStatus(200, defaultPreflight)},
		{"PreflightStatus does not change refusals",
			status(299), preflight("https://evil.example", "PUT", ""), refusedPreflight},
		{"a preflight that the handler answers",
			continuing(0), preflight("https://myapp.com", "PUT", ""), withStatus(0, defaultPreflight)},
		{"PreflightStatus has no effect if the handler answers",
			continuing(200), preflight("https://myapp.com", "PUT", ""), withStatus(0, defaultPreflight)},
		{"a refused preflight never reaches the handler",
			continuing(0), preflight("https://evil.example", "PUT", ""), refusedPreflight},
		{"a preflight, only safelisted methods are allowed",
			with(func(c *cors.Config) { c.AllowMethods = []string{} }), preflight("https://myapp.com", "PUT", ""),
			decision{Status: 204, AllowOrigin: "https://myapp.com", Vary: preflightVary}},
	})
}

// OPTIONS requests other than preflights are like any other request.
func TestDecideOptions(t *testing.T) {
	checkDecisions(t, []decideCase{
		{"OPTIONS with an origin only",
			full(), cors.Request{Method: "OPTIONS", Origin: "https://myapp.com"}, fullActual},
		{"OPTIONS with an origin only, refused",
			full(), cors.Request{Method: "OPTIONS", Origin: "https://evil.example"}, refusedActual},
		{"OPTIONS for headers only",
			full(), cors.Request{Method: "OPTIONS", Origin: "https://myapp.com", RequestHeaders: "x-a"}, fullActual},
		{"OPTIONS without any header", full(), cors.Request{Method: "OPTIONS"}, refusedActual},
		{"another method that asks for a method",
			full(), cors.Request{Method: "POST", Origin: "https://myapp.com", RequestMethod: "PUT"}, fullActual},
		{"methods are case-sensitive",
			full(), cors.Request{Method: "options", Origin: "https://myapp.com", RequestMethod: "PUT"}, fullActual},
	})
}

func TestDecideUnsafe(t *testing.T) {
	null := cors.Config{AllowOrigins: []string{"null"}, Unsafe: cors.Unsafe{NullOrigin: true}}
	file := cors.Config{AllowOrigins: []string{"file://"}, Unsafe: cors.Unsafe{NullOrigin: true}}
	const fileOrSite = `file://|https://a\.com`
	permitted := change(expressions(fileOrSite), func(c *cors.Config) { c.Unsafe.NullOrigin = true })
	unsafe := func(entry string, permission cors.Unsafe) cors.Config {
		return cors.Config{AllowOrigins: []string{entry}, AllowCredentials: true, Unsafe: permission}
	}
	allowed := func(origin string) decision {
		return decision{AllowOrigin: origin, AllowCredentials: "true", Vary: "Origin"}
	}
	checkDecisions(t, []decideCase{
		{"null is listed", null, get("null"), decision{AllowOrigin: "null", Vary: "Origin"}},
		{"null is permitted but not listed",
			with(func(c *cors.Config) { c.Unsafe.NullOrigin = true }), get("null"), refusedActual},
		{"null is listed, with credentials",
			unsafe("null", cors.Unsafe{NullOrigin: true}), get("null"), allowed("null")},
		{"null in upper case", null, get("NULL"), refusedActual},
		{"file:// is listed", file, get("file://"), decision{AllowOrigin: "file://", Vary: "Origin"}},
		{"file:// when null is listed", null, get("file://"), refusedActual},
		{"the URL of a file when file:// is listed", file, get("file:///index.html"), refusedActual},
		{"an expression matches file://", permitted, get("file://"), decision{AllowOrigin: "file://", Vary: "Origin"}},
		{"an expression matches file:// without permission", expressions(fileOrSite), get("file://"), refusedActual},
		{"InsecureOrigins permits http with credentials",
			unsafe("http://myapp.com", cors.Unsafe{InsecureOrigins: true}), get("http://myapp.com"), allowed("http://myapp.com")},
		{"InsecureOrigins permits a custom scheme with credentials",
			unsafe("moz-extension://*", cors.Unsafe{InsecureOrigins: true}), get("moz-extension://a"), allowed("moz-extension://a")},
		{"PublicSuffixes permits a public suffix with credentials",
			unsafe("https://*.github.io", cors.Unsafe{PublicSuffixes: true}), get("https://a.github.io"), allowed("https://a.github.io")},
	})
}

func TestDecideMaxAge(t *testing.T) {
	maxAge := func(d time.Duration) cors.Config { return with(func(c *cors.Config) { c.MaxAge = d }) }
	sent := func(value string) decision { return change(defaultPreflight, func(d *decision) { d.MaxAge = value }) }
	checkDecisions(t, []decideCase{
		{"a negative max-age is sent as 0", maxAge(-1), preflight("https://myapp.com", "PUT", ""), sent("0")},
		{"a max-age of a second", maxAge(time.Second), preflight("https://myapp.com", "PUT", ""), sent("1")},
		{"other requests get no max-age", maxAge(time.Hour), get("https://myapp.com"), myAppActual},
	})
}

func TestDecideVary(t *testing.T) {
	myApp := origins("https://myapp.com")
	vary := func(cfg cors.Config, names ...string) cors.Config {
		cfg.Vary = names
		return cfg
	}
	checkDecisions(t, []decideCase{
		{"Vary lists more headers",
			vary(myApp, "X-Tenant", "Origin", "x-tenant"), get("https://evil.example"), decision{Vary: "Origin, X-Tenant"}},
		{"Vary lists more headers, no origin", vary(myApp, "X-Tenant"), get(""), decision{Vary: "Origin, X-Tenant"}},
		{"Vary lists more headers, any origin is allowed",
			vary(cors.AllowAll(), "X-Tenant"), get("https://a.com"), decision{AllowOrigin: "*", Vary: "X-Tenant"}},
		{"Vary lists Origin, any origin is allowed",
			vary(cors.AllowAll(), "Origin"), get("https://a.com"), decision{AllowOrigin: "*", Vary: "Origin"}},
		{"Vary lists Origin, any origin is allowed, no origin",
			vary(cors.AllowAll(), "Origin"), get(""), decision{AllowOrigin: "*", Vary: "Origin"}},
		{"the Vary of a preflight has no name twice",
			vary(myApp, "access-control-request-method", "X-Tenant"), preflight("https://evil.example", "PUT", ""),
			decision{Status: 403, Vary: preflightVary + ", X-Tenant"}},
	})
}

func TestZeroPolicy(t *testing.T) {
	var p cors.Policy
	for _, req := range []cors.Request{{}, get(""), get("https://a.com"), preflight("https://a.com", "PUT", "x-a"), get("null")} {
		d, err := decide(t.Context(), &p, req)
		if d != (decision{}) || err != nil {
			t.Errorf("Decide(%+v) = %+v, %v; want the zero Decision", req, d, err)
		}
	}
	if ok, err := p.AllowsOrigin(t.Context(), "https://a.com"); ok || err != nil {
		t.Errorf("AllowsOrigin = %t, %v; want false, nil", ok, err)
	}
	if cfg := p.Config(); cfg.AllowOrigins != nil || cfg.AllowMethods != nil {
		t.Errorf("Config = %+v, want the zero Config", cfg)
	}
	if err := p.Reconfigure(full()); err != nil {
		t.Fatal(err)
	}
	if d, _ := decide(t.Context(), &p, get("https://myapp.com")); d != fullActual {
		t.Errorf("after Reconfigure, Decide = %+v", d)
	}
}

func TestDecideNeverZero(t *testing.T) {
	for _, cfg := range []cors.Config{full(), cors.AllowAll(), origins("https://myapp.com"), refusing(full())} {
		p := mustPolicy(t, cfg)
		for _, req := range []cors.Request{
			{}, get(""), get("https://myapp.com"), get("https://evil.example"), get("a,b"),
			preflight("https://myapp.com", "PUT", ""), preflight("null", "PUT", ""),
		} {
			if d, _ := decide(t.Context(), p, req); d == (decision{}) {
				t.Errorf("%+v: the Decision for %+v is zero", cfg, req)
			}
		}
	}
}

func TestAllowsOrigin(t *testing.T) {
	failure := errors.New("no database")
	for name, cfg := range map[string]cors.Config{
		"full":      full(),
		"all":       cors.AllowAll(),
		"null":      {AllowOrigins: []string{"null"}, Unsafe: cors.Unsafe{NullOrigin: true}},
		"rejecting": refusing(full()),
		"failing":   {AllowOriginFunc: func(context.Context, string) (bool, error) { return true, failure }},
	} {
		t.Run(name, func(t *testing.T) {
			p := mustPolicy(t, cfg)
			for _, o := range []string{"https://myapp.com", "https://a.myapp.com", "https://evil.example", "null", "a,b", "http://localhost", "x"} {
				got, gotErr := p.AllowsOrigin(t.Context(), o)
				d, wantErr := decide(t.Context(), p, cors.Request{Method: http.MethodGet, Origin: o})
				if want := d.AllowOrigin != ""; got != want || gotErr != wantErr {
					t.Errorf("AllowsOrigin(%q) = %t, %v; want %t, %v", o, got, gotErr, want, wantErr)
				}
			}
			if ok, err := p.AllowsOrigin(t.Context(), ""); ok || err != nil {
				t.Errorf("AllowsOrigin(\"\") = %t, %v; want false, nil", ok, err)
			}
		})
	}
}
