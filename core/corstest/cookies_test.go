package corstest_test

import (
	"net/http/cookiejar"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// TestCookies sets a cookie, and checks what the next request sends.
func TestCookies(t *testing.T) {
	const (
		own     = "https://myapp.com"
		sibling = "https://api.myapp.com"
		other   = "https://api.example"
		none    = "; Secure; SameSite=None"
		site    = corstest.WarnCookie
		flag    = corstest.WarnCookieInsecure
		tls     = corstest.WarnCookieTLS
		prefix  = corstest.WarnCookiePrefix
		domain  = corstest.WarnCookieDomain
	)
	for _, tt := range []struct{ server, line, sent, warning string }{
		{other, "a=1" + none, "a=1", ""},
		{other, "a=1; secure ; samesite = NONE", "a=1", ""},
		{other, "a=1; Secure; SameSite=Lax", "", site},
		{other, "a=1; Secure; SameSite=Strict", "", site},
		{other, "a=1; Secure; SameSite=wrong", "", site},
		{other, "a=1; Secure", "", site},
		{other, "a=1; SameSite=None", "", site},
		{"http://api.example", "a=1" + none, "", tls},
		{"http://api.myapp.com", "a=1", "", site}, // another scheme is another site
		{"http://localhost:8080", "a=1" + none, "a=1", ""},
		{sibling, "a=1", "a=1", ""},
		{sibling, "a=1; SameSite=Strict", "a=1", ""},
		{sibling, "a=1; SameSite=None", "", flag},
		{sibling, "a=1; Partitioned", "", flag},
		{own, "a=1", "a=1", ""},
		{own, "a=1; SameSite=None", "", flag},
		{own, "__Secure-a=1", "", prefix},
		{own, "__secure-a=1", "", prefix},
		{own, "__Secure-a=1; Secure", "__Secure-a=1", ""},
		{own, "__Host-a=1; Secure; Path=/", "__Host-a=1", ""},
		{own, "__Host-a=1; Secure", "", prefix},
		{own, "__Host-a=1; Path=/", "", prefix},
		{own, "__Host-a=1; Secure; Path=/; Domain=myapp.com", "", prefix},
		{own, "__Secure-a", "", prefix},
		{sibling, "a=1; Domain=.MYAPP.com", "a=1", ""},
		{sibling, "a=1; Domain=example", "", domain},
		{sibling, "a=1; Domain=com", "", domain},
		{sibling, "a=1; Domain=v1.api.myapp.com", "", domain},
		{own, "a=1; Max-Age=0", "", ""},
		{own, "a=1; Max-Age=-5", "", ""},
		{own, "a=1; Max-Age=x", "a=1", ""},
		{own, "a=1; Max-Age=60; Path=/x", "a=1", ""},
		{own, "a=1; Path=/y", "", ""},
		{own, "a=1; Expires=Thu, 01-Jan-1970 00:00:00 GMT; HttpOnly", "", ""},
		{own, "a=1; Expires=soon", "a=1", ""},
		{own, "a=b c, d", "a=b c, d", ""},
		{own, `a="b"`, `a="b"`, ""},
		{own, `a="b\`, `a="b\`, ""},
		{own, "a b/c==é", "a b/c==é", ""},
		{own, "a", "a", ""},
		{own, "=a", "a", ""},
		{own, "; Secure", "", ""},
		{own, "a=" + strings.Repeat("b", 4096), "", ""},
	} {
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		p := pageOf(both(allowOrigin+own, allowCredentials+"true", variesByOrigin, "Set-Cookie: "+tt.line))
		p.Origin, p.Credentials, p.Jar = own, corstest.Include, jar
		for range 2 {
			if got := outcome(t, p, request(t, "GET", tt.server+"/x")); got != ok {
				t.Fatal(got)
			}
		}
		if got := strings.Join(requestHeader(p, 1, "Cookie"), " + "); got != tt.sent {
			t.Errorf("%s sets %s: sent %q, want %q", tt.server, tt.line, got, tt.sent)
		}
		warning := ""
		for _, w := range p.Warnings() {
			warning += w.Text
		}
		if warning != tt.warning {
			t.Errorf("%s sets %s: warning %q, want %q", tt.server, tt.line, warning, tt.warning)
		}
	}
}
