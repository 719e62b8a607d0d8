package recipes

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestSwitches(t *testing.T) {
	servers := byPath(must(Switches()), "/orders", "/feed", "/feed/new", "/internal/metrics")
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/orders")
		corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "PUT", "/orders")

		corstest.Allows(t, on(evil, api), "GET", "/feed", "X-Anything: 1")
		corstest.Allows(t, on("null", api), "GET", "/feed/new")
		corstest.RefusesWith(t, withCookies(evil, api), wildcard, "GET", "/feed")
		corstest.RefusesWith(t, on(evil, api), methodRefused, "PUT", "/feed")

		corstest.RefusesWith(t, withCookies(myApp, api), noOrigin, "GET", "/internal/metrics")
		corstest.RefusesWith(t, withCookies(myApp, api), noOriginPreflight, "PUT", "/internal/metrics")
		if status := curl(t, api, "GET", "/internal/metrics"); status != http.StatusNoContent {
			t.Errorf("curl gets %d, want 204", status)
		}
	})
}

func TestOpenAndRestricted(t *testing.T) {
	servers := byPath(must(OpenAndRestricted()), "/me", "/public/items")
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(evil, api), "DELETE", "/public/items", "Authorization: Bearer token")
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/me", "Content-Type: application/json")
		corstest.RefusesWith(t, on(evil, api), noOrigin, "GET", "/me")
		corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "PUT", "/me")
		corstest.RefusesWith(t, withCookies(myApp, api), wildcard, "GET", "/public/items")
		corstest.RefusesWith(t, on(evil, api), noOrigin, "GET", "/publicity")
	})
}

func TestByPathSpellings(t *testing.T) {
	paths := cors.Paths{"/": must(cors.New(cors.AllowAll())), "/api/": ours()}
	forEach(t, byPath(paths, "/api/secret"), func(t *testing.T, api http.RoundTripper) {
		for _, path := range []string{"/api/secret", "/API/secret", "/%61pi/secret", "//api/secret", "/x/..%2fapi/secret", "/api/secret/"} {
			req, err := http.NewRequestWithContext(t.Context(), "GET", "https://api.example"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if res, err := on(evil, api).Fetch(req); err == nil && res.StatusCode == http.StatusNoContent {
				t.Errorf("%s reaches the handler under the policy of another path", path)
			}
		}
	})
}

func TestByHost(t *testing.T) {
	of := func(origin string) *cors.Policy { return must(cors.New(cors.Config{AllowOrigins: []string{origin}})) }
	hosts := Hosts{"eu.api.example": of("https://eu.myapp.com"), "us.api.example": of("https://us.myapp.com")}
	router, app := gin.New(), fiber.New()
	router.Use(ByHost(hosts))
	router.PUT("/me", ginNoContent)
	app.Use(ByHostFiber(hosts))
	app.Put("/me", fiberNoContent)

	servers := []server{{"gin", corstest.Handler(router)}, {"fiber", inFiber(app)}}
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on("https://eu.myapp.com", api), "PUT", "https://eu.api.example/me")
		corstest.Allows(t, on("https://us.myapp.com", api), "PUT", "https://us.api.example/me")
		corstest.RefusesWith(t, on("https://eu.myapp.com", api), noOriginPreflight, "PUT", "https://us.api.example/me")
		corstest.RefusesWith(t, on("https://eu.myapp.com", api), noOrigin, "GET", "https://other.api.example/me")

		forged, err := http.NewRequestWithContext(t.Context(), "PUT", "https://us.api.example/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		forged.Header.Set("Origin", "https://eu.myapp.com")
		forged.Header.Set("X-Forwarded-Host", "eu.api.example")
		res, err := api.RoundTrip(forged)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		wantHeaders(t, "with X-Forwarded-Host", res.Header, map[string]string{"Access-Control-Allow-Origin": ""})
	})
}

func TestByTenant(t *testing.T) {
	router := gin.New()
	router.Use(ByTenant(must(NewTenants(map[string][]string{
		"acme":   {"https://acme.example", "https://*.acme.example"},
		"globex": {"https://globex.example"},
	}))))
	router.GET("/me", ginNoContent)
	router.PUT("/me", ginNoContent)
	api := corstest.Handler(router)

	page := withCookies("https://shop.acme.example", api)
	corstest.Allows(t, page, "GET", "/me", "X-Tenant: acme")
	wantHeaders(t, "response", last(page).ResponseHeader, map[string]string{"Vary": "Origin, X-Tenant"})
	corstest.Allows(t, withCookies("https://globex.example", api), "PUT", "/me", "X-Tenant: globex")

	// The preflight is allowed, because it does not name the tenant.
	blocked := corstest.RefusesWith(t, withCookies("https://acme.example", api), noOrigin, "PUT", "/me", "X-Tenant: globex")
	if blocked.Status != http.StatusForbidden {
		t.Errorf("the page of another tenant gets %d, want 403", blocked.Status)
	}
	corstest.RefusesWith(t, withCookies(evil, api), noOriginPreflight, "PUT", "/me", "X-Tenant: acme")
	corstest.RefusesWith(t, withCookies(evil, api), noOrigin, "GET", "/me")
}

func TestNewTenantsError(t *testing.T) {
	_, err := NewTenants(map[string][]string{"acme": {"acme.example"}})
	wantError(t, err, "tenant acme:\n", `"https://acme.example"`)
}
