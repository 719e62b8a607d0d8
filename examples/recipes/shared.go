package recipes

import (
	"net/http"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// Recipe 11: one policy for separate handlers. In Next.js, each file under
// pages/api runs the export of a cors.js first. It works there because such a
// handler gets all methods of its path, OPTIONS included. For the same reason,
// the handlers here are mounted on routes of any method.

// Shared returns the policy. Reconfigure changes it for all handlers.
func Shared() (*cors.Policy, error) {
	return cors.New(cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowMethods: []string{"GET", "PUT"},
		AllowHeaders: []string{"Content-Type"},
	})
}

// SharedHTTP wraps single handlers. Patterns with a method, such as
// "PUT /api/items", do not match preflights.
func SharedHTTP(mux *http.ServeMux, policy *cors.Policy, items, users http.Handler) {
	withCORS := httpcors.From(policy)
	mux.Handle("/api/items", withCORS(items))
	mux.Handle("/api/users", withCORS(users))
}

// SharedFunction wraps a handler without a router. Serverless platforms call the
// ServeHTTP of the result.
func SharedFunction(policy *cors.Policy, handler http.HandlerFunc) http.Handler {
	return httpcors.From(policy)(handler)
}
