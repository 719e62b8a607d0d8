package recipes

import (
	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Recipe 9: one route only. In Express, app.get("/x", cors(), …) and
// app.options("/x", cors()). People forget the second line. Then requests
// without a preflight work, and all others fail.

// OneRoute allows one path and those below it. Prefer it: it needs no second
// route. Mount it as in [ByPath].
func OneRoute(policy *cors.Policy) cors.Paths {
	return cors.Paths{"/x": policy}
}

// RouteAndOptions is the form of Express. In echo and chi, the route for OPTIONS
// needs a handler as well, which never runs.
func RouteAndOptions(router *gin.Engine, policy *cors.Policy, handler gin.HandlerFunc) {
	withCORS := gincors.From(policy)
	router.PUT("/x", withCORS, handler)
	router.OPTIONS("/x", withCORS) // gin panics if there is another
}
