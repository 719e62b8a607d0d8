package corstest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// redirector answers at these URLs with a redirect that any page may follow,
// and leaves the others, and all preflights, to next.
func redirector(to map[string]string, next http.RoundTripper) http.RoundTripper {
	return corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		location := to[req.URL.String()]
		if location == "" || req.Header.Get("Access-Control-Request-Method") != "" {
			return next.RoundTrip(req)
		}
		return redirect(http.StatusFound, location, "*"), nil
	})
}

func redirect(status int, location, allowOrigin string) *http.Response {
	return &http.Response{StatusCode: status, Body: http.NoBody, Header: http.Header{
		"Location": {location}, "Access-Control-Allow-Origin": {allowOrigin},
	}}
}

func TestTheOriginAcrossRedirects(t *testing.T) {
	const other, third = "http://other.test:7003", "http://third.test:7004"
	for _, test := range []struct {
		name    string
		hops    []string // URLs, the first of which the script asks for
		origins []string // that the servers see
	}{
		{"within a server", []string{api + "/1", "/2", "../3"}, []string{app, app, app}},
		{"to another server", []string{api + "/1", other + "/2"}, []string{app, "null"}},
		{"to a subdomain of the server", []string{api + "/1", "http://sub.api.test:7002/2"}, []string{app, "null"}},
		{"to another port of the server", []string{api + "/1", "http://api.test:7003/2"}, []string{app, "null"}},
		{"to another scheme of the server", []string{api + "/1", "https://api.test:7002/2"}, []string{app, "null"}},
		{"back to the page's own origin", []string{api + "/1", app + "/2"}, []string{app, "null"}},
		{"to another server and back", []string{api + "/1", other + "/2", api + "/3"}, []string{app, "null", "null"}},
		{"from the page's own origin", []string{app + "/1", api + "/2"}, []string{"", app}},
		{"from the page's own origin to two servers", []string{app + "/1", api + "/2", third + "/3"}, []string{"", app, "null"}},
		{"within the page's own origin", []string{app + "/1", app + "/2"}, []string{"", ""}},
		{"to the same server, spelled otherwise", []string{api + "/1", "http://API.test:7002/2"}, []string{app, app}},
	} {
		t.Run(test.name, func(t *testing.T) {
			hops := map[string]string{}
			at := mustParse(t, test.hops[0])
			for _, location := range test.hops[1:] {
				hops[at.String()] = location
				at = at.ResolveReference(mustParse(t, location))
			}
			p := pageOf(nil)
			p.Transport = redirector(hops, corstest.Handler(open()))
			if got := outcome(t, p, request(t, "GET", test.hops[0])); got != ok {
				t.Fatal(got)
			}
			var origins []string
			for _, e := range p.Exchanges() {
				origins = append(origins, e.RequestHeader.Get("Origin"))
			}
			if !slices.Equal(origins, test.origins) {
				t.Errorf("origins %q, want %q", origins, test.origins)
			}
		})
	}
}

func TestEveryHopIsChecked(t *testing.T) {
	const other = "http://other.test:7003"
	for _, test := range []struct {
		name          string
		first, second string // Access-Control-Allow-Origin
		credentials   corstest.Credentials
		want          string
		requests      int
	}{
		{"both allow everybody", "*", "*", corstest.SameOrigin, ok, 2},
		{"the second allows null", app, "null", corstest.SameOrigin, ok, 2},
		{"the second allows null, with credentials", app, "null", corstest.Include, ok, 2},
		{"the second allows everybody, with credentials", app, "*", corstest.Include, "WildcardOriginNotAllowed", 2},
		{"the second allows the page", "*", app, corstest.SameOrigin, "AllowOriginMismatch", 2},
		{"the first allows another page", other, "*", corstest.SameOrigin, "AllowOriginMismatch", 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := pageOf(nil)
			p.Credentials = test.credentials
			p.Transport = corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				res := redirect(http.StatusFound, other, test.first)
				if req.URL.Host == "other.test:7003" {
					res = redirect(http.StatusOK, "", test.second)
				}
				res.Header.Set("Access-Control-Allow-Credentials", "true")
				return res, nil
			})
			if got := outcome(t, p, request(t, "GET", "/x")); got != test.want || len(p.Exchanges()) != test.requests {
				t.Errorf("%s after %d requests, want %s after %d", got, len(p.Exchanges()), test.want, test.requests)
			}
		})
	}
}

func TestMethodsAcrossRedirects(t *testing.T) {
	for _, test := range []struct {
		status       int
		method, want string
		preflights   int
	}{
		{301, "GET", "GET", 0}, {302, "HEAD", "HEAD", 0}, {303, "GET", "GET", 0}, {303, "HEAD", "HEAD", 0},
		{301, "POST", "GET", 0}, {302, "POST", "GET", 0}, {303, "POST", "GET", 0}, {307, "POST", "POST", 0}, {308, "POST", "POST", 0},
		{301, "PUT", "PUT", 2}, {302, "PUT", "PUT", 2}, {303, "PUT", "GET", 1}, {307, "PUT", "PUT", 2}, {308, "PUT", "PUT", 2},
		{302, "DELETE", "DELETE", 2}, {303, "DELETE", "GET", 1}, {303, "PATCH", "GET", 1},
	} {
		t.Run(fmt.Sprintf("%s by %d", test.method, test.status), func(t *testing.T) {
			var bodies []string
			p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Access-Control-Request-Method") != "" {
					open().ServeHTTP(w, r)
					return
				}
				body, _ := io.ReadAll(r.Body)
				bodies = append(bodies, fmt.Sprintf("%s%s %d", r.Header.Get("Content-Type"), body, r.ContentLength))
				w.Header().Set("Access-Control-Allow-Origin", "*")
				if r.URL.Path == "/1" {
					w.Header().Set("Location", "/2")
					w.WriteHeader(test.status)
				}
			}))
			req := request(t, test.method, "/1", "Content-Type: text/plain")
			if test.want != "HEAD" && test.method != "GET" {
				req.Body = io.NopCloser(strings.NewReader("!"))
			}
			if got := outcome(t, p, req); got != ok {
				t.Fatal(got)
			}
			sent := p.Exchanges()
			if got := sent[len(sent)-1].Method; got != test.want || p.Preflights() != test.preflights {
				t.Errorf("ends as %s after %d preflights, want %s after %d", got, p.Preflights(), test.want, test.preflights)
			}
			if want := bodies[0]; test.want == test.method && bodies[1] != want {
				t.Errorf("body %q, then %q", want, bodies[1])
			}
			if test.want != test.method && bodies[1] != " 0" {
				t.Errorf("body %q, want none, and no type", bodies[1])
			}
		})
	}
}

func TestAuthorizationDoesNotLeaveTheServer(t *testing.T) {
	for _, test := range []struct {
		location   string
		kept       bool
		preflights int
	}{
		{"/2", true, 2},
		{"http://other.test:7003/2", false, 1},
	} {
		p := pageOf(nil)
		p.Transport = redirector(map[string]string{api + "/1": test.location}, corstest.Handler(open()))
		if got := outcome(t, p, request(t, "GET", "/1", "Authorization: Bearer x")); got != ok || p.Preflights() != test.preflights {
			t.Errorf("%s: %s after %d preflights, want %d", test.location, got, p.Preflights(), test.preflights)
		}
		sent := p.Exchanges()
		if got := sent[len(sent)-1].RequestHeader["Authorization"]; (got != nil) != test.kept {
			t.Errorf("%s gets Authorization %q", test.location, got)
		}
	}
}

func TestCookiesFollowRedirects(t *testing.T) {
	for _, test := range []struct {
		credentials corstest.Credentials
		cookies     []string
	}{
		{corstest.Include, []string{"", "own=1", ""}},
		{corstest.SameOrigin, []string{"", "", ""}},
	} {
		p := pageOf(nil)
		p.Credentials, p.Jar = test.credentials, jarWith(t, app, "own=1")
		p.Transport = corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
			next := map[string]string{api + "/1": app + "/2", app + "/2": api + "/3"}[req.URL.String()]
			res := redirect(http.StatusFound, next, req.Header.Get("Origin"))
			if next == "" {
				res.StatusCode = http.StatusOK
			}
			res.Header.Set("Access-Control-Allow-Credentials", "true")
			return res, nil
		})
		if got := outcome(t, p, request(t, "GET", "/1")); got != ok {
			t.Fatal(got)
		}
		for i, want := range test.cookies {
			if got := strings.Join(requestHeader(p, i, "Cookie"), ""); got != want {
				t.Errorf("credentials %d, hop %d: cookies %q, want %q", test.credentials, i, got, want)
			}
		}
	}
}

func TestWhereARedirectMustNotLead(t *testing.T) {
	for _, test := range []struct{ from, location, want string }{
		{api + "/1", "http://user:secret@api.test:7002/2", "RedirectContainsCredentials"},
		{api + "/1", "http://user@other.test/2", "RedirectContainsCredentials"},
		{app + "/1", "http://user@other.test/2", "RedirectContainsCredentials"},
		{app + "/1", "http://user:pass@myapp.test:7001/2", ok},
		{api + "/1", "data:text/plain,x", "TypeError"},
		{api + "/1", "ftp://api.test/2", "CorsDisabledScheme"},
		{api + "/1", "http://a b/", "TypeError"},
		{api + "/1", "/1", "TypeError"}, // for ever
	} {
		p := pageOf(nil)
		p.Transport = redirector(map[string]string{test.from: test.location}, corstest.Handler(open()))
		if got := outcome(t, p, request(t, "GET", test.from)); got != test.want {
			t.Errorf("%s to %s: %s, want %s", test.from, test.location, got, test.want)
		}
	}
}

func TestTwentyRedirectsAreNotTooMany(t *testing.T) {
	for n, want := range map[int]string{20: ok, 21: "TypeError"} {
		hops := map[string]string{}
		for i := range n {
			hops[fmt.Sprint(api, "/", i)] = fmt.Sprint("/", i+1)
		}
		p := pageOf(nil)
		p.Transport = redirector(hops, corstest.Handler(open()))
		if got := outcome(t, p, request(t, "GET", "/0")); got != want || len(p.Exchanges()) != 21 {
			t.Errorf("%d redirects: %s after %d requests, want %s after 21", n, got, len(p.Exchanges()), want)
		}
	}
}

func TestWhatIsNoRedirectIsRead(t *testing.T) {
	for _, test := range []struct {
		status   int
		location string
	}{{300, "/2"}, {304, "/2"}, {201, "/2"}, {302, ""}, {305, "/2"}} {
		p := pageOf(nil)
		p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) {
			return redirect(test.status, test.location, "*"), nil
		})
		if res, err := p.Fetch(request(t, "GET", "/1")); err != nil || res.StatusCode != test.status {
			t.Errorf("%d to %q: %v, %v", test.status, test.location, res, err)
		}
	}
}

func TestASiteIsTheFarthestOfAllHops(t *testing.T) {
	p := &corstest.Page{Origin: "https://myapp.com"}
	p.Transport = redirector(map[string]string{
		"https://api.myapp.com/1": "https://other.com/2",
		"https://other.com/2":     "https://myapp.com/3",
	}, corstest.Handler(open()))
	if got := outcome(t, p, request(t, "GET", "https://api.myapp.com/1")); got != ok {
		t.Fatal(got)
	}
	for i, want := range []string{"same-site", "cross-site", "cross-site"} {
		if got := requestHeader(p, i, "Sec-Fetch-Site"); !slices.Equal(got, []string{want}) {
			t.Errorf("hop %d: %q, want %q", i, got, want)
		}
	}
}

func TestErrorsOfRedirectsNameBothURLs(t *testing.T) {
	p := pageOf(nil)
	p.Transport = redirector(map[string]string{api + "/1": "http://other.test/2"}, corstest.Handler(server{}))
	_, err := p.Fetch(request(t, "GET", "/1"))
	const want = "Access to fetch at 'http://other.test/2' (redirected from 'http://api.test:7002/1') from origin 'http://myapp.test:7001' " +
		"has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."
	var blocked *corstest.BlockedError
	if !errors.As(err, &blocked) || blocked.Message != want {
		t.Fatalf("error\n%v, want\n%s", err, want)
	}
	if blocked.URL != "http://other.test/2" || blocked.Origin != "null" || blocked.Status != 200 {
		t.Errorf("got %+v", blocked)
	}
}

func TestLocationsOfARedirect(t *testing.T) {
	for _, test := range []struct {
		lines []string
		want  string
		url   string // of the last request
	}{
		{[]string{"Location: /2", "Location: /3"}, "TypeError", api + "/1#top"},
		{[]string{"Location: /2", "Location: /2"}, ok, api + "/2#top"},
		{[]string{"Location: /2#end"}, ok, api + "/2#end"},
		{[]string{"Location: "}, ok, api + "/1#top"}, // a response like any other
	} {
		p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			lines := []string{allowOrigin + "*"}
			if r.URL.Path == "/1" {
				reply{302, append(lines, test.lines...)}.write(w)
				return
			}
			with(lines...).write(w)
		}))
		if got := outcome(t, p, request(t, "GET", "/1#top")); got != test.want {
			t.Errorf("%q: %s, want %s", test.lines, got, test.want)
		}
		sent := p.Exchanges()
		if got := sent[len(sent)-1].URL; got != test.url {
			t.Errorf("%q: went to %s, want %s", test.lines, got, test.url)
		}
	}
}

func TestMessageOfARedirectToWhatIsNotHTTP(t *testing.T) {
	p := pageOf(nil)
	p.Transport = redirector(map[string]string{api + "/1": "ftp://other.test/"}, corstest.Handler(open()))
	_, err := p.Fetch(request(t, "GET", "/1"))
	const want = "Access to fetch at 'ftp://other.test/' (redirected from 'http://api.test:7002/1') from origin 'http://myapp.test:7001' " +
		"has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: chrome, " +
		"chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http, https, isolated-app."
	var blocked *corstest.BlockedError
	if !errors.As(err, &blocked) || blocked.Message != want || blocked.Hint == "" {
		t.Errorf("got %v, want %s", err, want)
	}
}
