// Package echocors provides echo v4 middleware that applies a cors.Policy.
//
//	e := echo.New()
//	e.Use(echocors.New(echocors.Config{
//		AllowOrigins:     []string{"https://myapp.com"},
//		AllowCredentials: true,
//	}))
//	// … routes
//
// Mount it on the Echo instance: the middleware of a route does not run for
// preflights, and a group's middleware also answers preflights for other routes
// under the same prefix. Use e.Pre instead of e.Use if middleware that redirects
// is mounted with e.Pre. For several policies, mount [Paths] or [Select] in the
// same place.
package echocors

import (
	"github.com/labstack/echo/v4"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for cfg. It panics if cfg is invalid; the message
// lists every problem. To handle the error, use [cors.New] and [From].
func New(cfg Config) echo.MiddlewareFunc {
	p, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	return From(p)
}

// AllowAll returns the middleware for public APIs and first steps: it allows
// every origin, method and header, without credentials.
func AllowAll() echo.MiddlewareFunc { return New(cors.AllowAll()) }

// From returns the middleware for an existing policy. The caller can share the
// policy and reconfigure it later. From panics if p is nil.
func From(p *cors.Policy) echo.MiddlewareFunc {
	if p == nil {
		panic("echocors: From needs a policy, but got nil")
	}
	// echo calls the outer function for every request.
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error { return apply(c, p, next) }
	}
}

// Select returns a middleware that calls policy for each request and applies
// the policy it returns. If it returns nil, the request is passed on unchanged.
// If the choice depends on request headers, name them in Config.Vary of every
// policy. Preflight requests do not carry the headers that the script sets.
//
// The middleware returns an error of AllowOriginFunc to echo, which calls
// HTTPErrorHandler.
func Select(policy func(echo.Context) *cors.Policy) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if p := policy(c); p != nil {
				return apply(c, p, next)
			}
			return next(c)
		}
	}
}

// Paths returns a middleware that chooses the policy by the path of the request;
// see [cors.Paths]. It copies the map.
func Paths(m cors.Paths) echo.MiddlewareFunc {
	policy := httpcors.PathSelector(m)
	return Select(func(c echo.Context) *cors.Policy { return policy(c.Request()) })
}

func apply(c echo.Context, p *cors.Policy, next echo.HandlerFunc) error {
	status, err := httpcors.Apply(p, c.Response().Header(), c.Request())
	switch {
	case err != nil:
		return err
	case status != 0:
		return c.NoContent(status)
	}
	return next(c)
}
