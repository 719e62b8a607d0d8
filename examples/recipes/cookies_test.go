package recipes

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// oneSession is a set of sessions with one member.
type oneSession struct{}

func (oneSession) Open() string { return "token-of-ada" }

func (oneSession) User(token string) (string, bool) { return "Ada", token == "token-of-ada" }

// production mounts recipe 3 with a change to its policy.
func production(t *testing.T, change func(*cors.Config)) []server {
	t.Helper()
	t.Setenv("FRONTEND_URL", myApp)
	cfg := Production()
	if change != nil {
		change(&cfg)
	}
	policy, err := cors.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s := oneSession{}
	return inAll(ProductionGin(policy, s), ProductionEcho(policy, s), ProductionFiber(policy, s), ProductionChi(policy, s))
}

// browser is a page that keeps cookies.
func browser(t *testing.T, origin string, credentials corstest.Credentials, api http.RoundTripper) *corstest.Page {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &corstest.Page{Origin: origin, Credentials: credentials, Server: "https://api.myapp.com", Transport: api, Jar: jar}
}

func TestProductionLogsInAndReads(t *testing.T) {
	forEach(t, production(t, nil), func(t *testing.T, api http.RoundTripper) {
		page := browser(t, myApp, corstest.Include, api)
		if res := corstest.Allows(t, page, "GET", "/api/me"); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("before the login: %d, want 401, which the script can read", res.StatusCode)
		}
		corstest.Allows(t, page, "POST", "/api/login", "Content-Type: application/json")
		cookie := lastExchange(t, page).ResponseHeader.Get("Set-Cookie")
		for _, attribute := range []string{"HttpOnly", "Secure", "SameSite=Lax"} {
			if !strings.Contains(cookie, attribute) {
				t.Errorf("cookie %q, want %s", cookie, attribute)
			}
		}
		res := corstest.Allows(t, page, "GET", "/api/me")
		body, err := io.ReadAll(res.Body)
		if err != nil || !strings.Contains(string(body), `"name":"Ada"`) {
			t.Errorf("after the login: %q, %v", body, err)
		}
		if got := res.Header.Get("Set-Cookie"); got != "" {
			t.Errorf("the script sees the cookie %q", got)
		}
		corstest.Allows(t, page, "GET", "/api/me", "Authorization: Bearer token", "Content-Type: application/json")
	})
}

func TestProductionKeepsStrangersOut(t *testing.T) {
	forEach(t, production(t, nil), func(t *testing.T, api http.RoundTripper) {
		page := browser(t, evil, corstest.Include, api)
		refuses(t, page, corstest.IssuePreflightMissingAllowOrigin, "POST", "/api/login", "Content-Type: application/json")
		refuses(t, page, "MissingAllowOriginHeader", "GET", "/api/me")
	})
}

func TestProductionAllowsOnlyItsMethodsAndHeaders(t *testing.T) {
	forEach(t, production(t, nil), func(t *testing.T, api http.RoundTripper) {
		refuses(t, withCookies(myApp, api), corstest.IssueMethodDisallowed, "PATCH", "/api/me")
		refuses(t, withCookies(myApp, api), corstest.IssueHeaderDisallowed, "GET", "/api/me", "X-Debug: 1")
	})
}

func TestProductionWhereTheFrontEndForgetsCredentials(t *testing.T) {
	forEach(t, production(t, nil), func(t *testing.T, api http.RoundTripper) {
		page := browser(t, myApp, corstest.SameOrigin, api) // the default of fetch
		corstest.Allows(t, page, "POST", "/api/login", "Content-Type: application/json")
		res := corstest.Allows(t, page, "GET", "/api/me")
		if cookie := lastExchange(t, page).RequestHeader.Get("Cookie"); cookie != "" || res.StatusCode != http.StatusUnauthorized {
			t.Errorf("cookie %q, status %d, want no cookie, and so 401", cookie, res.StatusCode)
		}
	})
}

func TestProductionWhereTheServerForgetsCredentials(t *testing.T) {
	forgotten := production(t, func(cfg *cors.Config) { cfg.AllowCredentials = false })
	forEach(t, forgotten, func(t *testing.T, api http.RoundTripper) {
		page := browser(t, myApp, corstest.Include, api)
		blocked := refuses(t, page, corstest.IssuePreflightInvalidCredentials, "POST", "/api/login", "Content-Type: application/json")
		if !strings.Contains(blocked.Message, "which must be 'true' when the request's credentials mode is 'include'") {
			t.Errorf("message %q", blocked.Message)
		}
	})
}

func TestProductionDoesNotStartWithoutItsFrontEnd(t *testing.T) {
	t.Setenv("FRONTEND_URL", "")
	_, err := cors.New(Production())
	wantError(t, err, "AllowOrigins[0]", "is empty")
	t.Setenv("FRONTEND_URL", "*")
	_, err = cors.New(Production())
	wantError(t, err, "AllowCredentials")
}
