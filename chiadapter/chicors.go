// Package chicors speaks a cors.Policy on chi.
//
//	r := chi.NewRouter()
//	r.Use(chicors.New(chicors.Config{
//		AllowOrigins:     []string{"https://myapp.com"},
//		AllowCredentials: true,
//	}))
//	// … routes
//
// Mount it on the root router: chi does not run the middleware of Group and
// With for preflights. For several policies, mount [Select] in the same place.
//
// What chi takes for middleware is what net/http has no name for, so this is
// package httpcors by the names that the other adapters have.
package chicors

import (
	"net/http"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for a configuration. It panics if there is
// anything wrong with it, naming all that is; use [cors.New] and [From] to get
// an error instead.
func New(cfg Config) func(http.Handler) http.Handler { return httpcors.New(cfg) }

// AllowAll returns the middleware for public APIs and first steps: every
// origin, method and header, no credentials.
func AllowAll() func(http.Handler) http.Handler { return httpcors.AllowAll() }

// From returns the middleware for a policy that the caller holds, to share it
// or to reconfigure it later. It panics if p is nil.
func From(p *cors.Policy) func(http.Handler) http.Handler { return httpcors.From(p) }

// Select returns a middleware that asks for the policy of each request. Nil
// means to leave the request alone. If the choice depends on request headers,
// name them in Config.Vary of all policies it chooses from, and mind that
// preflights have no headers of the script's.
//
// An error of AllowOriginFunc is answered with 500 and written to the server's
// error log.
func Select(policy func(*http.Request) *cors.Policy) func(http.Handler) http.Handler {
	return httpcors.Select(policy)
}
