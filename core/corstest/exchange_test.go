package corstest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

func TestHost(t *testing.T) {
	var got string
	p := pageOf(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Host }))
	req := request(t, "GET", "/x")
	req.Host = "evil.example"
	if outcome(t, p, req); got != "api.test:7002" {
		t.Errorf("the handler saw the host %s", got)
	}
}

func TestTransportError(t *testing.T) {
	p := pageOf(nil)
	p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	for _, method := range []string{"GET", "PUT"} { // PUT fails on its preflight
		_, err := p.Fetch(request(t, method, "/x"))
		var blocked *corstest.BlockedError
		if !errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &blocked) {
			t.Errorf("%s: error %v", method, err)
		}
	}
	if len(p.Exchanges()) != 2 || p.Preflights() != 1 {
		t.Errorf("recorded %v", p.Exchanges())
	}
}

func TestSparseTransport(t *testing.T) {
	p := pageOf(nil)
	p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return nil, nil })
	if _, err := p.Fetch(request(t, "GET", "/x")); err == nil {
		t.Error("neither a response nor an error")
	}
	p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"access-control-allow-origin": {"*"}}}, nil
	})
	if res := corstest.Allows(t, p, "GET", "/x"); res.Request == nil {
		t.Error("the response has no request")
	}
}

func TestContradiction(t *testing.T) {
	for _, name := range []string{"Location: ", "Content-Disposition: "} {
		good := with(allowOrigin+app, allowMethods+"PUT")
		same, bad := with(append(good.lines, name+"a", name+"a")...), with(append(good.lines, name+"a", name+"b")...)
		for _, tt := range []struct {
			server server
			want   string
		}{
			{server{good, same}, ok}, {server{same, good}, ok}, {server{good, bad}, "TypeError"}, {server{bad, good}, "TypeError"},
		} {
			p := pageOf(tt.server)
			if got := outcome(t, p, request(t, "PUT", "/x")); got != tt.want {
				t.Errorf("%s in %v: %s, want %s", name, tt.server, got, tt.want)
			}
		}
	}
}

func TestNetworkServer(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s", r.Method, body)
	}))
	defer srv.Close()
	p := &corstest.Page{Origin: app, Server: srv.URL} // its transport is http.DefaultTransport
	req := request(t, "PUT", "/x")
	req.Body = io.NopCloser(strings.NewReader("hello"))
	res, err := p.Fetch(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if body, _ := io.ReadAll(res.Body); string(body) != "PUT hello" || p.Preflights() != 1 {
		t.Errorf("body %q after %d preflights", body, p.Preflights())
	}
	if res.Header.Get("Content-Length") == "" || res.Header.Get("Date") != "" {
		t.Errorf("headers %v", res.Header)
	}
}

func TestServer(t *testing.T) {
	for _, tt := range []struct{ server, url, want string }{
		{"", "/x", "https://api.example/x"},
		{"", "", "https://api.example/"},
		{"http://localhost:8080", "/x?a=1", "http://localhost:8080/x?a=1"},
		{"https://api.test/v1/", "items", "https://api.test/v1/items"},
		{"https://api.test/v1/", "/items", "https://api.test/items"},
		{"https://api.test", "http://other.test/x", "http://other.test/x"},
		{"", "https://API.example:443/x", "https://api.example/x"},
		{"", "http://api.example:80/x", "http://api.example/x"},
		{"", "https://api.example:8443/x", "https://api.example:8443/x"},
	} {
		p := pageOf(open())
		p.Server = tt.server
		outcome(t, p, request(t, "GET", tt.url))
		if got := p.Exchanges()[0].URL; got != tt.want {
			t.Errorf("%q on %q went to %s, want %s", tt.url, tt.server, got, tt.want)
		}
	}
}

func TestExchangeString(t *testing.T) {
	p := pageOf(nil)
	p.Transport = unchecked(both(allowOrigin+app, allowMethods+"PUT", variesByOrigin, "X-Other: 1", "Allow: a\x1b[31mb"))
	outcome(t, p, request(t, "PUT", "/x", "X-A: 1"))
	outcome(t, p, request(t, "GET", "/x"))
	p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") })
	outcome(t, p, request(t, "GET", "/x"))
	var b strings.Builder
	for _, e := range p.Exchanges() {
		fmt.Fprint(&b, e)
	}
	const want = `> OPTIONS http://api.test:7002/x
> Access-Control-Request-Headers: x-a
> Access-Control-Request-Method: PUT
> Origin: http://myapp.test:7001
< 200 OK
< Access-Control-Allow-Methods: PUT
< Access-Control-Allow-Origin: http://myapp.test:7001
< Allow: a\x1b[31mb
< Vary: Origin
> GET http://api.test:7002/x
> Origin: http://myapp.test:7001
< 200 OK
< Access-Control-Allow-Methods: PUT
< Access-Control-Allow-Origin: http://myapp.test:7001
< Allow: a\x1b[31mb
< Vary: Origin
> GET http://api.test:7002/x
> Origin: http://myapp.test:7001
* no route to host
`
	if got := b.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestExchangesAreCopies(t *testing.T) {
	p := pageOf(open())
	res, err := p.Fetch(request(t, "GET", "/x"))
	if err != nil {
		t.Fatal(err)
	}
	sent := p.Exchanges()
	sent[0].URL = "changed"
	res.Header.Set("Content-Type", "changed")
	if got := p.Exchanges()[0]; got.URL != api+"/x" || got.ResponseHeader.Get("Content-Type") == "changed" {
		t.Errorf("got %+v", got)
	}
}

func TestWarnings(t *testing.T) {
	const own = allowOrigin + app
	for _, tt := range []struct {
		name   string
		lines  []string
		method string
		header string
		want   []string
	}{
		{"an origin with Vary", []string{own, variesByOrigin}, "PUT", "", nil},
		{"any origin", []string{allowOrigin + "*"}, "PUT", "", nil},
		{"an origin without Vary", []string{own}, "GET", "", []string{corstest.WarnVary}},
		{"an origin without Vary, in several responses", []string{own}, "PUT", "", []string{corstest.WarnVary}},
		{"Vary with other headers", []string{own, "Vary: Accept, Accept-Encoding"}, "GET", "", []string{corstest.WarnVary}},
		{"Vary on the second line", []string{own, "Vary: Accept", "Vary: Accept-Encoding ,\torigin "}, "GET", "", nil},
		{"Vary: *", []string{own, "Vary: *"}, "GET", "", nil},
		{"two lines of Access-Control-Allow-Origin", []string{own, own, variesByOrigin}, "GET", "", []string{corstest.WarnDuplicateAllowOrigin}},
		{"* with credentials", []string{allowOrigin + "*", allowCredentials + "true"}, "GET", "",
			[]string{corstest.WarnWildcardCredentials}},
		{"* without credentials", []string{allowOrigin + "*", allowCredentials + "false"}, "GET", "", nil},
		{"a long max-age", []string{allowOrigin + "*", maxAge + "7201"}, "PUT", "", []string{corstest.WarnMaxAge}},
		{"the longest max-age", []string{allowOrigin + "*", maxAge + "7200"}, "PUT", "", nil},
		{"a long max-age on a response", []string{allowOrigin + "*", maxAge + "7201"}, "GET", "", nil},
		{"Authorization allowed by *", []string{allowOrigin + "*", allowHeaders + "*"}, "PUT", "Authorization",
			[]string{corstest.WarnAuthorizationWildcard}},
		{"Authorization allowed by name", []string{allowOrigin + "*", allowHeaders + "*, Authorization"}, "PUT", "Authorization", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := pageOf(both(append(tt.lines, allowMethods+"PUT")...))
			for range 2 {
				req := request(t, tt.method, "/x")
				if tt.header != "" {
					req.Header.Set(tt.header, "1")
				}
				outcome(t, p, req)
			}
			var got []string
			for _, w := range p.Warnings() {
				got = append(got, w.Text)
				if w.URL != api+"/x" || w.String() != api+"/x: "+w.Text {
					t.Errorf("warning %+v reads %s", w, w)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("warnings %q, want %q", got, tt.want)
			}
		})
	}
}

func TestConcurrentFetches(t *testing.T) {
	p := pageOf(both(allowOrigin+app, allowCredentials+"true", allowMethods+"PUT", allowHeaders+"*, x-a", maxAge+"600"))
	p.Credentials, p.Jar = corstest.Include, jarWith(t, api, "session=1")
	shared := request(t, "PUT", "/shared", "X-A: 1")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 20 {
				req := shared
				if n%2 == 0 {
					req = request(t, "PUT", fmt.Sprint("/", i, "/", n%4))
				}
				if got := outcome(t, p, req); got != ok {
					t.Error(got)
				}
				p.Preflights()
				p.Warnings()
			}
		})
	}
	all.Wait()
	if got := len(p.Exchanges()) - p.Preflights(); got != 160 {
		t.Errorf("%d requests, want 160", got)
	}
}
