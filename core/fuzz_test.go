package cors_test

import (
	"context"
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// fuzzedConfigs covers all branches of Decide.
func fuzzedConfigs() []cors.Config {
	everything := cors.Config{
		AllowOrigins: []string{
			"https://myapp.com", "https://*.myapp.com:*", "https://pr-*.myapp.dev", "moz-extension://*", "null", "http://localhost:*",
		},
		AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`(?m)^https://re\.com$|b`)},
		AllowOriginFunc:    func(_ context.Context, o string) (bool, error) { return len(o)%2 == 0, nil },
		Vary:               []string{"X-Tenant"},
		Unsafe:             cors.Unsafe{NullOrigin: true},
	}
	return []cors.Config{
		full(), refusing(full()), cors.AllowAll(), refusing(cors.AllowAll()), echoing(), everything,
		change(echoing(), func(c *cors.Config) { c.AllowHeaders = []string{"*", "Authorization"} }),
	}
}

func FuzzDecide(f *testing.F) {
	var policies []*cors.Policy
	for _, cfg := range fuzzedConfigs() {
		policies = append(policies, mustPolicy(f, cfg))
	}
	for _, s := range scenarios() {
		if len(s.req.Origin)+len(s.req.RequestHeaders)+len(s.req.RequestMethod) < 4096 {
			f.Add(s.req.Method, s.req.Host, s.req.Origin, s.req.FetchSite, s.req.RequestMethod, s.req.RequestHeaders)
		}
	}
	f.Add("OPTIONS", "a", "https://evil.com\r\nX: y", "", "PUT\r\n", "x-a\x00")
	f.Add("POST", "", "https://", "same-origin", "", "")
	f.Add("OPTIONS", "a", "https://myapp.com", "", "patch", "a, authorization ,b")
	f.Fuzz(func(t *testing.T, method, host, origin, fetchSite, requestMethod, requestHeaders string) {
		req := cors.Request{
			Method: method, Host: host, Origin: origin, FetchSite: fetchSite, RequestMethod: requestMethod, RequestHeaders: requestHeaders,
		}
		for i, p := range policies {
			d, err := decide(t.Context(), p, req)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range faults(p.Config(), req, d) {
				t.Errorf("policy %d, %+v: %+v: %s", i, req, d, fault)
			}
			if again, _ := decide(t.Context(), p, req); again != d {
				t.Errorf("policy %d, %+v: first %+v, then %+v", i, req, d, again)
			}
		}
	})
}

// faults returns the rules that a Decision breaks. They are the same for every
// request.
func faults(cfg cors.Config, req cors.Request, d decision) (faults []string) {
	check := func(ok bool, fault string) {
		if !ok {
			faults = append(faults, fault)
		}
	}
	anyOrigin := cfg.AllowOrigins[0] == "*"
	isPreflight := req.Method == "OPTIONS" && req.Origin != "" && req.RequestMethod != ""
	other := d.AllowCredentials + d.AllowMethods + d.AllowHeaders + d.ExposeHeaders + d.MaxAge

	check(d.AllowOrigin == "" || d.AllowOrigin == "*" || d.AllowOrigin == req.Origin, "allows another origin")
	check(d.AllowOrigin != "*" || anyOrigin && d.AllowCredentials == "", "* although it is not configured, or with credentials")
	host := strings.Replace(d.AllowOrigin, "://", "", 1)
	check(d.AllowOrigin == "*" || !strings.ContainsAny(host, "/\\@#?%*, "), "allows a value that is not an origin")
	check(d.AllowCredentials == "" || d.AllowCredentials == "true" && cfg.AllowCredentials, "allows credentials that are not configured")
	check(d.AllowOrigin != "" || other == "", "CORS headers for a refused origin")
	check(anyOrigin || strings.HasPrefix(d.Vary, "Origin"), "no Vary: Origin")
	check(!isPreflight || strings.HasPrefix(d.Vary, preflightVary), "the Vary of a preflight is wrong")
	check(isPreflight || d.AllowMethods+d.AllowHeaders+d.MaxAge == "", "headers of a preflight on another response")
	check(!isPreflight || d.ExposeHeaders == "", "exposes headers in a preflight")
	check(!isPreflight || d.Status == 204 || d.Status == 403 && d.AllowOrigin == "", "the status of a preflight is wrong")
	rejected := d.Status == 403 && cfg.RejectDisallowed && req.Origin != "" && d.AllowOrigin == ""
	check(isPreflight || d.Status == 0 || rejected, "the status is wrong")
	check(len(d.AllowMethods)+len(d.AllowHeaders) <= 1024+64, "echoes more than the limit")
	for _, value := range []string{d.AllowOrigin, other, d.Vary} {
		invalid := strings.ContainsFunc(value, func(c rune) bool { return c < ' ' && c != '\t' || c >= 0x7f })
		check(!invalid, "a value that is not a valid header value")
	}
	return faults
}

// FuzzConfig checks that a Config that is decoded from JSON is the same after it has
// been encoded.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		`{"allowOrigins": ["https://a.example"], "maxAge": "24h", "unsafe": {"nullOrigin": true}}`,
		`{"allowOrigins": [], "allowOriginRegexps": ["https://re\\.com"], "maxAge": 60, "preflightStatus": 200}`,
		`{"ALLOWORIGINS": ["*"], "reportOnly": {"allowOrigins": ["https://a.example"], "allowMethods": ["put"]}}`,
		`{"allowOrigins": null}`, `{"maxAge": 1e3, "vary": ["A"], "vary": []}`, `{"exposeHeaders": ["\ud800"], "allowCredentials": true}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, document string) {
		var cfg, again cors.Config
		if json.Unmarshal([]byte(document), &cfg) != nil {
			return
		}
		_, firstErr := cors.New(cfg)
		data, err := json.Marshal(cfg)
		if err != nil {
			if firstErr == nil {
				t.Errorf("the valid Config %+v cannot be encoded: %v", cfg, err)
			}
			return
		}
		if err := json.Unmarshal(data, &again); err != nil {
			if firstErr == nil {
				t.Errorf("%s becomes %s: %v", document, data, err)
			}
			return
		}
		if _, err := cors.New(again); (err == nil) != (firstErr == nil) {
			t.Errorf("%s: %v\n%s: %v", document, firstErr, data, err)
		}
		if firstErr == nil && !reflect.DeepEqual(cfg, again) {
			t.Errorf("%s\ngives %+v\nand then %+v", document, cfg, again)
		}
	})
}
