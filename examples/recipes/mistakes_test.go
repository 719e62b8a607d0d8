package recipes

import (
	"io"
	"net/http"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// Recipe 15: the mistakes. Each test has the wrong form and the right one. These
// are the mistakes in configurations and front ends; those of mounting are in
// mounting_mistakes_test.go.

// byHand is an API that sets CORS headers itself.
func byHand(headers map[string]string) http.RoundTripper {
	return corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(http.StatusNoContent)
	}))
}

func TestMistakeStarWithCredentials(t *testing.T) {
	wrong := byHand(map[string]string{
		"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true", "Access-Control-Allow-Methods": "PUT",
	})
	corstest.RefusesWith(t, withCookies(myApp, wrong), "Preflight"+wildcard, "PUT", "/items/1")
	corstest.RefusesWith(t, withCookies(myApp, wrong), wildcard, "GET", "/items")
	_, err := cors.New(cors.Config{AllowOrigins: []string{"*"}, AllowCredentials: true})
	wantError(t, err, `AllowOrigins[0]: "*"`)

	right := cors.Config{AllowOrigins: []string{myApp}, AllowCredentials: true}
	forEach(t, mounted(right), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/items/1")
		corstest.RefusesWith(t, withCookies(evil, api), noOriginPreflight, "PUT", "/items/1")
	})
}

func TestMistakeAuthorizationNotListed(t *testing.T) {
	const token = "Authorization: Bearer token"
	for name, allowed := range map[string][]string{"it is not listed": {"Content-Type"}, "the asterisk does not include it": {"*"}} {
		t.Run(name, func(t *testing.T) {
			forEach(t, mounted(cors.Config{AllowOrigins: []string{myApp}, AllowHeaders: allowed}), func(t *testing.T, api http.RoundTripper) {
				page := on(myApp, api)
				page.Browser = corstest.Firefox // Chromium allows it with a warning
				corstest.RefusesWith(t, page, headerRefused, "GET", "/items", token)
			})
		})
	}
	right := cors.Config{AllowOrigins: []string{myApp}, AllowHeaders: []string{"*", "Authorization"}}
	forEach(t, mounted(right), func(t *testing.T, api http.RoundTripper) {
		page := on(myApp, api)
		page.Browser = corstest.Firefox
		corstest.Allows(t, page, "GET", "/items", token)
		corstest.NoWarnings(t, page)
	})
}

func TestMistakeLocalhost(t *testing.T) {
	wrong := cors.Config{AllowOrigins: []string{"http://localhost:3000"}, AllowCredentials: true}
	forEach(t, mounted(wrong), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies("http://localhost:3000", api), "PUT", "/items/1")
		corstest.RefusesWith(t, withCookies("http://127.0.0.1:3000", api), noOriginPreflight, "PUT", "/items/1")
	})
	e := must(cors.New(wrong)).Explain(t.Context(), cors.Request{Method: "GET", Origin: "http://127.0.0.1:3000"})
	if e.Allowed || !strings.Contains(e.Hint, "localhost") || !strings.Contains(e.Hint, "127.0.0.1") {
		t.Errorf("Explain does not name both hosts: %s", e)
	}
	right := cors.Config{AllowOrigins: []string{"http://localhost:3000", "http://127.0.0.1:3000"}, AllowCredentials: true}
	forEach(t, mounted(right), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies("http://localhost:3000", api), "PUT", "/items/1")
		corstest.Allows(t, withCookies("http://127.0.0.1:3000", api), "PUT", "/items/1")
	})
}

func TestMistakeTrailingSlash(t *testing.T) {
	wrong := byHand(map[string]string{"Access-Control-Allow-Origin": "https://myapp.com/"})
	corstest.RefusesWith(t, on(myApp, wrong), corstest.IssueAllowOriginMismatch, "GET", "/items")
	_, err := cors.New(cors.Config{AllowOrigins: []string{"https://myapp.com/"}})
	wantError(t, err, `AllowOrigins[0]: "https://myapp.com/"`)

	forEach(t, mounted(cors.Config{AllowOrigins: []string{"https://myapp.com"}}), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "GET", "/items")
	})
}

// CORS is a rule for browsers. Other programs ignore it; only authentication
// protects an API from them.
func TestMistakeExpectCurlToFail(t *testing.T) {
	passing := cors.Config{AllowOrigins: []string{myApp}}
	rejecting := cors.Config{AllowOrigins: []string{myApp}, RejectDisallowed: true}
	for _, tt := range []struct {
		cfg            cors.Config
		origin         string
		want           int
		browserRefuses bool
	}{
		{passing, "", 201, false},
		{passing, evil, 201, true}, // the handler runs
		{rejecting, "", 201, false},
		{rejecting, evil, 403, true}, // curl only has to omit the header
	} {
		forEach(t, mounted(tt.cfg), func(t *testing.T, api http.RoundTripper) {
			var headers []string
			if tt.origin != "" {
				headers = []string{"Origin: " + tt.origin}
				corstest.RefusesWith(t, on(tt.origin, api), noOrigin, "POST", "/items")
			}
			if got := curl(t, api, "POST", "/items", headers...); got != tt.want {
				t.Errorf("curl with %q gets %d, want %d", headers, got, tt.want)
			}
		})
	}
}

func TestMistakeNoCORS(t *testing.T) {
	forEach(t, mounted(cors.Config{AllowOrigins: []string{myApp}, AllowHeaders: []string{"Content-Type"}}), func(t *testing.T, api http.RoundTripper) {
		wrong := on("https://other.example", api)
		wrong.Mode = corstest.NoCORS // removes the message in the console, and nothing else
		res := corstest.Allows(t, wrong, "GET", "/items", "X-Debug: 1", "Authorization: Bearer token")
		body, err := io.ReadAll(res.Body)
		if res.StatusCode != 0 || len(body) != 0 || len(res.Header) != 0 || err != nil {
			t.Errorf("the script sees %d, %q, %v, want an opaque response", res.StatusCode, body, res.Header)
		}
		sent := last(wrong)
		wantHeaders(t, "what was sent", sent.RequestHeader, map[string]string{"X-Debug": "", "Authorization": ""})
		if sent.Status != http.StatusOK {
			t.Errorf("the server answered %d, want 200, although the script cannot see it", sent.Status)
		}

		right := on(myApp, api)
		res = corstest.Allows(t, right, "GET", "/items", "Content-Type: application/json")
		body, err = io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK || !strings.Contains(string(body), "Apple") || err != nil {
			t.Errorf("the script sees %d, %q, %v", res.StatusCode, body, err)
		}
	})
}

func TestMistakeForgetCredentials(t *testing.T) {
	forEach(t, production(t, true), func(t *testing.T, api http.RoundTripper) {
		for credentials, want := range map[corstest.Credentials]int{
			corstest.SameOrigin: http.StatusUnauthorized, // the default of fetch
			corstest.Include:    http.StatusOK,
		} {
			page := browser(myApp, credentials, api)
			corstest.Allows(t, page, "POST", "/api/login")
			if res := corstest.Allows(t, page, "GET", "/api/me"); res.StatusCode != want {
				t.Errorf("credentials %v: %d, want %d", credentials, res.StatusCode, want)
			}
		}
		corstest.RefusesWith(t, browser(evil, corstest.Include, api), noOrigin, "GET", "/api/me")
	})
}
