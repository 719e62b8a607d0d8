package cors_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/httpcors"
)

// If a request needs a preflight, Explain judges both, whichever of them it is
// given.
func TestExplainRequest(t *testing.T) {
	const origin = "https://myapp.com"
	star := cors.Config{AllowOrigins: []string{"*"}, AllowMethods: []string{"*"}, AllowHeaders: []string{"*"}}
	put := change(shop, func(c *cors.Config) { c.AllowMethods = []string{"PUT"} })
	for _, tt := range []struct {
		name          string
		cfg           cors.Config
		req           cors.Request
		reason        cors.Reason
		message, hint string // of a refusal
	}{
		{"a method and a header", put, cors.Request{Method: "PATCH", RequestHeaders: "X-Foo"}, cors.ReasonMethodRefused,
			`the method "PATCH" is not allowed`, `add "PATCH" to AllowMethods`},
		{"a header", put, cors.Request{Method: "PUT", RequestHeaders: "X-Foo"}, cors.ReasonHeaderRefused,
			`the request header "X-Foo" is not allowed`, `add "X-Foo" to AllowHeaders`},
		{"a header of a GET", put, cors.Request{Method: "GET", RequestHeaders: "X-Foo"}, cors.ReasonHeaderRefused,
			`the request header "X-Foo" is not allowed`, `add "X-Foo" to AllowHeaders`},
		{"a header without a method", put, cors.Request{RequestHeaders: "X-Foo"}, cors.ReasonHeaderRefused,
			`the request header "X-Foo" is not allowed`, `add "X-Foo" to AllowHeaders`},
		{"a requested method without OPTIONS", put, cors.Request{Method: "GET", RequestMethod: "PATCH"}, cors.ReasonMethodRefused,
			`the method "PATCH" is not allowed`, `add "PATCH" to AllowMethods`},
		{"a requested method alone", put, cors.Request{RequestMethod: "PATCH"}, cors.ReasonMethodRefused,
			`the method "PATCH" is not allowed`, `add "PATCH" to AllowMethods`},
		{"a preflight", put, cors.Request{Method: "OPTIONS", RequestMethod: "PATCH"}, cors.ReasonMethodRefused,
			`the method "PATCH" is not allowed`, `add "PATCH" to AllowMethods`},
		{"a preflight, options in lower case", put, cors.Request{Method: "options", RequestMethod: "PATCH"}, cors.ReasonMethodRefused,
			`the method "PATCH" is not allowed`, `add "PATCH" to AllowMethods`},
		{"a preflight of a method that browsers send in upper case", put, cors.Request{Method: "OPTIONS", RequestMethod: "put"},
			cors.ReasonMethodRefused, `the method "put" is not allowed`, `browsers send this method in upper case: send "PUT"`},
		{"OPTIONS by a script", put, cors.Request{Method: "OPTIONS"}, cors.ReasonMethodRefused,
			`the method "OPTIONS" is not allowed`, `add "OPTIONS" to AllowMethods`},
		{"patch in lower case", shop, cors.Request{Method: "patch"}, cors.ReasonMethodRefused, `the method "patch" is not allowed`,
			`write "PATCH" in the front end: methods are case-sensitive, and browsers do not upper-case this one`},
		{"a forbidden method", star, cors.Request{Method: "trace"}, cors.ReasonMethodRefused, `the method "trace" is not allowed`,
			`browsers never send this method`},
		{"an invalid method", star, cors.Request{Method: "P T"}, cors.ReasonMethodRefused, `the method "P T" is not allowed`,
			`no browser sends such a method`},
		{"an invalid header", star, cors.Request{RequestHeaders: "X-Foo: 1"}, cors.ReasonHeaderRefused,
			`the request header "X-Foo: 1" is not allowed`, `no browser sends such a header name`},
		{"a safelisted header, and another", put, cors.Request{Method: "POST", RequestHeaders: "Accept, X-Foo"}, cors.ReasonHeaderRefused,
			`the request header "X-Foo" is not allowed`, `add "X-Foo" to AllowHeaders`},
		{"Authorization beside an asterisk", star, cors.Request{RequestHeaders: "authorization"}, cors.ReasonHeaderRefused,
			`the request header "authorization" is not allowed`, `add "Authorization" to AllowHeaders: "*" does not cover it`},
		{"credentials come first", star, cors.Request{Method: "PATCH", RequestHeaders: "Authorization", Credentials: true},
			cors.ReasonCredentials, `the request is sent with credentials, which the policy does not allow`,
			`list the origins of your front ends in AllowOrigins instead of "*", and set AllowCredentials to true; ` +
				`or remove credentials: "include" from the request`},
		{"a header that only browsers set, in a preflight", put,
			cors.Request{Method: "OPTIONS", RequestMethod: "PUT", RequestHeaders: "origin"}, cors.ReasonHeaderRefused,
			`the request header "origin" is not allowed`,
			`remove it from the request: scripts cannot set this header, and browsers never ask for it`},
		{"a name that New refuses", put, cors.Request{RequestHeaders: "X|Y"}, cors.ReasonHeaderRefused,
			`the request header "X|Y" is not allowed`, `use letters, digits and hyphens only`},
		{"a method that New refuses", put, cors.Request{Method: "GET|PUT"}, cors.ReasonMethodRefused,
			`the method "GET|PUT" is not allowed`, `use letters, digits and hyphens only`},

		{"a safelisted method", put, cors.Request{Method: "POST"}, "", "", ""},
		{"a safelisted method in lower case", put, cors.Request{Method: "post"}, "", "", ""},
		{"a method that browsers send in upper case", put, cors.Request{Method: "put"}, "", "", ""},
		{"no method", put, cors.Request{}, "", "", ""},
		{"safelisted headers", put, cors.Request{Method: "GET", RequestHeaders: "Accept, accept-language,,Content-Language "}, "", "", ""},
		{"a header in another case", put, cors.Request{Method: "PUT", RequestHeaders: "content-TYPE"}, "", "", ""},
		{"headers that only browsers set", put, cors.Request{Method: "GET", RequestHeaders: "Origin"}, "", "",
			`scripts cannot set the header "Origin", and browsers leave it out`},
		{"a cookie", put, cors.Request{Method: "PUT", RequestHeaders: "Content-Type, Cookie", Credentials: true}, "", "",
			`scripts cannot set the header "Cookie", and browsers leave it out: use credentials: "include" to send cookies`},
		{"the server's own origin", put, cors.Request{Method: "PATCH", RequestHeaders: "X-Foo", FetchSite: "same-origin"}, "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.req.Origin = origin
			e := mustPolicy(t, tt.cfg).Explain(t.Context(), tt.req)
			if e.Allowed != (tt.reason == "") || e.Reason != tt.reason || e.Hint != tt.hint || !e.Allowed && e.Message != tt.message {
				t.Errorf("allowed %t, reason %q:\n%s\n%s\nwant %q:\n%s\n%s",
					e.Allowed, e.Reason, e.Message, e.Hint, tt.reason, tt.message, tt.hint)
			}
		})
	}
}

// A form of a sign-in provider is not a request of a script.
func TestExplainForm(t *testing.T) {
	const (
		form = "a form of another site, such as a sign-in provider's, needs no CORS: leave its path without a policy, by a nil entry in Paths"
		add  = `if this origin is yours, add "https://login.example" to AllowOrigins`
	)
	for _, tt := range []struct {
		name, method, origin, mode string
		rejects                    bool
		want                       string // the hint; empty if the request is allowed
	}{
		{"from a browser", "POST", "https://login.example", "navigate", true, form},
		{"from a browser, by a page without a referrer", "POST", "null", "navigate", true, form},
		{"from a browser, with a policy that does not reject", "POST", "https://login.example", "navigate", false, ""},
		{"from a browser, with an origin that is allowed", "POST", "https://myapp.com", "navigate", true, ""},
		{"from a browser that does not say so", "POST", "https://login.example", "", true, add + "; but " + form},
		{"a script", "POST", "https://login.example", "cors", true, add},
		{"a script that sends PUT", "PUT", "https://login.example", "", true, add},
		{"a script of a page without an origin", "POST", "null", "cors", true, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := change(shop, func(c *cors.Config) { c.RejectDisallowed = tt.rejects })
			req := cors.Request{Method: tt.method, Origin: tt.origin, FetchSite: "cross-site", FetchMode: tt.mode, Credentials: true}
			cfg, calls := rejections(cfg)
			p := mustPolicy(t, cfg)
			e := p.Explain(t.Context(), req)
			if tt.want != "" && (e.Allowed || e.Hint != tt.want) {
				t.Errorf("Explain: %s\nwant the hint %s", e, tt.want)
			}
			if tt.mode == "navigate" && tt.want == "" && !e.Allowed {
				t.Errorf("Explain: %s", e)
			}
			if _, err := decide(t.Context(), p, req); err != nil {
				t.Fatal(err)
			}
			if e.Allowed != (len(*calls) == 0) || !e.Allowed && (*calls)[0].Hint() != e.Hint {
				t.Errorf("OnReject gets %v, but Explain says %s", *calls, e)
			}
		})
	}
	t.Run("following it", func(t *testing.T) {
		paths := cors.Paths{"/": mustPolicy(t, refusing(shop)), "/login/callback": nil}
		if p := paths.Policy("/login/callback"); p != nil {
			t.Errorf("the path has the policy %+v", p.Config())
		}
	})
}

// Explain agrees with a browser that follows the standard. Chromium departs from it
// in a few headers.
func TestExplainAndBrowser(t *testing.T) {
	const origin = "https://myapp.com"
	policies := []cors.Config{
		shop, cors.AllowAll(), echoing(), {AllowOrigins: []string{origin}}, {AllowOrigins: []string{"*"}, AllowHeaders: []string{"*"}},
		{AllowOrigins: []string{origin}, AllowMethods: []string{"OPTIONS"}, AllowHeaders: []string{"X-Foo", "Authorization"}, AllowCredentials: true},
		{AllowOrigins: []string{"https://other.example"}},
	}
	methods := []string{
		"GET", "get", "HEAD", "POST", "post", "PUT", "put", "PATCH", "patch", "Patch", "DELETE", "delete", "OPTIONS", "options",
		"PROPFIND", "propfind", "TRACE", "trace", "CONNECT", "Track",
	}
	headers := []string{
		"", "Accept", "Content-Type", "content-type,X-Foo", "X-Foo", "x-FOO", "Authorization", "authorization,Accept", "Cookie", "Cookie,X-Bar",
		"Origin", "Sec-Foo", "Proxy-Foo", "Access-Control-Request-Method", "Access-Control-Allow-Origin", "Date", "Accept-Language,Content-Language",
	}
	for _, cfg := range policies {
		p := mustPolicy(t, cfg)
		api := corstest.Handler(httpcors.From(p)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
		for _, method := range methods {
			for _, names := range headers {
				for _, credentials := range []corstest.Credentials{corstest.SameOrigin, corstest.Include} {
					page := &corstest.Page{Origin: origin, Transport: api, Credentials: credentials, Browser: corstest.Firefox}
					want := fetches(t, page, method, names)
					for _, names := range []string{names, strings.ToUpper(names), " " + strings.ReplaceAll(names, ",", " ,, ")} {
						e := p.Explain(t.Context(), cors.Request{
							Method: method, RequestHeaders: names, Origin: origin, Credentials: credentials == corstest.Include,
						})
						if e.Allowed != want {
							t.Errorf("%s with %q, credentials %d, %v: the browser allows it: %t, but Explain says %s",
								method, names, credentials, cfg, want, e)
						}
					}
				}
			}
		}
	}
}

// fetches reports whether a browser gives the response of a request to a script.
func fetches(t *testing.T, page *corstest.Page, method, names string) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, "/items", nil)
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(names, ",") {
		switch strings.ToLower(name) {
		case "":
		case "content-type":
			req.Header.Set(name, "application/json")
		default:
			req.Header[http.CanonicalHeaderKey(name)] = []string{"en"}
		}
	}
	res, err := page.Fetch(req)
	if err == nil {
		res.Body.Close()
		return true
	}
	if _, ok := errors.AsType[*corstest.BlockedError](err); !ok && !strings.Contains(strings.ToUpper("TRACE CONNECT TRACK"), strings.ToUpper(method)) {
		t.Fatal(err)
	}
	return false
}
