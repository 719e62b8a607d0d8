package recipes

import (
	"net/http"
	"testing"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

func TestShared(t *testing.T) {
	policy := must(Shared())
	a, mux, handler := newApps(), http.NewServeMux(), http.HandlerFunc(httpNoContent)
	SharedHTTP(mux, policy, handler, handler)
	mux.Handle("/api/private", handler)
	a.gin.Any("/api/items", gincors.From(policy), ginNoContent)
	a.echo.Any("/api/items", echoNoContent, echocors.From(policy))
	a.fiber.All("/api/items", fibercors.From(policy), fiberNoContent)
	a.chi.With(chicors.From(policy)).Handle("/api/items", handler)

	servers := append(a.servers(), server{"net/http", corstest.Handler(mux)})
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "PUT", "/api/items", "Content-Type: application/json")
		corstest.RefusesWith(t, on(myApp, api), methodRefused, "DELETE", "/api/items")
		corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "PUT", "/api/items")
		corstest.RefusesWith(t, on(evil, api), noOrigin, "GET", "/api/items")
		corstest.RefusesWith(t, on(myApp, api), noOriginPreflight, "PUT", "/api/private")
	})
	if err := policy.Reconfigure(cors.Config{AllowOrigins: []string{"https://new.example"}}); err != nil {
		t.Fatal(err)
	}
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on("https://new.example", api), "PUT", "/api/items")
		corstest.RefusesWith(t, on(myApp, api), noOriginPreflight, "PUT", "/api/items")
	})
}

func TestSharedFunction(t *testing.T) {
	function := SharedFunction(must(Shared()), httpNoContent)
	api := corstest.Handler(function)
	corstest.Allows(t, on(myApp, api), "PUT", "/anything", "Content-Type: application/json")
	corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "PUT", "/anything")

	mux := http.NewServeMux()
	mux.Handle("PUT /api/items", function)
	blocked := corstest.RefusesWith(t, on(myApp, corstest.Handler(mux)), noOriginPreflight, "PUT", "/api/items")
	if blocked.Status != http.StatusMethodNotAllowed {
		t.Errorf("a pattern with a method: status %d, want 405 from the mux", blocked.Status)
	}
}
