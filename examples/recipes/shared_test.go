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

// shared mounts recipe 11 everywhere, a route without CORS beside it.
func shared(policy *cors.Policy) []server {
	r, e, app, m, mux := gin.New(), echo.New(), fiber.New(), chi.NewRouter(), http.NewServeMux()
	handler := http.HandlerFunc(httpNoContent)
	SharedGin(r, policy, ginNoContent, ginNoContent)
	SharedEcho(e, policy, echoNoContent, echoNoContent)
	SharedFiber(app, policy, fiberNoContent, fiberNoContent)
	SharedChi(m, policy, handler, handler)
	SharedHTTP(mux, policy, handler, handler)
	r.Any("/api/private", ginNoContent)
	e.Any("/api/private", echoNoContent)
	app.All("/api/private", fiberNoContent)
	m.Handle("/api/private", handler)
	mux.Handle("/api/private", handler)
	return append(inAll(r, e, app, m), server{"net/http", corstest.Handler(mux)})
}

func TestSharedByHandlers(t *testing.T) {
	policy, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	forEach(t, shared(policy), func(t *testing.T, api http.RoundTripper) {
		for _, path := range []string{"/api/items", "/api/users"} {
			corstest.Allows(t, on(myApp, api), "PUT", path, "Content-Type: application/json")
			refuses(t, on(myApp, api), corstest.IssueMethodDisallowed, "DELETE", path)
			refuses(t, on(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", path)
			refuses(t, on(evil, api), "MissingAllowOriginHeader", "GET", path)
		}
		refuses(t, on(myApp, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/api/private")
	})
}

func TestSharedIsReconfiguredEverywhereAtOnce(t *testing.T) {
	policy, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	servers := shared(policy)
	if err := policy.Reconfigure(cors.Config{AllowOrigins: []string{"https://new.example"}}); err != nil {
		t.Fatal(err)
	}
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on("https://new.example", api), "PUT", "/api/items")
		refuses(t, on(myApp, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/api/items")
	})
}

func TestSharedFunction(t *testing.T) {
	policy, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	api := corstest.Handler(SharedFunction(policy, httpNoContent))
	corstest.Allows(t, on(myApp, api), "PUT", "/anything", "Content-Type: application/json")
	refuses(t, on(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/anything")
}

func TestSharedOnAPatternWithAMethodDoesNotGetPreflights(t *testing.T) {
	policy, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("PUT /api/items", SharedFunction(policy, httpNoContent))
	blocked := refuses(t, on(myApp, corstest.Handler(mux)), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/api/items")
	if blocked.Status != http.StatusMethodNotAllowed {
		t.Errorf("status %d, want the mux's 405", blocked.Status)
	}
}
