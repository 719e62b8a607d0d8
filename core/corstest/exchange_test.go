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

func TestHandlersSeeWhatServersMakeOfARequest(t *testing.T) {
	var got *http.Request
	var body []byte
	h := corstest.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))
	for _, test := range []struct{ url, uri, path, host string }{
		{"http://api.test:7002/a%2Fb?x=1", "/a%2Fb?x=1", "/a/b", "api.test:7002"},
		{"http://api.test", "/", "/", "api.test"},
		{"https://api.test/x", "/x", "/x", "api.test"},
	} {
		req := httptest.NewRequestWithContext(t.Context(), "POST", test.url, strings.NewReader("hello"))
		req.Host = ""
		res, err := h.RoundTrip(req)
		if err != nil || res.StatusCode != 200 || res.Request != req {
			t.Fatalf("%v, %v", res, err)
		}
		if got.RequestURI != test.uri || got.URL.Path != test.path || got.Host != test.host || got.URL.Host != "" || string(body) != "hello" ||
			got.ContentLength != 5 || got.RemoteAddr == "" || got.Proto != "HTTP/1.1" || (got.TLS != nil) != strings.HasPrefix(test.url, "https") {
			t.Errorf("%s: handler saw %+v with the body %q", test.url, got, body)
		}
	}
	req := request(t, "GET", "http://named.test/")
	req.Host, req.Body = "other.test", nil
	if _, err := h.RoundTrip(req); err != nil || got.Host != "other.test" || got.Body == nil {
		t.Errorf("handler saw the host %s and the body %v, %v", got.Host, got.Body, err)
	}
}

func TestAScriptCannotChooseTheHost(t *testing.T) {
	var got string
	p := pageOf(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Host }))
	req := request(t, "GET", "/x")
	req.Host = "evil.example"
	if outcome(t, p, req); got != "api.test:7002" {
		t.Errorf("the handler saw the host %s", got)
	}
}

func TestResponsesWithoutABodyHaveNone(t *testing.T) {
	h := corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/empty" {
			w.WriteHeader(http.StatusNoContent)
		}
		_, _ = io.WriteString(w, "body")
	}))
	for _, test := range []struct{ method, path, want string }{
		{"GET", "/", "body"}, {"HEAD", "/", ""}, {"GET", "/empty", ""},
	} {
		res, err := h.RoundTrip(request(t, test.method, api+test.path))
		if err != nil {
			t.Fatal(err)
		}
		if body, _ := io.ReadAll(res.Body); string(body) != test.want {
			t.Errorf("%s %s: body %q, want %q", test.method, test.path, body, test.want)
		}
	}
}

func TestAPanicOfTheHandlerIsAnError(t *testing.T) {
	p := pageOf(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oh no") }))
	_, err := p.Fetch(request(t, "GET", "/x"))
	if err == nil || err.Error() != "corstest: the handler panics: oh no" {
		t.Errorf("error %v", err)
	}
	if sent := p.Exchanges(); len(sent) != 1 || sent[0].Err == nil || sent[0].Status != 0 {
		t.Errorf("recorded %+v", sent)
	}
}

func TestAnErrorOfTheTransportIsReturned(t *testing.T) {
	p := pageOf(nil)
	p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	for _, method := range []string{"GET", "PUT"} { // the latter fails with its preflight
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

func TestAServerThatRuns(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Methods", "PUT")
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s %s", r.Method, body)
	}))
	defer srv.Close()
	p := &corstest.Page{Origin: app, Server: srv.URL} // with the default transport
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

func TestThePageAsksForAPathOfTheServer(t *testing.T) {
	for _, test := range []struct{ server, url, want string }{
		{"", "/x", "https://api.example/x"},
		{"", "", "https://api.example"},
		{"http://localhost:8080", "/x?a=1", "http://localhost:8080/x?a=1"},
		{"https://api.test/v1/", "items", "https://api.test/v1/items"},
		{"https://api.test/v1/", "/items", "https://api.test/items"},
		{"https://api.test", "http://other.test/x", "http://other.test/x"},
	} {
		p := pageOf(open())
		p.Server = test.server
		outcome(t, p, request(t, "GET", test.url))
		if got := p.Exchanges()[0].URL; got != test.want {
			t.Errorf("%q on %q went to %s, want %s", test.url, test.server, got, test.want)
		}
	}
}

func TestExchangesAreShownAsCurlDoes(t *testing.T) {
	p := pageOf(both(allowOrigin+app, allowMethods+"PUT", variesByOrigin, "X-Other: 1", "Allow: a\x1b[31mb"))
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

func TestExchangesBelongToTheCaller(t *testing.T) {
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
	for _, test := range []struct {
		name   string
		lines  []string
		method string
		header string
		want   []string
	}{
		{"nothing wrong", []string{own, variesByOrigin}, "PUT", "", nil},
		{"everybody is allowed", []string{allowOrigin + "*"}, "PUT", "", nil},
		{"no Vary", []string{own}, "GET", "", []string{corstest.WarnVary}},
		{"no Vary, once for all requests", []string{own}, "PUT", "", []string{corstest.WarnVary}},
		{"Vary by something else", []string{own, "Vary: Accept, Accept-Encoding"}, "GET", "", []string{corstest.WarnVary}},
		{"Vary on the second line", []string{own, "Vary: Accept", "Vary: Accept-Encoding ,\torigin "}, "GET", "", nil},
		{"Vary by everything", []string{own, "Vary: *"}, "GET", "", nil},
		{"two lines", []string{own, own, variesByOrigin}, "GET", "", []string{corstest.WarnDuplicateAllowOrigin}},
		{"a star with credentials", []string{allowOrigin + "*", allowCredentials + "true"}, "GET", "", []string{corstest.WarnWildcardCredentials}},
		{"a star with credentials denied", []string{allowOrigin + "*", allowCredentials + "false"}, "GET", "", nil},
		{"a long max-age", []string{allowOrigin + "*", maxAge + "7201"}, "PUT", "", []string{corstest.WarnMaxAge}},
		{"a max-age that is long enough", []string{allowOrigin + "*", maxAge + "7200"}, "PUT", "", nil},
		{"a long max-age on a response", []string{allowOrigin + "*", maxAge + "7201"}, "GET", "", nil},
		{"Authorization by a star", []string{allowOrigin + "*", allowHeaders + "*"}, "PUT", "Authorization", []string{corstest.WarnAuthorizationWildcard}},
		{"Authorization by name", []string{allowOrigin + "*", allowHeaders + "*, Authorization"}, "PUT", "Authorization", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := pageOf(both(append(test.lines, allowMethods+"PUT")...))
			for range 2 {
				req := request(t, test.method, "/x")
				if test.header != "" {
					req.Header.Set(test.header, "1")
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
			if !slices.Equal(got, test.want) {
				t.Errorf("warnings %q, want %q", got, test.want)
			}
		})
	}
}

func TestAPageMayBeUsedByManyGoroutines(t *testing.T) {
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
