package browser

import (
	"context"
	"errors"
	"regexp"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// allow returns a Config that has only origins.
func allow(origins ...string) cors.Config { return cors.Config{AllowOrigins: origins} }

// originScenarios test which origins a policy allows. The method is PUT, to test the
// preflight and the response.
func originScenarios() []scenario {
	const (
		readable = "200"
		// The response to a refused preflight has no Access-Control header.
		blocked = "PreflightMissingAllowOriginHeader"
	)
	var (
		oneRegexp = cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://app\.myapp\.test|https://www\.myapp\.test`)}}
		function  = cors.Config{AllowOriginFunc: func(_ context.Context, origin string) (bool, error) {
			return strings.HasSuffix(origin, "//tenant.test"), nil
		}}
		failing = cors.Config{AllowOriginFunc: func(context.Context, string) (bool, error) {
			return true, errors.New("the database is down")
		}}
	)
	all := frameworks
	var scenarios []scenario
	for _, tt := range []struct {
		policy  cors.Config
		name    string
		from    string
		want    string
		through []string
	}{
		{allow("https://myapp.test"), "exact origin", "https://myapp.test", readable, all},
		{allow("https://myapp.test"), "exact origin", "https://evil.test", blocked, all},
		{allow("https://myapp.test"), "exact origin", "http://myapp.test", blocked, nil},
		{allow("https://myapp.test"), "exact origin", "https://myapp.test:8443", blocked, nil},
		{allow("https://myapp.test"), "exact origin", "https://sub.myapp.test", blocked, nil},
		{allow("https://myapp.test"), "exact origin", "https://myapp.test.evil.test", blocked, nil},
		{allow("https://myapp.test"), "exact origin", "https://evilmyapp.test", blocked, nil},
		{allow("https://myapp.test:8443"), "exact origin with a port", "https://myapp.test:8443", readable, nil},
		{allow("https://myapp.test:8443"), "exact origin with a port", "https://myapp.test", blocked, nil},
		{allow("http://myapp.test"), "exact http origin", "http://myapp.test", readable, nil},
		{allow("http://myapp.test"), "exact http origin", "https://myapp.test", blocked, nil},
		{allow("http://myapp.test"), "exact http origin", "http://myapp.test.", blocked, nil},
		{allow("http://myapp.test."), "exact origin with a trailing dot", "http://myapp.test.", readable, nil},
		{allow("https://xn--bcher-kva.test"), "exact Punycode origin", "https://xn--bcher-kva.test", readable, nil},
		{allow("http://127.0.0.1:3000"), "exact IPv4 origin", "http://127.0.0.1:3000", readable, nil},
		{allow("http://127.0.0.1:3000"), "exact IPv4 origin", "http://localhost:3000", blocked, nil},
		{allow("http://[::1]:3000"), "exact IPv6 origin", "http://[::1]:3000", readable, nil},
		{allow("https://evil.test", "http://localhost:3000", "https://myapp.test"), "list of origins", "https://myapp.test", readable, nil},
		{allow("https://evil.test", "http://localhost:3000", "https://myapp.test"), "list of origins", "http://localhost:3000", readable, nil},
		{allow("https://evil.test", "http://localhost:3000", "https://myapp.test"), "list of origins", "http://localhost:8080", blocked, nil},

		{allow("https://*.myapp.test"), "subdomains", "https://sub.myapp.test", readable, all},
		{allow("https://*.myapp.test"), "subdomains", "https://deep.sub.myapp.test", readable, nil},
		{allow("https://*.myapp.test"), "subdomains", "https://myapp.test", blocked, all},
		{allow("https://*.myapp.test"), "subdomains", "https://evilmyapp.test", blocked, nil},
		{allow("https://*.myapp.test"), "subdomains", "https://myapp.test.evil.test", blocked, nil},
		{allow("https://*.myapp.test"), "subdomains", "http://sub.myapp.test", blocked, nil},
		{allow("https://*.myapp.test"), "subdomains", "https://sub.myapp.test:8443", blocked, nil},
		{allow("https://*.myapp.test:*"), "subdomains on any port", "https://sub.myapp.test:8443", readable, nil},
		{allow("https://*.myapp.test:*"), "subdomains on any port", "https://sub.myapp.test", readable, nil},
		{allow("https://*.myapp.test:8443"), "subdomains on one port", "https://sub.myapp.test", blocked, nil},

		{allow("http://localhost:*"), "any port", "http://localhost:3000", readable, all},
		{allow("http://localhost:*"), "any port", "http://localhost:8080", readable, nil},
		{allow("http://localhost:*"), "any port", "http://localhost", readable, nil},
		{allow("http://localhost:*"), "any port", "http://127.0.0.1:3000", blocked, nil},
		{allow("http://[::1]:*"), "any port of an IPv6 address", "http://[::1]:3000", readable, nil},

		{allow("https://pr-*.myapp.test"), "label with a prefix", "https://pr-12.myapp.test", readable, all},
		{allow("https://pr-*.myapp.test"), "label with a prefix", "https://sub.myapp.test", blocked, nil},
		{allow("https://pr-*.myapp.test"), "label with a prefix", "https://a.pr-12.myapp.test", blocked, nil},
		{allow("https://*--site.test"), "label with a suffix", "https://branch--site.test", readable, nil},
		{allow("https://*--site.test"), "label with a suffix", "https://branch--site.test.evil.test", blocked, nil},

		{oneRegexp, "regular expression", "https://www.myapp.test", readable, nil},
		{oneRegexp, "regular expression", "https://app.myapp.test", readable, nil},
		{oneRegexp, "regular expression", "https://app.myapp.test.evil.test", blocked, nil},
		{function, "function", "https://tenant.test", readable, all},
		{function, "function", "https://myapp.test", blocked, nil},
		{failing, "function that fails", "https://myapp.test", blocked, all},

		{allow("*"), "any origin", "https://myapp.test", readable, all},
		{allow("*"), "any origin", "http://myapp.test.", readable, nil},
		{allow("*"), "any origin", "http://[::1]:3000", readable, nil},
		{cors.AllowAll(), "AllowAll", "https://evil.test", readable, nil},
	} {
		s := scenario{
			name:       tt.name + " from " + tt.from,
			from:       page{origin: tt.from},
			policy:     tt.policy,
			through:    tt.through,
			steps:      []step{{method: "PUT", want: tt.want}},
			preflights: 1,
		}
		scenarios = append(scenarios, s)
	}
	return append(scenarios, insecureScenarios()...)
}

// insecureScenarios test servers with http URLs. Browsers use HTTP/1.1 for them,
// and send fewer Sec-Fetch headers.
func insecureScenarios() []scenario {
	policy := cors.Config{
		AllowOrigins:     []string{"http://localhost:*", "https://myapp.test"},
		AllowHeaders:     []string{"X-A"},
		AllowCredentials: true,
	}
	var scenarios []scenario
	for _, tt := range []struct {
		name, from, server string
		want               string
	}{
		{"an http server, from http://localhost:3000", "http://localhost:3000", "http://server.test/items", "200"},
		{"an http server, from another origin", "http://myapp.test", "http://server.test/items", "PreflightMissingAllowOriginHeader"},
		{"a server on localhost, from https://myapp.test", "https://myapp.test", "http://server.localhost:3000/items", "200"},
		{"a server on localhost, from another origin", "https://evil.test", "http://server.localhost:3000/items",
			"PreflightMissingAllowOriginHeader"},
	} {
		scenarios = append(scenarios, scenario{
			name: tt.name, from: page{origin: tt.from}, policy: policy, through: frameworks,
			steps: []step{{
				method: "PUT", url: tt.server, header: []string{"X-A: 1"}, credentials: "include", want: tt.want,
			}},
			preflights: 1,
		})
	}
	return scenarios
}
