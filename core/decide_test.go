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

// get is a request from a page of the origin o.
func get(o string) cors.Request {
	return cors.Request{Method: "GET", Host: "api.example", Origin: o}
}

// preflight asks for a method and, separated by commas, for headers.
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

// full uses every field that shows in a response.
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

// change returns v with a change.
func change[T any](v T, f func(*T)) T {
	f(&v)
	return v
}

func refusing(cfg cors.Config) cors.Config {
	cfg.RejectDisallowed = true
	return cfg
}

// What full() answers to those it allows.
var (
	fullActual = decision{
		AllowOrigin: "https://myapp.com", AllowCredentials: "true", ExposeHeaders: "X-Total-Count, ETag", Vary: "Origin",
	}
	fullPreflight = decision{
		Status: 204, AllowOrigin: "https://myapp.com", AllowCredentials: "true", AllowMethods: "GET, POST, PUT, DELETE",
		AllowHeaders: "Content-Type, authorization", MaxAge: "86400", Vary: preflightVary,
	}
	defaultPreflight = decision{
		Status: 204, AllowOrigin: "https://myapp.com", AllowMethods: "GET, HEAD, PUT, PATCH, POST, DELETE", Vary: preflightVary,
	}
	refusedActual    = decision{Vary: "Origin"}
	refusedPreflight = decision{Status: 403, Vary: preflightVary}
	allActual        = decision{AllowOrigin: "*"}
	allPreflight     = decision{Status: 204, AllowOrigin: "*", AllowMethods: "*", AllowHeaders: "*, Authorization", Vary: preflightVary}
)

func from(o string, d decision) decision { d.AllowOrigin = o; return d }

func status(code int, d decision) decision { d.Status = code; return d }

func TestDecide(t *testing.T) {
	myApp := origins("https://myapp.com")
	for _, tc := range []struct {
		name string
		cfg  cors.Config
		req  cors.Request
		want decision
	}{
		// no Origin
		{"no origin, every origin allowed", cors.AllowAll(), get(""), allActual},
		{"no origin, every origin allowed, headers exposed", change(cors.AllowAll(), func(c *cors.Config) { c.ExposeHeaders = []string{"ETag"} }), get(""), decision{AllowOrigin: "*", ExposeHeaders: "ETag"}},
		{"no origin, some allowed", full(), get(""), refusedActual},
		{"no origin, disallowed ones rejected", refusing(myApp), get(""), refusedActual},
		{"OPTIONS for a method without an origin is no preflight", full(), preflight("", "PUT", "x-a"), refusedActual},

		// preflights
		{"a preflight gets the full lists", full(), preflight("https://myapp.com", "GET", ""), fullPreflight},
		{"a preflight for what is not allowed gets the same lists", full(), preflight("https://myapp.com", "PATCH", "x-evil"), fullPreflight},
		{"a preflight from a subdomain", full(), preflight("https://a.b.myapp.com", "PUT", "authorization"), from("https://a.b.myapp.com", fullPreflight)},
		{"a preflight from any port", full(), preflight("http://localhost:3000", "PUT", ""), from("http://localhost:3000", fullPreflight)},
		{"a preflight by the defaults", myApp, preflight("https://myapp.com", "PUT", ""), defaultPreflight},
		{"a preflight where every origin is allowed", cors.AllowAll(), preflight("https://a.com", "PUT", "x-a"), allPreflight},
		{"a preflight from null where every origin is allowed", cors.AllowAll(), preflight("null", "PUT", "x-a"), allPreflight},
		{"a preflight from a refused origin", full(), preflight("https://evil.example", "PUT", ""), refusedPreflight},
		{"a preflight from null", full(), preflight("null", "PUT", ""), refusedPreflight},
		{"a preflight with another status", change(myApp, func(c *cors.Config) { c.PreflightStatus = 200 }), preflight("https://myapp.com", "PUT", ""), status(200, defaultPreflight)},
		{"another status leaves refusals alone", change(myApp, func(c *cors.Config) { c.PreflightStatus = 299 }), preflight("https://evil.example", "PUT", ""), refusedPreflight},
		{"a preflight that the handler answers", change(myApp, func(c *cors.Config) { c.PreflightContinue = true }), preflight("https://myapp.com", "PUT", ""), status(0, defaultPreflight)},
		{"a status has no effect on what the handler answers", change(myApp, func(c *cors.Config) { c.PreflightContinue, c.PreflightStatus = true, 200 }), preflight("https://myapp.com", "PUT", ""), status(0, defaultPreflight)},
		{"a refused preflight never gets to the handler", change(myApp, func(c *cors.Config) { c.PreflightContinue = true }), preflight("https://evil.example", "PUT", ""), refusedPreflight},
		{"a preflight whose policy allows only safelisted methods", change(myApp, func(c *cors.Config) { c.AllowMethods = []string{} }), preflight("https://myapp.com", "PUT", ""), decision{Status: 204, AllowOrigin: "https://myapp.com", Vary: preflightVary}},

		// OPTIONS of the application's own
		{"OPTIONS with an origin only", full(), cors.Request{Method: "OPTIONS", Origin: "https://myapp.com"}, fullActual},
		{"OPTIONS with an origin only, refused", full(), cors.Request{Method: "OPTIONS", Origin: "https://evil.example"}, refusedActual},
		{"OPTIONS for headers only", full(), cors.Request{Method: "OPTIONS", Origin: "https://myapp.com", RequestHeaders: "x-a"}, fullActual},
		{"OPTIONS without anything", full(), cors.Request{Method: "OPTIONS"}, refusedActual},
		{"another method that asks for a method", full(), cors.Request{Method: "POST", Origin: "https://myapp.com", RequestMethod: "PUT"}, fullActual},
		{"methods are case-sensitive", full(), cors.Request{Method: "options", Origin: "https://myapp.com", RequestMethod: "PUT"}, fullActual},

		// actual requests
		{"an allowed request", full(), get("https://myapp.com"), fullActual},
		{"an allowed request by a method that is not", full(), cors.Request{Method: "PATCH", Origin: "https://myapp.com"}, fullActual},
		{"an allowed request from a subdomain", full(), get("https://a.myapp.com"), from("https://a.myapp.com", fullActual)},
		{"an allowed request by the defaults", myApp, get("https://myapp.com"), decision{AllowOrigin: "https://myapp.com", Vary: "Origin"}},
		{"a request where every origin is allowed", cors.AllowAll(), get("https://a.com"), allActual},
		{"a refused request", full(), get("https://evil.example"), refusedActual},
		{"a refused request from null", full(), get("null"), refusedActual},
		{"a refused request, rejected", refusing(full()), get("https://evil.example"), status(403, refusedActual)},
		{"two origins", full(), get("https://myapp.com,https://myapp.com"), refusedActual},
		{"two origins where every one is allowed", cors.AllowAll(), get("https://a.com, https://b.com"), refusedActual},
		{"two origins in a preflight where every one is allowed", cors.AllowAll(), preflight("https://a.com,https://b.com", "PUT", ""), refusedPreflight},
		{"an empty line and an origin", cors.AllowAll(), get(",https://a.com"), refusedActual},
		{"a very long origin", full(), get("https://" + strings.Repeat("a", 1<<16) + ".myapp.com"), refusedActual},
		{"a very long origin where every one is allowed", cors.AllowAll(), get("https://" + strings.Repeat("a", 1<<16)), refusedActual},

		// the null origin
		{"null, where it is listed", cors.Config{AllowOrigins: []string{"null"}, Unsafe: cors.Unsafe{NullOrigin: true}}, get("null"), decision{AllowOrigin: "null", Vary: "Origin"}},
		{"null, where it is permitted but not listed", change(myApp, func(c *cors.Config) { c.Unsafe.NullOrigin = true }), get("null"), refusedActual},
		{"null with credentials, where it is listed", cors.Config{AllowOrigins: []string{"null"}, AllowCredentials: true, Unsafe: cors.Unsafe{NullOrigin: true}}, get("null"), decision{AllowOrigin: "null", AllowCredentials: "true", Vary: "Origin"}},
		{"file://, where it is listed", cors.Config{AllowOrigins: []string{"https://myapp.com", "file://"}, Unsafe: cors.Unsafe{NullOrigin: true}}, get("file://"), decision{AllowOrigin: "file://", Vary: "Origin"}},
		{"file://, where null is listed", cors.Config{AllowOrigins: []string{"null"}, Unsafe: cors.Unsafe{NullOrigin: true}}, get("file://"), refusedActual},
		{"file://, where an expression matches it", change(expressions(`file://|https://a\.com`), func(c *cors.Config) { c.Unsafe.NullOrigin = true }), get("file://"), decision{AllowOrigin: "file://", Vary: "Origin"}},
		{"file://, where an expression matches it without Unsafe.NullOrigin", expressions(`file://|https://a\.com`), get("file://"), refusedActual},
		{"a file's URL, where file:// is listed", cors.Config{AllowOrigins: []string{"file://"}, Unsafe: cors.Unsafe{NullOrigin: true}}, get("file:///index.html"), refusedActual},
		{"another spelling of null", cors.Config{AllowOrigins: []string{"null"}, Unsafe: cors.Unsafe{NullOrigin: true}}, get("NULL"), refusedActual},

		// what Unsafe permits
		{"http with credentials, permitted", cors.Config{AllowOrigins: []string{"http://myapp.com"}, AllowCredentials: true, Unsafe: cors.Unsafe{InsecureOrigins: true}}, get("http://myapp.com"), decision{AllowOrigin: "http://myapp.com", AllowCredentials: "true", Vary: "Origin"}},
		{"a scheme with credentials, permitted", cors.Config{AllowOrigins: []string{"moz-extension://*"}, AllowCredentials: true, Unsafe: cors.Unsafe{InsecureOrigins: true}}, get("moz-extension://a"), decision{AllowOrigin: "moz-extension://a", AllowCredentials: "true", Vary: "Origin"}},
		{"a public suffix with credentials, permitted", cors.Config{AllowOrigins: []string{"https://*.github.io"}, AllowCredentials: true, Unsafe: cors.Unsafe{PublicSuffixes: true}}, get("https://a.github.io"), decision{AllowOrigin: "https://a.github.io", AllowCredentials: "true", Vary: "Origin"}},

		// max-age
		{"a negative max-age is sent as 0", change(myApp, func(c *cors.Config) { c.MaxAge = -1 }), preflight("https://myapp.com", "PUT", ""), change(defaultPreflight, func(d *decision) { d.MaxAge = "0" })},
		{"a max-age of a second", change(myApp, func(c *cors.Config) { c.MaxAge = time.Second }), preflight("https://myapp.com", "PUT", ""), change(defaultPreflight, func(d *decision) { d.MaxAge = "1" })},
		{"no max-age on other requests", change(myApp, func(c *cors.Config) { c.MaxAge = time.Hour }), get("https://myapp.com"), decision{AllowOrigin: "https://myapp.com", Vary: "Origin"}},

		// Vary
		{"further headers in Vary", change(myApp, func(c *cors.Config) { c.Vary = []string{"X-Tenant", "Origin", "x-tenant"} }), get("https://evil.example"), decision{Vary: "Origin, X-Tenant"}},
		{"further headers in Vary without an origin", change(myApp, func(c *cors.Config) { c.Vary = []string{"X-Tenant"} }), get(""), decision{Vary: "Origin, X-Tenant"}},
		{"further headers in Vary where every origin is allowed", change(cors.AllowAll(), func(c *cors.Config) { c.Vary = []string{"X-Tenant"} }), get("https://a.com"), decision{AllowOrigin: "*", Vary: "X-Tenant"}},
		{"Origin in Vary where every origin is allowed", change(cors.AllowAll(), func(c *cors.Config) { c.Vary = []string{"Origin"} }), get("https://a.com"), decision{AllowOrigin: "*", Vary: "Origin"}},
		{"Origin in Vary where every origin is allowed, without an origin", change(cors.AllowAll(), func(c *cors.Config) { c.Vary = []string{"Origin"} }), get(""), decision{AllowOrigin: "*", Vary: "Origin"}},
		{"further headers in Vary of a preflight, none twice", change(myApp, func(c *cors.Config) { c.Vary = []string{"access-control-request-method", "X-Tenant"} }), preflight("https://evil.example", "PUT", ""), decision{Status: 403, Vary: preflightVary + ", X-Tenant"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := decide(t.Context(), mustPolicy(t, tc.cfg), tc.req)
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("\n got %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestTheZeroPolicyLetsEverythingPass(t *testing.T) {
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
		t.Errorf("once configured, Decide = %+v", d)
	}
}

func TestNoDecisionOfAConfiguredPolicyIsZero(t *testing.T) {
	for _, cfg := range []cors.Config{full(), cors.AllowAll(), origins("https://myapp.com"), refusing(full())} {
		p := mustPolicy(t, cfg)
		for _, req := range []cors.Request{{}, get(""), get("https://myapp.com"), get("https://evil.example"), get("a,b"), preflight("https://myapp.com", "PUT", ""), preflight("null", "PUT", "")} {
			if d, _ := decide(t.Context(), p, req); d == (decision{}) {
				t.Errorf("%+v: the Decision for %+v is zero", cfg, req)
			}
		}
	}
}

func TestAllowsOriginAnswersAsDecideDoes(t *testing.T) {
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
				t.Errorf("AllowsOrigin of no origin = %t, %v; want false, nil", ok, err)
			}
		})
	}
}
