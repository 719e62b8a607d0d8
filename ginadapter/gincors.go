// Package gincors provides gin middleware that applies a cors.Policy.
//
//	router := gin.Default()
//	router.Use(gincors.New(gincors.Config{
//		AllowOrigins:     []string{"https://myapp.com"},
//		AllowCredentials: true,
//	}))
//	// … routes
//
// Mount it on the engine, before the routes: a route gets only the middleware
// that was added before it. gin does not run the middleware of a group or a
// route for preflights. For several policies, mount [Paths] or [Select] in the
// same place. To cover gin's own redirects to and from a trailing slash too,
// wrap the engine with httpcors instead.
package gincors

import (
	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for cfg. It panics if cfg is invalid; the message
// lists every problem. To handle the error, use [cors.New] and [From].
func New(cfg Config) gin.HandlerFunc {
	p, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	return From(p)
}

// AllowAll returns the middleware for public APIs and first steps: it allows
// every origin, method and header, without credentials.
func AllowAll() gin.HandlerFunc { return New(cors.AllowAll()) }

// From returns the middleware for an existing policy. The caller can share the
// policy and reconfigure it later. From panics if p is nil.
func From(p *cors.Policy) gin.HandlerFunc {
	if p == nil {
		panic("gincors: From needs a policy, but got nil")
	}
	return func(c *gin.Context) { apply(c, p) }
}

// Select returns a middleware that calls policy for each request and applies
// the policy it returns. If it returns nil, the request is passed on unchanged.
// If the choice depends on request headers, name them in Config.Vary of every
// policy. Preflight requests do not carry the headers that the script sets.
//
// An error of AllowOriginFunc is added to the errors of the context, and the
// request is aborted with status 500. Earlier middleware may write the body.
func Select(policy func(*gin.Context) *cors.Policy) gin.HandlerFunc {
	return func(c *gin.Context) {
		if p := policy(c); p != nil {
			apply(c, p)
		}
	}
}

// Paths returns a middleware that chooses the policy by the path of the request;
// see [cors.Paths]. It copies the map.
func Paths(m cors.Paths) gin.HandlerFunc {
	policy := httpcors.PathSelector(m)
	return Select(func(c *gin.Context) *cors.Policy { return policy(c.Request) })
}

func apply(c *gin.Context, p *cors.Policy) {
	status, err := httpcors.Apply(p, c.Writer.Header(), c.Request)
	switch {
	case err != nil:
		c.Status(status)
		_ = c.Error(err)
		c.Abort()
	case status != 0:
		c.AbortWithStatus(status)
	}
}
