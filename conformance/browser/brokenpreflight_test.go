package browser

import (
	"fmt"
	"strings"
)

// brokenAllowMethods tests values of Access-Control-Allow-Methods.
func brokenAllowMethods() []scenario {
	const (
		ok         = "200"
		disallowed = "MethodDisallowedByPreflightResponse"
		unparsable = "InvalidAllowMethodsPreflightResponse"
	)
	var scenarios []scenario
	for _, tt := range []struct {
		values  []string
		method  string
		include bool
		want    string
	}{
		{nil, "PUT", false, disallowed},
		{[]string{""}, "PUT", false, disallowed},
		{[]string{"PUT"}, "PUT", false, ok},
		{[]string{"put"}, "PUT", false, disallowed},
		{[]string{"put"}, "put", false, disallowed},
		{[]string{"PATCH"}, "patch", false, disallowed},
		{[]string{"patch"}, "patch", false, ok},
		{[]string{"patch"}, "PATCH", false, disallowed},
		{[]string{"GET, POST,PUT"}, "PUT", false, ok},
		{[]string{"GET\t,\tPUT"}, "PUT", false, ok},
		{[]string{", ,PUT,,"}, "PUT", false, ok},
		{[]string{"GET", "PUT"}, "PUT", false, ok},
		{[]string{"GET PUT"}, "PUT", false, unparsable},
		{[]string{"GET;PUT"}, "PUT", false, unparsable},
		{[]string{"PUT, a(b"}, "PUT", false, unparsable},
		{[]string{`"PUT"`}, "PUT", false, unparsable},
		{[]string{"*"}, "PUT", false, ok},
		{[]string{"*"}, "PUT", true, disallowed},
		{[]string{"*"}, "patch", false, ok},
		{[]string{"*, PUT"}, "PUT", true, ok},
		{[]string{"*, PUT"}, "DELETE", true, disallowed},
		{[]string{"*"}, "*", true, ok},
		{nil, "POST", false, ok},
		{[]string{"PUT"}, "POST", false, ok},
		{[]string{"PUT"}, "GET", true, ok},
		{[]string{"a(b"}, "POST", false, unparsable},
	} {
		preflight := []string{allowOrigin + "https://myapp.test", allowCredentials + "true", allowHeaders + "X-A"}
		for _, v := range tt.values {
			preflight = append(preflight, allowMethods+v)
		}
		st := step{method: tt.method, header: []string{"X-A: 1"}, want: tt.want}
		name := fmt.Sprintf("%s when Access-Control-Allow-Methods is %q", tt.method, tt.values)
		if tt.include {
			st.credentials = "include"
			name += ", with credentials"
		}
		scenarios = append(scenarios, scenario{
			name:       name,
			sites:      map[string]site{"api.test": {preflight: with(preflight...), response: with(preflight...)}},
			steps:      []step{st},
			preflights: 1,
		})
	}
	return scenarios
}

// brokenAllowHeaders tests values of Access-Control-Allow-Headers.
func brokenAllowHeaders() []scenario {
	const (
		ok         = "200"
		disallowed = "HeaderDisallowedByPreflightResponse"
		unparsable = "InvalidAllowHeadersPreflightResponse"
	)
	var scenarios []scenario
	for _, tt := range []struct {
		values  []string
		headers string
		include bool
		want    string
	}{
		{nil, "X-A", false, disallowed},
		{[]string{""}, "X-A", false, disallowed},
		{[]string{"X-A"}, "X-A", false, ok},
		{[]string{"x-a"}, "X-A", false, ok},
		{[]string{"X-B"}, "X-A", false, disallowed},
		{[]string{"X-A, X-B, X-C"}, "X-C X-A", false, ok},
		{[]string{"X-A,X-B"}, "X-C X-A", false, disallowed},
		{[]string{"X-A", "X-B"}, "X-B X-A", false, ok},
		{[]string{",, X-A ,"}, "X-A", false, ok},
		{[]string{"X-A\t,\tX-B"}, "X-B", false, ok},
		{[]string{"X-A X-B"}, "X-A", false, unparsable},
		{[]string{"X-A; X-B"}, "X-A", false, unparsable},
		{[]string{"X-A, b(c"}, "X-A", false, unparsable},
		{[]string{`"X-A"`}, "X-A", false, unparsable},
		{[]string{"X-*"}, "X-A", false, disallowed},
		{[]string{"*"}, "X-A X-B", false, ok},
		{[]string{"*"}, "X-A", true, disallowed},
		{[]string{"*, X-A"}, "X-A", true, ok},
		{[]string{"*, X-A"}, "X-B", true, disallowed},
		{[]string{"*, Authorization"}, "Authorization", false, ok},
		{[]string{"authorization,*"}, "Authorization X-A", false, ok},
		{[]string{"*"}, "Authorization", true, disallowed},
		{[]string{"Content-Type"}, "X-A", false, disallowed},
	} {
		preflight := []string{allowOrigin + "https://myapp.test", allowCredentials + "true"}
		for _, v := range tt.values {
			preflight = append(preflight, allowHeaders+v)
		}
		st := step{want: tt.want}
		for name := range strings.SplitSeq(tt.headers, " ") {
			st.header = append(st.header, name+": 1")
		}
		name := fmt.Sprintf("%s when Access-Control-Allow-Headers is %q", tt.headers, tt.values)
		if tt.include {
			st.credentials = "include"
			name += ", with credentials"
		}
		scenarios = append(scenarios, scenario{
			name:       name,
			sites:      map[string]site{"api.test": {preflight: with(preflight...), response: with(preflight...)}},
			steps:      []step{st},
			preflights: 1,
		})
	}
	return scenarios
}

// brokenPreflightStatus tests statuses of preflight responses, and the order of the
// checks if a response has several problems.
func brokenPreflightStatus() []scenario {
	good := []string{allowOrigin + "https://myapp.test", allowMethods + "PUT", allowHeaders + "X-A"}
	var scenarios []scenario
	add := func(name, want string, preflight reply) {
		scenarios = append(scenarios, scenario{
			name:       name,
			sites:      map[string]site{"api.test": {preflight: preflight, response: with(good...)}},
			steps:      []step{{method: "PUT", header: []string{"X-A: 1"}, want: want}},
			preflights: 1,
		})
	}
	for _, status := range []int{200, 201, 202, 203, 204, 205, 206, 226, 299} {
		add(fmt.Sprint("a preflight answered with ", status), "200", reply{status, good})
	}
	for _, status := range []int{300, 304, 400, 401, 403, 404, 405, 418, 429, 500, 503} {
		add(fmt.Sprint("a preflight answered with ", status), "PreflightInvalidStatus", reply{status, good})
		add(fmt.Sprint("a preflight answered with ", status, " and no CORS headers"), "PreflightMissingAllowOriginHeader", reply{status, nil})
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		lines := append([]string{"Location: https://api.test/items/"}, good...)
		add(fmt.Sprint("a preflight redirected by ", status), "PreflightDisallowedRedirect", reply{status, lines})
		add(fmt.Sprint("a preflight redirected by ", status, " without CORS headers"), "PreflightDisallowedRedirect", reply{status, lines[:1]})
	}
	add("a preflight redirected without a Location", "PreflightInvalidStatus", reply{302, good})

	const elsewhere = allowOrigin + "https://elsewhere.test"
	add("a wrong origin and status", "PreflightAllowOriginMismatch", reply{404, []string{elsewhere}})
	add("a wrong status and invalid methods", "PreflightInvalidStatus", reply{404, []string{good[0], allowMethods + "a(b"}})
	add("invalid methods and headers", "InvalidAllowMethodsPreflightResponse",
		with(good[0], allowMethods+"a(b", allowHeaders+"a(b"))
	add("invalid headers and no methods", "InvalidAllowHeadersPreflightResponse",
		with(good[0], allowHeaders+"a(b"))
	add("neither the method nor the header allowed", "MethodDisallowedByPreflightResponse", with(good[0]))
	add("the method allowed, not the header", "HeaderDisallowedByPreflightResponse", with(good[0], good[1]))
	add("the header allowed, not the method", "MethodDisallowedByPreflightResponse", with(good[0], good[2]))
	return scenarios
}
