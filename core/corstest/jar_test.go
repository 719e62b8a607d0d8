package corstest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// cookies returns the names of the cookies in a jar for a URL.
func cookies(t testing.TB, jar http.CookieJar, url string) string {
	t.Helper()
	var names []string
	for _, c := range jar.Cookies(mustParse(t, url)) {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}

// set stores cookies, each as a Set-Cookie header has it.
func set(t testing.TB, jar http.CookieJar, url string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		c, err := http.ParseSetCookie(line)
		if err != nil {
			t.Fatal(err)
		}
		jar.SetCookies(mustParse(t, url), []*http.Cookie{c})
	}
}

func TestJarSameSite(t *testing.T) {
	for _, tt := range []struct{ page, url, want string }{
		{"https://myapp.com", "https://myapp.com/x", "strict lax unset none"},
		{"https://www.myapp.com", "https://api.myapp.com/x", "strict lax unset none"},
		{"https://myapp.com:8443", "https://api.myapp.com/x", "strict lax unset none"},
		{"http://myapp.com", "https://api.myapp.com/x", "none"}, // the scheme is part of the site
		{"https://evil.example", "https://api.myapp.com/x", "none"},
		{"null", "https://api.myapp.com/x", "none"},
		{"https://a.github.io", "https://b.github.io/x", "none"}, // a public suffix
		{"http://localhost:3000", "http://localhost:8080/x", "strict lax unset none"},
		{"http://localhost:3000", "http://127.0.0.1:8080/x", "none"},
		{"https://myapp.com", "http://localhost:8080/x", "none"},
		{"https://evil.example", "http://api.myapp.com/x", ""}, // Secure
	} {
		jar := new(corstest.Jar)
		p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			with(allowOrigin+tt.page, allowCredentials+"true").write(w)
		}))
		p.Origin, p.Credentials, p.Jar = tt.page, corstest.Include, jar
		set(t, jar, tt.url, "strict=1; SameSite=Strict", "lax=1; SameSite=Lax", "unset=1", "none=1; SameSite=None; Secure")
		if got := outcome(t, p, request(t, "GET", tt.url)); got != ok {
			t.Fatal(got)
		}
		var names []string
		sent, err := http.ParseCookie(strings.Join(requestHeader(p, 0, "Cookie"), ""))
		if err != nil && tt.want != "" {
			t.Errorf("%s from %s: %v", tt.url, tt.page, err)
		}
		for _, c := range sent {
			names = append(names, c.Name)
		}
		if got := strings.Join(names, " "); got != tt.want {
			t.Errorf("%s from %s: cookies %q, want %q", tt.url, tt.page, got, tt.want)
		}
	}
}

// Chromium judges the site of each URL alone, also after a redirect from another site.
func TestJarRedirect(t *testing.T) {
	p := pageOf(both(allowOrigin+"*", "Set-Cookie: strict=1; SameSite=Strict"))
	p.Origin, p.Credentials, p.Mode = "https://myapp.com", corstest.Include, corstest.NoCORS
	p.Transport = redirector(map[string]string{"https://other.test/x": "https://api.myapp.com/x"}, p.Transport)
	for range 2 {
		outcome(t, p, request(t, "GET", "https://other.test/x"))
	}
	if got := requestHeader(p, 3, "Cookie"); len(got) != 1 || got[0] != "strict=1" {
		t.Errorf("%s gets the cookies %q, want strict=1", p.Exchanges()[3].URL, got)
	}
}

func TestJarReplaces(t *testing.T) {
	const url = "https://api.myapp.com/x"
	for _, tt := range []struct {
		name              string
		lines             []string
		sameSite, another string
	}{
		{"none by lax", []string{"a=1; SameSite=None; Secure; Path=/", "a=2; SameSite=Lax; Path=/"}, "a", ""},
		{"lax by none", []string{"a=1; SameSite=Lax; Path=/", "a=2; SameSite=None; Secure; Path=/"}, "a", "a"},
		{"a path beside another", []string{"a=1; SameSite=None; Secure; Path=/", "a=2; Path=/x"}, "a a", "a"},
		{"none by nothing", []string{"a=1; SameSite=None; Secure; Path=/", "a=; SameSite=None; Secure; Path=/; Max-Age=0"}, "", ""},
		{"none by nothing that is lax", []string{"a=1; SameSite=None; Secure; Path=/", "a=; Path=/; Max-Age=0"}, "", ""},
		{"none without Secure", []string{"a=1; SameSite=None"}, "", ""},
		{"a domain", []string{"a=1; SameSite=None; Secure; Domain=myapp.com"}, "a", "a"},
		{"a public suffix", []string{"a=1; Domain=com"}, "", ""},
	} {
		jar := new(corstest.Jar)
		set(t, jar, url, tt.lines...)
		if got := cookies(t, jar, url); got != tt.sameSite {
			t.Errorf("%s: the jar has %q, want %q", tt.name, got, tt.sameSite)
		}
		p := pageOf(both(allowOrigin+app, allowCredentials+"true"))
		p.Credentials, p.Jar = corstest.Include, jar
		outcome(t, p, request(t, "GET", url))
		if got := strings.Join(requestHeader(p, 0, "Cookie"), ""); (got != "") != (tt.another != "") {
			t.Errorf("%s: another site sends %q, want %q", tt.name, got, tt.another)
		}
	}
}

func TestJarSecure(t *testing.T) {
	for url, want := range map[string]string{
		"https://api.myapp.com/x": "a b", "http://api.myapp.com/x": "b", "http://localhost:8080/x": "a b", "http://127.0.0.1/x": "a b",
	} {
		jar := new(corstest.Jar)
		set(t, jar, url, "a=1; Secure", "b=1")
		if got := cookies(t, jar, url); got != want {
			t.Errorf("%s: the jar has %q, want %q", url, got, want)
		}
	}
}

// A page without a jar keeps cookies, as a browser does.
func TestPageWithoutJar(t *testing.T) {
	for credentials, want := range map[corstest.Credentials]string{corstest.Include: "a=1", corstest.Omit: "", corstest.SameOrigin: ""} {
		p := pageOf(both(allowOrigin+app, allowCredentials+"true", "Set-Cookie: a=1; Secure; SameSite=None"))
		p.Server, p.Credentials = "https://api.test", credentials
		for range 2 {
			outcome(t, p, request(t, "GET", "/x"))
		}
		if got := strings.Join(requestHeader(p, 1, "Cookie"), ""); got != want {
			t.Errorf("credentials %d: the second request has the cookies %q, want %q", credentials, got, want)
		}
	}
}
