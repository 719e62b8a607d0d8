package cors_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// shop is the configuration of most explanations.
var shop = cors.Config{
	AllowOrigins: []string{
		"https://myapp.com", "https://www.myapp.org", "http://localhost:3000",
		"https://*.tenants.example", "https://pr-*.myapp.dev",
	},
	AllowMethods:     []string{"PUT", "PATCH"},
	AllowHeaders:     []string{"Content-Type"},
	AllowCredentials: true,
}

func TestExplainOrigin(t *testing.T) {
	const (
		refused, malformed = cors.ReasonOriginRefused, cors.ReasonOriginMalformed

		loopback = `"http://localhost:3000" is allowed, but localhost, 127.0.0.1 and [::1] are different origins: open the page there, `
		port     = `is allowed, but each port is a different origin: `
		scheme   = `is allowed, but http and https are different origins: `
		www      = `is allowed, but a host with www. and one without are different origins: `
		typo     = `it resembles "https://myapp.com", but is a different site: ` +
			`correct the spelling if it is a typo; do not allow it unless it is yours`
		insecure = `if this origin is yours, serve the page over https, because http is not safe with AllowCredentials, ` +
			`and add "https://unrelated.net" to AllowOrigins`
		null = `browsers send the origin null for local files, sandboxed frames and redirects between other origins, ` +
			`and any site can send it: serve the page over http or https without a sandbox, ` +
			`and request the target of a redirect directly`
	)
	for _, tt := range []struct {
		name, origin string
		reason       cors.Reason
		hint         string
	}{
		{"127.0.0.1 for localhost", "http://127.0.0.1:3000", refused, loopback + `or add "http://127.0.0.1:3000" to AllowOrigins`},
		{"[::1] for localhost", "http://[::1]:3000", refused, loopback + `or add "http://[::1]:3000" to AllowOrigins`},
		{"another port of localhost", "http://localhost:5173", refused,
			`"http://localhost:3000" ` + port + `add "http://localhost:5173" to AllowOrigins, or "http://localhost:*" for every port`},
		{"another port", "https://myapp.com:8443", refused,
			`"https://myapp.com" ` + port + `add "https://myapp.com:8443" to AllowOrigins`},
		{"http for https", "http://myapp.com", refused, `"https://myapp.com" ` + scheme + `open the page over https`},
		{"https for http", "https://localhost:3000", refused,
			`"http://localhost:3000" ` + scheme + `add "https://localhost:3000" to AllowOrigins`},
		{"www. is added", "https://www.myapp.com", refused, `"https://myapp.com" ` + www + `add "https://www.myapp.com" to AllowOrigins`},
		{"www. is missing", "https://myapp.org", refused, `"https://www.myapp.org" ` + www + `add "https://myapp.org" to AllowOrigins`},
		{"the domain of a subdomain pattern", "https://tenants.example", refused,
			`"https://*.tenants.example" allows its subdomains, but not the domain itself: add "https://tenants.example" to AllowOrigins`},
		{"a subdomain of an exact origin", "https://admin.myapp.com", refused,
			`"https://myapp.com" does not cover this subdomain: if it is yours, add "https://admin.myapp.com" to AllowOrigins`},
		{"one label too many", "https://a.pr-1.myapp.dev", refused,
			`"https://pr-*.myapp.dev" does not cover this subdomain: if it is yours, add "https://a.pr-1.myapp.dev" to AllowOrigins`},
		{"a typo", "https://myap.com", refused, typo},
		{"a similar host", "https://evilmyapp.com", refused, typo},
		{"a host that begins with an allowed one", "https://myapp.com.evil.org", refused, typo},
		{"another site", "https://unrelated.net", refused, `if this origin is yours, add "https://unrelated.net" to AllowOrigins`},
		{"another site without https", "http://unrelated.net", refused, insecure},
		{"a browser extension", "chrome-extension://abcdef", refused,
			`if this origin is yours, add "chrome-extension://abcdef" to AllowOrigins`},
		{"a trailing slash", "https://myapp.com/", malformed, `it has a trailing slash; send "https://myapp.com"`},
		{"upper case", "https://MyApp.com", malformed, `it has upper case in its host; send "https://myapp.com"`},
		{"two origins", "https://myapp.com, https://myapp.com", malformed,
			`send one Origin header with one origin: a proxy or a test may add another`},
		{"other bytes", "b\x00d\n", malformed, `browsers send scheme://host, with :port if it is not the scheme's default`},
		{"null", "null", cors.ReasonOriginNull, null},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := mustPolicy(t, shop).Explain(t.Context(), cors.Request{Method: "GET", Origin: tt.origin})
			if e.Allowed || e.Reason != tt.reason || e.Hint != tt.hint {
				t.Errorf("allowed %t, reason %q, hint:\n%s\nwant %q and:\n%s", e.Allowed, e.Reason, e.Hint, tt.reason, tt.hint)
			}
			if strings.ContainsAny(e.String()[:strings.Index(e.String(), "\nhint")], "\n\x00") {
				t.Errorf("%q contains control characters of the request", e)
			}
		})
	}
}

// The first problem of a preflight is explained, in the order in which browsers
// check.
func TestExplainPreflight(t *testing.T) {
	star := shop
	star.AllowMethods, star.AllowHeaders = []string{"*"}, []string{"*"}
	for _, tt := range []struct {
		name            string
		cfg             cors.Config
		method, headers string
		reason          cors.Reason
		message, hint   string
	}{
		{"a method that is not listed", shop, "DELETE", "", cors.ReasonMethodRefused,
			`the method "DELETE" is not allowed`, `add "DELETE" to AllowMethods`},
		{"patch in lower case", shop, "patch", "", cors.ReasonMethodRefused, `the method "patch" is not allowed`,
			`write "PATCH" in the front end: methods are case-sensitive, and browsers do not upper-case this one`},
		{"query in lower case", shop, "query", "", cors.ReasonMethodRefused, `the method "query" is not allowed`,
			`write "QUERY" in the front end, because methods are case-sensitive, and add it to AllowMethods`},
		{"a forbidden method", star, "TRACE", "", cors.ReasonMethodRefused, `the method "TRACE" is not allowed`,
			`browsers never send this method`},
		{"an invalid method", star, "P T", "", cors.ReasonMethodRefused, `the method "P T" is not allowed`, `no browser sends such a method`},
		{"a header that is not listed", shop, "PUT", "content-type,x-request-id", cors.ReasonHeaderRefused,
			`the request header "x-request-id" is not allowed`, `add "X-Request-Id" to AllowHeaders`},
		{"Authorization", shop, "PUT", "authorization", cors.ReasonHeaderRefused,
			`the request header "authorization" is not allowed`, `add "Authorization" to AllowHeaders`},
		{"Authorization with an asterisk", star, "PUT", "authorization", cors.ReasonHeaderRefused,
			`the request header "authorization" is not allowed`, `add "Authorization" to AllowHeaders: "*" does not cover it`},
		{"a response header", shop, "PUT", "access-control-allow-origin", cors.ReasonHeaderRefused,
			`the request header "access-control-allow-origin" is not allowed`,
			`remove it from the request: it is a response header, which this policy sets`},
		{"an invalid header name", star, "PUT", "x a", cors.ReasonHeaderRefused, `the request header "x a" is not allowed`,
			`no browser sends such a header name`},
		{"too many empty elements to echo", star, "PUT", strings.Repeat(",", 20) + "x-a", cors.ReasonHeaderRefused,
			`the request asks for a list of headers that is too long to be copied into the response: 23 bytes`,
			`list the names in AllowHeaders instead of "*"`},
		{"too many names to echo", star, "PUT", strings.Repeat("x-a,", 300), cors.ReasonHeaderRefused,
			`the request asks for a list of headers that is too long to be copied into the response: 1200 bytes`,
			`list the names in AllowHeaders instead of "*"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := mustPolicy(t, tt.cfg).Explain(t.Context(), cors.Request{
				Method: "OPTIONS", Origin: "https://myapp.com", RequestMethod: tt.method, RequestHeaders: tt.headers,
			})
			if e.Allowed || e.Reason != tt.reason || e.Message != tt.message || e.Hint != tt.hint {
				t.Errorf("allowed %t, reason %q:\n%s\n%s\nwant %q:\n%s\n%s",
					e.Allowed, e.Reason, e.Message, e.Hint, tt.reason, tt.message, tt.hint)
			}
			if e.Matched != `the entry "https://myapp.com"` {
				t.Errorf("the origin is matched by %s", e.Matched)
			}
		})
	}
}

// An expression that matches a part of the origin is named.
func TestExplainRegexp(t *testing.T) {
	p := mustPolicy(t, expressions(`https://example\.com|\.example2\.com$`))
	e := p.Explain(t.Context(), cors.Request{Method: "GET", Origin: "https://a.example2.com"})
	want := `the regular expression "https://example\\.com|\\.example2\\.com$" matches only the part ".example2.com" of it, ` +
		`but it must match the whole: if this origin is yours, add "https://a.example2.com" to AllowOrigins`
	if e.Allowed || e.Hint != want {
		t.Errorf("allowed %t, hint:\n%s\nwant:\n%s", e.Allowed, e.Hint, want)
	}
}

func TestExplainCredentials(t *testing.T) {
	req := cors.Request{Method: "GET", Origin: "https://myapp.com", Credentials: true}
	for _, tt := range []struct {
		name, origin, hint string
	}{
		{"a list of origins", "https://myapp.com", `set AllowCredentials to true, or remove credentials: "include" from the request`},
		{"any origin", "*", `list the origins of your front ends in AllowOrigins instead of "*", and set AllowCredentials to true; ` +
			`or remove credentials: "include" from the request`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := mustPolicy(t, cors.Config{AllowOrigins: []string{tt.origin}}).Explain(t.Context(), req)
			if e.Allowed || e.Reason != cors.ReasonCredentials || e.Hint != tt.hint {
				t.Errorf("got %+v", e)
			}
		})
	}
	if e := mustPolicy(t, shop).Explain(t.Context(), req); !e.Allowed {
		t.Errorf("with AllowCredentials: %s", e)
	}
}

func TestExplainMatched(t *testing.T) {
	cfg := shop
	cfg.AllowOrigins = slices.Concat(shop.AllowOrigins, []string{
		"null", "moz-extension://*", "http://127.0.0.1:*", "https://*.any.example:*", "https://pr-*.my.dev:8443",
	})
	cfg.AllowOriginRegexps = []*regexp.Regexp{regexp.MustCompile(`https://\d+\.example\.org`)}
	cfg.AllowOriginFunc = func(_ context.Context, origin string) (bool, error) { return origin == "https://db.example", nil }
	cfg.Unsafe = cors.Unsafe{NullOrigin: true, InsecureOrigins: true}
	for origin, want := range map[string]string{
		"https://myapp.com":          `the entry "https://myapp.com"`,
		"https://a.tenants.example":  `the entry "https://*.tenants.example"`,
		"https://a.any.example:8443": `the entry "https://*.any.example:*"`,
		"https://pr-7.myapp.dev":     `the entry "https://pr-*.myapp.dev"`,
		"https://pr-7.my.dev:8443":   `the entry "https://pr-*.my.dev:8443"`,
		"http://127.0.0.1:3000":      `the entry "http://127.0.0.1:*"`,
		"moz-extension://abc":        `the entry "moz-extension://*"`,
		"null":                       `the entry "null"`,
		"https://42.example.org":     `the regular expression "https://\\d+\\.example\\.org"`,
		"https://db.example":         `AllowOriginFunc`,
	} {
		e := mustPolicy(t, cfg).Explain(t.Context(), cors.Request{Method: "GET", Origin: origin})
		if !e.Allowed || e.Matched != want {
			t.Errorf("%s: allowed %t by %s, want %s", origin, e.Allowed, e.Matched, want)
		}
	}
	star := mustPolicy(t, cors.AllowAll())
	if e := star.Explain(t.Context(), cors.Request{Origin: "https://a.example"}); e.Matched != `the entry "*"` {
		t.Errorf("an asterisk: the origin is matched by %s", e.Matched)
	}
}

func TestExplainNotApplicable(t *testing.T) {
	for name, req := range map[string]cors.Request{
		"without Origin":                {Method: "GET"},
		"same origin by Sec-Fetch-Site": {Method: "POST", Origin: "https://api.example", FetchSite: "same-origin"},
		"same origin by Host":           {Method: "POST", Origin: "https://api.example", Host: "api.example"},
	} {
		if e := mustPolicy(t, shop).Explain(t.Context(), req); !e.Allowed || !strings.Contains(e.Message, "does not apply") {
			t.Errorf("%s: %s", name, e)
		}
	}
	e := new(cors.Policy).Explain(t.Context(), cors.Request{Origin: "https://a.example"})
	if e.Allowed || e.Reason != cors.ReasonNotConfigured {
		t.Errorf("the zero policy: %s", e)
	}
}

// rejections returns cfg with an OnReject that records its calls.
func rejections(cfg cors.Config) (cors.Config, *[]cors.Rejection) {
	calls := new([]cors.Rejection)
	cfg.OnReject = func(_ context.Context, r cors.Rejection) { *calls = append(*calls, r) }
	return cfg, calls
}

// OnReject is called once for each refused request.
func TestOnReject(t *testing.T) {
	failing := shop
	failing.AllowOriginFunc = func(context.Context, string) (bool, error) { return false, errors.New("no\nconnection") }
	for _, tt := range []struct {
		name string
		cfg  cors.Config
		req  cors.Request
		want string // reason, origin, method, header
	}{
		{"an origin", shop, get("https://evil.example"), "origin-not-allowed https://evil.example GET "},
		{"the preflight of an origin", shop, preflight("https://evil.example", "PUT", ""), "origin-not-allowed https://evil.example PUT "},
		{"a method", shop, preflight("https://myapp.com", "DELETE", ""), "method-not-allowed https://myapp.com DELETE "},
		{"a header", shop, preflight("https://myapp.com", "PUT", "x-b,x-a"), "header-not-allowed https://myapp.com PUT x-b"},
		{"a callback that fails", failing, get("https://a.example"), "callback-failed https://a.example GET "},
		{"an origin with a line break", shop, get("x\nlevel=INFO msg=ok"), `origin-malformed x\nlevel=INFO msg=ok GET `},
		{"a long origin", shop, get(strings.Repeat("a", 1<<16)),
			"origin-malformed " + strings.Repeat("a", 120) + "… (65536 bytes) GET "},
		{"nothing if the browser refuses nothing", shop, preflight("https://myapp.com", "PUT", "content-type"), ""},
		{"nothing without Origin", shop, get(""), ""},
		{"nothing for the server's own origin", shop,
			cors.Request{Method: "POST", Origin: "https://api.example", Host: "api.example"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, calls := rejections(tt.cfg)
			_, _ = decide(t.Context(), mustPolicy(t, cfg), tt.req)
			var got []string
			for _, r := range *calls {
				got = append(got, strings.Join([]string{string(r.Reason), r.Origin, r.Method, r.Header}, " "))
				if strings.ContainsAny(r.String(), "\r\n\x00") || len(r.String()) > 1000 {
					t.Errorf("%q has several lines or is too long", r)
				}
			}
			if strings.Join(got, "; ") != tt.want {
				t.Errorf("OnReject gets %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRejectionPath(t *testing.T) {
	for _, tt := range []struct{ name, path, want string }{
		{"is the request's", "/items/1", "/items/1"},
		{"stays escaped", "/a%2Fb%0Alevel=INFO", "/a%2Fb%0Alevel=INFO"},
		{"has no control characters", "/a\nlevel=INFO", `/a\nlevel=INFO`},
		{"is bounded", "/" + strings.Repeat("a", 1<<16), "/" + strings.Repeat("a", 119) + "… (65537 bytes)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, calls := rejections(shop)
			_, _ = decide(t.Context(), mustPolicy(t, cfg), cors.Request{Method: "GET", Path: tt.path, Origin: "https://evil.example"})
			if got := (*calls)[0].Path; got != tt.want {
				t.Errorf("Path = %q, want %q", got, tt.want)
			}
		})
	}
}

// Without Sec-Fetch-Site, only Host identifies the server's own pages.
func TestExplainOwnOrigin(t *testing.T) {
	const (
		proxy = `if it is the server's own origin, a proxy replaces the Host header by "backend:8080": ` +
			`let the proxy pass the original Host on`
		noReferrer = "a form on a page with Referrer-Policy: no-referrer sends null too"
	)
	post := func(origin, host, fetchSite string) cors.Request {
		return cors.Request{Method: "POST", Origin: origin, Host: host, FetchSite: fetchSite}
	}
	for _, tt := range []struct {
		name string
		req  cors.Request
		want string // part of the hint
		not  string
	}{
		{"another host", post("https://app.example", "backend:8080", ""), proxy, ""},
		{"another host, but the browser says cross-site", post("https://app.example", "backend:8080", "cross-site"), "", "proxy"},
		{"a preflight, which the server's own pages do not send", preflight("https://app.example", "PUT", ""), "", "proxy"},
		{"null", post("null", "app.example", ""), noReferrer, ""},
		{"null, but the browser says cross-site", post("null", "app.example", "cross-site"), "", noReferrer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hint := mustPolicy(t, shop).Explain(t.Context(), tt.req).Hint
			if !strings.Contains(hint, tt.want) || tt.not != "" && strings.Contains(hint, tt.not) {
				t.Errorf("hint %q, want %q in it and not %q", hint, tt.want, tt.not)
			}
		})
	}
}

// OnReject gets the same sentences as Explain returns.
func TestOnRejectAndExplain(t *testing.T) {
	cfg, calls := rejections(shop)
	p := mustPolicy(t, cfg)
	req := cors.Request{Method: "GET", Origin: "http://127.0.0.1:3000"}
	e := p.Explain(t.Context(), req)
	if len(*calls) != 0 {
		t.Error("Explain calls OnReject")
	}
	if _, err := decide(t.Context(), p, req); err != nil {
		t.Fatal(err)
	}
	if r := (*calls)[0]; r.Message() != e.Message || r.Hint() != e.Hint || r.Reason != e.Reason {
		t.Errorf("OnReject: %s\nExplain: %s", r, e)
	}
}
