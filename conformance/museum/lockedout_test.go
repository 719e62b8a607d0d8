package museum

import (
	"time"

	gincontrib "github.com/gin-contrib/cors"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func lockedOut() []exhibit {
	mixed := cookies("https://example.com", "https://*.example.com", "https://*.example.com:8443", "https://other.example")
	return []exhibit{
		{
			fault:  "`https://a.com/` is accepted, and blocks https://a.com",
			policy: origins("https://a.com/"), harm: blocked("https://a.com", "GET /items"), mistake: true,
		},
		{
			fault:  "`https://Example.com` is accepted, and blocks https://example.com",
			policy: origins("https://Example.com"), harm: blocked("https://example.com", "GET /items"), mistake: true,
		},
		{
			fault:  "`wss://a.com` is accepted, and blocks https://a.com",
			policy: origins("wss://a.com"), harm: blocked("https://a.com", "GET /items"), mistake: true,
		},
		{
			fault:  "`https://a.com:443` is accepted, and blocks https://a.com",
			policy: origins("https://a.com:443"), harm: blocked("https://a.com", "GET /items"), mistake: true,
		},
		{
			fault:  "`localhost:3000` is accepted, and blocks http://localhost:3000",
			policy: origins("localhost:3000"), harm: blocked("http://localhost:3000", "GET /items"), mistake: true,
		},
		{
			fault:  "`https://*.a.*` is accepted, and the second asterisk is a literal one",
			policy: origins("https://*.a.*"), harm: blocked("https://x.a.com", "GET /items"), mistake: true,
		},
		{
			fault:  "`https://*.example.com` is accepted, and matches nothing (in gin-contrib/cors without AllowWildcard)",
			policy: origins("https://*.example.com"), terms: terms{gin: func(c *gincontrib.Config) { c.AllowWildcard = false }},
			harm: blocked("https://a.example.com", "GET /items"),
		},
		{
			fault:   "two entries in one string, with a blank: a subdomain is blocked",
			reports: []string{"gofiber/fiber#2882"},
			policy:  origins("https://a.com, https://*.example.com"), terms: only(fiber2s),
			harm: blocked("https://foo.example.com", "GET /items"), mistake: true,
		},
		{
			fault:   "origins of app shells are refused: `tauri://localhost`",
			reports: []string{"gofiber/fiber#3160"},
			policy:  origins("tauri://localhost"), harm: blocked("tauri://localhost", "GET /items"), required: true,
		},
		{
			fault:   "of related entries, some are lost",
			reports: []string{"jub0bs/cors#12"},
			policy:  mixed, terms: only(ginContrib, echo4s, fiber2s, fiber3s, goChi, rs), required: true,
			harm: either(
				blocked("https://example.com", "PUT /items"), blocked("https://a.example.com", "PUT /items"),
				blocked("https://a.b.example.com:8443", "PUT /items"), blocked("https://other.example", "PUT /items"),
			),
		},
		{
			fault:  "a host that is not valid Punycode is accepted: `http://xn--f`",
			policy: origins("http://xn--f"), harm: accepted, mistake: true,
		},
		{
			fault:  "a page at http:// on the same host is treated as same-origin, and is blocked",
			policy: origins("http://api.example"), harm: blocked("http://api.example", "PUT /items"), required: true,
		},
		{
			fault:   "a header name with `_` or `.` is never allowed",
			reports: []string{"go-chi/cors#19", "go-chi/cors#20", "rs/cors#23", "rs/cors#103"},
			policy:  with(origins("https://a.com"), func(c *cors.Config) { c.AllowHeaders = []string{"x_a", "x.b"} }),
			harm:    blocked("https://a.com", "PUT /items", "x_a: 1", "x.b: 1"), required: true,
		},
		{
			fault:  "methods are checked on requests other than preflights: a policy for POST blocks GET",
			policy: with(origins("https://a.com"), func(c *cors.Config) { c.AllowMethods = []string{"POST"} }),
			harm:   blocked("https://a.com", "GET /items"), required: true,
		},
		{
			fault:   "requests without `Access-Control-Request-Method` get no headers",
			reports: []string{"gofiber/fiber#2936", "gofiber/fiber#2943"},
			policy:  origins("https://a.com"), harm: blocked("https://a.com", "GET /items"), required: true,
		},
	}
}

func asterisks() []exhibit {
	const app = "https://a.com"
	exposing := with(cookies(app), func(c *cors.Config) { c.ExposeHeaders = []string{"*"} })
	total := []route{{method: "GET", path: "/items", act: func(h headers) { h.Set("X-Total", "7") }}}
	return []exhibit{
		{
			fault:   "`*` with cookies is accepted, and browsers block every request with cookies",
			reports: []string{"gin-contrib/cors#31", "gin-contrib/cors#103"},
			policy:  cookies("*"), harm: blocked(app, "GET /items"), mistake: true,
		},
		{
			fault:   "`*` beside other origins is accepted: every site reads",
			reports: []string{"tower-rs/tower-http#285"},
			policy:  origins("*", app), harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault:   "`*` beside a callback is accepted: what the callback refuses is allowed",
			reports: []string{"gofiber/fiber#2770"},
			policy:  cors.Config{AllowOrigins: []string{"*"}, AllowOriginFunc: never}, harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault:   "any request header with cookies: `*` is sent, and is a literal name to browsers",
			reports: []string{"gin-contrib/cors#84", "gin-contrib/cors#118"},
			policy:  with(cookies(app), func(c *cors.Config) { c.AllowHeaders = []string{"*"} }),
			harm:    blocked(app, "PUT /items", "X-A: 1"), required: true,
		},
		{
			fault:  "`*` as exposed header with cookies is accepted, and exposes nothing",
			policy: exposing, site: site{routes: total}, harm: hidden(app, "X-Total"), mistake: true,
		},
		{
			fault:   "`Authorization` beside `*` is not sent, and browsers other than Chromium block it",
			reports: []string{"Kludex/starlette#1832"},
			policy:  with(origins(app), func(c *cors.Config) { c.AllowHeaders = []string{"*", "Authorization"} }),
			harm:    blockedBy(corstest.Firefox, app, "PUT /items", "Authorization: Bearer token"), required: true,
		},
	}
}

func policies() []exhibit {
	const app = "https://a.com"
	listed := func(change func(*cors.Config)) cors.Config { return with(origins(app), change) }
	return []exhibit{
		{
			fault:   "no origins at all: every site reads",
			reports: []string{"krakend/krakend-cors#3", "gofiber/fiber#2770"},
			policy:  cors.Config{}, harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault:  "`MaxAge: 300` means nanoseconds, and is sent as 0",
			policy: listed(func(c *cors.Config) { c.MaxAge = 300 }), terms: only(ginContrib),
			harm: told(preflightFrom(app), maxAge), mistake: true,
		},
		{
			fault:  "a negative max-age sends nothing, and browsers cache the preflight for 5 seconds",
			policy: listed(func(c *cors.Config) { c.MaxAge = -time.Second }), harm: remembers(app), required: true,
		},
		{
			fault:   "`patch` is converted to upper case, and blocks the method patch, which browsers do not convert",
			reports: []string{"go-chi/cors#27", "rs/cors#158"},
			policy:  listed(func(c *cors.Config) { c.AllowMethods = []string{"patch"} }),
			harm:    unlisted(app, "patch"), mistake: true,
		},
		{
			fault:  "`put` is not converted to upper case, as browsers do, and blocks PUT",
			policy: listed(func(c *cors.Config) { c.AllowMethods = []string{"put"} }),
			harm:   blocked(app, "PUT /items"), required: true,
		},
		{
			fault:   "OPTIONS is allowed without being listed",
			reports: []string{"rs/cors#196", "go-chi/cors#37"},
			policy:  listed(func(c *cors.Config) { c.AllowMethods = []string{"GET"} }),
			harm:    allowedTo(app, "OPTIONS /items"),
		},
		{
			fault:  "a line break in the name of an exposed header is accepted",
			policy: listed(func(c *cors.Config) { c.ExposeHeaders = []string{"X-A\r\nX-B: y"} }), harm: accepted, mistake: true,
		},
		{
			fault:  "`Set-Cookie` as exposed header is accepted, and no browser exposes it",
			policy: listed(func(c *cors.Config) { c.ExposeHeaders = []string{"Set-Cookie"} }), harm: accepted, mistake: true,
		},
		{
			fault:  "`Cookie` as request header is accepted, and allows no cookies",
			policy: listed(func(c *cors.Config) { c.AllowHeaders = []string{"Cookie"} }), harm: accepted, mistake: true,
		},
		{
			fault:  "`Access-Control-Request-Method` as request header is accepted, and no script can set it",
			policy: listed(func(c *cors.Config) { c.AllowHeaders = []string{"Access-Control-Request-Method"} }), harm: accepted, mistake: true,
		},
		{
			fault:   "access to private networks is allowed by default",
			reports: []string{"CVE-2024-6221"},
			policy:  origins(app),
			harm:    told(preflightFrom(app, "Access-Control-Request-Private-Network: true"), "Access-Control-Allow-Private-Network"),
		},
		{
			fault:  "access to private networks is allowed to requests that do not ask for it",
			policy: origins(app), terms: privateNetwork(),
			harm: told(preflightFrom(app), "Access-Control-Allow-Private-Network"),
		},
	}
}
