package corstest_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

const (
	app = "http://myapp.test:7001" // the page
	api = "http://api.test:7002"   // the server, in most tests
)

// The beginnings of header lines.
const (
	allowOrigin      = "Access-Control-Allow-Origin: "
	allowCredentials = "Access-Control-Allow-Credentials: "
	allowMethods     = "Access-Control-Allow-Methods: "
	allowHeaders     = "Access-Control-Allow-Headers: "
	maxAge           = "Access-Control-Max-Age: "
	expose           = "Access-Control-Expose-Headers: "
	variesByOrigin   = "Vary: Origin"
)

// A reply is a response: its status, 0 for 200, and its header lines.
type reply struct {
	status int
	lines  []string
}

func with(lines ...string) reply { return reply{lines: lines} }

func (r reply) write(w http.ResponseWriter) {
	for _, line := range r.lines {
		name, value, _ := strings.Cut(line, ":")
		w.Header()[name] = append(w.Header()[name], strings.TrimPrefix(value, " "))
	}
	if r.status != 0 {
		w.WriteHeader(r.status)
	}
}

// A server has one response to preflights, and one to other requests.
type server struct{ preflight, response reply }

func (s server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" {
		s.preflight.write(w)
		return
	}
	s.response.write(w)
}

// open returns a server that allows everything.
func open() server {
	return server{
		preflight: with(allowOrigin+"*", allowMethods+"*", allowHeaders+"*, Authorization"),
		response:  with(allowOrigin + "*"),
	}
}

// both returns a server that sends the same response to preflights and other requests.
func both(lines ...string) server { return server{with(lines...), with(lines...)} }

// unchecked returns a transport that does not check or change header values, as
// net/http does.
func unchecked(h http.Handler) http.RoundTripper {
	return corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		return w.Result(), nil
	})
}

// pageOf returns a page of app that sends its requests to h.
func pageOf(h http.Handler) *corstest.Page {
	return &corstest.Page{Origin: app, Server: api, Transport: corstest.Handler(h)}
}

func request(t testing.TB, method, url string, headers ...string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Method = method
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		req.Header[name] = append(req.Header[name], value)
	}
	return req
}

const ok = "ok"

// outcome sends a request. It returns ok, the issue of a [corstest.BlockedError],
// or "TypeError" for any other error.
func outcome(t testing.TB, p *corstest.Page, req *http.Request) string {
	t.Helper()
	res, err := p.Fetch(req)
	var blocked *corstest.BlockedError
	switch {
	case errors.As(err, &blocked):
		return string(blocked.Issue)
	case err != nil:
		return "TypeError"
	}
	res.Body.Close()
	return ok
}

// requestHeader returns a header of the i-th request that the page sent.
func requestHeader(p *corstest.Page, i int, name string) []string {
	return p.Exchanges()[i].RequestHeader[name]
}
