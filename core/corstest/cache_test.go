package corstest_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/polycors/polycors/core/corstest"
)

// A clock returns the time that the test sets.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *clock) wait(d time.Duration) { c.now = c.now.Add(d) }

func TestMaxAge(t *testing.T) {
	for _, tt := range []struct {
		lines   []string
		atOnce  int // preflights for three PUTs without delay
		delayed int // preflights for two PUTs with 5.5 s between them
	}{
		{nil, 1, 2},
		{[]string{""}, 1, 2},
		{[]string{"abc"}, 1, 2},
		{[]string{"5.5"}, 1, 2},
		{[]string{"600s"}, 1, 2},
		{[]string{"600, 600"}, 1, 2},
		{[]string{"600", "600"}, 1, 2},
		{[]string{"0x600"}, 1, 2},
		{[]string{"1_000"}, 1, 2},
		{[]string{"99999999999999999999"}, 1, 2},
		{[]string{"0"}, 3, 2},
		{[]string{"-1"}, 3, 2},
		{[]string{"-99999"}, 3, 2},
		{[]string{"5"}, 1, 2},
		{[]string{"6"}, 1, 1},
		{[]string{"600"}, 1, 1},
		{[]string{" 600 "}, 1, 1},
		{[]string{"+600"}, 1, 1},
		{[]string{"0600"}, 1, 1},
		{[]string{"86400"}, 1, 1},
		{[]string{"2147483648"}, 1, 1},
		{[]string{"4294967296"}, 1, 1},
		{[]string{"9223372036854775807"}, 1, 1},
	} {
		t.Run(fmt.Sprintf("%q", tt.lines), func(t *testing.T) {
			lines := []string{allowOrigin + app, allowMethods + "PUT"}
			for _, line := range tt.lines {
				lines = append(lines, maxAge+line)
			}
			for _, run := range []struct {
				requests int
				apart    time.Duration
				want     int
			}{{3, 0, tt.atOnce}, {2, 5500 * time.Millisecond, tt.delayed}} {
				c := newClock()
				p := pageOf(both(lines...))
				p.Now = func() time.Time { return c.now }
				for range run.requests {
					if got := outcome(t, p, request(t, "PUT", "/x")); got != ok {
						t.Fatal(got)
					}
					c.wait(run.apart)
				}
				if got := p.Preflights(); got != run.want {
					t.Errorf("%d requests %v apart: %d preflights, want %d", run.requests, run.apart, got, run.want)
				}
			}
		})
	}
}

func TestBrowserMaxAge(t *testing.T) {
	for browser, limit := range map[corstest.Browser]time.Duration{
		corstest.Chromium: 2 * time.Hour, corstest.Firefox: 24 * time.Hour, corstest.Safari: 10 * time.Minute,
	} {
		c := newClock()
		p := pageOf(both(allowOrigin+app, allowMethods+"PUT", maxAge+"4294967296"))
		p.Browser, p.Now = browser, func() time.Time { return c.now }
		for _, step := range []struct {
			wait time.Duration
			want int
		}{{0, 1}, {limit - time.Second, 1}, {time.Second, 2}} {
			c.wait(step.wait)
			outcome(t, p, request(t, "PUT", "/x"))
			if got := p.Preflights(); got != step.want {
				t.Errorf("%v, after %v: %d preflights, want %d", browser, step.wait, got, step.want)
			}
		}
	}
}

// echoing returns a server that allows methods and headers in its preflight
// responses, or what the preflight requests if the list is empty.
func echoing(methods, headers string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Access-Control-Max-Age", "600")
		h.Set("Access-Control-Allow-Methods", methods)
		h.Set("Access-Control-Allow-Headers", headers)
		if methods == "" {
			h.Set("Access-Control-Allow-Methods", r.Header.Get("Access-Control-Request-Method"))
		}
		if headers == "" {
			h.Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
		}
	})
}

// The number of preflights was measured in Chromium. It depends on what the server
// allows: everything; what is requested; *; the requested method and all headers;
// all methods and the requested headers.
func TestCacheSequences(t *testing.T) {
	const methods, headers = "GET, PUT, DELETE, PATCH", "X-A, X-B"
	styles := []http.Handler{
		echoing(methods, headers), echoing("", ""), echoing("*", "*"), echoing("", headers), echoing(methods, ""),
	}
	for sequence, want := range map[string][5]int{
		"PUT, DELETE, PATCH+X-A, PATCH+X-B": {1, 4, 1, 3, 3},
		"PUT+X-A+X-B, DELETE+X-A, PATCH":    {1, 3, 1, 3, 1},
		"GET+X-A, GET+X-B, GET+X-A":         {1, 3, 1, 1, 3},
		"PUT, DELETE, PUT, DELETE":          {1, 4, 1, 4, 1},
	} {
		for i, style := range styles {
			p := pageOf(style)
			for step := range strings.SplitSeq(sequence, ", ") {
				method, names, _ := strings.Cut(step, "+")
				req := request(t, method, "/x")
				for name := range strings.FieldsFuncSeq(names, func(c rune) bool { return c == '+' }) {
					req.Header.Set(name, "1")
				}
				if got := outcome(t, p, req); got != ok {
					t.Fatalf("%s: %s", step, got)
				}
			}
			if got := p.Preflights(); got != want[i] {
				t.Errorf("%s, style %d: %d preflights, want %d", sequence, i, got, want[i])
			}
		}
	}
}

func TestCachePerURL(t *testing.T) {
	p := pageOf(both(allowOrigin+"*", allowMethods+"PUT", maxAge+"600"))
	for i, url := range []string{"/x", "/x?a=1", "/x?a=2", "/x#f", "/x/", "/y", "http://api.test/x", "https://api.test:7002/x"} {
		for range 2 {
			outcome(t, p, request(t, "PUT", url))
		}
		if got := p.Preflights(); got != i+1 {
			t.Errorf("%s: %d preflights, want %d", url, got, i+1)
		}
	}
}

func TestCacheKey(t *testing.T) {
	type ask struct {
		origin      string
		credentials corstest.Credentials
		preflights  int // the total so far
	}
	const other = "http://other.test:7001"
	for _, tt := range []struct {
		name string
		asks []ask
	}{
		{"with credentials, then without", []ask{{app, corstest.Include, 1}, {app, corstest.Omit, 1}, {app, corstest.SameOrigin, 1}}},
		{"without credentials, then with",
			[]ask{{app, corstest.Omit, 1}, {app, corstest.SameOrigin, 1}, {app, corstest.Include, 2}, {app, corstest.Omit, 2}}},
		{"another origin", []ask{{app, corstest.Omit, 1}, {other, corstest.Omit, 2}, {app, corstest.Omit, 2}}},
		{"another port", []ask{{app, corstest.Omit, 1}, {"http://myapp.test:7002", corstest.Omit, 2}}},
		{"no origin", []ask{{"null", corstest.Omit, 1}, {"null", corstest.Omit, 2}, {"null", corstest.Omit, 3}}},
	} {
		p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			both(allowOrigin+r.Header.Get("Origin"), allowCredentials+"true", allowMethods+"PUT", maxAge+"600").ServeHTTP(w, r)
		}))
		for i, a := range tt.asks {
			p.Origin, p.Credentials = a.origin, a.credentials
			if got := outcome(t, p, request(t, "PUT", "/x")); got != ok {
				t.Fatal(got)
			}
			if got := p.Preflights(); got != a.preflights {
				t.Errorf("%s, request %d: %d preflights, want %d", tt.name, i, got, a.preflights)
			}
		}
	}
}

func TestCacheWildcard(t *testing.T) {
	// With credentials, * is a name. It remains one when a request without
	// credentials uses the cache entry.
	p := pageOf(both(allowOrigin+app, allowCredentials+"true", allowMethods+"*, PUT", maxAge+"600"))
	p.Credentials = corstest.Include
	outcome(t, p, request(t, "PUT", "/x"))
	p.Credentials = corstest.Omit
	if got := outcome(t, p, request(t, "DELETE", "/x")); got != ok || p.Preflights() != 2 {
		t.Errorf("%s after %d preflights, want two", got, p.Preflights())
	}
}

func TestWildcardAuthorization(t *testing.T) {
	for browser, want := range map[corstest.Browser]string{corstest.Chromium: ok, corstest.Firefox: badHeader, corstest.Safari: badHeader} {
		p := pageOf(both(allowOrigin+"*", allowHeaders+"*", maxAge+"600"))
		p.Browser = browser
		outcome(t, p, request(t, "GET", "/x", "X-A: 1"))
		for range 2 { // the cached preflight does not cover Authorization
			before := p.Preflights()
			if got := outcome(t, p, request(t, "GET", "/x", "Authorization: x")); got != want || p.Preflights() != before+1 {
				t.Errorf("%v: %s after %d preflights, want %s after one", browser, got, p.Preflights()-before, want)
			}
		}
		warned := slices.Contains(p.Warnings(), corstest.Warning{URL: api + "/x", Text: corstest.WarnAuthorizationWildcard})
		if warned != (want == ok) {
			t.Errorf("%v: warnings %v", browser, p.Warnings())
		}
	}
}

func TestCacheAfterFailure(t *testing.T) {
	p := pageOf(both(allowOrigin+app, allowMethods+"PUT", maxAge+"600"))
	for i, step := range []struct {
		method, want string
		preflights   int
	}{{"PUT", ok, 1}, {"PUT", ok, 1}, {"DELETE", badMethod, 2}, {"PUT", ok, 3}, {"PUT", ok, 3}} {
		if got := outcome(t, p, request(t, step.method, "/x")); got != step.want || p.Preflights() != step.preflights {
			t.Errorf("request %d: %s after %d preflights, want %s after %d", i, got, p.Preflights(), step.want, step.preflights)
		}
	}
}

func TestCacheRefusal(t *testing.T) {
	p := pageOf(server{preflight: reply{403, []string{maxAge + "600"}}})
	for range 2 {
		outcome(t, p, request(t, "PUT", "/x"))
	}
	if got := p.Preflights(); got != 2 {
		t.Errorf("%d preflights, want 2", got)
	}
}

func TestCacheConditionalRequest(t *testing.T) {
	for _, name := range []string{"If-None-Match", "If-Modified-Since"} {
		p := pageOf(server{with(allowOrigin+"*", allowHeaders+"*", maxAge+"600"), with(allowOrigin + "*")})
		for range 2 {
			if got := outcome(t, p, request(t, "GET", "/x", name+": x")); got != ok {
				t.Fatal(got)
			}
		}
		if p.Preflights() != 2 || !slices.Equal(requestHeader(p, 0, "Cache-Control"), []string{"max-age=0"}) {
			t.Errorf("%s: %d preflights, %v", name, p.Preflights(), p.Exchanges()[0].RequestHeader)
		}
	}
}

func TestEndlessPreflight(t *testing.T) {
	body, end := io.Pipe()
	defer end.Close()
	p := pageOf(nil)
	p.Transport = corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		header := http.Header{"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Methods": {"PUT"}}
		if req.Method == http.MethodOptions {
			return &http.Response{StatusCode: 200, Header: header, Body: body}, nil
		}
		return &http.Response{StatusCode: 200, Header: header}, nil
	})
	if got := outcome(t, p, request(t, "PUT", "/x")); got != ok {
		t.Error(got)
	}
}
