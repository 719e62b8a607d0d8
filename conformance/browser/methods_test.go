package browser

import (
	cors "github.com/polycors/polycors/core"
)

// methodScenarios test which methods a policy allows.
func methodScenarios() []scenario {
	const disallowed = "MethodDisallowedByPreflightResponse"
	var (
		byDefault = allow("https://myapp.test")
		getOnly   = allow("https://myapp.test")
		options   = allow("https://myapp.test")
		patch     = allow("https://myapp.test")
		nothing   = allow("https://myapp.test")
		any       = allow("https://myapp.test")
		anyCookie = cors.Config{AllowOrigins: []string{"https://myapp.test"}, AllowMethods: []string{"*"}, AllowCredentials: true}
	)
	getOnly.AllowMethods = []string{"GET"}
	getOnly.AllowHeaders = []string{"X-A"}
	options.AllowMethods = []string{"OPTIONS"}
	patch.AllowMethods = []string{"PATCH", "patch"}
	nothing.AllowMethods = []string{}
	any.AllowMethods = []string{"*"}

	var scenarios []scenario
	for _, tt := range []struct {
		name       string
		policy     cors.Config
		through    []string
		step       step
		preflights int
	}{
		{"GET needs no preflight", byDefault, frameworks, step{want: "200"}, 0},
		{"HEAD needs no preflight", byDefault, nil, step{method: "HEAD", want: "200"}, 0},
		{"POST needs no preflight", byDefault, frameworks,
			step{method: "POST", body: "x", header: []string{"Content-Type: text/plain"}, want: "200"}, 0},
		{"PUT by default", byDefault, nil, step{method: "PUT", body: "x", header: []string{"Content-Type: text/plain"}, want: "200"}, 1},
		{"PATCH by default", byDefault, nil, step{method: "PATCH", want: "200"}, 1},
		{"DELETE by default", byDefault, nil, step{method: "DELETE", want: "200"}, 1},
		{"DELETE with no content", byDefault, frameworks, step{method: "DELETE", url: "/silent", want: "204"}, 1},
		{"OPTIONS by a script is not allowed by default", byDefault, frameworks, step{method: "OPTIONS", want: disallowed}, 1},
		{"OPTIONS by a script reaches the handler if listed", options, frameworks, step{method: "OPTIONS", want: "200"}, 1},
		{"PROPFIND is not allowed by default", byDefault, nil, step{method: "PROPFIND", want: disallowed}, 1},

		{"get is upper-cased", byDefault, nil, step{method: "get", want: "200"}, 0},
		{"post is upper-cased", byDefault, nil, step{method: "post", want: "200"}, 0},
		{"put is upper-cased", byDefault, nil, step{method: "put", want: "200"}, 1},
		{"delete is upper-cased", byDefault, nil, step{method: "delete", want: "200"}, 1},
		{"patch is not upper-cased", byDefault, frameworks, step{method: "patch", want: disallowed}, 1},
		// The preflight succeeds, but the frameworks do not route that method.
		{"patch in lower case if listed", patch, []string{"gin", "echo", "echo5", "chi"}, step{method: "patch", want: "405"}, 1},

		{"PUT is not listed", getOnly, frameworks, step{method: "PUT", want: disallowed}, 1},
		{"DELETE is not listed", getOnly, nil, step{method: "DELETE", want: disallowed}, 1},
		{"POST need not be listed", getOnly, nil, step{method: "POST", header: []string{"X-A: 1"}, want: "200"}, 1},
		{"PUT when the list is empty", nothing, nil, step{method: "PUT", want: disallowed}, 1},
		{"GET when the list is empty", nothing, nil, step{want: "200"}, 0},

		{"PUT under the wildcard", any, frameworks, step{method: "PUT", want: "200"}, 1},
		{"PROPFIND under the wildcard", any, []string{"gin", "echo", "echo5", "chi"}, step{method: "PROPFIND", want: "405"}, 1},
		{"PUT under the wildcard, with credentials", anyCookie, frameworks, step{method: "PUT", credentials: "include", want: "200"}, 1},
		{"DELETE under the wildcard, with credentials", anyCookie, nil, step{method: "DELETE", credentials: "include", want: "200"}, 1},
		{"DELETE under the wildcard, credentials allowed but not sent", anyCookie, nil, step{method: "DELETE", want: "200"}, 1},
		{"patch under the wildcard, with credentials", anyCookie, []string{"gin", "echo", "echo5", "chi"},
			step{method: "patch", credentials: "include", want: "405"}, 1},

		{"TRACE is never sent", byDefault, nil, step{method: "TRACE", want: "TypeError"}, 0},
		{"connect is never sent", byDefault, nil, step{method: "connect", want: "TypeError"}, 0},
		{"a method that is not a token is never sent", byDefault, nil, step{method: "PUT IT", want: "TypeError"}, 0},
	} {
		scenarios = append(scenarios, scenario{
			name: tt.name, policy: tt.policy, through: tt.through,
			steps: []step{tt.step}, preflights: tt.preflights,
		})
	}
	return append(scenarios, scenario{
		name: "patch in lower case if listed", policy: patch, through: []string{"fiber", "fiber3"},
		steps:      []step{{method: "patch", want: "MissingAllowOriginHeader"}},
		preflights: 1,
		unreported: "fiber answers unknown methods before its middleware runs",
	})
}
