package browser

import (
	"context"

	cors "github.com/polycors/polycors/core"
)

// nullScenarios are about pages that have no origin to show: they send "null".
func nullScenarios() []scenario {
	const blocked = "PreflightMissingAllowOriginHeader"
	anything := func(context.Context, string) (bool, error) { return true, nil }
	withNull := cors.Config{
		AllowOrigins:     []string{"https://myapp.test", "null"},
		AllowCredentials: true,
		Unsafe:           cors.Unsafe{NullOrigin: true},
	}
	var scenarios []scenario
	for _, from := range []struct {
		what string
		page page
	}{
		{"a sandboxed frame", sandboxedFrame},
		{"a document with a sandbox in its CSP", sandboxedByCSP},
		{"a data: frame", dataFrame},
	} {
		for _, row := range []struct {
			what    string
			policy  cors.Config
			through []string
			step    step
		}{
			{"an exact origin", allow("https://myapp.test"), frameworks, step{want: blocked}},
			{"subdomains", allow("https://*.myapp.test"), nil, step{want: blocked}},
			{"a function", cors.Config{AllowOriginFunc: anything}, nil, step{want: blocked}},
			{"a function and null", cors.Config{AllowOriginFunc: anything, Unsafe: cors.Unsafe{NullOrigin: true}}, nil, step{want: "200"}},
			{"null", withNull, frameworks, step{want: "200"}},
			{"null, with credentials", withNull, nil, step{credentials: "include", want: "200"}},
			{"any origin", allow("*"), frameworks, step{want: "200"}},
			{"any origin, with credentials", allow("*"), nil, step{credentials: "include", want: "PreflightWildcardOriginNotAllowed"}},
		} {
			row.step.method = "PUT"
			scenarios = append(scenarios, scenario{
				name: from.what + " asking for " + row.what, from: from.page, policy: row.policy, through: row.through,
				steps: []step{row.step}, preflights: 1,
			})
		}
	}
	return scenarios
}
