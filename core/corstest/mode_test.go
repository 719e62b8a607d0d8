package corstest_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// jarWith returns a jar with a cookie for a server.
func jarWith(t testing.TB, server, cookie string) http.CookieJar {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	cookies, err := http.ParseCookie(cookie)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(mustParse(t, server), cookies)
	return jar
}

func mustParse(t testing.TB, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// overTLS returns a URL whose server can set Secure cookies.
func overTLS(url string) string { return strings.Replace(url, "http:", "https:", 1) }

func TestCredentials(t *testing.T) {
	for _, tt := range []struct {
		name        string
		credentials corstest.Credentials
		mode        corstest.Mode
		url         string
		sent        bool
	}{
		{"omit, own origin", corstest.Omit, corstest.CORS, overTLS(app), false},
		{"same-origin, own origin", corstest.SameOrigin, corstest.CORS, overTLS(app), true},
		{"include, own origin", corstest.Include, corstest.CORS, overTLS(app), true},
		{"omit, other origin", corstest.Omit, corstest.CORS, overTLS(api), false},
		{"same-origin, other origin", corstest.SameOrigin, corstest.CORS, overTLS(api), false},
		{"include, other origin", corstest.Include, corstest.CORS, overTLS(api), true},
		{"same-origin, mode no-cors", corstest.SameOrigin, corstest.NoCORS, overTLS(api), false},
		{"include, mode no-cors", corstest.Include, corstest.NoCORS, overTLS(api), true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := pageOf(both(allowOrigin+overTLS(app), allowCredentials+"true", "Set-Cookie: fresh=1; Secure; SameSite=None"))
			p.Origin = overTLS(app)
			p.Credentials, p.Mode, p.Jar = tt.credentials, tt.mode, jarWith(t, tt.url, "session=1")
			if got := outcome(t, p, request(t, "GET", tt.url)); got != ok {
				t.Fatal(got)
			}
			if got := requestHeader(p, 0, "Cookie"); (got != nil) != tt.sent {
				t.Errorf("sent the cookies %q", got)
			}
			if got := len(p.Jar.Cookies(mustParse(t, tt.url))); (got == 2) != tt.sent {
				t.Errorf("%d cookies in the jar", got)
			}
		})
	}
}

func TestSetCookie(t *testing.T) {
	const cookie = "Set-Cookie: a=1; Secure; SameSite=None"
	good := []string{allowOrigin + overTLS(app), allowCredentials + "true", allowMethods + "PUT"}
	for _, tt := range []struct {
		name   string
		server server
		want   string
		jar    string
	}{
		{"on a readable response", server{with(good...), with(append(good, cookie)...)}, ok, "a=1"},
		{"on a blocked response", server{with(good...), with(allowOrigin+overTLS(app), cookie)}, "InvalidAllowCredentials", "a=1"},
		{"on a preflight response", server{with(append(good, cookie)...), with(good...)}, ok, ""},
		{"on a preflight response that refuses", server{with(cookie), with(good...)}, "PreflightMissingAllowOriginHeader", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := pageOf(tt.server)
			p.Origin = overTLS(app)
			p.Credentials, p.Jar = corstest.Include, jarWith(t, app, "other=1")
			if got := outcome(t, p, request(t, "PUT", overTLS(api)+"/x")); got != tt.want {
				t.Errorf("outcome %s, want %s", got, tt.want)
			}
			var jar []string
			for _, c := range p.Jar.Cookies(mustParse(t, overTLS(api))) {
				jar = append(jar, c.String())
			}
			if got := strings.Join(jar, "; "); got != tt.jar {
				t.Errorf("jar has %q, want %q", got, tt.jar)
			}
		})
	}
}

func TestPreflightCredentials(t *testing.T) {
	p := pageOf(both(allowOrigin+app, allowCredentials+"true", allowMethods+"PUT", allowHeaders+"Authorization"))
	p.Credentials, p.Jar = corstest.Include, jarWith(t, api, "session=1")
	if got := outcome(t, p, request(t, "PUT", "/x", "Authorization: Bearer x")); got != ok {
		t.Fatal(got)
	}
	for _, name := range []string{"Cookie", "Authorization"} {
		if requestHeader(p, 0, name) != nil || requestHeader(p, 1, name) == nil {
			t.Errorf("%s: %q on the preflight, %q on the request", name, requestHeader(p, 0, name), requestHeader(p, 1, name))
		}
	}
}

func TestOwnOrigin(t *testing.T) {
	for _, tt := range []struct {
		method, url string
		origin      []string
	}{
		{"GET", app, nil},
		{"HEAD", app, nil},
		{"POST", app, []string{app}},
		{"PUT", app, []string{app}},
		{"DELETE", app, []string{app}},
	} {
		p := pageOf(server{response: with("X-Secret: 1", "Set-Cookie: a=1; Secure; SameSite=None")})
		res, err := p.Fetch(request(t, tt.method, tt.url, "X-A: 1"))
		if err != nil {
			t.Errorf("%s: %v", tt.method, err)
			continue
		}
		if p.Preflights() != 0 || !slices.Equal(requestHeader(p, 0, "Origin"), tt.origin) {
			t.Errorf("%s: %d preflights, Origin %q", tt.method, p.Preflights(), requestHeader(p, 0, "Origin"))
		}
		if res.Header.Get("X-Secret") == "" || res.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: headers %v, want all but Set-Cookie", tt.method, res.Header)
		}
	}
}

func TestOwnOriginSpelling(t *testing.T) {
	for page, url := range map[string]string{"https://myapp.com": "https://MyApp.com:443/x", "http://myapp.com": "http://myapp.com:80/x"} {
		p := pageOf(server{})
		p.Origin, p.Mode = page, corstest.SameOriginOnly
		if got := outcome(t, p, request(t, "PUT", url)); got != ok {
			t.Errorf("%s from %s: %s", url, page, got)
		}
	}
}

func TestSameOriginOnly(t *testing.T) {
	const want = `corstest: Fetch API cannot load http://api.test:7002/x. Request mode is "same-origin" but the URL's origin ` +
		"is not same as the request origin http://myapp.test:7001"
	p := pageOf(open())
	p.Mode = corstest.SameOriginOnly
	if _, err := p.Fetch(request(t, "GET", "/x")); err == nil || err.Error() != want || len(p.Exchanges()) != 0 {
		t.Errorf("error\n%v, want\n%s", err, want)
	}
	if got := outcome(t, p, request(t, "PUT", app+"/x")); got != ok {
		t.Errorf("own origin: %s", got)
	}
	p = pageOf(both(allowOrigin + "*"))
	p.Mode = corstest.SameOriginOnly
	p.Transport = redirector(map[string]string{app + "/x": api + "/y"}, p.Transport)
	if got := outcome(t, p, request(t, "GET", app+"/x")); got != "TypeError" || len(p.Exchanges()) != 1 {
		t.Errorf("a redirect to another origin: %s after %d requests", got, len(p.Exchanges()))
	}
}

func TestNoCORS(t *testing.T) {
	p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusTeapot)
		_, _ = io.WriteString(w, "secret")
	}))
	p.Mode = corstest.NoCORS
	res, err := p.Fetch(request(t, "POST", "/x", "X-A: 1", "Content-Type: application/json", "Accept: text/html", "Range: bytes=0-1"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || len(body) > 0 || res.StatusCode != 0 || res.Status != "" || len(res.Header) > 0 {
		t.Errorf("got %q %v %q, want nothing", res.Status, res.Header, body)
	}
	sent := p.Exchanges()
	if len(sent) != 1 || sent[0].Status != http.StatusTeapot {
		t.Fatalf("sent %v, want one request", sent)
	}
	for name, want := range map[string]string{
		"X-A": "", "Content-Type": "", "Range": "", "Accept": "text/html", "Origin": app,
	} {
		if got := sent[0].RequestHeader.Get(name); got != want {
			t.Errorf("sent %s: %q, want %q", name, got, want)
		}
	}
	outcome(t, p, request(t, "GET", "/x"))
	if got := requestHeader(p, 1, "Origin"); got != nil {
		t.Errorf("a GET has the Origin %q", got)
	}
	for _, method := range []string{"PUT", "DELETE", "patch"} {
		if got := outcome(t, p, request(t, method, "/x")); got != "TypeError" || len(p.Exchanges()) != 2 {
			t.Errorf("%s: %s", method, got)
		}
	}
}

func TestNoCORSHeaders(t *testing.T) {
	for _, tt := range []struct {
		lines []string
		want  string
	}{
		{[]string{"Accept: a", "Accept: b"}, "a, b"},
		{[]string{"Accept: a", "Accept: b(c"}, "a"},
		{[]string{"Accept: " + strings.Repeat("a", 120), "Accept: " + strings.Repeat("b", 120)}, strings.Repeat("a", 120)},
	} {
		p := pageOf(server{})
		p.Mode = corstest.NoCORS
		outcome(t, p, request(t, "GET", "/x", tt.lines...))
		if got := requestHeader(p, 0, "Accept"); !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%q: sent %q, want %q", tt.lines, got, tt.want)
		}
	}
}

func TestNoCORSRedirect(t *testing.T) {
	p := pageOf(server{response: with("X-A: 1")})
	p.Mode = corstest.NoCORS
	p.Transport = redirector(map[string]string{api + "/x": app + "/y"}, p.Transport)
	res, err := p.Fetch(request(t, "GET", "/x"))
	if err != nil || res.StatusCode != 0 {
		t.Errorf("got %v, %v, want an opaque response", res, err)
	}
	if res, err = p.Fetch(request(t, "GET", app+"/y")); err != nil || res.StatusCode != 200 {
		t.Errorf("own origin: %v, %v", res, err)
	}
	p = pageOf(nil)
	p.Mode = corstest.NoCORS
	p.Transport = corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		res := redirect(http.StatusTemporaryRedirect, api+"/y", "*")
		if req.URL.Path == "/y" {
			res.StatusCode = 200
		}
		return res, nil
	})
	if got := outcome(t, p, request(t, "POST", app+"/x")); got != ok || requestHeader(p, 1, "Origin")[0] != "null" {
		t.Errorf("a POST that leaves the page's own origin: %s, with the origin %q", got, requestHeader(p, 1, "Origin"))
	}
}

func TestInvalidRequests(t *testing.T) {
	type fields struct{ origin, server, method, url, header, body string }
	for _, tt := range []struct {
		name string
		fields
		want string
	}{
		{"without an origin", fields{},
			`corstest: Page.Origin is empty: set it to where the page was loaded from, such as "https://myapp.com"`},
		{"from an origin with a slash", fields{origin: "https://myapp.com/"},
			`corstest: Page.Origin "https://myapp.com/" is not an origin as browsers send it: did you mean "https://myapp.com"?`},
		{"from a pattern", fields{origin: "https://*.myapp.com"},
			`corstest: Page.Origin "https://*.myapp.com" is not an origin as browsers send it: write one such as "https://myapp.com"`},
		{"to an invalid server", fields{origin: app, server: "http://a b"},
			`corstest: Page.Server: parse "http://a b": invalid character " " in host name`},
		{"to a file", fields{origin: app, url: "file:///etc/passwd"}, `corstest: cannot fetch "file:///etc/passwd": not an http or https URL`},
		{"to a URL without a host", fields{origin: app, url: "https:///"}, `corstest: cannot fetch "https:///": not an http or https URL`},
		{"with a password", fields{origin: app, url: "https://user:pass@api.test/x"},
			`corstest: TypeError: cannot fetch "https://user:xxxxx@api.test/x": the URL has a user name or password`},
		{"a forbidden method", fields{origin: app, method: "TRACE"}, `corstest: TypeError: "TRACE" is not a method that fetch sends`},
		{"an invalid header name", fields{origin: app, header: "X A: 1"}, `corstest: TypeError: "X A" is not a header name`},
		{"an invalid header value", fields{origin: app, header: "X-A: 1\r\n2"}, `corstest: TypeError: "1\r\n2" is not a header value`},
		{"a GET with a body", fields{origin: app, body: "x"}, "corstest: TypeError: a request with the method GET cannot have a body"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := &corstest.Page{Origin: tt.origin, Server: tt.server, Transport: corstest.Handler(open())}
			req := request(t, tt.method, tt.url)
			if tt.header != "" {
				req = request(t, tt.method, tt.url, tt.header)
			}
			req.Body = io.NopCloser(strings.NewReader(tt.body))
			if _, err := p.Fetch(req); err == nil || err.Error() != tt.want {
				t.Errorf("error\n%v, want\n%s", err, tt.want)
			}
			if len(p.Exchanges()) > 0 {
				t.Error("the page sent a request")
			}
		})
	}
	p := pageOf(open())
	if _, err := p.Fetch(&http.Request{}); err == nil {
		t.Error("the page sent a request without a URL")
	}
	req := request(t, "POST", "/x")
	req.Body = io.NopCloser(failingReader{})
	if _, err := p.Fetch(req); err == nil || !strings.Contains(err.Error(), "reading the request's body: unexpected EOF") {
		t.Errorf("error %v, want the body's", err)
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
