package browser

import (
	"slices"

	cors "github.com/polycors/polycors/core"
)

// exposeScenarios test which response headers a script may read.
func exposeScenarios() []scenario {
	policy := func(credentials bool, headers ...string) cors.Config {
		return cors.Config{AllowOrigins: []string{"https://myapp.test"}, AllowCredentials: credentials, ExposeHeaders: headers}
	}
	always := []string{"cache-control", "content-language", "content-length", "content-type"}
	and := func(names ...string) []string {
		names = append(names, always...)
		slices.Sort(names)
		return names
	}
	public := cors.Config{AllowOrigins: []string{"*"}, ExposeHeaders: []string{"*"}}

	var scenarios []scenario
	for _, tt := range []struct {
		name    string
		policy  cors.Config
		through []string
		step    step
	}{
		{"the safelisted headers", policy(false), frameworks, step{reads: always}},
		{"one header", policy(false, "X-One"), frameworks, step{reads: and("x-one")}},
		{"two headers in any case", policy(false, "x-ONE", "etag"), nil, step{reads: and("etag", "x-one")}},
		{"a header that the response lacks", policy(false, "X-Three"), nil, step{reads: always}},
		{"one header, with credentials", policy(true, "X-One"), frameworks, step{credentials: "include", reads: and("x-one")}},
		{"two headers after a preflight", policy(false, "X-One", "X-Two"), nil, step{method: "PUT", reads: and("x-one", "x-two")}},
	} {
		tt.step.want = "200"
		s := scenario{name: tt.name, policy: tt.policy, through: tt.through, steps: []step{tt.step}}
		if tt.step.method == "PUT" {
			s.preflights = 1
		}
		scenarios = append(scenarios, s)
	}
	return append(append(scenarios,
		scenario{name: "all", policy: public, through: frameworks, steps: []step{{want: "200"}}},
		scenario{name: "all, for another origin", from: evil, policy: public, steps: []step{{want: "200"}}},
	), handMadeExposure()...)
}

// handMadeExposure tests values that a policy does not send.
func handMadeExposure() []scenario {
	const (
		anyone  = "Access-Control-Allow-Origin: *"
		expose  = "Access-Control-Expose-Headers: "
		one     = "X-One: 1"
		two     = "X-Two: 2"
		origin  = "Access-Control-Allow-Origin: https://myapp.test"
		cookies = "Access-Control-Allow-Credentials: true"
	)
	always := []string{"content-length", "content-type"}
	and := func(names ...string) []string { return append(slices.Clone(always), names...) }
	var scenarios []scenario
	for _, tt := range []struct {
		name  string
		lines []string
		reads []string
	}{
		{"on two lines", []string{expose + "X-One", expose + "X-Two"}, and("x-one", "x-two")},
		{"with empty elements", []string{expose + ", ,X-One,,X-Two,"}, and("x-one", "x-two")},
		{"separated by blanks", []string{expose + "X-One X-Two"}, always},
		{"separated by semicolons", []string{expose + "X-One;X-Two"}, always},
		{"in quotes", []string{expose + `"X-One", X-Two`}, always},
		{"with an invalid name", []string{expose + "X-One, X(Two"}, always},
		{"with tabs", []string{expose + "X-One\t,\tX-Two"}, and("x-one", "x-two")},
		{"empty", []string{expose}, always},
		{"with a pattern", []string{expose + "X-*"}, always},
		{"wildcard beside a name", []string{expose + "X-One, *"}, nil},
		{"wildcard on a second line", []string{expose + "X-One", expose + "*"}, nil},
	} {
		scenarios = append(scenarios, scenario{
			name:  "a list " + tt.name,
			sites: map[string]site{"api.test": {response: with(append(tt.lines, anyone, one, two)...)}},
			steps: []step{{want: "200", reads: tt.reads}},
		})
	}
	return append(scenarios,
		scenario{
			name:  "the wildcard exposes nothing with credentials",
			sites: map[string]site{"api.test": {response: with(origin, cookies, expose+"*", one, two)}},
			steps: []step{{credentials: "include", want: "200", reads: always}, {want: "200"}},
		},
		scenario{
			name:  "a name beside the wildcard is exposed with credentials",
			sites: map[string]site{"api.test": {response: with(origin, cookies, expose+"*, X-One", one, two)}},
			steps: []step{{credentials: "include", want: "200", reads: and("x-one")}},
		},
		scenario{
			name: "exposed headers of a preflight response have no effect",
			sites: map[string]site{"api.test": {
				preflight: with(anyone, expose+"X-One", "Access-Control-Allow-Methods: PUT"),
				response:  with(anyone, one),
			}},
			steps:      []step{{method: "PUT", want: "200", reads: always}},
			preflights: 1,
		},
		scenario{
			name: "safelisted headers and others",
			sites: map[string]site{"api.test": {response: with(anyone, "Cache-Control: no-store", "Content-Language: en",
				"Expires: 0", "Last-Modified: Mon, 23 Nov 2026 00:00:00 GMT", "Pragma: no-cache", "Etag: \"x\"", "Link: <x>",
				"Retry-After: 1", "Content-Disposition: attachment", "Server: x", "Www-Authenticate: x")}},
			steps: []step{{want: "200", reads: []string{"cache-control", "content-language", "content-length", "content-type",
				"expires", "last-modified", "pragma"}}},
		},
		scenario{
			name:  "the page's own origin exposes everything",
			sites: map[string]site{"myapp.test": {response: with(one, two)}},
			steps: []step{{url: "https://myapp.test/items", want: "200"}},
		},
	)
}
