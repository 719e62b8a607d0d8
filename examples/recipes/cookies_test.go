package recipes

import (
	"io"
	"net/http"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// oneSession is the session of one user.
type oneSession struct{}

func (oneSession) Open() string { return "token-of-ada" }

func (oneSession) User(token string) (string, bool) { return "Ada", token == "token-of-ada" }

// production serves recipe 3.
func production(t *testing.T, credentials bool) []server {
	t.Helper()
	t.Setenv("FRONTEND_URL", myApp)
	cfg := Production()
	cfg.AllowCredentials = credentials
	return behind(must(cors.New(cfg)), SessionAPI(oneSession{}))
}

// browser is a page of a server on the same site as myApp.
func browser(origin string, credentials corstest.Credentials, api http.RoundTripper) *corstest.Page {
	return &corstest.Page{Origin: origin, Credentials: credentials, Server: "https://api.myapp.com", Transport: api}
}

func TestProduction(t *testing.T) {
	forEach(t, production(t, true), func(t *testing.T, api http.RoundTripper) {
		page := browser(myApp, corstest.Include, api)
		if res := corstest.Allows(t, page, "GET", "/api/me"); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("before the login: %d, want 401, which the script can read", res.StatusCode)
		}
		corstest.Allows(t, page, "POST", "/api/login", "Content-Type: application/json")
		cookie := last(page).ResponseHeader.Get("Set-Cookie")
		for _, attribute := range []string{"HttpOnly", "Secure", "SameSite=Lax"} {
			if !strings.Contains(cookie, attribute) {
				t.Errorf("cookie %q, want %s", cookie, attribute)
			}
		}
		res := corstest.Allows(t, page, "GET", "/api/me")
		if body, err := io.ReadAll(res.Body); err != nil || string(body) != "Ada\n" {
			t.Errorf("after the login: %q, %v", body, err)
		}
		corstest.Allows(t, page, "GET", "/api/me", "Authorization: Bearer token", "Content-Type: application/json")

		corstest.RefusesWith(t, withCookies(myApp, api), methodRefused, "PATCH", "/api/me")
		corstest.RefusesWith(t, withCookies(myApp, api), headerRefused, "GET", "/api/me", "X-Debug: 1")
		stranger := browser(evil, corstest.Include, api)
		corstest.RefusesWith(t, stranger, noOriginPreflight, "POST", "/api/login", "Content-Type: application/json")
		corstest.RefusesWith(t, stranger, noOrigin, "GET", "/api/me")
	})
}

func TestProductionWithoutCredentials(t *testing.T) {
	t.Run("the front end forgets them", func(t *testing.T) {
		forEach(t, production(t, true), func(t *testing.T, api http.RoundTripper) {
			page := browser(myApp, corstest.SameOrigin, api) // the default of fetch
			corstest.Allows(t, page, "POST", "/api/login", "Content-Type: application/json")
			res := corstest.Allows(t, page, "GET", "/api/me")
			if cookie := last(page).RequestHeader.Get("Cookie"); cookie != "" || res.StatusCode != http.StatusUnauthorized {
				t.Errorf("cookie %q, status %d, want no cookie and 401", cookie, res.StatusCode)
			}
		})
	})
	t.Run("the server forgets them", func(t *testing.T) {
		forEach(t, production(t, false), func(t *testing.T, api http.RoundTripper) {
			page := browser(myApp, corstest.Include, api)
			corstest.RefusesWith(t, page, corstest.IssuePreflightInvalidCredentials, "POST", "/api/login", "Content-Type: application/json")
		})
	})
}

func TestProductionError(t *testing.T) {
	t.Setenv("FRONTEND_URL", "")
	_, err := cors.New(Production())
	wantError(t, err, "AllowOrigins[0]")
	t.Setenv("FRONTEND_URL", "*")
	_, err = cors.New(Production())
	wantError(t, err, "AllowOrigins[0]", `"*"`)
}
