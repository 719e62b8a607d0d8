// Package fibercors provides fiber v3 middleware that applies a cors.Policy.
//
//	app := fiber.New()
//	app.Use(fibercors.New(fibercors.Config{
//		AllowOrigins:     []string{"https://myapp.com"},
//		AllowCredentials: true,
//	}))
//	// … routes
//
// Mount it on the app, before routes, static files and mounted apps: fiber runs
// handlers in the order in which they were added. The middleware of a route does
// not run for preflights, and none does if Config.RequestMethods lacks OPTIONS.
// For several policies, mount [Select] in the same place: of two groups with one
// prefix, the first answers the preflights of both.
package fibercors

import (
	"bytes"
	"context"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/utils/v2"

	cors "github.com/polycors/polycors/core"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for cfg. It panics if cfg is invalid; the message
// lists every problem. To handle the error, use [cors.New] and [From].
func New(cfg Config) fiber.Handler {
	p, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	return From(p)
}

// AllowAll returns the middleware for public APIs and first steps: it allows
// every origin, method and header, without credentials.
func AllowAll() fiber.Handler { return New(cors.AllowAll()) }

// From returns the middleware for an existing policy. The caller can share the
// policy and reconfigure it later. From panics if p is nil.
func From(p *cors.Policy) fiber.Handler {
	if p == nil {
		panic("fibercors: From needs a policy, but got nil")
	}
	return func(c fiber.Ctx) error { return apply(c, p) }
}

// Select returns a middleware that calls policy for each request and applies
// the policy it returns. If it returns nil, the request is passed on unchanged.
// If the choice depends on request headers, name them in Config.Vary of every
// policy. Preflight requests do not carry the headers that the script sets.
//
// fiber matches paths in any letter case by default: see [cors.Paths.Policy]. To
// select by host, use c.Host(): it returns the value of X-Forwarded-Host only if
// Config.TrustProxy is set and the proxy is trusted.
//
// An error of AllowOriginFunc goes to the app's ErrorHandler, wrapped in an
// error that hides its text from the client: use errors.Unwrap, As or Is to see
// it. AllowOriginFunc gets the context from [fiber.Ctx.Context].
func Select(policy func(fiber.Ctx) *cors.Policy) fiber.Handler {
	return func(c fiber.Ctx) error {
		if p := policy(c); p != nil {
			return apply(c, p)
		}
		return c.Next()
	}
}

func apply(c fiber.Ctx, p *cors.Policy) error {
	var d cors.Decision
	err := p.Decide(sourceOf(c), &d)
	write(c, &d)
	switch {
	case err != nil:
		return &internalError{err}
	case d.Status() != 0:
		c.Status(d.Status())
		return nil
	}
	return c.Next()
}

// internalError hides the text of an error from fiber's default ErrorHandler,
// which would send it to the client.
type internalError struct{ cause error }

func (e *internalError) Error() string { return fiber.ErrInternalServerError.Message }
func (e *internalError) Unwrap() error { return e.cause }

// A source is a [cors.Source]. Its strings are part of fasthttp's buffers.
type source[C fiber.Ctx] struct{ c C }

// sourceOf returns the source for c. As a pointer, the usual context becomes a
// Source without an allocation.
func sourceOf(c fiber.Ctx) cors.Source {
	if c, ok := c.(*fiber.DefaultCtx); ok {
		return source[*fiber.DefaultCtx]{c}
	}
	return source[fiber.Ctx]{c}
}

func (s source[C]) Context() context.Context { return s.c.Context() }
func (s source[C]) Method() string           { return s.c.Method() }
func (s source[C]) TLS() bool                { return s.c.RequestCtx().IsTLS() }
func (s source[C]) Host() string             { return utils.UnsafeString(s.c.Request().URI().Host()) }
func (s source[C]) Path() string             { return utils.UnsafeString(s.c.Request().URI().PathOriginal()) }

func (s source[C]) Header(name string) string {
	lines := s.c.Request().Header.PeekAll(name)
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return utils.UnsafeString(lines[0])
	}
	return string(bytes.Join(lines, []byte{','})) // bounded by the app's ReadBufferSize
}

// write writes a decision to the headers of a response. Names and values are
// canonical and have no line breaks, so fasthttp need not check them.
func write(c fiber.Ctx, d *cors.Decision) {
	h := &c.Response().Header
	var before string // the lines of Vary
	stale := false    // an earlier handler has set a CORS header
	for name, value := range h.All() {
		switch {
		case string(name) != fiber.HeaderVary:
			stale = stale || bytes.HasPrefix(name, []byte("Access-Control-"))
		case before == "":
			before = utils.UnsafeString(value)
		default:
			before += "," + utils.UnsafeString(value)
		}
	}
	if stale {
		for _, name := range d.Absent() {
			h.Del(name)
		}
	}
	for i := range d.Len() {
		name, value := d.Header(i)
		if stale {
			h.Del(name) // SetCanonical replaces only the first line
		}
		h.SetCanonical(utils.UnsafeBytes(name), utils.UnsafeBytes(value))
	}
	if vary := d.Vary(before); vary != "" {
		h.Add(fiber.HeaderVary, vary)
	}
}
