package cors_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// shop is the policy that explanations are about.
var shop = cors.Config{
	AllowOrigins: []string{
		"https://myapp.com", "https://www.myapp.org", "http://localhost:3000",
		"https://*.tenants.example", "https://pr-*.myapp.dev",
	},
	AllowMethods:     []string{"PUT", "PATCH"},
	AllowHeaders:     []string{"Content-Type"},
	AllowCredentials: true,
}

func mustNew(t *testing.T, cfg cors.Config) *cors.Policy {
	t.Helper()
	p, err := cors.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestExplainKnowsTheClassicsAmongOrigins(t *testing.T) {
	for _, tt := range []struct {
		name, origin string
		reason       cors.Reason
		hint         string
	}{
		{"127.0.0.1 for localhost", "http://127.0.0.1:3000", cors.ReasonOriginRefused,
			`"http://localhost:3000" is allowed, but localhost, 127.0.0.1 and [::1] are different origins: open the page there, or add "http://127.0.0.1:3000" to AllowOrigins`},
		{"[::1] for localhost", "http://[::1]:3000", cors.ReasonOriginRefused,
			`"http://localhost:3000" is allowed, but localhost, 127.0.0.1 and [::1] are different origins: open the page there, or add "http://[::1]:3000" to AllowOrigins`},
		{"another port of localhost", "http://localhost:5173", cors.ReasonOriginRefused,
			`"http://localhost:3000" is allowed, but each port is a different origin: add "http://localhost:5173" to AllowOrigins, or "http://localhost:*" for every port`},
		{"another port", "https://myapp.com:8443", cors.ReasonOriginRefused,
			`"https://myapp.com" is allowed, but each port is a different origin: add "https://myapp.com:8443" to AllowOrigins`},
		{"http for https", "http://myapp.com", cors.ReasonOriginRefused,
			`"https://myapp.com" is allowed, but http and https are different origins: open the page over https`},
		{"https for http", "https://localhost:3000", cors.ReasonOriginRefused,
			`"http://localhost:3000" is allowed, but http and https are different origins: add "https://localhost:3000" to AllowOrigins`},
		{"www. added", "https://www.myapp.com", cors.ReasonOriginRefused,
			`"https://myapp.com" is allowed, but a host with www. and one without are different origins: add "https://www.myapp.com" to AllowOrigins`},
		{"www. left out", "https://myapp.org", cors.ReasonOriginRefused,
			`"https://www.myapp.org" is allowed, but a host with www. and one without are different origins: add "https://myapp.org" to AllowOrigins`},
		{"the apex of a subdomain pattern", "https://tenants.example", cors.ReasonOriginRefused,
			`"https://*.tenants.example" allows its subdomains, but not the domain itself: add "https://tenants.example" to AllowOrigins`},
		{"a subdomain of an exact origin", "https://admin.myapp.com", cors.ReasonOriginRefused,
			`"https://myapp.com" does not cover this subdomain: if it is yours, add "https://admin.myapp.com" to AllowOrigins`},
		{"one label too many", "https://a.pr-1.myapp.dev", cors.ReasonOriginRefused,
			`"https://pr-*.myapp.dev" does not cover this subdomain: if it is yours, add "https://a.pr-1.myapp.dev" to AllowOrigins`},
		{"a slip", "https://myap.com", cors.ReasonOriginRefused,
			`it resembles "https://myapp.com", but is a different site: correct the spelling if it is a typo; do not allow it unless it is yours`},
		{"a look-alike", "https://evilmyapp.com", cors.ReasonOriginRefused,
			`it resembles "https://myapp.com", but is a different site: correct the spelling if it is a typo; do not allow it unless it is yours`},
		{"a suffix trick", "https://myapp.com.evil.org", cors.ReasonOriginRefused,
			`it resembles "https://myapp.com", but is a different site: correct the spelling if it is a typo; do not allow it unless it is yours`},
		{"a stranger", "https://unrelated.net", cors.ReasonOriginRefused,
			`if this origin is yours, add "https://unrelated.net" to AllowOrigins`},
		{"a stranger without https", "http://unrelated.net", cors.ReasonOriginRefused,
			`if this origin is yours, serve the page over https, because http is not safe with AllowCredentials, and allow that origin`},
		{"a browser extension", "chrome-extension://abcdef", cors.ReasonOriginRefused,
			`if this origin is yours, add "chrome-extension://abcdef" to AllowOrigins`},
		{"a trailing slash", "https://myapp.com/", cors.ReasonOriginMalformed,
			`it has a trailing slash; send "https://myapp.com"`},
		{"upper case", "https://MyApp.com", cors.ReasonOriginMalformed,
			`it has upper case in its host; send "https://myapp.com"`},
		{"two origins", "https://myapp.com, https://myapp.com", cors.ReasonOriginMalformed,
			`send one Origin header with one origin: a proxy or a test may add another`},
		{"no origin at all", "b\x00d\n", cors.ReasonOriginMalformed,
			`browsers send scheme://host, with :port if it is not the scheme's default`},
		{"null", "null", cors.ReasonOriginNull,
			`browsers send the origin null for local files, sandboxed frames and redirects between other origins, and any site can send it: serve the page over http or https without a sandbox, and request the target of a redirect directly`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := mustNew(t, shop).Explain(t.Context(), cors.Request{Method: "GET", Origin: tt.origin})
			if e.Allowed || e.Reason != tt.reason || e.Hint != tt.hint {
				t.Errorf("allowed %t, reason %q, hint:\n%s\nwant %q and:\n%s", e.Allowed, e.Reason, e.Hint, tt.reason, tt.hint)
			}
			if strings.ContainsAny(e.String()[:strings.Index(e.String(), "\nhint")], "\n\x00") {
				t.Errorf("control characters of the request show in %q", e)
			}
		})
	}
}

func TestExplainFindsTheFirstThingThatAPreflightIsRefusedFor(t *testing.T) {
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
		{"no method", star, "P T", "", cors.ReasonMethodRefused, `the method "P T" is not allowed`, `no browser sends such a method`},
		{"a header that is not listed", shop, "PUT", "content-type,x-request-id", cors.ReasonHeaderRefused,
			`the request header "x-request-id" is not allowed`, `add "X-Request-Id" to AllowHeaders`},
		{"Authorization", shop, "PUT", "authorization", cors.ReasonHeaderRefused,
			`the request header "authorization" is not allowed`, `add "Authorization" to AllowHeaders`},
		{"Authorization under a star", star, "PUT", "authorization", cors.ReasonHeaderRefused,
			`the request header "authorization" is not allowed`, `add "Authorization" to AllowHeaders: "*" does not cover it`},
		{"a response header", shop, "PUT", "access-control-allow-origin", cors.ReasonHeaderRefused,
			`the request header "access-control-allow-origin" is not allowed`,
			`remove it from the request: it is a response header, which this policy sets`},
		{"no header", star, "PUT", "x a", cors.ReasonHeaderRefused, `the request header "x a" is not allowed`,
			`no browser sends such a header name`},
		{"too many empty elements to repeat", star, "PUT", strings.Repeat(",", 20) + "x-a", cors.ReasonHeaderRefused,
			`the request asks for a list of headers that is too long to be copied into the response: 23 bytes`, `list the names in AllowHeaders instead of "*"`},
		{"too many names to repeat", star, "PUT", strings.Repeat("x-a,", 300), cors.ReasonHeaderRefused,
			`the request asks for a list of headers that is too long to be copied into the response: 1200 bytes`, `list the names in AllowHeaders instead of "*"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := mustNew(t, tt.cfg).Explain(t.Context(), cors.Request{
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

func TestExplainNoticesARegexpThatMatchesAPart(t *testing.T) {
	p := mustNew(t, cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://example\.com|\.example2\.com$`)}})
	e := p.Explain(t.Context(), cors.Request{Method: "GET", Origin: "https://a.example2.com"})
	want := `the regular expression "https://example\\.com|\\.example2\\.com$" matches only a part of it, but it must match the whole: begin it with "https://"`
	if e.Allowed || e.Hint != want {
		t.Errorf("allowed %t, hint:\n%s\nwant:\n%s", e.Allowed, e.Hint, want)
	}
}

func TestExplainNoticesCredentialsWithoutPermission(t *testing.T) {
	req := cors.Request{Method: "GET", Origin: "https://myapp.com", Credentials: true}
	for _, tt := range []struct {
		name, origin, hint string
	}{
		{"with a list", "https://myapp.com", `set AllowCredentials to true, or remove credentials: "include" from the request`},
		{"with a star", "*", `list the origins of your front ends in AllowOrigins instead of "*", and set AllowCredentials to true; ` +
			`or remove credentials: "include" from the request`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := mustNew(t, cors.Config{AllowOrigins: []string{tt.origin}}).Explain(t.Context(), req)
			if e.Allowed || e.Reason != cors.ReasonCredentials || e.Hint != tt.hint {
				t.Errorf("got %+v", e)
			}
		})
	}
	if e := mustNew(t, shop).Explain(t.Context(), req); !e.Allowed {
		t.Errorf("with AllowCredentials: %s", e)
	}
}

func TestExplainSaysWhatAllowsAnOrigin(t *testing.T) {
	cfg := shop
	cfg.AllowOrigins = append([]string{"null", "moz-extension://*", "http://127.0.0.1:*", "https://*.any.example:*", "https://pr-*.my.dev:8443"}, shop.AllowOrigins...)
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
		e := mustNew(t, cfg).Explain(t.Context(), cors.Request{Method: "GET", Origin: origin})
		if !e.Allowed || e.Matched != want {
			t.Errorf("%s: allowed %t by %s, want %s", origin, e.Allowed, e.Matched, want)
		}
	}
	star := mustNew(t, cors.AllowAll())
	if e := star.Explain(t.Context(), cors.Request{Origin: "https://a.example"}); e.Matched != `the entry "*"` {
		t.Errorf("a star matches by %s", e.Matched)
	}
}

func TestExplainSaysWhereCORSDoesNotApply(t *testing.T) {
	for name, req := range map[string]cors.Request{
		"without Origin":                {Method: "GET"},
		"same origin by Sec-Fetch-Site": {Method: "POST", Origin: "https://api.example", FetchSite: "same-origin"},
		"same origin by Host":           {Method: "POST", Origin: "https://api.example", Host: "api.example"},
	} {
		if e := mustNew(t, shop).Explain(t.Context(), req); !e.Allowed || !strings.Contains(e.Message, "does not apply") {
			t.Errorf("%s: %s", name, e)
		}
	}
	if e := new(cors.Policy).Explain(t.Context(), cors.Request{Origin: "https://a.example"}); e.Allowed || e.Reason != cors.ReasonNotConfigured {
		t.Errorf("the zero policy: %s", e)
	}
}

// rejections returns a configuration that records what OnReject is told.
func rejections(cfg cors.Config) (cors.Config, *[]cors.Rejection) {
	told := new([]cors.Rejection)
	cfg.OnReject = func(_ context.Context, r cors.Rejection) { *told = append(*told, r) }
	return cfg, told
}

func TestOnRejectIsToldOncePerRefusedRequest(t *testing.T) {
	failing := shop
	failing.AllowOriginFunc = func(context.Context, string) (bool, error) { return false, errors.New("no\nconnection") }
	preflight := func(origin, method, headers string) cors.Request {
		return cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: method, RequestHeaders: headers}
	}
	for _, tt := range []struct {
		name string
		cfg  cors.Config
		req  cors.Request
		want string // reason, origin, method, header
	}{
		{"an origin", shop, cors.Request{Method: "GET", Origin: "https://evil.example"}, "origin-not-allowed https://evil.example GET "},
		{"an origin's preflight", shop, preflight("https://evil.example", "PUT", ""), "origin-not-allowed https://evil.example PUT "},
		{"a method", shop, preflight("https://myapp.com", "DELETE", ""), "method-not-allowed https://myapp.com DELETE "},
		{"a header", shop, preflight("https://myapp.com", "PUT", "x-b,x-a"), "header-not-allowed https://myapp.com PUT x-b"},
		{"a callback that fails", failing, cors.Request{Method: "GET", Origin: "https://a.example"}, "callback-failed https://a.example GET "},
		{"a forged line", shop, cors.Request{Method: "GET", Origin: "x\nlevel=INFO msg=ok"}, `origin-malformed x\nlevel=INFO msg=ok GET `},
		{"a long origin", shop, cors.Request{Method: "GET", Origin: strings.Repeat("a", 1<<16)},
			"origin-malformed " + strings.Repeat("a", 120) + "… (65536 bytes) GET "},
		{"nothing, if all is allowed", shop, preflight("https://myapp.com", "PUT", "content-type"), ""},
		{"nothing, without Origin", shop, cors.Request{Method: "GET"}, ""},
		{"nothing, for the server's own origin", shop, cors.Request{Method: "POST", Origin: "https://api.example", Host: "api.example"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, told := rejections(tt.cfg)
			_, _ = decide(t.Context(), mustNew(t, cfg), tt.req)
			var got []string
			for _, r := range *told {
				got = append(got, strings.Join([]string{string(r.Reason), r.Origin, r.Method, r.Header}, " "))
				if strings.ContainsAny(r.String(), "\r\n\x00") || len(r.String()) > 1000 {
					t.Errorf("not fit for a log: %q", r)
				}
			}
			if strings.Join(got, "; ") != tt.want {
				t.Errorf("told %q, want %q", got, tt.want)
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
			cfg, told := rejections(shop)
			_, _ = decide(t.Context(), mustNew(t, cfg), cors.Request{Method: "GET", Path: tt.path, Origin: "https://evil.example"})
			if got := (*told)[0].Path; got != tt.want {
				t.Errorf("Path = %q, want %q", got, tt.want)
			}
		})
	}
}

// Without Sec-Fetch-Site, only Host tells the server's own pages from others.
func TestHintsAboutTheServersOwnOrigin(t *testing.T) {
	const proxy = `if it is the server's own origin, a proxy replaces the Host header by "backend:8080": let the proxy pass the original Host on`
	const noReferrer = "a form on a page with Referrer-Policy: no-referrer sends null too"
	for _, tt := range []struct {
		name string
		req  cors.Request
		want string // part of the hint
		not  string
	}{
		{"another host", cors.Request{Method: "POST", Origin: "https://app.example", Host: "backend:8080"}, proxy, ""},
		{"another host, but the browser says cross-site", cors.Request{Method: "POST", Origin: "https://app.example", Host: "backend:8080", FetchSite: "cross-site"}, "", "proxy"},
		{"a preflight, which the server's own pages do not send", preflight("https://app.example", "PUT", ""), "", "proxy"},
		{"null", cors.Request{Method: "POST", Origin: "null", Host: "app.example"}, noReferrer, ""},
		{"null, but the browser says cross-site", cors.Request{Method: "POST", Origin: "null", Host: "app.example", FetchSite: "cross-site"}, "", noReferrer},
	} {
		t.Run(tt.name, func(t *testing.T) {
			hint := mustNew(t, shop).Explain(t.Context(), tt.req).Hint
			if !strings.Contains(hint, tt.want) || tt.not != "" && strings.Contains(hint, tt.not) {
				t.Errorf("hint %q, want %q in it and not %q", hint, tt.want, tt.not)
			}
		})
	}
}

func TestOnRejectSpeaksAsExplainDoes(t *testing.T) {
	cfg, told := rejections(shop)
	p := mustNew(t, cfg)
	req := cors.Request{Method: "GET", Origin: "http://127.0.0.1:3000"}
	e := p.Explain(t.Context(), req)
	if len(*told) != 0 {
		t.Error("Explain calls OnReject")
	}
	if _, err := decide(t.Context(), p, req); err != nil {
		t.Fatal(err)
	}
	if r := (*told)[0]; r.Message() != e.Message || r.Hint() != e.Hint || r.Reason != e.Reason {
		t.Errorf("OnReject: %s\nExplain: %s", r, e)
	}
}
