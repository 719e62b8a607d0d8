package corstest_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

func TestAllowOriginAndCredentials(t *testing.T) {
	const (
		missing     = "MissingAllowOriginHeader"
		mismatch    = "AllowOriginMismatch"
		invalid     = "InvalidAllowOriginValue"
		multiple    = "MultipleAllowOriginValues"
		wildcard    = "WildcardOriginNotAllowed"
		credentials = "InvalidAllowCredentials"
		own         = allowOrigin + app
		yes         = allowCredentials + "true"
	)
	for _, tt := range []struct {
		lines          []string
		plain, include string
	}{
		{nil, missing, missing},
		{[]string{yes}, missing, missing},
		{[]string{allowOrigin + "*"}, ok, wildcard},
		{[]string{allowOrigin + "*", yes}, ok, wildcard},
		{[]string{own}, ok, credentials},
		{[]string{own, yes}, ok, ok},
		{[]string{allowOrigin + "  " + app + "\t", allowCredentials + " true "}, ok, ok},
		{[]string{own, allowCredentials + "True"}, ok, credentials},
		{[]string{own, allowCredentials + "TRUE"}, ok, credentials},
		{[]string{own, allowCredentials + "1"}, ok, credentials},
		{[]string{own, allowCredentials + "false"}, ok, credentials},
		{[]string{own, allowCredentials}, ok, credentials},
		{[]string{own, allowCredentials + "true, true"}, ok, credentials},
		{[]string{own, yes, yes}, ok, credentials},

		{[]string{own + "/", yes}, mismatch, mismatch},
		{[]string{own + "/path", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "http://MyApp.test:7001", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "HTTP://myapp.test:7001", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "http://myapp.test", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "http://myapp.test:80", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "https://myapp.test:7001", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "myapp.test:7001", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "http://*.test:7001", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "http://bücher.test:7001", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "http:myapp.test:7001", yes}, mismatch, mismatch},
		{[]string{allowOrigin + "null", yes}, mismatch, mismatch},

		{[]string{allowOrigin, yes}, invalid, invalid},
		{[]string{allowOrigin + "foo", yes}, invalid, invalid},
		{[]string{allowOrigin + "myapp.test", yes}, invalid, invalid},
		{[]string{allowOrigin + `"` + app + `"`, yes}, invalid, invalid},
		{[]string{allowOrigin + "http://myapp.test:*", yes}, invalid, invalid},
		{[]string{allowOrigin + "http://myapp.test:70000", yes}, invalid, invalid},
		{[]string{allowOrigin + "http://256.0.0.1", yes}, invalid, invalid},
		{[]string{allowOrigin + "http://", yes}, invalid, invalid},
		{[]string{allowOrigin + "NULL", yes}, invalid, invalid},

		{[]string{own + ", https://b.test", yes}, multiple, multiple},
		{[]string{own + " https://b.test", yes}, multiple, multiple},
		{[]string{own + "," + app, yes}, multiple, multiple},
		{[]string{allowOrigin + "*, *", yes}, multiple, multiple},
		{[]string{own, own, yes}, multiple, multiple},
		{[]string{own, allowOrigin + "*", yes}, multiple, multiple},
		{[]string{allowOrigin + "*", allowOrigin + "*"}, multiple, multiple},
		{[]string{own, allowOrigin, yes}, multiple, multiple},
	} {
		for mode, want := range map[corstest.Credentials]string{
			corstest.SameOrigin: tt.plain, corstest.Omit: tt.plain, corstest.Include: tt.include,
		} {
			t.Run(fmt.Sprintf("%q, credentials %d", tt.lines, mode), func(t *testing.T) {
				p := pageOf(both(append(tt.lines, allowMethods+"PUT")...))
				p.Credentials = mode
				if got := outcome(t, p, request(t, "GET", "/x")); got != want {
					t.Errorf("response: %s, want %s", got, want)
				}
				if want != ok {
					want = "Preflight" + want
				}
				if got := outcome(t, p, request(t, "PUT", "/x")); got != want {
					t.Errorf("preflight: %s, want %s", got, want)
				}
			})
		}
	}
}

func TestNullOrigin(t *testing.T) {
	for _, tt := range []struct{ origin, plain, include string }{
		{"null", ok, ok},
		{"*", ok, "WildcardOriginNotAllowed"},
		{app, "AllowOriginMismatch", "AllowOriginMismatch"},
		{"Null", "InvalidAllowOriginValue", "InvalidAllowOriginValue"},
	} {
		p := pageOf(both(allowOrigin+tt.origin, allowCredentials+"true"))
		p.Origin = "null"
		plain := outcome(t, p, request(t, "GET", "/x"))
		p.Credentials = corstest.Include
		include := outcome(t, p, request(t, "GET", "/x"))
		if plain != tt.plain || include != tt.include {
			t.Errorf("%s: %s, and %s with credentials, want %s and %s", tt.origin, plain, include, tt.plain, tt.include)
		}
	}
}

func TestResponseStatus(t *testing.T) {
	for _, status := range []int{200, 204, 300, 304, 400, 401, 403, 404, 500, 503} {
		p := pageOf(server{response: reply{status, []string{allowOrigin + app}}})
		res, err := p.Fetch(request(t, "GET", "/x"))
		if err != nil || res.StatusCode != status {
			t.Errorf("%d: %v, %v", status, res, err)
		}
		p = pageOf(server{response: reply{status: status}})
		if got := outcome(t, p, request(t, "GET", "/x")); got != "MissingAllowOriginHeader" {
			t.Errorf("%d without the header: %s", status, got)
		}
	}
}

// Issues with long names.
const (
	badMethod  = "MethodDisallowedByPreflightResponse"
	badHeader  = "HeaderDisallowedByPreflightResponse"
	badMethods = "InvalidAllowMethodsPreflightResponse"
	badHeaders = "InvalidAllowHeadersPreflightResponse"
)

func TestAllowMethods(t *testing.T) {
	for _, tt := range []struct {
		lines          []string
		method         string
		plain, include string
	}{
		{nil, "PUT", badMethod, badMethod},
		{nil, "PATCH", badMethod, badMethod},
		{nil, "DELETE", badMethod, badMethod},
		{nil, "OPTIONS", badMethod, badMethod},
		{nil, "POST", ok, ok},
		{nil, "GET", ok, ok},
		{nil, "HEAD", ok, ok},
		{[]string{""}, "PUT", badMethod, badMethod},
		{[]string{"PUT"}, "POST", ok, ok},
		{[]string{"PUT"}, "PUT", ok, ok},
		{[]string{"PUT"}, "put", ok, ok},
		{[]string{"PUT"}, "DELETE", badMethod, badMethod},
		{[]string{"put"}, "PUT", badMethod, badMethod},
		{[]string{"PATCH"}, "patch", badMethod, badMethod},
		{[]string{"patch"}, "patch", ok, ok},
		{[]string{"patch"}, "PATCH", badMethod, badMethod},
		{[]string{"*"}, "PUT", ok, badMethod},
		{[]string{"*"}, "patch", ok, badMethod},
		{[]string{"*"}, "*", ok, ok},
		{[]string{"*, PUT"}, "PUT", ok, ok},
		{[]string{"*, PUT"}, "DELETE", ok, badMethod},
		{[]string{"GET, HEAD, PUT, PATCH, POST, DELETE"}, "DELETE", ok, ok},
		{[]string{"GET,PUT"}, "PUT", ok, ok},
		{[]string{"\tGET \t,\t PUT\t"}, "PUT", ok, ok},
		{[]string{",,PUT,,"}, "PUT", ok, ok},
		{[]string{"GET", "PUT"}, "PUT", ok, ok},
		{[]string{"GET PUT"}, "PUT", badMethods, badMethods},
		{[]string{"GET;PUT"}, "PUT", badMethods, badMethods},
		{[]string{"PUT, a(b"}, "PUT", badMethods, badMethods},
		{[]string{"PUT", "a(b"}, "PUT", badMethods, badMethods},
		{[]string{"[PUT]"}, "POST", badMethods, badMethods},
		{[]string{`"PUT"`}, "PUT", badMethods, badMethods},
	} {
		t.Run(fmt.Sprintf("%q for %s", tt.lines, tt.method), func(t *testing.T) {
			checkGrant(t, "Access-Control-Allow-Methods", tt.lines, tt.plain, tt.include,
				request(t, tt.method, "/x", "Content-Type: application/json"), allowHeaders+"Content-Type")
		})
	}
}

func TestAllowHeaders(t *testing.T) {
	for _, tt := range []struct {
		lines          []string
		header         string
		plain, include string
	}{
		{nil, "X-A: 1", badHeader, badHeader},
		{[]string{""}, "X-A: 1", badHeader, badHeader},
		{[]string{"X-A"}, "X-A: 1", ok, ok},
		{[]string{"x-a"}, "X-A: 1", ok, ok},
		{[]string{"X-A"}, "x-a: 1", ok, ok},
		{[]string{"X-A, X-B, X-C"}, "X-B: 1", ok, ok},
		{[]string{"X-A"}, "X-B: 1", badHeader, badHeader},
		{[]string{"*"}, "X-A: 1", ok, badHeader},
		{[]string{"*, x-a"}, "X-A: 1", ok, ok},
		{[]string{"*, x-a"}, "X-B: 1", ok, badHeader},
		{[]string{"X-*"}, "X-A: 1", badHeader, badHeader},
		{[]string{"*"}, "Authorization: x", ok, badHeader}, // in Chromium, not by the standard
		{[]string{"*,authorization"}, "Authorization: x", ok, ok},
		{[]string{"Authorization, *"}, "Authorization: x", ok, ok},
		{[]string{"X-A"}, "Content-Type: application/json", badHeader, badHeader},
		{[]string{"X-A"}, "Content-Type: text/plain", ok, ok},
		{[]string{"X-A"}, "Accept: " + strings.Repeat("a", 129), badHeader, badHeader},
		{[]string{"Accept"}, "Accept: " + strings.Repeat("a", 129), ok, ok},
		{[]string{"\tX-B \t,\t X-A\t"}, "X-A: 1", ok, ok},
		{[]string{",,X-A,,"}, "X-A: 1", ok, ok},
		{[]string{"X-B", "X-A"}, "X-A: 1", ok, ok},
		{[]string{"X-B X-A"}, "X-A: 1", badHeaders, badHeaders},
		{[]string{"X-B;X-A"}, "X-A: 1", badHeaders, badHeaders},
		{[]string{"X-A, a(b"}, "X-A: 1", badHeaders, badHeaders},
		{[]string{"X-Ä"}, "X-A: 1", badHeaders, badHeaders},
	} {
		t.Run(fmt.Sprintf("%q for %.30s", tt.lines, tt.header), func(t *testing.T) {
			checkGrant(t, "Access-Control-Allow-Headers", tt.lines, tt.plain, tt.include,
				request(t, "PUT", "/x", tt.header), allowMethods+"PUT")
		})
	}
}

// checkGrant sends a request, without and with credentials, to a server that has
// the header lines in its preflight response.
func checkGrant(t *testing.T, name string, lines []string, plain, include string, req *http.Request, other string) {
	t.Helper()
	s := both(allowOrigin+app, allowCredentials+"true", other)
	for _, line := range lines {
		s.preflight.lines = append(s.preflight.lines, name+": "+line)
	}
	for mode, want := range map[corstest.Credentials]string{corstest.SameOrigin: plain, corstest.Include: include} {
		p := pageOf(s)
		p.Credentials = mode
		if got := outcome(t, p, req); got != want || p.Preflights() != 1 {
			t.Errorf("credentials %d: %s after %d preflights, want %s after one", mode, got, p.Preflights(), want)
		}
	}
}

func TestFirstRefusedHeader(t *testing.T) {
	p := pageOf(both(allowOrigin+app, allowHeaders+"x-b"))
	_, err := p.Fetch(request(t, "GET", "/x", "X-C: 1", "X-B: 1", "X-A: 1", "X-D: 1"))
	if err == nil || !strings.Contains(err.Error(), "Request header field x-a is not allowed") {
		t.Errorf("error %v, want x-a", err)
	}
}

func TestPreflightStatus(t *testing.T) {
	good := []string{allowOrigin + app, allowMethods + "PUT"}
	for _, status := range []int{200, 201, 202, 204, 205, 206, 226, 299} {
		p := pageOf(server{reply{status, good}, with(good...)})
		if got := outcome(t, p, request(t, "PUT", "/x")); got != ok {
			t.Errorf("%d: %s", status, got)
		}
	}
	for _, status := range []int{300, 304, 305, 400, 401, 403, 404, 405, 421, 429, 500, 503} {
		for _, location := range []string{"", "/y"} {
			p := pageOf(server{reply{status, append(good, "Location: "+location)}, with(good...)})
			if got := outcome(t, p, request(t, "PUT", "/x")); got != "PreflightInvalidStatus" || len(p.Exchanges()) != 1 {
				t.Errorf("%d to %q: %s", status, location, got)
			}
		}
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{"/x/", "https://myapp.test/"} {
			p := pageOf(server{reply{status, append(good, "Location: "+location)}, with(good...)})
			if got := outcome(t, p, request(t, "PUT", "/x")); got != "PreflightDisallowedRedirect" || len(p.Exchanges()) != 1 {
				t.Errorf("%d to %s: %s", status, location, got)
			}
		}
	}
}

func TestPreflightIgnoredHeaders(t *testing.T) {
	for _, lines := range [][]string{
		{"Content-Length: 0"}, {"Content-Length: 5"}, {"Vary: *"}, {"Allow: GET"},
		{"Cross-Origin-Resource-Policy: same-origin"}, {"Content-Type: text/html"}, {expose + "X-A"},
	} {
		s := both(allowOrigin+app, allowMethods+"PUT")
		s.preflight.lines = append(s.preflight.lines, lines...)
		if got := outcome(t, pageOf(s), request(t, "PUT", "/x")); got != ok {
			t.Errorf("%s: %s", lines, got)
		}
	}
}

// Each step fixes the issue of the preflight response that the previous check
// reported.
func TestCheckOrder(t *testing.T) {
	lines := []string{"Location: /y", allowMethods + "a b", allowHeaders + "c d", allowCredentials + "no"}
	status := 301
	for _, step := range []struct {
		want string
		fix  func()
	}{
		{"PreflightDisallowedRedirect", func() { status = 404 }},
		{"PreflightMissingAllowOriginHeader", func() { lines = append(lines, allowOrigin+"https://b.test") }},
		{"PreflightAllowOriginMismatch", func() { lines[4] = allowOrigin + app }},
		{"PreflightInvalidAllowCredentials", func() { lines[3] = allowCredentials + "true" }},
		{"PreflightInvalidStatus", func() { status = 204 }},
		{badMethods, func() { lines[1] = allowMethods + "DELETE" }},
		{badHeaders, func() { lines[2] = allowHeaders + "X-B" }},
		{badMethod, func() { lines[1] = allowMethods + "PUT" }},
		{badHeader, func() { lines[2] = allowHeaders + "X-A" }},
		{"MissingAllowOriginHeader", nil},
	} {
		p := pageOf(server{preflight: reply{status, lines}})
		p.Credentials = corstest.Include
		if got := outcome(t, p, request(t, "PUT", "/x", "X-A: 1")); got != step.want {
			t.Fatalf("%d %q: %s, want %s", status, lines, got, step.want)
		}
		if step.fix != nil {
			step.fix()
		}
	}
}

func TestReadableHeaders(t *testing.T) {
	always := map[string]string{
		"Cache-Control": "x", "Content-Language": "x", "Content-Length": "0", "Content-Type": "x", "Expires": "x",
		"Last-Modified": "x", "Pragma": "x",
	}
	never := []string{"Set-Cookie", "Set-Cookie2"}
	others := []string{"Etag", "Location", "Date", "Link", "Retry-After", "Content-Disposition", "Www-Authenticate",
		"X-One", "X-Two", "Authorization", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"}
	const all = "*"
	for _, tt := range []struct {
		lines          []string
		plain, include string // the readable headers in others
	}{
		{nil, "", ""},
		{[]string{""}, "", ""},
		{[]string{"X-One"}, "X-One", "X-One"},
		{[]string{"x-one"}, "X-One", "X-One"},
		{[]string{"X-One, etag"}, "Etag X-One", "Etag X-One"},
		{[]string{"X-One", "X-Two"}, "X-One X-Two", "X-One X-Two"},
		{[]string{",, X-One,"}, "X-One", "X-One"},
		{[]string{"X-One X-Two"}, "", ""},
		{[]string{`"X-One"`}, "", ""},
		{[]string{"X-One, a(b"}, "", ""},
		{[]string{"X-One", "a b"}, "", ""},
		{[]string{"X-*"}, "", ""},
		{[]string{"*"}, all, ""},
		{[]string{"*, X-One"}, all, "X-One"},
		{[]string{"Set-Cookie, Set-Cookie2, X-One"}, "X-One", "X-One"},
		{[]string{"Authorization"}, "Authorization", "Authorization"},
		{[]string{"Access-Control-Allow-Origin"}, "Access-Control-Allow-Origin", "Access-Control-Allow-Origin"},
	} {
		for mode, want := range map[corstest.Credentials]string{
			corstest.Omit: tt.plain, corstest.SameOrigin: tt.plain, corstest.Include: tt.include,
		} {
			t.Run(fmt.Sprintf("%q, credentials %d", tt.lines, mode), func(t *testing.T) {
				s := both(allowOrigin+app, allowCredentials+"true")
				for name, value := range always {
					s.response.lines = append(s.response.lines, name+": "+value)
				}
				for _, name := range append(never, others...) {
					if !strings.HasPrefix(name, "Access-") {
						s.response.lines = append(s.response.lines, name+": x")
					}
				}
				for _, line := range tt.lines {
					s.response.lines = append(s.response.lines, expose+line)
				}
				p := pageOf(s)
				p.Credentials = mode
				res, err := p.Fetch(request(t, "GET", "/x"))
				if err != nil {
					t.Fatal(err)
				}
				wanted := strings.Fields(want)
				if want == all {
					wanted = append(slices.Clone(others), "Access-Control-Expose-Headers")
				}
				wanted = slices.Sorted(slices.Values(append(wanted, slices.Collect(maps.Keys(always))...)))
				if got := slices.Sorted(maps.Keys(res.Header)); !slices.Equal(got, wanted) {
					t.Errorf("reads\n %q, want\n %q", got, wanted)
				}
			})
		}
	}
}

func TestPreflightExposedHeaders(t *testing.T) {
	s := both(allowOrigin+app, allowMethods+"PUT")
	s.preflight.lines = append(s.preflight.lines, expose+"X-One")
	s.response.lines = append(s.response.lines, "X-One: 1")
	res, err := pageOf(s).Fetch(request(t, "PUT", "/x"))
	if err != nil || res.Header.Get("X-One") != "" {
		t.Errorf("got %v, %v", res.Header, err)
	}
}
