package browser

import (
	"fmt"
	"slices"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// headerScenarios test which request headers a policy allows.
func headerScenarios() []scenario {
	const disallowed = "HeaderDisallowedByPreflightResponse"
	policy := func(headers ...string) cors.Config {
		return cors.Config{AllowOrigins: []string{"https://myapp.test"}, AllowHeaders: headers}
	}
	withCredentials := func(headers ...string) cors.Config {
		p := policy(headers...)
		p.AllowCredentials = true
		return p
	}
	put := func(want string, header ...string) step {
		return step{method: "PUT", header: header, want: want}
	}
	var many []string
	for i := range 40 {
		many = append(many, fmt.Sprintf("X-Header-%02d", i))
	}
	manyLines := slices.Clone(many)
	for i := range manyLines {
		manyLines[i] += ": 1"
	}
	long := strings.Repeat("x", 900)

	var scenarios []scenario
	for _, tt := range []struct {
		name    string
		policy  cors.Config
		through []string
		step    step
	}{
		{"a listed header", policy("X-A"), frameworks, put("200", "X-A: 1")},
		{"a listed header in another case", policy("x-request-ID"), nil, put("200", "X-Request-Id: 1")},
		{"one of several headers", policy("X-A", "X-B", "X-C"), nil, put("200", "X-B: 1")},
		{"several headers", policy("X-A", "X-B", "X-C"), frameworks, put("200", "X-C: 1", "X-A: 1")},
		{"a header on two lines", policy("X-A"), nil, put("200", "X-A: 1", "X-A: 2")},
		{"a header that is not listed", policy("X-A"), frameworks, put(disallowed, "X-B: 1")},
		{"a listed header and one that is not listed", policy("X-A"), nil, put(disallowed, "X-A: 1", "X-B: 1")},
		{"a header when none is listed", policy(), nil, put(disallowed, "X-A: 1")},
		{"a GET with a header", policy("X-A"), frameworks, step{header: []string{"X-A: 1"}, want: "200"}},
		{"a GET with a header that is not listed", policy("X-A"), nil, step{header: []string{"X-B: 1"}, want: disallowed}},
		{"a JSON body", policy("Content-Type"), frameworks,
			step{method: "POST", body: "{}", header: []string{"Content-Type: application/json"}, want: "200"}},
		{"a JSON body when Content-Type is not listed", policy("X-A"), frameworks,
			step{method: "POST", body: "{}", header: []string{"Content-Type: application/json"}, want: disallowed}},
		{"a plain body when Content-Type is not listed", policy("X-A"), nil, put("200", "Content-Type: text/plain")},
		{"Authorization", policy("Authorization"), frameworks, put("200", "Authorization: Bearer x")},
		{"Authorization when it is not listed", policy("X-A"), frameworks, put(disallowed, "Authorization: Bearer x")},
		{"an Accept that is too long for the safelist", policy("X-A"), nil, put(disallowed, "Accept: "+strings.Repeat("a", 129))},
		{"an Accept that is too long for the safelist, listed", policy("Accept"), nil, put("200", "Accept: "+strings.Repeat("a", 129))},
		{"a range from the end of a file", policy("Range"), nil, step{header: []string{"Range: bytes=-5"}, want: "200"}},
		{"names with unusual characters", policy("x'!", "x~t", "x.y", "x_z"), nil, put("200", "x~t: 1", "x'!: 1", "x_z: 1", "x.y: 1")},
		{"forty headers", policy(many...), frameworks, put("200", manyLines...)},
		{"a name of 900 bytes", policy(long), nil, put("200", long+": 1")},

		{"a header under the wildcard", policy("*"), frameworks, put("200", "X-A: 1")},
		{"forty headers under the wildcard", policy("*"), nil, put("200", manyLines...)},
		{"Authorization beside the wildcard", policy("*", "Authorization"), frameworks, put("200", "Authorization: Bearer x")},
		{"Authorization under AllowAll", cors.AllowAll(), nil, put("200", "Authorization: Bearer x", "X-A: 1")},
		{"headers under the wildcard, with credentials", withCredentials("*"), frameworks, include(put("200", "X-A: 1", "X-B: 2"))},
		{"forty headers under the wildcard, with credentials", withCredentials("*"), nil, include(put("200", manyLines...))},
		{"a listed header, with credentials", withCredentials("X-A"), nil, include(put("200", "X-A: 1"))},
		{"Authorization under the wildcard, with credentials", withCredentials("*"), frameworks,
			include(put(disallowed, "Authorization: Bearer x"))},
		{"Authorization beside the wildcard, with credentials", withCredentials("*", "Authorization"), frameworks,
			include(put("200", "Authorization: Bearer x", "X-A: 1"))},
	} {
		scenarios = append(scenarios, scenario{
			name: tt.name, policy: tt.policy, through: tt.through,
			steps: []step{tt.step}, preflights: 1,
		})
	}
	return append(scenarios, scenario{
		name:       "Authorization under the wildcard",
		policy:     policy("*"),
		through:    frameworks,
		steps:      []step{put("200", "Authorization: Bearer x")},
		preflights: 1,
		departure: "in the standard, the wildcard does not cover Authorization; " +
			"Chromium allows it and warns in its issues panel",
	})
}
