package recipes

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	gincors "github.com/polycors/polycors/ginadapter"
)

// optionHeaders are the headers of a preflight without options, with changes.
func optionHeaders(changes map[string]string) map[string]string {
	want := map[string]string{
		"Access-Control-Allow-Origin":      myApp,
		"Access-Control-Allow-Credentials": "",
		"Access-Control-Allow-Methods":     "GET, HEAD, PUT, PATCH, POST, DELETE",
		"Access-Control-Allow-Headers":     "",
		"Access-Control-Expose-Headers":    "",
		"Access-Control-Max-Age":           "",
		"Vary":                             "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
	}
	maps.Copy(want, changes)
	return want
}

func TestOptions(t *testing.T) {
	for name, tt := range map[string]struct {
		cfg       cors.Config
		preflight map[string]string
		status    int
	}{
		"methods":              {Methods(), map[string]string{"Access-Control-Allow-Methods": "GET, PUT"}, 204},
		"allowedHeaders":       {RequestHeaders(), map[string]string{"Access-Control-Allow-Headers": "Content-Type, Authorization"}, 204},
		"no allowedHeaders":    {AnyRequestHeader(), map[string]string{"Access-Control-Allow-Headers": "*, Authorization"}, 204},
		"exposedHeaders":       {ResponseHeaders(), nil, 204}, // on responses only
		"maxAge":               {RememberPreflights(), map[string]string{"Access-Control-Max-Age": "3600"}, 204},
		"optionsSuccessStatus": {OldClients(), nil, 200},
	} {
		t.Run(name, func(t *testing.T) {
			forEach(t, mounted(tt.cfg), func(t *testing.T, api http.RoundTripper) {
				page := on(myApp, api)
				corstest.Allows(t, page, "PUT", "/items/1")
				wantHeaders(t, "preflight", first(page).ResponseHeader, optionHeaders(tt.preflight))
				if first(page).Status != tt.status {
					t.Errorf("status %d, want %d", first(page).Status, tt.status)
				}
				corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "PUT", "/items/1")
			})
		})
	}
}

func TestMethods(t *testing.T) {
	forEach(t, mounted(Methods()), func(t *testing.T, api http.RoundTripper) {
		corstest.RefusesWith(t, on(myApp, api), methodRefused, "DELETE", "/items/1")
		corstest.Allows(t, on(myApp, api), "POST", "/items")
	})
}

func TestRequestHeaders(t *testing.T) {
	forEach(t, mounted(RequestHeaders()), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "PUT", "/items/1", "Content-Type: application/json", "Authorization: Bearer token")
		corstest.RefusesWith(t, on(myApp, api), headerRefused, "PUT", "/items/1", "X-Requested-With: XMLHttpRequest")
	})
	forEach(t, mounted(AnyRequestHeader()), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "PUT", "/items/1", "X-Requested-With: XMLHttpRequest", "Authorization: Bearer token")
	})
}

func TestResponseHeaders(t *testing.T) {
	forEach(t, mounted(ResponseHeaders()), func(t *testing.T, api http.RoundTripper) {
		page := on(myApp, api)
		res := corstest.Allows(t, page, "GET", "/items")
		wantHeaders(t, "what the script sees", res.Header, map[string]string{"X-Total-Count": "2"})
		wantHeaders(t, "response", last(page).ResponseHeader, map[string]string{
			"Access-Control-Expose-Headers": "X-Total-Count", "Access-Control-Allow-Origin": myApp, "Vary": "Origin",
		})
	})
	forEach(t, mounted(Methods()), func(t *testing.T, api http.RoundTripper) {
		res := corstest.Allows(t, on(myApp, api), "GET", "/items")
		wantHeaders(t, "what the script sees without the option", res.Header, map[string]string{"X-Total-Count": ""})
	})
}

func TestRememberPreflights(t *testing.T) {
	forEach(t, mounted(RememberPreflights()), func(t *testing.T, api http.RoundTripper) {
		now := time.Now()
		page := on(myApp, api)
		page.Now = func() time.Time { return now }
		for i, want := range []int{1, 1, 2} {
			corstest.Allows(t, page, "PUT", "/items/1")
			if page.Preflights() != want {
				t.Errorf("after %d requests: %d preflights, want %d", i+1, page.Preflights(), want)
			}
			now = now.Add(40 * time.Minute)
		}
	})
}

func TestAnswerPreflightsYourself(t *testing.T) {
	router := gin.New()
	router.Use(gincors.New(AnswerPreflightsYourself()))
	router.PUT("/items/:id", ginNoContent)
	router.OPTIONS("/items/:id", Options)
	api := corstest.Handler(router)

	page := on(myApp, api)
	corstest.Allows(t, page, "PUT", "/items/1")
	wantHeaders(t, "preflight", first(page).ResponseHeader, optionHeaders(map[string]string{"Allow": "GET, PUT, OPTIONS"}))
	if first(page).Status != 200 {
		t.Errorf("status %d, want 200 from the handler", first(page).Status)
	}
	if blocked := corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "PUT", "/items/1"); blocked.Status != http.StatusForbidden {
		t.Errorf("status %d, want 403 from the policy", blocked.Status)
	}
}
