package recipes

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

func ginNoContent(c *gin.Context)                          { c.Status(http.StatusNoContent) }
func echoNoContent(c echo.Context) error                   { return c.NoContent(http.StatusNoContent) }
func fiberNoContent(c *fiber.Ctx) error                    { return c.SendStatus(fiber.StatusNoContent) }
func httpNoContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// ours is the policy of one front end.
func ours(t *testing.T) *cors.Policy {
	t.Helper()
	p, err := cors.New(cors.Config{AllowOrigins: []string{myApp}, AllowHeaders: []string{"Content-Type", "Authorization"}, AllowCredentials: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOneRouteOnly(t *testing.T) {
	policy := ours(t)
	routed := func() []server {
		r, e, app, m := gin.New(), echo.New(), fiber.New(), chi.NewRouter()
		OneRouteGin(r, policy, ginNoContent)
		OneRouteEcho(e, policy, echoNoContent)
		OneRouteFiber(app, policy, fiberNoContent)
		OneRouteChi(m, policy, httpNoContent)
		r.PUT("/other", ginNoContent)
		e.PUT("/other", echoNoContent)
		app.Put("/other", fiberNoContent)
		m.Put("/other", httpNoContent)
		return inAll(r, e, app, m)
	}
	for name, servers := range map[string][]server{
		"by path, as we recommend":     byPath(OneRoute(policy), "/x", "/other"),
		"on the route and its OPTIONS": routed(),
	} {
		t.Run(name, func(t *testing.T) {
			forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
				corstest.Allows(t, withCookies(myApp, api), "PUT", "/x", "Content-Type: application/json")
				corstest.CheckRoutes(t, withCookies(myApp, api), []corstest.Route{{Method: "PUT", Path: "/x"}})
				blocked := refuses(t, withCookies(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/x")
				if blocked.Status != http.StatusForbidden {
					t.Errorf("a stranger's preflight gets %d, want the policy's 403", blocked.Status)
				}
				refuses(t, withCookies(myApp, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/other")
				if status := curl(t, api, "PUT", "/x"); status != http.StatusNoContent {
					t.Errorf("curl gets %d, want 204", status)
				}
			})
		})
	}
}

// TestWhatLooksLikeOneRoute mounts the middleware where it does not run for
// preflights. The statuses are the frameworks' own.
func TestWhatLooksLikeOneRoute(t *testing.T) {
	policy := ours(t)
	g, e, app, m := gin.New(), echo.New(), fiber.New(), chi.NewRouter()
	g.PUT("/x", gincors.From(policy), ginNoContent)
	g.GET("/x", gincors.From(policy), ginNoContent)
	e.PUT("/x", echoNoContent, echocors.From(policy))
	e.GET("/x", echoNoContent, echocors.From(policy))
	app.Put("/x", fibercors.From(policy), fiberNoContent)
	app.Get("/x", fibercors.From(policy), fiberNoContent)
	m.With(chicors.From(policy)).Put("/x", httpNoContent)
	m.With(chicors.From(policy)).Get("/x", httpNoContent)

	status := map[string]int{"gin": 404, "echo": 204, "fiber": 405, "chi": 405}
	for _, s := range inAll(g, e, app, m) {
		t.Run(s.framework, func(t *testing.T) {
			corstest.Allows(t, withCookies(myApp, s.transport), "GET", "/x")
			blocked := refuses(t, withCookies(myApp, s.transport), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/x")
			if blocked.Status != status[s.framework] {
				t.Errorf("the router answers the preflight with %d, want %d", blocked.Status, status[s.framework])
			}
		})
	}
}

// TestWhatLooksLikeAGroup does the same with groups, of which fiber's alone is
// what it seems to be.
func TestWhatLooksLikeAGroup(t *testing.T) {
	policy := ours(t)
	g, e, app, m := gin.New(), echo.New(), fiber.New(), chi.NewRouter()
	g.Group("/api", gincors.From(policy)).PUT("/x", ginNoContent)
	g.PUT("/api/outside", ginNoContent)
	e.Group("/api", echocors.From(policy)).PUT("/x", echoNoContent)
	e.PUT("/api/outside", echoNoContent)
	app.Group("/api", fibercors.From(policy)).Put("/x", fiberNoContent)
	app.Put("/api/outside", fiberNoContent)
	app.Put("/apix", fiberNoContent)
	m.Group(func(r chi.Router) {
		r.Use(chicors.From(policy))
		r.Put("/api/x", httpNoContent)
	})
	m.Put("/api/outside", httpNoContent)

	for _, s := range inAll(g, e, app, m) {
		t.Run(s.framework, func(t *testing.T) {
			inside, outside := withCookies(myApp, s.transport), withCookies(myApp, s.transport)
			switch s.framework {
			case "gin", "chi": // no preflight gets to the group
				refuses(t, inside, corstest.IssuePreflightMissingAllowOrigin, "PUT", "/api/x")
				refuses(t, outside, corstest.IssuePreflightMissingAllowOrigin, "PUT", "/api/outside")
			case "echo": // the group answers the preflights of a route that is not its own
				corstest.Allows(t, inside, "PUT", "/api/x")
				refuses(t, outside, "MissingAllowOriginHeader", "PUT", "/api/outside")
			case "fiber": // a group is a prefix, whoever adds the route
				corstest.Allows(t, inside, "PUT", "/api/x")
				corstest.Allows(t, outside, "PUT", "/api/outside")
				corstest.Allows(t, outside, "PUT", "/apix")
			}
			refuses(t, withCookies(evil, s.transport), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/api/x")
		})
	}
}
