package corstest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// blockedByCORS is the beginning of each message about api+"/x".
const blockedByCORS = "Access to fetch at 'http://api.test:7002/x' from origin 'http://myapp.test:7001' has been blocked by CORS policy: "

// The request is a PUT with X-A and credentials. Messages that Chromium has for
// both stages are checked for the preflight and for the response.
func TestBlockedMessage(t *testing.T) {
	const own = allowOrigin + app
	for _, tt := range []struct {
		preflight reply
		alone     bool // the message exists for preflights only
		issue     corstest.Issue
		message   string
		hint      string // part of it
	}{
		{with(), false, "MissingAllowOriginHeader",
			"No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			"for the whole application"},
		{with(allowOrigin + "http://b.test"), false, "AllowOriginMismatch",
			"The 'Access-Control-Allow-Origin' header has a value 'http://b.test' that is not equal to the supplied origin. " +
				"Have the server send the header with a valid value.",
			`send exactly the origin of the request: "http://myapp.test:7001"`},
		{with(allowOrigin + "foo"), false, "InvalidAllowOriginValue",
			"The 'Access-Control-Allow-Origin' header contains the invalid value 'foo'. " +
				"Have the server send the header with a valid value.",
			`send one origin, "http://myapp.test:7001", or * without credentials`},
		{with(own, allowOrigin+"*"), false, "MultipleAllowOriginValues",
			"The 'Access-Control-Allow-Origin' header contains multiple values 'http://myapp.test:7001, *', but only one is allowed. " +
				"Have the server send the header with a valid value.",
			"send the header once"},
		{with(allowOrigin + "*"), false, "WildcardOriginNotAllowed",
			"The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' " +
				"when the request's credentials mode is 'include'.",
			`send the origin "http://myapp.test:7001" instead of *`},
		{with(own), false, "InvalidAllowCredentials",
			"The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' " +
				"when the request's credentials mode is 'include'.",
			"send Access-Control-Allow-Credentials: true"},
		{with(own, allowCredentials+"True"), false, "InvalidAllowCredentials",
			"The value of the 'Access-Control-Allow-Credentials' header in the response is 'True' which must be 'true' " +
				"when the request's credentials mode is 'include'.",
			"send Access-Control-Allow-Credentials: true"},
		{reply{404, []string{own, allowCredentials + "true"}}, true, "PreflightInvalidStatus",
			"Response to preflight request doesn't pass access control check: It does not have HTTP ok status.",
			"answer preflights with 204, not 404"},
		{reply{307, []string{"Location: /y"}}, true, "PreflightDisallowedRedirect",
			"Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request.",
			"check for a trailing slash"},
		{with(own, allowCredentials+"true"), true, "MethodDisallowedByPreflightResponse",
			"Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.",
			`add "PUT" to Access-Control-Allow-Methods`},
		{with(own, allowCredentials+"true", allowMethods+"PUT"), true, "HeaderDisallowedByPreflightResponse",
			"Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response.",
			`add "X-A" to Access-Control-Allow-Headers`},
		{with(own, allowCredentials+"true", allowMethods+"a b"), true, "InvalidAllowMethodsPreflightResponse",
			"Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
			"a comma-separated list of names"},
		{with(own, allowCredentials+"true", allowHeaders+"a b"), true, "InvalidAllowHeadersPreflightResponse",
			"Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
			"a comma-separated list of names"},
	} {
		t.Run(string(tt.issue), func(t *testing.T) {
			good := with(own, allowCredentials+"true", allowMethods+"PUT", allowHeaders+"X-A")
			want := corstest.BlockedError{Stage: corstest.StagePreflight, Issue: tt.issue, Message: tt.message, Hint: tt.hint}
			if !tt.alone {
				want.Issue = "Preflight" + tt.issue // the names of DevTools
				want.Message = "Response to preflight request doesn't pass access control check: " + tt.message
			}
			checkBlocked(t, server{tt.preflight, good}, want)
			if !tt.alone {
				checkBlocked(t, server{good, tt.preflight}, corstest.BlockedError{
					Stage: corstest.StageResponse, Issue: tt.issue, Message: tt.message, Hint: tt.hint,
				})
			}
		})
	}
}

// checkBlocked sends a PUT with X-A and credentials. In want, Message lacks
// blockedByCORS, and Hint is part of the hint.
func checkBlocked(t *testing.T, s server, want corstest.BlockedError) {
	t.Helper()
	p := pageOf(s)
	p.Credentials = corstest.Include
	_, err := p.Fetch(request(t, "PUT", "/x", "X-A: 1"))
	var blocked *corstest.BlockedError
	if !errors.As(fmt.Errorf("wrapped: %w", err), &blocked) {
		t.Fatalf("error %v, want a BlockedError", err)
	}
	message := blockedByCORS + want.Message
	if blocked.Message != message || blocked.Error() != message {
		t.Errorf("message\n%s, want\n%s", blocked.Message, message)
	}
	status := s.response.status
	if want.Stage == corstest.StagePreflight {
		status = s.preflight.status
	}
	if status == 0 {
		status = 200
	}
	if blocked.Stage != want.Stage || blocked.Issue != want.Issue || blocked.Status != status ||
		blocked.URL != api+"/x" || blocked.Origin != app || !strings.Contains(blocked.Hint, want.Hint) {
		t.Errorf("got %+v, want %s %s and the hint %q", *blocked, want.Stage, want.Issue, want.Hint)
	}
}

func TestBlockedHint(t *testing.T) {
	good := with(allowOrigin+app, allowMethods+"PUT", allowHeaders+"X-A")
	for _, tt := range []struct {
		name   string
		server server
		method string
		want   string
	}{
		{"middleware on a group", server{preflight: reply{status: 404}}, "PUT", "as it does where CORS is mounted on a group or a route"},
		{"middleware on a route", server{preflight: reply{status: 405}}, "PUT", "the router answers 405"},
		{"authentication first", server{preflight: reply{status: 401}}, "PUT", "authentication comes before CORS"},
		{"an origin that is not listed", server{preflight: reply{status: 403}}, "PUT", `list "http://myapp.test:7001", if it is yours`},
		{"a router that answers itself", server{preflight: reply{status: 204}}, "PUT", "the router itself answers OPTIONS"},
		{"a rate limit first", server{preflight: reply{status: 429}}, "PUT", "mount CORS first"},
		{"middleware after the routes", server{preflight: good}, "PUT", "the preflight is allowed, but the response has no CORS headers"},
		{"a bare response", server{}, "GET", "the response does not come through the CORS middleware"},
		{"a bare 401", server{response: reply{status: 401}}, "GET", "authentication comes before CORS"},
		{"a bare redirect", server{response: reply{301, []string{"Location: /y"}}}, "GET", "the redirect comes before CORS"},
		{"a policy that does not list the origin", server{response: with(variesByOrigin)}, "GET", `list "http://myapp.test:7001", if it is yours`},
		{"a policy before authentication", server{response: reply{401, []string{variesByOrigin}}}, "GET", "the policy that answers does not allow the origin"},
		{"a policy before a redirect", server{response: reply{301, []string{"Location: /y", "Vary: Accept, origin"}}}, "GET", "the policy that answers does not allow the origin"},
		{"a policy that answers preflights", server{preflight: reply{204, []string{variesByOrigin}}}, "PUT", "the preflight reaches another group's policy"},
		{"another policy after the preflight", server{good, with(variesByOrigin)}, "PUT", "another policy answers the request"},
		{"a method in lower case", server{preflight: good}, "patch", `write "PATCH" in the front end`},
		{"a method that is not listed", server{preflight: good}, "DELETE", `add "DELETE" to Access-Control-Allow-Methods`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := pageOf(tt.server).Fetch(request(t, tt.method, "/x"))
			checkHint(t, err, tt.want)
		})
	}
	_, err := pageOf(server{preflight: good}).Fetch(request(t, "PUT", "/x", "Authorization: x"))
	checkHint(t, err, `add "Authorization" to Access-Control-Allow-Headers: "*" does not cover it`)
	null := pageOf(both(allowOrigin + app))
	null.Origin = "null"
	_, err = null.Fetch(request(t, "GET", "/x"))
	checkHint(t, err, "browsers send the origin null for")
	null.Transport = corstest.Handler(both(variesByOrigin))
	_, err = null.Fetch(request(t, "GET", "/x"))
	checkHint(t, err, "browsers send the origin null for")
}

func checkHint(t *testing.T, err error, want string) {
	t.Helper()
	var blocked *corstest.BlockedError
	if !errors.As(err, &blocked) || !strings.Contains(blocked.Hint, want) {
		t.Errorf("error %+v, want the hint %q", err, want)
	}
}

func TestMessageValues(t *testing.T) {
	for _, tt := range []struct {
		lines []string
		want  string
	}{
		{[]string{allowOrigin + "a\r\nb\x1b[0m"}, `'a\r\nb\x1b[0m'`},
		{[]string{allowOrigin + strings.Repeat("a", 201)}, "'" + strings.Repeat("a", 200) + "… (201 bytes)'"},
		{[]string{allowOrigin + "http:é\xff"}, `'http:\u00C3\u00A9\u00FF'`},
		{[]string{allowOrigin + `"a\b"`}, `'"a\b"'`},
		{[]string{allowOrigin + app, allowOrigin}, "'" + app + ", '"},
		{[]string{allowOrigin + " " + app + "\t", allowCredentials + ` "true" `}, `'"true"'`},
	} {
		p := pageOf(nil)
		p.Credentials, p.Transport = corstest.Include, unchecked(both(tt.lines...))
		if _, err := p.Fetch(request(t, "GET", "/x")); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q: error %v, want the value %s", tt.lines, err, tt.want)
		}
	}
}
