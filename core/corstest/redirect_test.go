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

// redirector redirects the URLs in to, in a response that any page may read. It
// sends other requests, and preflights, to next.
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

func TestRedirectOrigin(t *testing.T) {
	const other, third = "http://other.test:7003", "http://third.test:7004"
	for _, tt := range []struct {
		name    string
		hops    []string // the URL of the request, and the Location headers
		origins []string // the Origin headers
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
		t.Run(tt.name, func(t *testing.T) {
			hops := map[string]string{}
			at := mustParse(t, tt.hops[0])
			for _, location := range tt.hops[1:] {
				hops[at.String()] = location
				at = at.ResolveReference(mustParse(t, location))
			}
			p := pageOf(nil)
			p.Transport = redirector(hops, corstest.Handler(open()))
			if got := outcome(t, p, request(t, "GET", tt.hops[0])); got != ok {
				t.Fatal(got)
			}
			var origins []string
			for _, e := range p.Exchanges() {
				origins = append(origins, e.RequestHeader.Get("Origin"))
			}
			if !slices.Equal(origins, tt.origins) {
				t.Errorf("origins %q, want %q", origins, tt.origins)
			}
		})
	}
}

func TestRedirectChecks(t *testing.T) {
	const other = "http://other.test:7003"
	for _, tt := range []struct {
		name          string
		first, second string // Access-Control-Allow-Origin
		credentials   corstest.Credentials
		want          string
		requests      int
	}{
		{"both allow any origin", "*", "*", corstest.SameOrigin, ok, 2},
		{"the second allows null", app, "null", corstest.SameOrigin, ok, 2},
		{"the second allows null, with credentials", app, "null", corstest.Include, ok, 2},
		{"the second allows any origin, with credentials", app, "*", corstest.Include, "WildcardOriginNotAllowed", 2},
		{"the second allows the page", "*", app, corstest.SameOrigin, "AllowOriginMismatch", 2},
		{"the first allows another page", other, "*", corstest.SameOrigin, "AllowOriginMismatch", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := pageOf(nil)
			p.Credentials = tt.credentials
			p.Transport = corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
				res := redirect(http.StatusFound, other, tt.first)
				if req.URL.Host == "other.test:7003" {
					res = redirect(http.StatusOK, "", tt.second)
				}
				res.Header.Set("Access-Control-Allow-Credentials", "true")
				return res, nil
			})
			if got := outcome(t, p, request(t, "GET", "/x")); got != tt.want || len(p.Exchanges()) != tt.requests {
				t.Errorf("%s after %d requests, want %s after %d", got, len(p.Exchanges()), tt.want, tt.requests)
			}
		})
	}
}

func TestRedirectMethod(t *testing.T) {
	for _, tt := range []struct {
		status       int
		method, want string
		preflights   int
	}{
		{301, "GET", "GET", 0}, {302, "HEAD", "HEAD", 0}, {303, "GET", "GET", 0}, {303, "HEAD", "HEAD", 0},
		{301, "POST", "GET", 0}, {302, "POST", "GET", 0}, {303, "POST", "GET", 0}, {307, "POST", "POST", 0}, {308, "POST", "POST", 0},
		{301, "PUT", "PUT", 2}, {302, "PUT", "PUT", 2}, {303, "PUT", "GET", 1}, {307, "PUT", "PUT", 2}, {308, "PUT", "PUT", 2},
		{302, "DELETE", "DELETE", 2}, {303, "DELETE", "GET", 1}, {303, "PATCH", "GET", 1},
	} {
		t.Run(fmt.Sprintf("%s by %d", tt.method, tt.status), func(t *testing.T) {
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
					w.WriteHeader(tt.status)
				}
			}))
			req := request(t, tt.method, "/1", "Content-Type: text/plain")
			if tt.want != "HEAD" && tt.method != "GET" {
				req.Body = io.NopCloser(strings.NewReader("!"))
			}
			if got := outcome(t, p, req); got != ok {
				t.Fatal(got)
			}
			sent := p.Exchanges()
			if got := sent[len(sent)-1].Method; got != tt.want || p.Preflights() != tt.preflights {
				t.Errorf("ends as %s after %d preflights, want %s after %d", got, p.Preflights(), tt.want, tt.preflights)
			}
			if want := bodies[0]; tt.want == tt.method && bodies[1] != want {
				t.Errorf("body %q, then %q", want, bodies[1])
			}
			if tt.want != tt.method && bodies[1] != " 0" {
				t.Errorf("body %q, want none, and no type", bodies[1])
			}
		})
	}
}

func TestRedirectAuthorization(t *testing.T) {
	for _, tt := range []struct {
		location   string
		kept       bool
		preflights int
	}{
		{"/2", true, 2},
		{"http://other.test:7003/2", false, 1},
	} {
		p := pageOf(nil)
		p.Transport = redirector(map[string]string{api + "/1": tt.location}, corstest.Handler(open()))
		if got := outcome(t, p, request(t, "GET", "/1", "Authorization: Bearer x")); got != ok || p.Preflights() != tt.preflights {
			t.Errorf("%s: %s after %d preflights, want %d", tt.location, got, p.Preflights(), tt.preflights)
		}
		sent := p.Exchanges()
		if got := sent[len(sent)-1].RequestHeader["Authorization"]; (got != nil) != tt.kept {
			t.Errorf("%s gets Authorization %q", tt.location, got)
		}
	}
}

func TestRedirectCookies(t *testing.T) {
	for _, tt := range []struct {
		credentials corstest.Credentials
		cookies     []string
	}{
		{corstest.Include, []string{"", "own=1", ""}},
		{corstest.SameOrigin, []string{"", "", ""}},
	} {
		p := pageOf(nil)
		p.Credentials, p.Jar = tt.credentials, jarWith(t, app, "own=1")
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
		for i, want := range tt.cookies {
			if got := strings.Join(requestHeader(p, i, "Cookie"), ""); got != want {
				t.Errorf("credentials %d, hop %d: cookies %q, want %q", tt.credentials, i, got, want)
			}
		}
	}
}

func TestRedirectTarget(t *testing.T) {
	for _, tt := range []struct{ from, location, want string }{
		{api + "/1", "http://user:secret@api.test:7002/2", "RedirectContainsCredentials"},
		{api + "/1", "http://user@other.test/2", "RedirectContainsCredentials"},
		{app + "/1", "http://user@other.test/2", "RedirectContainsCredentials"},
		{app + "/1", "http://user:pass@myapp.test:7001/2", "TypeError"},
		{api + "/1", "http://@api.test:7002/2", ok},
		{api + "/1", "data:text/plain,x", "TypeError"},
		{api + "/1", "ftp://api.test/2", "CorsDisabledScheme"},
		{api + "/1", "mailto:a@api.test", "CorsDisabledScheme"},
		{app + "/1", "foo:bar", "CorsDisabledScheme"},
		{api + "/1", "about:blank", "TypeError"},
		{api + "/1", "blob:http://api.test/2", "TypeError"},
		{api + "/1", "file:///2", "TypeError"},
		{api + "/1", "http://[/", "TypeError"},
		{api + "/1", "/1", "TypeError"}, // an endless loop
	} {
		p := pageOf(nil)
		p.Transport = redirector(map[string]string{tt.from: tt.location}, corstest.Handler(open()))
		if got := outcome(t, p, request(t, "GET", tt.from)); got != tt.want {
			t.Errorf("%s to %s: %s, want %s", tt.from, tt.location, got, tt.want)
		}
	}
}

func TestRedirectLimit(t *testing.T) {
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

func TestNotARedirect(t *testing.T) {
	for _, tt := range []struct {
		status   int
		location string
	}{{300, "/2"}, {304, "/2"}, {201, "/2"}, {302, ""}, {305, "/2"}} {
		p := pageOf(nil)
		p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) {
			return redirect(tt.status, tt.location, "*"), nil
		})
		if res, err := p.Fetch(request(t, "GET", "/1")); err != nil || res.StatusCode != tt.status {
			t.Errorf("%d to %q: %v, %v", tt.status, tt.location, res, err)
		}
	}
}

func TestRedirectSite(t *testing.T) {
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
	if got := outcome(t, p, request(t, "PUT", "https://other.com/2")); got != ok {
		t.Fatal(got)
	}
	if got := requestHeader(p, 5, "Sec-Fetch-Site"); !p.Exchanges()[5].Preflight || !slices.Equal(got, []string{"same-origin"}) {
		t.Errorf("the preflight to the page's own origin: %q", got)
	}
}

func TestRedirectLocation(t *testing.T) {
	for _, tt := range []struct {
		lines []string
		want  string
		url   string // of the last request
	}{
		{[]string{"Location: /2", "Location: /3"}, "TypeError", api + "/1#top"},
		{[]string{"Location: ", "Location: /2"}, "TypeError", api + "/1#top"},
		{[]string{"Location: /2", "Location: /2"}, ok, api + "/2#top"},
		{[]string{"Location: /2#end"}, ok, api + "/2#end"},
		{[]string{"Location: "}, ok, api + "/1#top"}, // not a redirect
	} {
		p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			lines := []string{allowOrigin + "*"}
			if r.URL.Path == "/1" {
				reply{302, append(lines, tt.lines...)}.write(w)
				return
			}
			with(lines...).write(w)
		}))
		if got := outcome(t, p, request(t, "GET", "/1#top")); got != tt.want {
			t.Errorf("%q: %s, want %s", tt.lines, got, tt.want)
		}
		sent := p.Exchanges()
		if got := sent[len(sent)-1].URL; got != tt.url {
			t.Errorf("%q: went to %s, want %s", tt.lines, got, tt.url)
		}
	}
}

func TestRedirectMessage(t *testing.T) {
	for _, tt := range []struct {
		location, at, message string
		want                  corstest.BlockedError
	}{
		{"http://other.test/2", "'http://other.test/2' (redirected from 'http://api.test:7002/x')",
			"No 'Access-Control-Allow-Origin' header is present on the requested resource.",
			corstest.BlockedError{Issue: corstest.IssueMissingAllowOrigin, URL: "http://other.test/2", Origin: "null", Status: 200}},
		{"ftp://other.test/", "'ftp://other.test/' (redirected from 'http://api.test:7002/x')",
			"Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, " +
				"chrome-extension, chrome-untrusted, data, http, https, isolated-app.",
			corstest.BlockedError{Issue: corstest.IssueDisabledScheme, URL: "ftp://other.test/", Origin: app}},
		{"https://user:secret@b.test/", "'http://api.test:7002/x'",
			"Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
			corstest.BlockedError{Issue: corstest.IssueRedirectContainsCredentials, URL: api + "/x", Origin: app}},
	} {
		p := pageOf(nil)
		p.Transport = redirector(map[string]string{api + "/x": tt.location}, corstest.Handler(server{}))
		_, err := p.Fetch(request(t, "GET", "/x"))
		tt.want.Stage = corstest.StageResponse
		tt.want.Message = "Access to fetch at " + tt.at + " from origin 'http://myapp.test:7001' has been blocked by CORS policy: " + tt.message
		var blocked *corstest.BlockedError
		if !errors.As(err, &blocked) || blocked.Hint == "" {
			t.Fatalf("%s: error %+v, want a BlockedError with a hint", tt.location, err)
		}
		if tt.want.Hint = blocked.Hint; *blocked != tt.want {
			t.Errorf("%s: got\n%+v, want\n%+v", tt.location, *blocked, tt.want)
		}
	}
}
