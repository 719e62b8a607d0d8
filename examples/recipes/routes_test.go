package recipes

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"

	chicors "github.com/polycors/polycors/chiadapter"
	"github.com/polycors/polycors/core/corstest"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

func TestOneRoute(t *testing.T) {
	router := gin.New()
	RouteAndOptions(router, ours(), ginNoContent)
	router.PUT("/other", ginNoContent)
	servers := append(byPath(OneRoute(ours()), "/x", "/other"), server{"RouteAndOptions", corstest.Handler(router)})
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/x", "Content-Type: application/json")
		corstest.CheckRoutes(t, withCookies(myApp, api), []corstest.Route{{Method: "PUT", Path: "/x"}})
		if blocked := corstest.RefusesWith(t, withCookies(evil, api), noOriginPreflight, "PUT", "/x"); blocked.Status != http.StatusForbidden {
			t.Errorf("the preflight of a stranger gets %d, want 403", blocked.Status)
		}
		corstest.RefusesWith(t, withCookies(myApp, api), noOriginPreflight, "PUT", "/other")
		if status := curl(t, api, "PUT", "/x"); status != http.StatusNoContent {
			t.Errorf("curl gets %d, want 204", status)
		}
	})
}

func TestRouteWithoutOptions(t *testing.T) {
	a, policy := newApps(), ours()
	for _, method := range []string{"GET", "PUT"} {
		a.gin.Handle(method, "/x", gincors.From(policy), ginNoContent)
		a.echo.Add(method, "/x", echoNoContent, echocors.From(policy))
		a.fiber.Add(method, "/x", fibercors.From(policy), fiberNoContent)
		a.chi.With(chicors.From(policy)).MethodFunc(method, "/x", httpNoContent)
	}
	status := map[string]int{"gin": 404, "echo": 204, "fiber": 405, "chi": 405}
	for _, s := range a.servers() {
		t.Run(s.framework, func(t *testing.T) {
			corstest.Allows(t, withCookies(myApp, s.transport), "GET", "/x")
			blocked := corstest.RefusesWith(t, withCookies(myApp, s.transport), noOriginPreflight, "PUT", "/x")
			if blocked.Status != status[s.framework] {
				t.Errorf("the router answers the preflight with %d, want %d", blocked.Status, status[s.framework])
			}
		})
	}

	// The route for OPTIONS needs a handler in echo and chi.
	a.gin.OPTIONS("/x", gincors.From(policy))
	a.echo.OPTIONS("/x", echoNoContent, echocors.From(policy))
	a.fiber.Options("/x", fibercors.From(policy))
	a.chi.With(chicors.From(policy)).Options("/x", httpNoContent)
	forEach(t, a.servers(), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/x")
	})
}

func TestGroup(t *testing.T) {
	a, policy := newApps(), ours()
	a.gin.Group("/api", gincors.From(policy)).PUT("/x", ginNoContent)
	a.gin.PUT("/api/outside", ginNoContent)
	a.echo.Group("/api", echocors.From(policy)).PUT("/x", echoNoContent)
	a.echo.PUT("/api/outside", echoNoContent)
	a.fiber.Group("/api", fibercors.From(policy)).Put("/x", fiberNoContent)
	a.fiber.Put("/api/outside", fiberNoContent)
	a.fiber.Put("/apix", fiberNoContent)
	a.chi.Group(func(r chi.Router) {
		r.Use(chicors.From(policy))
		r.Put("/api/x", httpNoContent)
	})
	a.chi.Put("/api/outside", httpNoContent)

	for _, s := range a.servers() {
		t.Run(s.framework, func(t *testing.T) {
			page := withCookies(myApp, s.transport)
			switch s.framework {
			case "gin", "chi": // no preflight reaches the group
				corstest.RefusesWith(t, page, noOriginPreflight, "PUT", "/api/x")
				corstest.RefusesWith(t, page, noOriginPreflight, "PUT", "/api/outside")
			case "echo": // the group also answers preflights of other routes
				corstest.Allows(t, page, "PUT", "/api/x")
				corstest.RefusesWith(t, page, noOrigin, "PUT", "/api/outside")
			case "fiber": // a group is a prefix
				corstest.Allows(t, page, "PUT", "/api/x")
				corstest.Allows(t, page, "PUT", "/api/outside")
				corstest.Allows(t, page, "PUT", "/apix")
			}
			corstest.RefusesWith(t, withCookies(evil, s.transport), noOriginPreflight, "PUT", "/api/x")
		})
	}
}
