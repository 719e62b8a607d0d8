package corstest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// A fakeT records its failures.
type fakeT struct {
	testing.TB // panics if anything else is called
	ctx        context.Context
	failures   []string
	logs       []string
	fatal      bool
}

func (t *fakeT) Helper()                  {}
func (t *fakeT) Context() context.Context { return t.ctx }
func (t *fakeT) Error(args ...any)        { t.failures = append(t.failures, fmt.Sprint(args...)) }
func (t *fakeT) Logf(format string, args ...any) {
	t.logs = append(t.logs, fmt.Sprintf(format, args...))
}
func (t *fakeT) Errorf(format string, args ...any) {
	t.failures = append(t.failures, fmt.Sprintf(format, args...))
}
func (t *fakeT) Fatalf(format string, args ...any) {
	t.Errorf(format, args...)
	t.fatal = true
	runtime.Goexit()
}

// failures runs f in its own goroutine, as the testing package does, and returns
// its failures.
func failures(t *testing.T, f func(testing.TB)) []string {
	t.Helper()
	fake := &fakeT{ctx: t.Context()}
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(fake)
	}()
	<-done
	return fake.failures
}

func TestAllows(t *testing.T) {
	p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "Authorization, X-A")
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusForbidden)
		}
		fmt.Fprintf(w, "%s %q", r.Header.Get("Authorization"), r.Header["X-A"])
	}))
	var res *http.Response
	if got := failures(t, func(t testing.TB) {
		res = corstest.Allows(t, p, "POST", "/x", "Authorization: Bearer a:b", "X-A:1", "X-A: 2 ")
	}); got != nil {
		t.Fatal(got)
	}
	body, err := io.ReadAll(res.Body)
	if want := `Bearer a:b ["1, 2"]`; err != nil || string(body) != want || res.StatusCode != http.StatusForbidden {
		t.Errorf("got %d %q, %v, want 403 %q", res.StatusCode, body, err, want)
	}
}

func TestRefuses(t *testing.T) {
	var blocked *corstest.BlockedError
	if got := failures(t, func(t testing.TB) {
		blocked = corstest.Refuses(t, pageOf(server{}), "GET", "/x")
	}); got != nil || blocked == nil || blocked.Issue != corstest.IssueMissingAllowOrigin {
		t.Errorf("got %v, failures %q", blocked, got)
	}
}

func TestBody(t *testing.T) {
	p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open().ServeHTTP(w, r)
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s: %q", r.Header.Get("X-A"), r.Header.Get("Content-Type"), body)
	}))
	for _, tt := range []struct {
		name       string
		arguments  []string
		want       string
		preflights int
	}{
		{"JSON", []string{corstest.Body("application/json", `{"a": 1}`)}, ` application/json: "{\"a\": 1}"`, 1},
		{"JSON before a header", []string{corstest.Body("application/json", "1"), "X-A: 1"}, `1 application/json: "1"`, 1},
		{"a form", []string{corstest.Body("application/x-www-form-urlencoded", "a=1&b=2")}, ` application/x-www-form-urlencoded: "a=1&b=2"`, 0},
		{"a string", []string{corstest.Body("", "hello")}, ` text/plain;charset=UTF-8: "hello"`, 0},
		{"an empty body", []string{corstest.Body("", "")}, ` text/plain;charset=UTF-8: ""`, 0},
		{"empty lines in the body", []string{corstest.Body("", "a\r\n\r\nb")}, ` text/plain;charset=UTF-8: "a\r\n\r\nb"`, 0},
	} {
		before := p.Preflights()
		res := corstest.Allows(t, p, "POST", "/"+tt.name, tt.arguments...)
		if body, err := io.ReadAll(res.Body); err != nil || string(body) != tt.want || p.Preflights()-before != tt.preflights {
			t.Errorf("%s: %q after %d preflights, want %q after %d", tt.name, body, p.Preflights()-before, tt.want, tt.preflights)
		}
	}
}

func TestRefusesWith(t *testing.T) {
	var blocked *corstest.BlockedError
	if got := failures(t, func(t testing.TB) {
		blocked = corstest.RefusesWith(t, pageOf(server{}), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/x")
	}); got != nil || blocked == nil || blocked.Stage != corstest.StagePreflight {
		t.Errorf("got %v, failures %q", blocked, got)
	}
}

// A failing server is not proof of a policy.
func TestRefusesFailingServer(t *testing.T) {
	for _, tt := range []struct {
		name   string
		server server
		passes bool
	}{
		{"a plain 500", server{response: reply{500, nil}}, false},
		{"a plain 500 for the preflight", server{preflight: reply{500, nil}}, false},
		{"a 503 that varies by something else", server{response: reply{503, []string{"Vary: Accept-Encoding"}}}, false},
		{"a 500 after a preflight that allows", server{open().preflight, reply{500, nil}}, false},
		{"a 500 that varies by origin", server{response: reply{500, []string{"Vary: Accept, origin"}}}, true},
		{"a 500 with a CORS header", server{response: reply{500, []string{expose + "X-A"}}}, true},
		{"a 403", server{response: reply{403, nil}}, true},
		{"a 404", server{response: reply{404, nil}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			method, issue := "GET", corstest.IssueMissingAllowOrigin
			if tt.server.preflight.lines != nil || tt.server.preflight.status != 0 {
				method = "PUT"
			}
			if tt.server.preflight.status != 0 {
				issue = corstest.IssuePreflightMissingAllowOrigin
			}
			got := failures(t, func(t testing.TB) { corstest.Refuses(t, pageOf(tt.server), method, "/x") })
			if tt.passes != (got == nil) {
				t.Errorf("Refuses: failures %q", got)
			}
			if !tt.passes && !strings.Contains(strings.Join(got, ""), "is refused because the server fails: it answers 50") {
				t.Errorf("Refuses: failures %q", got)
			}
			got = failures(t, func(t testing.TB) { corstest.RefusesWith(t, pageOf(tt.server), issue, method, "/x") })
			if got != nil {
				t.Errorf("RefusesWith: failures %q", got)
			}
		})
	}
}

func TestForbiddenHeader(t *testing.T) {
	for header, want := range map[string]string{
		"Cookie: a=1":                   `corstest: a script cannot set the header "Cookie": put cookies into Page.Jar`,
		"origin: https://evil.example":  `corstest: a script cannot set the header "Origin": set Page.Origin`,
		"Host: evil.example":            `corstest: a script cannot set the header "Host": write the host into the URL, or set Page.Server`,
		"Sec-Fetch-Site: same-origin":   `corstest: a script cannot set the header "Sec-Fetch-Site": browsers drop it`,
		"X-HTTP-Method-Override: TRACE": `corstest: a script cannot set the header "X-Http-Method-Override": browsers drop it`,
	} {
		p := pageOf(open())
		got := failures(t, func(t testing.TB) { corstest.Allows(t, p, "GET", "/x", header) })
		if len(got) != 1 || !strings.Contains(got[0], want) || len(p.Exchanges()) > 0 {
			t.Errorf("Allows with %s: failures %q after %d exchanges, want %q", header, got, len(p.Exchanges()), want)
		}
		got = failures(t, func(t testing.TB) { corstest.Refuses(t, pageOf(server{}), "GET", "/x", header) })
		if len(got) != 1 || !strings.Contains(got[0], "fails, but not by CORS:\n"+want) {
			t.Errorf("Refuses with %s: failures %q, want %q", header, got, want)
		}
		name, _, _ := strings.Cut(header, ":")
		warning := corstest.Warning{URL: api + "/x", Text: corstest.WarnForbiddenHeader + ": " + name}
		if outcome(t, p, request(t, "GET", "/x", header)); !slices.Equal(p.Warnings(), []corstest.Warning{warning}) {
			t.Errorf("Fetch with %s: warnings %v, want %v", header, p.Warnings(), warning)
		}
	}
}

func TestAssertionMessages(t *testing.T) {
	broken := corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	for _, tt := range []struct {
		name   string
		page   *corstest.Page
		assert func(testing.TB, *corstest.Page)
		want   string
	}{
		{"a refused request, for Allows", pageOf(both(allowOrigin + app)),
			func(t testing.TB, p *corstest.Page) { corstest.Allows(t, p, "PUT", "/x") },
			`PUT /x from http://myapp.test:7001 is refused, want it allowed:
` + blockedByCORS + `Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.
hint: add "PUT" to Access-Control-Allow-Methods; with credentials, * is not enough
> OPTIONS http://api.test:7002/x
> Access-Control-Request-Method: PUT
> Origin: http://myapp.test:7001
< 200 OK
< Access-Control-Allow-Origin: http://myapp.test:7001
`},
		{"an allowed request, for Refuses", pageOf(both(allowOrigin + "*")),
			func(t testing.TB, p *corstest.Page) { corstest.Refuses(t, p, "GET", "/x") },
			`GET /x from http://myapp.test:7001 is allowed, want it refused:
> GET http://api.test:7002/x
> Origin: http://myapp.test:7001
< 200 OK
< Access-Control-Allow-Origin: *
`},
		{"another reason, for RefusesWith", pageOf(server{}),
			func(t testing.TB, p *corstest.Page) {
				corstest.RefusesWith(t, p, corstest.IssueMethodDisallowed, "GET", "/x")
			},
			`GET /x from http://myapp.test:7001 is refused with MissingAllowOriginHeader, want MethodDisallowedByPreflightResponse:
` + blockedByCORS + `No 'Access-Control-Allow-Origin' header is present on the requested resource.
hint: the response does not come through the CORS middleware, or the origin is not allowed: mount it for the whole application, before the routes, and list the origin
> GET http://api.test:7002/x
> Origin: http://myapp.test:7001
< 200 OK
`},
		{"a server that fails, for Refuses", pageOf(server{response: reply{status: 500}}),
			func(t testing.TB, p *corstest.Page) { corstest.Refuses(t, p, "GET", "/x") },
			`GET /x from http://myapp.test:7001 is refused because the server fails: it answers 500, and no header shows that a CORS policy answered.
If this is the response to test, use RefusesWith:
` + blockedByCORS + `No 'Access-Control-Allow-Origin' header is present on the requested resource.
hint: the response does not come through the CORS middleware, or the origin is not allowed: mount it for the whole application, before the routes, and list the origin
> GET http://api.test:7002/x
> Origin: http://myapp.test:7001
< 500 Internal Server Error
`},
		{"an error of the transport, for Allows", &corstest.Page{Origin: app, Transport: broken},
			func(t testing.TB, p *corstest.Page) { corstest.Allows(t, p, "GET", "/x") },
			`GET /x from http://myapp.test:7001 is refused, want it allowed:
unexpected EOF
> GET https://api.example/x
> Origin: http://myapp.test:7001
* unexpected EOF
`},
		{"an error of the transport, for Refuses", &corstest.Page{Origin: app, Transport: broken},
			func(t testing.TB, p *corstest.Page) { corstest.Refuses(t, p, "GET", "/x") },
			`GET /x from http://myapp.test:7001 fails, but not by CORS:
unexpected EOF
> GET https://api.example/x
> Origin: http://myapp.test:7001
* unexpected EOF
`},
		{"only the exchanges of the failed call", pageOf(both(allowOrigin + "*")),
			func(t testing.TB, p *corstest.Page) {
				corstest.Allows(t, p, "GET", "/first")
				corstest.Refuses(t, p, "HEAD", "/second")
			},
			`HEAD /second from http://myapp.test:7001 is allowed, want it refused:
> HEAD http://api.test:7002/second
> Origin: http://myapp.test:7001
< 200 OK
< Access-Control-Allow-Origin: *
`},
		{"a header without a colon", pageOf(open()),
			func(t testing.TB, p *corstest.Page) { corstest.Allows(t, p, "GET", "/x", "X-A") },
			`GET /x from http://myapp.test:7001 is refused, want it allowed:
corstest: header "X-A" is not of the form "Name: value"
`},
		{"an invalid URL", pageOf(open()),
			func(t testing.TB, p *corstest.Page) { corstest.Allows(t, p, "GET", "http://a b/") },
			`GET http://a b/ from http://myapp.test:7001 is refused, want it allowed:
parse "http://a b/": invalid character " " in host name
`},
		{"an incomplete body", &corstest.Page{Origin: app, Transport: corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) {
			res := redirect(200, "", "*")
			res.Body = io.NopCloser(failingReader{})
			return res, nil
		})},
			func(t testing.TB, p *corstest.Page) { corstest.Allows(t, p, "GET", "/x") },
			`GET /x from http://myapp.test:7001 is refused, want it allowed:
unexpected EOF
> GET https://api.example/x
> Origin: http://myapp.test:7001
< 200 OK
< Access-Control-Allow-Origin: *
< Location: ` + `
`},
		{"warnings", pageOf(both(allowOrigin+app, maxAge+"99999", allowMethods+"PUT")),
			func(t testing.TB, p *corstest.Page) {
				corstest.Allows(t, p, "PUT", "/x")
				corstest.NoWarnings(t, p)
			},
			"warning for http://myapp.test:7001: http://api.test:7002/x: " + corstest.WarnMaxAge + "\x00" +
				"warning for http://myapp.test:7001: http://api.test:7002/x: " + corstest.WarnVary},
		{"no warnings", pageOf(open()),
			func(t testing.TB, p *corstest.Page) {
				corstest.Allows(t, p, "PUT", "/x")
				corstest.NoWarnings(t, p)
			}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := strings.Join(failures(t, func(t testing.TB) { tt.assert(t, tt.page) }), "\x00")
			if got != tt.want {
				t.Errorf("failures\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
