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
			`"http://localhost:3000" is allowed, but localhost, 127.0.0.1 and [::1] are different origins to a browser: open the page there, or add "http://127.0.0.1:3000" to AllowOrigins`},
		{"[::1] for localhost", "http://[::1]:3000", cors.ReasonOriginRefused,
			`"http://localhost:3000" is allowed, but localhost, 127.0.0.1 and [::1] are different origins to a browser: open the page there, or add "http://[::1]:3000" to AllowOrigins`},
		{"another port of localhost", "http://localhost:5173", cors.ReasonOriginRefused,
			`"http://localhost:3000" is allowed, and every port is another origin: add "http://localhost:5173" to AllowOrigins, or "http://localhost:*" for all ports`},
		{"another port", "https://myapp.com:8443", cors.ReasonOriginRefused,
			`"https://myapp.com" is allowed, and every port is another origin: add "https://myapp.com:8443" to AllowOrigins`},
		{"http for https", "http://myapp.com", cors.ReasonOriginRefused,
			`"https://myapp.com" is allowed, and http and https are different origins: open the page over https`},
		{"https for http", "https://localhost:3000", cors.ReasonOriginRefused,
			`"http://localhost:3000" is allowed, and http and https are different origins: add "https://localhost:3000" to AllowOrigins`},
		{"www. added", "https://www.myapp.com", cors.ReasonOriginRefused,
			`"https://myapp.com" is allowed, and with and without www. are different origins: add "https://www.myapp.com" to AllowOrigins`},
		{"www. left out", "https://myapp.org", cors.ReasonOriginRefused,
			`"https://www.myapp.org" is allowed, and with and without www. are different origins: add "https://myapp.org" to AllowOrigins`},
		{"the apex of a subdomain pattern", "https://tenants.example", cors.ReasonOriginRefused,
			`"https://*.tenants.example" allows its subdomains, not the domain itself: add "https://tenants.example" to AllowOrigins`},
		{"a subdomain of an exact origin", "https://admin.myapp.com", cors.ReasonOriginRefused,
			`"https://myapp.com" does not cover this subdomain: if it is yours, add "https://admin.myapp.com" to AllowOrigins`},
		{"one label too many", "https://a.pr-1.myapp.dev", cors.ReasonOriginRefused,
			`"https://pr-*.myapp.dev" does not cover this subdomain: if it is yours, add "https://a.pr-1.myapp.dev" to AllowOrigins`},
		{"a slip", "https://myap.com", cors.ReasonOriginRefused,
			`it resembles "https://myapp.com", but is another site: mend the spelling if it is a slip, and do not add it unless it is yours`},
		{"a look-alike", "https://evilmyapp.com", cors.ReasonOriginRefused,
			`it resembles "https://myapp.com", but is another site: mend the spelling if it is a slip, and do not add it unless it is yours`},
		{"a suffix trick", "https://myapp.com.evil.org", cors.ReasonOriginRefused,
			`it resembles "https://myapp.com", but is another site: mend the spelling if it is a slip, and do not add it unless it is yours`},
		{"a stranger", "https://unrelated.net", cors.ReasonOriginRefused,
			`if it is an origin of yours, add "https://unrelated.net" to AllowOrigins`},
		{"a stranger without https", "http://unrelated.net", cors.ReasonOriginRefused,
			`if it is an origin of yours, serve the page over https, since http is not safe with AllowCredentials, and allow that origin`},
		{"a browser extension", "chrome-extension://abcdef", cors.ReasonOriginRefused,
			`if it is an origin of yours, add "chrome-extension://abcdef" to AllowOrigins`},
		{"a trailing slash", "https://myapp.com/", cors.ReasonOriginMalformed,
			`it has a trailing slash; send "https://myapp.com"`},
		{"upper case", "https://MyApp.com", cors.ReasonOriginMalformed,
			`it has upper case in its host; send "https://myapp.com"`},
		{"two origins", "https://myapp.com, https://myapp.com", cors.ReasonOriginMalformed,
			`send one Origin header with one origin: a proxy or a test may have added another`},
		{"no origin at all", "b\x00d\n", cors.ReasonOriginMalformed,
			`browsers send scheme://host, with :port if it is not the scheme's default`},
		{"null", "null", cors.ReasonOriginNull,
			`serve the page by http or https, and without a sandbox: local files, sandboxed frames and redirects to another origin send null, and so can any site`},
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
			`write "QUERY" in the front end, since methods are case-sensitive, and add it to AllowMethods`},
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
			`leave it out of the request: it is a header of responses, which this policy sets`},
		{"no header", star, "PUT", "x a", cors.ReasonHeaderRefused, `the request header "x a" is not allowed`,
			`no browser sends such a header name`},
		{"too many empty elements to repeat", star, "PUT", strings.Repeat(",", 20) + "x-a", cors.ReasonHeaderRefused,
			`the request asks for a longer list of headers than is repeated: 23 bytes`, `list the names in AllowHeaders instead of "*"`},
		{"too many names to repeat", star, "PUT", strings.Repeat("x-a,", 300), cors.ReasonHeaderRefused,
			`the request asks for a longer list of headers than is repeated: 1200 bytes`, `list the names in AllowHeaders instead of "*"`},
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
	want := `the regular expression "https://example\\.com|\\.example2\\.com$" matches a part of it, but has to match the whole: begin it with "https://"`
	if e.Allowed || e.Hint != want {
		t.Errorf("allowed %t, hint:\n%s\nwant:\n%s", e.Allowed, e.Hint, want)
	}
}

func TestExplainNoticesCredentialsWithoutPermission(t *testing.T) {
	req := cors.Request{Method: "GET", Origin: "https://myapp.com", Credentials: true}
	for _, tt := range []struct {
		name, origin, hint string
	}{
		{"with a list", "https://myapp.com", `set AllowCredentials to true, or leave credentials: "include" out of the request`},
		{"with a star", "*", `list the origins of your front ends in AllowOrigins instead of "*", and set AllowCredentials to true; ` +
			`or leave credentials: "include" out of the request`},
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
			"origin-malformed " + strings.Repeat("a", 120) + "... GET "},
		{"nothing, if all is allowed", shop, preflight("https://myapp.com", "PUT", "content-type"), ""},
		{"nothing, without Origin", shop, cors.Request{Method: "GET"}, ""},
		{"nothing, for the server's own origin", shop, cors.Request{Method: "POST", Origin: "https://api.example", Host: "api.example"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg, told := rejections(tt.cfg)
			_, _ = mustNew(t, cfg).Decide(t.Context(), tt.req)
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

func TestOnRejectSpeaksAsExplainDoes(t *testing.T) {
	cfg, told := rejections(shop)
	p := mustNew(t, cfg)
	req := cors.Request{Method: "GET", Origin: "http://127.0.0.1:3000"}
	e := p.Explain(t.Context(), req)
	if len(*told) != 0 {
		t.Error("Explain calls OnReject")
	}
	if _, err := p.Decide(t.Context(), req); err != nil {
		t.Fatal(err)
	}
	if r := (*told)[0]; r.Message != e.Message || r.Hint != e.Hint || r.Reason != e.Reason {
		t.Errorf("OnReject: %s\nExplain: %s", r, e)
	}
}
