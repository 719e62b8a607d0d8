package browser

// statusScenarios test that scripts can read the error responses of each framework.
func statusScenarios() []scenario {
	policy := allow("https://myapp.test")
	all := frameworks
	var scenarios []scenario
	for _, tt := range []struct {
		name       string
		through    []string
		preflights int
		steps      []step
	}{
		{"a path without a route", all, 1, []step{
			{url: "/nowhere", want: "404"}, {method: "PUT", url: "/nowhere", want: "404"},
		}},
		{"a method without a route", all, 1, []step{{method: "PUT", url: "/readonly", want: "405"}}},
		{"an error of a handler", all, 0, []step{{url: "/fail", want: "500"}}},
		{"a panic of a handler", all, 0, []step{{url: "/panic", want: "500"}}},
		{"a response 403 of a handler", all, 1, []step{
			{url: "/forbidden", want: "403"}, {method: "PUT", url: "/forbidden", want: "403"},
		}},
		{"a response 401", all, 1, []step{
			{url: "/unauthorized", want: "401"}, {method: "PUT", url: "/unauthorized", want: "401"},
		}},
		{"no content", all, 1, []step{{method: "PUT", url: "/silent", want: "204"}}},
		{"an extra trailing slash", []string{"fiber", "fiber3"}, 0, []step{{url: "/items/", want: "200"}}},
		{"an extra trailing slash", []string{"echo", "echo5", "chi"}, 0, []step{{url: "/items/", want: "404"}}},
	} {
		scenarios = append(scenarios, scenario{
			name: tt.name, policy: policy, through: tt.through, steps: tt.steps, preflights: tt.preflights,
		})
	}

	rejecting := policy
	rejecting.RejectDisallowed = true
	ok := policy
	ok.PreflightStatus = 200
	continued := policy
	continued.PreflightContinue = true
	return append(scenarios,
		scenario{
			name: "an extra trailing slash", policy: policy, through: []string{"gin"},
			steps: []step{{url: "/items/", want: "MissingAllowOriginHeader"}},
			unreported: "gin redirects to the other form of a path before its middleware runs; " +
				"package gincors says how to avoid it",
		},
		scenario{
			name: "rejected requests are blocked", from: evil, policy: rejecting, through: all,
			steps: []step{
				{want: "MissingAllowOriginHeader"},
				{method: "PUT", want: "PreflightMissingAllowOriginHeader"},
				{mode: "no-cors", method: "POST", want: "opaque"},
			},
			preflights: 1,
			unreported: "a server cannot see that the last request is in mode no-cors",
		},
		scenario{
			name: "RejectDisallowed has no effect on allowed origins", policy: rejecting, through: all,
			steps:      []step{{want: "200"}, {method: "PUT", want: "200"}},
			preflights: 1,
		},
		scenario{
			name: "preflights answered with 200", policy: ok, through: all,
			steps:      []step{{method: "PUT", want: "200"}},
			preflights: 1,
		},
		scenario{
			name: "preflights answered by the handler of OPTIONS", policy: continued, through: all,
			steps:      []step{{method: "PUT", want: "200"}},
			preflights: 1,
		},
		scenario{
			name: "preflights passed on to a router without a handler", policy: continued, through: []string{"gin", "fiber", "fiber3", "chi"},
			steps:      []step{{method: "PUT", url: "/silent", want: "PreflightInvalidStatus"}},
			preflights: 1,
		},
	)
}
