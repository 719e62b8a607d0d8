package recipes

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// serving mounts a middleware of each framework before a few routes.
func serving(g gin.HandlerFunc, e echo.MiddlewareFunc, f fiber.Handler, c func(http.Handler) http.Handler, paths ...string) []server {
	r, ec, app, m := gin.New(), echo.New(), fiber.New(), chi.NewRouter()
	r.Use(g)
	ec.Use(e)
	app.Use(f)
	m.Use(c)
	for _, path := range paths {
		r.Any(path, func(c *gin.Context) { c.Status(http.StatusNoContent) })
		ec.Any(path, func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
		app.All(path, func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) })
		m.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	}
	return inAll(r, ec, app, m)
}

func byPath(paths cors.Paths, routes ...string) []server {
	return serving(ByPathGin(paths), ByPathEcho(paths), ByPathFiber(paths), ByPathChi(paths), routes...)
}

func TestSwitches(t *testing.T) {
	paths, err := Switches()
	if err != nil {
		t.Fatal(err)
	}
	forEach(t, byPath(paths, "/orders", "/feed", "/feed/new", "/internal/metrics"), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/orders")
		refuses(t, on(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/orders")

		corstest.Allows(t, on(evil, api), "GET", "/feed", "X-Anything: 1")
		corstest.Allows(t, on("null", api), "GET", "/feed/new")
		refuses(t, withCookies(evil, api), corstest.IssueWildcardOrigin, "GET", "/feed")
		refuses(t, on(evil, api), corstest.IssueMethodDisallowed, "PUT", "/feed")

		refuses(t, withCookies(myApp, api), "MissingAllowOriginHeader", "GET", "/internal/metrics")
		refuses(t, withCookies(myApp, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/internal/metrics")
		if status := curl(t, api, "GET", "/internal/metrics"); status != http.StatusNoContent {
			t.Errorf("curl gets %d, want 204", status)
		}
	})
}

func TestOpenAndRestricted(t *testing.T) {
	paths, err := OpenAndRestricted()
	if err != nil {
		t.Fatal(err)
	}
	forEach(t, byPath(paths, "/me", "/public/items"), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(evil, api), "DELETE", "/public/items", "Authorization: Bearer token")
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/me", "Content-Type: application/json")
		refuses(t, on(evil, api), "MissingAllowOriginHeader", "GET", "/me")
		refuses(t, on(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/me")
		refuses(t, withCookies(myApp, api), corstest.IssueWildcardOrigin, "GET", "/public/items")
		refuses(t, on(evil, api), "MissingAllowOriginHeader", "GET", "/publicity")
	})
}

func TestByPathDoesNotGiveAnotherSpellingOfAPathAnotherPolicy(t *testing.T) {
	open, err1 := cors.New(cors.AllowAll())
	strict, err2 := cors.New(cors.Config{AllowOrigins: []string{myApp}})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	forEach(t, byPath(cors.Paths{"/": open, "/api/": strict}, "/api/secret"), func(t *testing.T, api http.RoundTripper) {
		for _, path := range []string{"/api/secret", "/API/secret", "/%61pi/secret", "//api/secret", "/x/..%2fapi/secret", "/api/secret/"} {
			req, err := http.NewRequestWithContext(t.Context(), "GET", "https://api.example"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if res, err := on(evil, api).Fetch(req); err == nil && res.StatusCode == http.StatusNoContent {
				t.Errorf("%s reaches the handler and can be read", path)
			}
		}
	})
}

func TestByHost(t *testing.T) {
	of := func(origin string) *cors.Policy {
		p, err := cors.New(cors.Config{AllowOrigins: []string{origin}, AllowCredentials: true})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	hosts := Hosts{"eu.api.example": of("https://eu.myapp.com"), "us.api.example": of("https://us.myapp.com")}
	servers := serving(ByHostGin(hosts), ByHostEcho(hosts), ByHostFiber(hosts), ByHostChi(hosts), "/me")
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies("https://eu.myapp.com", api), "PUT", "https://eu.api.example/me")
		corstest.Allows(t, withCookies("https://us.myapp.com", api), "PUT", "https://us.api.example/me")
		refuses(t, withCookies("https://eu.myapp.com", api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "https://us.api.example/me")
		refuses(t, withCookies("https://eu.myapp.com", api), "MissingAllowOriginHeader", "GET", "https://other.api.example/me")

		// A client that is no browser can claim another host, but not by this header.
		req, err := http.NewRequestWithContext(t.Context(), "GET", "https://us.api.example/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", "https://eu.myapp.com")
		req.Header.Set("X-Forwarded-Host", "eu.api.example")
		res, err := api.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		wantHeaders(t, "response", res.Header, map[string]string{"Access-Control-Allow-Origin": ""})
	})
}

func TestByTenant(t *testing.T) {
	tenants, err := NewTenants(map[string][]string{
		"acme":   {"https://acme.example", "https://*.acme.example"},
		"globex": {"https://globex.example"},
	})
	if err != nil {
		t.Fatal(err)
	}
	servers := serving(ByTenantGin(tenants), ByTenantEcho(tenants), ByTenantFiber(tenants), ByTenantChi(tenants), "/me")
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		page := withCookies("https://shop.acme.example", api)
		corstest.Allows(t, page, "GET", "/me", "X-Tenant: acme")
		wantHeaders(t, "response", lastExchange(t, page).ResponseHeader, map[string]string{"Vary": "Origin, X-Tenant"})
		corstest.Allows(t, withCookies("https://globex.example", api), "PUT", "/me", "X-Tenant: globex")

		// The preflight cannot tell; the request can.
		blocked := refuses(t, withCookies("https://acme.example", api), "MissingAllowOriginHeader", "PUT", "/me", "X-Tenant: globex")
		if blocked.Status != http.StatusForbidden {
			t.Errorf("another tenant's page gets %d, want 403", blocked.Status)
		}
		refuses(t, withCookies(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/me", "X-Tenant: acme")
		refuses(t, withCookies(evil, api), "MissingAllowOriginHeader", "GET", "/me")
	})
}

func TestNewTenantsNamesTheTenantWithAWrongOrigin(t *testing.T) {
	_, err := NewTenants(map[string][]string{"acme": {"acme.example"}})
	wantError(t, err, "tenant acme", `use "https://acme.example"`)
}
