package browser

import "fmt"

// brokenScenarios test servers with wrong headers, or correct ones in an unusual
// form.
func brokenScenarios() []scenario {
	var all []scenario
	all = append(all, brokenAllowOrigin()...)
	all = append(all, brokenAllowCredentials()...)
	all = append(all, brokenAllowMethods()...)
	all = append(all, brokenAllowHeaders()...)
	return append(all, brokenPreflightStatus()...)
}

const (
	allowOrigin      = "Access-Control-Allow-Origin: "
	allowCredentials = "Access-Control-Allow-Credentials: "
	allowMethods     = "Access-Control-Allow-Methods: "
	allowHeaders     = "Access-Control-Allow-Headers: "
)

// brokenAllowOrigin tests values of Access-Control-Allow-Origin, each on a line, in
// a response, without and with credentials, and in a preflight response.
func brokenAllowOrigin() []scenario {
	const (
		ok       = "200"
		missing  = "MissingAllowOriginHeader"
		mismatch = "AllowOriginMismatch"
		invalid  = "InvalidAllowOriginValue"
		multiple = "MultipleAllowOriginValues"
	)
	var scenarios []scenario
	for _, tt := range []struct {
		values []string
		want   string
	}{
		{nil, missing},
		{[]string{"https://myapp.test"}, ok},
		{[]string{"https://myapp.test "}, ok},
		{[]string{"  https://myapp.test"}, ok},
		{[]string{"https://myapp.test/"}, mismatch},
		{[]string{"https://myapp.test:443"}, mismatch},
		{[]string{"https://MyApp.test"}, mismatch},
		{[]string{"HTTPS://myapp.test"}, mismatch},
		{[]string{"http://myapp.test"}, mismatch},
		{[]string{"https://*.test"}, mismatch},
		{[]string{"https://sub.myapp.test"}, mismatch},
		{[]string{"https://myapp.test/path"}, mismatch},
		{[]string{"null"}, mismatch},
		{[]string{""}, invalid},
		{[]string{"foo"}, invalid},
		{[]string{"myapp.test"}, invalid},
		{[]string{`"https://myapp.test"`}, invalid},
		{[]string{"https://myapp.test:*"}, invalid},
		{[]string{"NULL"}, invalid},
		{[]string{"https://myapp.test, https://evil.test"}, multiple},
		{[]string{"https://myapp.test https://evil.test"}, multiple},
		{[]string{"https://myapp.test,https://myapp.test"}, multiple},
		{[]string{"*, *"}, multiple},
		{[]string{"https://myapp.test", "https://myapp.test"}, multiple},
		{[]string{"https://myapp.test", "*"}, multiple},
		{[]string{"*", "*"}, multiple},
		{[]string{"https://myapp.test", ""}, multiple},
	} {
		var lines []string
		for _, v := range tt.values {
			lines = append(lines, allowOrigin+v)
		}
		preflightWant := tt.want
		if preflightWant != ok {
			preflightWant = "Preflight" + preflightWant
		}
		good := with(allowOrigin+"https://myapp.test", allowCredentials+"true", allowMethods+"PUT")
		lines = append(lines, allowCredentials+"true", allowMethods+"PUT")
		scenarios = append(scenarios,
			scenario{
				name:  fmt.Sprintf("Access-Control-Allow-Origin of %q", tt.values),
				sites: map[string]site{"api.test": {response: with(lines...)}},
				steps: []step{
					{want: tt.want},
					{credentials: "include", want: tt.want},
				},
			},
			scenario{
				name:       fmt.Sprintf("Access-Control-Allow-Origin of %q in the preflight response", tt.values),
				sites:      map[string]site{"api.test": {preflight: with(lines...), response: good}},
				steps:      []step{{method: "PUT", want: preflightWant}},
				preflights: 1,
			},
			scenario{
				name:       fmt.Sprintf("Access-Control-Allow-Origin of %q after a good preflight", tt.values),
				sites:      map[string]site{"api.test": {preflight: good, response: with(lines...)}},
				steps:      []step{{method: "PUT", credentials: "include", want: tt.want}},
				preflights: 1,
			},
		)
	}
	return append(scenarios, scenario{
		name:  "Access-Control-Allow-Origin of null for a sandboxed frame",
		from:  sandboxedFrame,
		sites: map[string]site{"api.test": {response: with(allowOrigin+"null", allowCredentials+"true")}},
		steps: []step{{want: "200"}, {credentials: "include", want: "200"}},
	}, scenario{
		name:  "a wildcard for a sandboxed frame, with credentials",
		from:  sandboxedFrame,
		sites: map[string]site{"api.test": {response: with(allowOrigin+"*", allowCredentials+"true")}},
		steps: []step{{want: "200"}, {credentials: "include", want: "WildcardOriginNotAllowed"}},
	})
}

// brokenAllowCredentials tests values of Access-Control-Allow-Credentials.
func brokenAllowCredentials() []scenario {
	const origin = allowOrigin + "https://myapp.test"
	var scenarios []scenario
	for _, tt := range []struct {
		lines []string
		want  string
	}{
		{[]string{origin, allowCredentials + "true"}, ""},
		{[]string{origin, allowCredentials + " true "}, ""},
		{[]string{origin}, "InvalidAllowCredentials"},
		{[]string{origin, allowCredentials}, "InvalidAllowCredentials"},
		{[]string{origin, allowCredentials + "True"}, "InvalidAllowCredentials"},
		{[]string{origin, allowCredentials + "TRUE"}, "InvalidAllowCredentials"},
		{[]string{origin, allowCredentials + "1"}, "InvalidAllowCredentials"},
		{[]string{origin, allowCredentials + "false"}, "InvalidAllowCredentials"},
		{[]string{origin, allowCredentials + `"true"`}, "InvalidAllowCredentials"},
		{[]string{origin, allowCredentials + "true, true"}, "InvalidAllowCredentials"},
		{[]string{origin, allowCredentials + "true", allowCredentials + "true"}, "InvalidAllowCredentials"},
		{[]string{allowOrigin + "*"}, "WildcardOriginNotAllowed"},
		{[]string{allowOrigin + "*", allowCredentials + "true"}, "WildcardOriginNotAllowed"},
	} {
		want, wantPreflight := tt.want, "Preflight"+tt.want
		if want == "" {
			want, wantPreflight = "200", "200"
		}
		lines := append(tt.lines, allowMethods+"PUT")
		scenarios = append(scenarios, scenario{
			name: fmt.Sprintf("credentials with %q", tt.lines),
			sites: map[string]site{"api.test": {
				preflight: with(lines...),
				response:  with(lines...),
			}},
			steps: []step{
				{want: "200"},
				{credentials: "include", want: want},
				{method: "PUT", credentials: "include", want: wantPreflight},
			},
			preflights: 1,
		})
	}
	return append(scenarios, scenario{
		name: "credentials allowed by the preflight, not by the response",
		sites: map[string]site{"api.test": {
			preflight: with(origin, allowCredentials+"true", allowMethods+"PUT"),
			response:  with(origin),
		}},
		steps:      []step{{method: "PUT", credentials: "include", want: "InvalidAllowCredentials"}},
		preflights: 1,
	})
}
