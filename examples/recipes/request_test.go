package recipes

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// fakePartners maps hosts to origins.
type fakePartners map[string]string

func (p fakePartners) Allows(_ context.Context, host, origin string) (bool, error) {
	return p[host] == origin, nil
}

func TestAskWithHost(t *testing.T) {
	partners := fakePartners{"eu.api.example": "https://eu.myapp.com", "us.api.example": "https://us.myapp.com"}
	a := newApps()
	cfg := AskWithHost(partners)
	a.gin.Use(gincors.New(cfg))
	a.echo.Use(echocors.New(cfg))
	a.chi.Use(chicors.New(cfg))
	a.fiber.Use(fibercors.New(AskWithHostFiber(partners)))
	forEach(t, a.route(http.HandlerFunc(httpNoContent)).servers(), func(t *testing.T, api http.RoundTripper) {
		eu := withCookies("https://eu.myapp.com", api)
		corstest.Allows(t, eu, "PUT", "https://eu.api.example/me", "Content-Type: application/json")
		wantHeaders(t, "response", last(eu).ResponseHeader, map[string]string{"Vary": "Origin"})
		corstest.RefusesWith(t, eu, noOriginPreflight, "PUT", "https://us.api.example/me")
		corstest.RefusesWith(t, eu, noOrigin, "GET", "https://us.api.example/me")
		corstest.Allows(t, withCookies("https://us.myapp.com", api), "GET", "https://us.api.example/me")
	})
	for name, cfg := range map[string]cors.Config{"net/http": cfg, "fiber": AskWithHostFiber(partners)} {
		if ok, err := must(cors.New(cfg)).AllowsOrigin(t.Context(), "https://eu.myapp.com"); ok || err != nil {
			t.Errorf("%s: outside a request, the callback returns %t, %v", name, ok, err)
		}
	}
}

func TestAskWithRegion(t *testing.T) {
	cfg := AskWithRegion(func(region, origin string) bool { return origin == "https://"+region+".myapp.com" })
	a := newApps()
	a.gin.Use(gincors.New(cfg))
	api := corstest.Handler(a.route(http.HandlerFunc(httpNoContent)).gin)
	for region, allowed := range map[string]string{"eu": "https://eu.myapp.com", "us": ""} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://api.example/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", "https://eu.myapp.com")
		req.Header.Set("X-Region", region)
		res, err := api.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		wantHeaders(t, region, res.Header, map[string]string{"Access-Control-Allow-Origin": allowed, "Vary": "Origin, X-Region"})
	}
}

func TestErrorsFiber(t *testing.T) {
	policy := must(cors.New(cors.Config{AllowOrigins: []string{myApp}, AllowCredentials: true}))
	app := fiber.New(fiber.Config{
		DisableStartupMessage: true, BodyLimit: 1000, ErrorHandler: ErrorsFiber(policy, fiber.DefaultErrorHandler),
	})
	app.Use(fibercors.From(policy))
	app.Post("/refused", fibercors.New(cors.Config{AllowOrigins: []string{"https://other.example"}}), func(*fiber.Ctx) error {
		return fiber.ErrTeapot
	})
	url := listening(t, app)
	for _, tt := range []struct {
		name, path, origin string
		size, status       int
		want               map[string]string
	}{
		{"a body that is too long", "/items", myApp, 2000, 413,
			map[string]string{"Access-Control-Allow-Origin": myApp, "Access-Control-Allow-Credentials": "true", "Vary": "Origin"}},
		{"a body that is too long, from another origin", "/items", evil, 2000, 413,
			map[string]string{"Access-Control-Allow-Origin": "", "Vary": "Origin"}},
		{"an error of a route with a policy of its own", "/refused", myApp, 1, 418,
			map[string]string{"Access-Control-Allow-Origin": "", "Vary": "Origin"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+tt.path, strings.NewReader(strings.Repeat("a", tt.size)))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Origin", tt.origin)
			req.Close = true
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
			wantHeaders(t, "response", res.Header, tt.want)
		})
	}
}
