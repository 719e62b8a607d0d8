package browser

import (
	"context"

	cors "github.com/polycors/polycors/core"
)

// nullScenarios test pages whose origin is null.
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
		name string
		page page
	}{
		{"a sandboxed frame", sandboxedFrame},
		{"a document with a sandbox in its CSP", sandboxedByCSP},
		{"a data: frame", dataFrame},
	} {
		for _, tt := range []struct {
			name    string
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
			tt.step.method = "PUT"
			scenarios = append(scenarios, scenario{
				name: from.name + ", policy for " + tt.name, from: from.page, policy: tt.policy, through: tt.through,
				steps: []step{tt.step}, preflights: 1,
			})
		}
	}
	return scenarios
}
