// Package hertzcors provides Hertz middleware that applies a cors.Policy. It is
// the worked example of docs/adapters.md, tested but not released.
package hertzcors

import (
	"context"
	"net/http"
	"strings"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/network"

	cors "github.com/polycors/polycors/core"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for cfg. It panics if cfg is invalid; the message
// lists every problem. To handle the error, use [cors.New] and [From].
func New(cfg Config) app.HandlerFunc {
	p, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	return From(p)
}

// AllowAll returns the middleware for public APIs and first steps: it allows
// every origin, method and header, without credentials.
func AllowAll() app.HandlerFunc { return New(cors.AllowAll()) }

// From returns the middleware for an existing policy. The caller can share the
// policy and reconfigure it later. From panics if p is nil.
func From(p *cors.Policy) app.HandlerFunc {
	if p == nil {
		panic("hertzcors: From needs a policy, but got nil")
	}
	return func(ctx context.Context, c *app.RequestContext) { apply(ctx, c, p) }
}

// Select returns a middleware that calls policy for each request and applies
// the policy it returns. If it returns nil, the request is passed on unchanged.
// If the choice depends on request headers, name them in Config.Vary of every
// policy. Preflight requests do not carry the headers that the script sets.
func Select(policy func(*app.RequestContext) *cors.Policy) app.HandlerFunc {
	return func(ctx context.Context, c *app.RequestContext) {
		if p := policy(c); p != nil {
			apply(ctx, c, p)
		}
	}
}

// Paths returns a middleware that chooses the policy by the path of the request;
// see [cors.Paths]. It copies the map.
func Paths(m cors.Paths) app.HandlerFunc {
	policy := m.Selector(false)
	return Select(func(c *app.RequestContext) *cors.Policy {
		return policy(string(c.URI().PathOriginal()), string(c.Path()))
	})
}

// Ctx returns the request that a policy decides about, given the context of its
// AllowOriginFunc or OnReject, and nil for any other context.
func Ctx(ctx context.Context) *app.RequestContext {
	c, _ := ctx.Value(ctxKey{}).(*app.RequestContext)
	return c
}

type ctxKey struct{}

// A source is a [cors.Source].
type source struct {
	ctx context.Context
	c   *app.RequestContext
}

func (s source) Context() context.Context  { return context.WithValue(s.ctx, ctxKey{}, s.c) }
func (s source) Method() string            { return string(s.c.Method()) }
func (s source) TLS() bool                 { _, ok := s.c.GetConn().(network.ConnTLSer); return ok }
func (s source) Host() string              { return string(s.c.URI().Host()) }
func (s source) Path() string              { return string(s.c.URI().PathOriginal()) }
func (s source) Header(name string) string { return strings.Join(s.c.Request.Header.GetAll(name), ",") }

func apply(ctx context.Context, c *app.RequestContext, p *cors.Policy) {
	var d cors.Decision
	err := p.Decide(source{ctx, c}, &d)
	h := &c.Response.Header
	for _, name := range d.Absent() {
		h.Del(name)
	}
	for i := range d.Len() {
		name, value := d.Header(i)
		h.Del(name) // Set replaces only the first line
		h.Set(name, value)
	}
	if names := d.Vary(h.GetAll("Vary")...); names != "" {
		h.Add("Vary", names)
	}
	switch {
	case err != nil:
		c.Error(err)
		c.AbortWithStatus(http.StatusInternalServerError)
	case d.Status() != 0:
		c.AbortWithStatus(d.Status())
	}
}
