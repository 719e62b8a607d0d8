package recipes

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Recipe 9: one route only. In Express, app.get("/x", cors(), …) and
// app.options("/x", cors()), of which the second line is forgotten. It is here
// too: without it, what a browser may do without a preflight works, and the
// rest fails. A group is no better in gin and chi, where its middleware runs
// for routes that are there, and there is none for OPTIONS; and in echo it
// answers for the routes of others under its prefix.
//
// OneRoute is the form to prefer: it says which paths have CORS in one place,
// needs no second route, and looks the same in all frameworks. The functions
// after it are those of Express.

// OneRoute is CORS for one path and those below it. Mount it by [ByPathGin],
// [ByPathEcho], [ByPathFiber] or [ByPathChi], before the routes.
func OneRoute(policy *cors.Policy) cors.Paths {
	return cors.Paths{"/x": policy}
}

// OneRouteGin mounts the policy on the route and on its twin for OPTIONS.
func OneRouteGin(r *gin.Engine, policy *cors.Policy, handler gin.HandlerFunc) {
	withCORS := gincors.From(policy)
	r.PUT("/x", withCORS, handler)
	r.OPTIONS("/x", withCORS) // gin panics if there is another
}

// OneRouteEcho mounts the policy on the route and on its twin for OPTIONS,
// which needs a handler.
func OneRouteEcho(e *echo.Echo, policy *cors.Policy, handler echo.HandlerFunc) {
	withCORS := echocors.From(policy)
	e.PUT("/x", handler, withCORS)
	e.OPTIONS("/x", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }, withCORS)
}

// OneRouteFiber mounts the policy on the route and on its twin for OPTIONS.
// app.Use("/x", …) would do for both, but for "/xyz" as well.
func OneRouteFiber(app *fiber.App, policy *cors.Policy, handler fiber.Handler) {
	withCORS := fibercors.From(policy)
	app.Put("/x", withCORS, handler)
	app.Options("/x", withCORS)
}

// OneRouteChi mounts the policy on the route and on its twin for OPTIONS, which
// needs a handler.
func OneRouteChi(r chi.Router, policy *cors.Policy, handler http.HandlerFunc) {
	withCORS := r.With(chicors.From(policy))
	withCORS.Put("/x", handler)
	withCORS.Options("/x", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
}
