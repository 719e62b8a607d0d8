package recipes

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Recipe 11: one policy, shared by separate handlers. In Next.js, a cors.js
// whose export each file under pages/api runs first. That works there because
// such a handler gets every method of its path, OPTIONS included; here it is
// the same for routes of any method, and for no others. The handlers tell the
// methods apart themselves.

// Shared returns the policy. All that are made from it follow its Reconfigure,
// whatever framework they are in.
func Shared() (*cors.Policy, error) {
	return cors.New(cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowMethods: []string{"GET", "PUT"},
		AllowHeaders: []string{"Content-Type"},
	})
}

// SharedHTTP wraps single handlers on net/http. A pattern with a method, such
// as "PUT /api/items", would not get the preflights.
func SharedHTTP(mux *http.ServeMux, policy *cors.Policy, items, users http.Handler) {
	withCORS := httpcors.From(policy)
	mux.Handle("/api/items", withCORS(items))
	mux.Handle("/api/users", withCORS(users))
}

// SharedFunction is a handler on its own, as serverless platforms call it: what
// they want exported is the ServeHTTP of the result.
func SharedFunction(policy *cors.Policy, handler http.HandlerFunc) http.Handler {
	return httpcors.From(policy)(handler)
}

// SharedGin mounts it on single handlers in gin.
func SharedGin(r *gin.Engine, policy *cors.Policy, items, users gin.HandlerFunc) {
	withCORS := gincors.From(policy)
	r.Any("/api/items", withCORS, items)
	r.Any("/api/users", withCORS, users)
}

// SharedEcho mounts it on single handlers in echo.
func SharedEcho(e *echo.Echo, policy *cors.Policy, items, users echo.HandlerFunc) {
	withCORS := echocors.From(policy)
	e.Any("/api/items", items, withCORS)
	e.Any("/api/users", users, withCORS)
}

// SharedFiber mounts it on single handlers in fiber.
func SharedFiber(app *fiber.App, policy *cors.Policy, items, users fiber.Handler) {
	withCORS := fibercors.From(policy)
	app.All("/api/items", withCORS, items)
	app.All("/api/users", withCORS, users)
}

// SharedChi mounts it on single handlers in chi.
func SharedChi(r chi.Router, policy *cors.Policy, items, users http.Handler) {
	withCORS := r.With(chicors.From(policy))
	withCORS.Handle("/api/items", items)
	withCORS.Handle("/api/users", users)
}
