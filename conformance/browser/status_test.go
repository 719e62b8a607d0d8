package browser

// statusScenarios are about responses other than 200: how each framework makes
// them, and whether the script may still read them.
func statusScenarios() []scenario {
	policy := allow("https://myapp.test")
	all := frameworks
	var scenarios []scenario
	for _, row := range []struct {
		what       string
		through    []string
		preflights int
		steps      []step
	}{
		{"a path that is not there", all, 1, []step{
			{url: "/nowhere", want: "404"}, {method: "PUT", url: "/nowhere", want: "404"},
		}},
		{"a method that is not there", all, 1, []step{{method: "PUT", url: "/readonly", want: "405"}}},
		{"an error of a handler", all, 0, []step{{url: "/fail", want: "500"}}},
		{"a panic of a handler", all, 0, []step{{url: "/panic", want: "500"}}},
		{"a refusal by a handler", all, 1, []step{
			{url: "/forbidden", want: "403"}, {method: "PUT", url: "/forbidden", want: "403"},
		}},
		{"a demand to log in", all, 1, []step{
			{url: "/unauthorized", want: "401"}, {method: "PUT", url: "/unauthorized", want: "401"},
		}},
		{"no content", all, 1, []step{{method: "PUT", url: "/silent", want: "204"}}},
		{"a trailing slash too many", []string{"fiber", "fiber3"}, 0, []step{{url: "/items/", want: "200"}}},
		{"a trailing slash too many", []string{"echo", "echo5", "chi"}, 0, []step{{url: "/items/", want: "404"}}},
	} {
		scenarios = append(scenarios, scenario{
			name: row.what, policy: policy, through: row.through, steps: row.steps, preflights: row.preflights,
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
			name: "a trailing slash too many", policy: policy, through: []string{"gin"},
			steps: []step{{url: "/items/", want: "MissingAllowOriginHeader"}},
			unheard: "gin redirects to the other form of a path before its middleware; " +
				"package gincors says what to do about it",
		},
		scenario{
			name: "rejected requests are blocked", from: evil, policy: rejecting, through: all,
			steps: []step{
				{want: "MissingAllowOriginHeader"},
				{method: "PUT", want: "PreflightMissingAllowOriginHeader"},
				{mode: "no-cors", method: "POST", want: "opaque"},
			},
			preflights: 1,
			unheard:    "a server cannot tell that the last one does not want to read",
		},
		scenario{
			name: "rejecting others does not touch those that are allowed", policy: rejecting, through: all,
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
			name: "preflights left to a handler that is not there", policy: continued, through: []string{"gin", "fiber", "fiber3", "chi"},
			steps:      []step{{method: "PUT", url: "/silent", want: "PreflightInvalidStatus"}},
			preflights: 1,
		},
	)
}
