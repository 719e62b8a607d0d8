package corstest_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// A fakeT records its failures.
type fakeT struct {
	testing.TB // panics if anything else is called
	ctx        context.Context
	failures   []string
	fatal      bool
}

func (t *fakeT) Helper()                  {}
func (t *fakeT) Context() context.Context { return t.ctx }
func (t *fakeT) Error(args ...any)        { t.failures = append(t.failures, fmt.Sprint(args...)) }
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
