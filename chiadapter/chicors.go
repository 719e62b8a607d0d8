// Package chicors provides chi middleware that applies a cors.Policy.
//
//	r := chi.NewRouter()
//	r.Use(chicors.New(chicors.Config{
//		AllowOrigins:     []string{"https://myapp.com"},
//		AllowCredentials: true,
//	}))
//	// … routes
//
// Mount it on the root router: chi does not run the middleware of Group and With
// for preflights. For several policies, mount [Paths] or [Select] in the same
// place.
//
// chi uses standard net/http middleware, so this package mostly renames the
// functions of httpcors.
package chicors

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for cfg. It panics if cfg is invalid; the message
// lists every problem. To handle the error, use [cors.New] and [From].
func New(cfg Config) func(http.Handler) http.Handler { return httpcors.New(cfg) }

// AllowAll returns the middleware for public APIs and first steps: it allows
// every origin, method and header, without credentials.
func AllowAll() func(http.Handler) http.Handler { return httpcors.AllowAll() }

// From returns the middleware for an existing policy. The caller can share the
// policy and reconfigure it later. From panics if p is nil.
func From(p *cors.Policy) func(http.Handler) http.Handler { return httpcors.From(p) }

// Select returns a middleware that calls policy for each request and applies
// the policy it returns. If it returns nil, the request is passed on unchanged.
// If the choice depends on request headers, name them in Config.Vary of every
// policy. Preflight requests do not carry the headers that the script sets.
//
// If AllowOriginFunc returns an error, the status is 500, and the error is
// written to the server's error log.
func Select(policy func(*http.Request) *cors.Policy) func(http.Handler) http.Handler {
	return httpcors.Select(policy)
}

// Paths returns a middleware that chooses the policy by the path of the request;
// see [cors.Paths]. It copies the map. Mount it after middleware that changes the
// path that chi routes, such as URLFormat.
func Paths(m cors.Paths) func(http.Handler) http.Handler {
	policy := httpcors.PathSelector(m)
	return Select(func(r *http.Request) *cors.Policy {
		if routed := routePath(r); routed != "" {
			return policy(r, routed)
		}
		return policy(r)
	})
}

// routePath returns the path that chi routes if it is not the path of r.URL, and
// otherwise an empty string. In a mounted router, chi adds the slash of its
// root.
func routePath(r *http.Request) string {
	c := chi.RouteContext(r.Context())
	if c == nil || c.RoutePath == "/" && len(c.RoutePatterns) > 0 {
		return ""
	}
	return c.RoutePath
}
