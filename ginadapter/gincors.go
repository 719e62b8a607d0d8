// Package gincors speaks a cors.Policy on gin.
//
//	router := gin.Default()
//	router.Use(gincors.New(gincors.Config{
//		AllowOrigins:     []string{"https://myapp.com"},
//		AllowCredentials: true,
//	}))
//	// … routes
//
// Mount it on the engine, before the routes: gin gives routes the middleware
// that is there when they are made, and does not run the middleware of a group
// or a route for preflights. For several policies, mount [Select] in the same
// place. To cover gin's own redirects to and from a trailing slash too, put
// httpcors around the engine instead.
package gincors

import (
	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for a configuration. It panics if there is
// anything wrong with it, naming all that is; use [cors.New] and [From] to get
// an error instead.
func New(cfg Config) gin.HandlerFunc {
	p, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	return From(p)
}

// AllowAll returns the middleware for public APIs and first steps: every
// origin, method and header, no credentials.
func AllowAll() gin.HandlerFunc { return New(cors.AllowAll()) }

// From returns the middleware for a policy that the caller holds, to share it
// or to reconfigure it later. It panics if p is nil.
func From(p *cors.Policy) gin.HandlerFunc {
	if p == nil {
		panic("gincors: From needs a policy, but got nil")
	}
	return func(c *gin.Context) { apply(c, p) }
}

// Select returns a middleware that asks for the policy of each request. Nil
// means to leave the request alone. If the choice depends on request headers,
// name them in Config.Vary of all policies it chooses from, and mind that
// preflights have no headers of the script's.
//
// An error of AllowOriginFunc is added to the context's errors, and ends the
// request with the status 500, for a middleware before this one to answer.
func Select(policy func(*gin.Context) *cors.Policy) gin.HandlerFunc {
	return func(c *gin.Context) {
		if p := policy(c); p != nil {
			apply(c, p)
		}
	}
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
