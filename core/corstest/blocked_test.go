package corstest_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// TestMessagesAreThoseOfTheConsole has what follows "has been blocked by CORS
// policy: ", in response to a PUT with X-A and credentials. Those of a preflight
// are checked with the prefix and without it, as those of a response.
func TestMessagesAreThoseOfTheConsole(t *testing.T) {
	const own = allowOrigin + app
	for _, test := range []struct {
		preflight reply
		alone     bool // there is no such message about a response
		reason    corstest.Reason
		message   string
		hint      string // part of it
	}{
		{with(), false, "MissingAllowOriginHeader",
			"No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			"for the whole application"},
		{with(allowOrigin + "http://b.test"), false, "AllowOriginMismatch",
			"The 'Access-Control-Allow-Origin' header has a value 'http://b.test' that is not equal to the supplied origin. Have the server send the header with a valid value.",
			`send exactly the origin of the request: "http://myapp.test:7001"`},
		{with(allowOrigin + "foo"), false, "InvalidAllowOriginValue",
			"The 'Access-Control-Allow-Origin' header contains the invalid value 'foo'. Have the server send the header with a valid value.",
			`send one origin, "http://myapp.test:7001", or * without credentials`},
		{with(own, allowOrigin+"*"), false, "MultipleAllowOriginValues",
			"The 'Access-Control-Allow-Origin' header contains multiple values 'http://myapp.test:7001, *', but only one is allowed. Have the server send the header with a valid value.",
			"send the header once"},
		{with(allowOrigin + "*"), false, "WildcardOriginNotAllowed",
			"The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'.",
			`send the origin "http://myapp.test:7001" instead of *`},
		{with(own), false, "InvalidAllowCredentials",
			"The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.",
			"send Access-Control-Allow-Credentials: true"},
		{with(own, allowCredentials+"True"), false, "InvalidAllowCredentials",
			"The value of the 'Access-Control-Allow-Credentials' header in the response is 'True' which must be 'true' when the request's credentials mode is 'include'.",
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
		t.Run(string(test.reason), func(t *testing.T) {
			good := with(own, allowCredentials+"true", allowMethods+"PUT", allowHeaders+"X-A")
			want := corstest.BlockedError{Stage: corstest.StagePreflight, Reason: test.reason, Message: test.message, Hint: test.hint}
			if !test.alone {
				want.Reason = "Preflight" + test.reason
				want.Message = "Response to preflight request doesn't pass access control check: " + test.message
			}
			checkBlocked(t, server{test.preflight, good}, want)
			if !test.alone {
				checkBlocked(t, server{good, test.preflight}, corstest.BlockedError{
					Stage: corstest.StageResponse, Reason: test.reason, Message: test.message, Hint: test.hint,
				})
			}
		})
	}
}

// checkBlocked makes a PUT with X-A and credentials. The messages of want are
// without what they all begin with, and the hint is part of the hint.
func checkBlocked(t *testing.T, s server, want corstest.BlockedError) {
	t.Helper()
	p := pageOf(s)
	p.Credentials = corstest.Include
	_, err := p.Fetch(request(t, "PUT", "/x", "X-A: 1"))
	var blocked *corstest.BlockedError
	if !errors.As(fmt.Errorf("wrapped: %w", err), &blocked) {
		t.Fatalf("error %v, want a BlockedError", err)
	}
	message := "Access to fetch at 'http://api.test:7002/x' from origin 'http://myapp.test:7001' has been blocked by CORS policy: " + want.Message
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
	if blocked.Stage != want.Stage || blocked.Reason != want.Reason || blocked.Status != status ||
		blocked.URL != api+"/x" || blocked.Origin != app || !strings.Contains(blocked.Hint, want.Hint) {
		t.Errorf("got %+v, want %s %s and the hint %q", *blocked, want.Stage, want.Reason, want.Hint)
	}
}

func TestHintsNameTheLikelyMistake(t *testing.T) {
	good := with(allowOrigin+app, allowMethods+"PUT", allowHeaders+"X-A")
	for _, test := range []struct {
		name   string
		server server
		method string
		header string
		origin string
		want   string
	}{
		{"middleware on a group", server{preflight: reply{status: 404}}, "PUT", "", app, "as it does where CORS is mounted on a group or a route"},
		{"middleware on a route", server{preflight: reply{status: 405}}, "PUT", "", app, "the router answers 405"},
		{"authentication first", server{preflight: reply{status: 401}}, "PUT", "", app, "authentication comes before CORS"},
		{"an origin that is not listed", server{preflight: reply{status: 403}}, "PUT", "", app, `list "http://myapp.test:7001", if it is yours`},
		{"a router that answers itself", server{preflight: reply{status: 204}}, "PUT", "", app, "the router itself answers OPTIONS"},
		{"a rate limit first", server{preflight: reply{status: 429}}, "PUT", "", app, "mount CORS first"},
		{"middleware after the routes", server{preflight: good}, "PUT", "", app, "the preflight is allowed, but the response has no CORS headers"},
		{"a bare response", server{}, "GET", "", app, "the response does not come through the CORS middleware"},
		{"a bare 401", server{response: reply{status: 401}}, "GET", "", app, "authentication comes before CORS"},
		{"a bare redirect", server{response: reply{301, []string{"Location: /y"}}}, "GET", "", app, "the redirect comes before CORS"},
		{"a method in lower case", server{preflight: good}, "patch", "", app, `write "PATCH" in the front end`},
		{"a method that is not listed", server{preflight: good}, "DELETE", "", app, `add "DELETE" to Access-Control-Allow-Methods`},
		{"Authorization", server{preflight: good}, "PUT", "Authorization: x", app, `add "Authorization" to Access-Control-Allow-Headers: "*" does not cover it`},
		{"a page without an origin", both(allowOrigin + app), "GET", "", "null", "browsers send the origin null for"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := pageOf(test.server)
			p.Origin = test.origin
			req := request(t, test.method, "/x")
			if name, value, ok := strings.Cut(test.header, ": "); ok {
				req.Header.Set(name, value)
			}
			_, err := p.Fetch(req)
			var blocked *corstest.BlockedError
			if !errors.As(err, &blocked) || !strings.Contains(blocked.Hint, test.want) {
				t.Errorf("error %+v, want the hint %q", blocked, test.want)
			}
		})
	}
}

func TestARedirectWithAPassword(t *testing.T) {
	p := pageOf(nil)
	p.Transport = redirector(map[string]string{api + "/x": "https://user:secret@b.test/"}, corstest.Handler(open()))
	_, err := p.Fetch(request(t, "GET", "/x"))
	const want = "Access to fetch at 'http://api.test:7002/x' from origin 'http://myapp.test:7001' has been blocked by CORS policy: " +
		"Redirect location '' contains a username and password, which is disallowed for cross-origin requests."
	var blocked *corstest.BlockedError
	if !errors.As(err, &blocked) || blocked.Message != want || blocked.Stage != corstest.StageResponse || blocked.Hint == "" {
		t.Errorf("got %+v, want %s", blocked, want)
	}
}

func TestValuesInMessagesAreBoundedAndClean(t *testing.T) {
	for value, want := range map[string]string{
		"a\r\nb\x1b[0m":          `'a  b\x1b[0m'`, // servers do not send line breaks
		strings.Repeat("a", 201): "'" + strings.Repeat("a", 200) + "… (201 bytes)'",
		"http:é\xff":             `'http:\u00C3\u00A9\u00FF'`,
		`"a\b"`:                  `'"a\b"'`,
	} {
		p := pageOf(both(allowOrigin + value))
		if _, err := p.Fetch(request(t, "GET", "/x")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want the value %s", err, want)
		}
	}
}
