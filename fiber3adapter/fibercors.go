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
// not run for preflights. No middleware does if Config.RequestMethods lacks
// OPTIONS. For several policies, mount [Paths] or [Select] in the same place: if
// two groups have the same prefix, the first one answers the preflights for
// both.
//
// Responses are in memory until the chain of handlers returns. The policy writes
// its headers after that. They replace the Access-Control-* headers that a
// handler sets, and a proxy or a static file cannot remove them. For a route
// that needs other headers, mount another policy on the route. The ErrorHandler
// runs later, and can remove the headers. A callback that panics ends the
// process, unless fiber's recover middleware is mounted before the policy.
package fibercors

import (
	"bytes"
	"context"
	"strings"

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

// Paths returns a middleware that chooses the policy by the path of the request;
// see [cors.Paths]. It ignores case unless the app is case-sensitive. It copies
// the map.
func Paths(m cors.Paths) fiber.Handler {
	inCase, inAnyCase := m.Selector(false), m.Selector(true)
	return Select(func(c fiber.Ctx) *cors.Policy {
		policy := inAnyCase
		if c.App().Config().CaseSensitive {
			policy = inCase
		}
		return policy(sourceOf(c).Path(), c.Path())
	})
}

func apply(c fiber.Ctx, p *cors.Policy) error {
	var d cors.Decision
	err := p.Decide(sourceOf(c), &d)
	if d.Len()+len(d.Absent()) == 0 { // the zero Policy
		return c.Next()
	}
	defer d.Keep()()
	defer leave(c, &d, enter(c))
	switch {
	case err != nil:
		return &internalError{err}
	case d.Status() != 0:
		c.Status(d.Status())
		return nil
	}
	return c.Next()
}

// depthKey is the key of the number of policies that the request has reached.
// Numbers below 256 become interface values without an allocation.
type depthKey struct{}

func enter(c fiber.Ctx) (depth int) {
	depth, _ = c.RequestCtx().UserValue(depthKey{}).(int)
	depth++
	c.RequestCtx().SetUserValue(depthKey{}, depth)
	return depth
}

// leave writes the decision, even if the next handler panics. That handler may
// replace the whole response, as proxies, static files and caches do, so nothing
// is written before it runs. Nothing is sent before the chain returns. If the
// request has reached an inner policy, the headers of that policy remain, and
// leave writes only Vary.
func leave(c fiber.Ctx, d *cors.Decision, depth int) {
	deepest, _ := c.RequestCtx().UserValue(depthKey{}).(int)
	if deepest < depth { // the next handler has reset the request
		c.RequestCtx().SetUserValue(depthKey{}, depth)
	}
	h := &c.Response().Header
	if res := c.RequestCtx().LastTimeoutErrorResponse(); res != nil { // is sent in place of the response
		h = &res.Header
	}
	var earlier cors.Earlier
	for k, v := range h.All() {
		earlier.Visit(utils.UnsafeString(k), utils.UnsafeString(v))
	}
	if deepest <= depth {
		for _, name := range earlier.CORS() {
			h.Del(name)
		}
		for i := range d.Len() { // canonical and without line breaks: fasthttp need not check
			name, value := d.Header(i)
			h.SetCanonical(utils.UnsafeBytes(name), utils.UnsafeBytes(value))
		}
	}
	switch names := d.Vary(earlier.Vary()...); {
	case names == "":
	case len(earlier.Vary()) == 0:
		h.SetCanonical([]byte(fiber.HeaderVary), utils.UnsafeBytes(names))
	default:
		h.Add(fiber.HeaderVary, names)
	}
}

// internalError hides the text of an error from fiber's default ErrorHandler,
// which would send the text to the client.
type internalError struct{ cause error }

func (e *internalError) Error() string { return fiber.ErrInternalServerError.Message }
func (e *internalError) Unwrap() error { return e.cause }

// Ctx returns the request that a policy decides about. ctx is the context that
// AllowOriginFunc or OnReject gets. The result is valid until the callback
// returns. For any other context, Ctx returns nil. If a callback allows origins
// by a header of the request, name the header in Config.Vary.
func Ctx(ctx context.Context) fiber.Ctx {
	c, _ := ctx.Value(ctxKey{}).(fiber.Ctx)
	return c
}

type ctxKey struct{}

// A source is a [cors.Source]. Its strings share memory with fasthttp's buffers.
type source[C fiber.Ctx] struct{ c C }

// sourceOf returns the source for c. A source of a *fiber.DefaultCtx, the usual
// context, becomes a Source without an allocation.
func sourceOf(c fiber.Ctx) cors.Source {
	if c, ok := c.(*fiber.DefaultCtx); ok {
		return source[*fiber.DefaultCtx]{c}
	}
	return source[fiber.Ctx]{c}
}

func (s source[C]) Context() context.Context {
	return context.WithValue(s.c.Context(), ctxKey{}, fiber.Ctx(s.c))
}

func (s source[C]) Method() string { return s.c.Method() }
func (s source[C]) TLS() bool      { return s.c.RequestCtx().IsTLS() }
func (s source[C]) Host() string   { return utils.UnsafeString(s.c.Request().URI().Host()) }
func (s source[C]) Path() string   { return utils.UnsafeString(s.c.Request().URI().PathOriginal()) }

func (s source[C]) Header(name string) string {
	lines := s.c.Request().Header.PeekAll(name)
	if s.c.App().Server().DisableHeaderNamesNormalizing {
		lines = s.linesInAnyCase(name)
	}
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return utils.UnsafeString(lines[0])
	}
	return string(bytes.Join(lines, []byte{','})) // bounded by the app's ReadBufferSize
}

func (s source[C]) linesInAnyCase(name string) (lines [][]byte) {
	for key, value := range s.c.Request().Header.All() {
		if strings.EqualFold(utils.UnsafeString(key), name) {
			lines = append(lines, value)
		}
	}
	return lines
}
