// Package fibercors speaks a cors.Policy on fiber.
//
//	app := fiber.New()
//	app.Use(fibercors.New(fibercors.Config{
//		AllowOrigins:     []string{"https://myapp.com"},
//		AllowCredentials: true,
//	}))
//	// … routes
//
// Mount it on the app, before routes and static files: fiber runs handlers in
// the order in which they were added. For several policies, mount [Select] in
// the same place; a prefix given to Use covers "/apix" along with "/api".
package fibercors

import (
	"bytes"
	"context"
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	cors "github.com/polycors/polycors/core"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for a configuration. It panics if there is
// anything wrong with it, naming all that is; use [cors.New] and [From] to get
// an error instead.
func New(cfg Config) fiber.Handler {
	p, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	return From(p)
}

// AllowAll returns the middleware for public APIs and first steps: every
// origin, method and header, no credentials.
func AllowAll() fiber.Handler { return New(cors.AllowAll()) }

// From returns the middleware for a policy that the caller holds, to share it
// or to reconfigure it later. It panics if p is nil.
func From(p *cors.Policy) fiber.Handler {
	if p == nil {
		panic("fibercors: From needs a policy, but got nil")
	}
	return func(c *fiber.Ctx) error { return apply(c, p) }
}

// Select returns a middleware that asks for the policy of each request. Nil
// means to leave the request alone. If the choice depends on request headers,
// name them in Config.Vary of all policies it chooses from, and mind that
// preflights have no headers of the script's.
//
// fiber matches paths in any letter case by default: see [cors.Paths.Policy].
// Of hosts, c.Get("Host") is the one that browsers vouch for, where
// c.Hostname() may be X-Forwarded-Host.
//
// An error of AllowOriginFunc goes to the app's ErrorHandler, wrapped so that
// its text does not reach the client: use errors.Unwrap, As or Is to see it.
// The function's context is that of [fiber.Ctx.UserContext].
func Select(policy func(*fiber.Ctx) *cors.Policy) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if p := policy(c); p != nil {
			return apply(c, p)
		}
		return c.Next()
	}
}

func apply(c *fiber.Ctx, p *cors.Policy) error {
	src := source{c}
	var req cors.Request // filled in place: a literal would be copied
	req.Method = c.Method()
	req.Origin = src.Header(fiber.HeaderOrigin)
	a, err := p.Answer(src, &req)
	write(c, a, &req)
	switch {
	case err != nil:
		return &internalError{err}
	case a.Status != 0:
		c.Status(a.Status)
		return nil
	}
	return c.Next()
}

// internalError keeps the text of an error from fiber's default ErrorHandler,
// which would send it to the client.
type internalError struct{ cause error }

func (e *internalError) Error() string { return http.StatusText(http.StatusInternalServerError) }
func (e *internalError) Unwrap() error { return e.cause }

type source struct{ c *fiber.Ctx }

func (s source) Context() context.Context { return s.c.UserContext() }

// Header joins the lines of a header, which fit in the app's read buffer. The
// string lives in fasthttp's buffers, which is well as long as the policy keeps
// none.
func (s source) Header(name string) string {
	lines := s.c.Request().Header.PeekAll(name)
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return utils.UnsafeString(lines[0])
	}
	return string(bytes.Join(lines, []byte{','}))
}

// write applies an answer to the headers of a response. Names and values need
// none of what fasthttp does to others: they are canonical, and have no line
// breaks.
func write(c *fiber.Ctx, a *cors.Answer, req *cors.Request) {
	headers := a.Headers
	if len(headers) == 0 && a.Status == 0 {
		return
	}
	h := &c.Response().Header
	vary, varies, stale := a.Vary, false, false
	h.VisitAll(func(name, value []byte) {
		switch {
		case string(name) == fiber.HeaderVary:
			vary, varies = cors.MissingVary(vary, utils.UnsafeString(value)), true
		case bytes.HasPrefix(name, []byte("Access-Control-")):
			stale = true
		}
	})
	if stale {
		for _, name := range corsHeaders {
			h.Del(name)
		}
	}
	if varies && a.Vary != "" {
		headers = headers[:len(headers)-1]
		if vary != "" {
			h.Add(fiber.HeaderVary, vary)
		}
	}
	for i := range headers {
		if v := headers[i].Value(req); v != "" {
			h.SetCanonical(utils.UnsafeBytes(headers[i].Name), utils.UnsafeBytes(v))
		}
	}
}

// corsHeaders are the headers that an answer replaces.
var corsHeaders = [...]string{
	fiber.HeaderAccessControlAllowOrigin,
	fiber.HeaderAccessControlAllowCredentials,
	fiber.HeaderAccessControlAllowMethods,
	fiber.HeaderAccessControlAllowHeaders,
	fiber.HeaderAccessControlExposeHeaders,
	fiber.HeaderAccessControlMaxAge,
}
