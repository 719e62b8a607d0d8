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
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/valyala/fasthttp"

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
	return Select(func(*fiber.Ctx) *cors.Policy { return p })
}

// Select returns a middleware that asks for the policy of each request. Nil
// means to leave the request alone. If the choice depends on request headers,
// name them in Config.Vary of all policies it chooses from.
//
// An error of AllowOriginFunc goes to the app's ErrorHandler, wrapped so that
// its text does not reach the client: use errors.Unwrap, As or Is to see it.
// The function's context is that of [fiber.Ctx.UserContext].
func Select(policy func(*fiber.Ctx) *cors.Policy) fiber.Handler {
	return func(c *fiber.Ctx) error {
		p := policy(c)
		if p == nil {
			return c.Next()
		}
		d, err := p.Decide(c.UserContext(), read(c))
		write(c, &d)
		switch {
		case err != nil:
			return &internalError{err}
		case d.Status != 0:
			c.Status(d.Status)
			return nil
		}
		return c.Next()
	}
}

// internalError keeps the text of an error from fiber's default ErrorHandler,
// which would send it to the client.
type internalError struct{ cause error }

func (e *internalError) Error() string { return http.StatusText(http.StatusInternalServerError) }
func (e *internalError) Unwrap() error { return e.cause }

// read takes from a request what a policy needs to know. The strings live in
// fasthttp's buffers, which is well as long as the policy keeps none.
func read(c *fiber.Ctx) cors.Request {
	req := cors.Request{Method: c.Method(), Origin: joined(c, fiber.HeaderOrigin)}
	if req.Origin == "" {
		return req
	}
	if req.Method == fiber.MethodOptions {
		req.RequestMethod = joined(c, fiber.HeaderAccessControlRequestMethod)
		req.RequestHeaders = joined(c, fiber.HeaderAccessControlRequestHeaders)
	}
	req.Host = c.Get(fiber.HeaderHost)
	req.FetchSite = joined(c, "Sec-Fetch-Site")
	req.Credentials = len(c.Request().Header.Peek(fiber.HeaderCookie)) > 0
	return req
}

// joined joins the lines of a header, which fit in the app's read buffer.
func joined(c *fiber.Ctx, name string) string {
	lines := c.Request().Header.PeekAll(name)
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return utils.UnsafeString(lines[0])
	}
	return string(bytes.Join(lines, []byte{','}))
}

// write applies a decision to the headers of a response.
func write(c *fiber.Ctx, d *cors.Decision) {
	if d.IsZero() {
		return
	}
	h := &c.Response().Header
	set(h, fiber.HeaderAccessControlAllowOrigin, d.AllowOrigin)
	set(h, fiber.HeaderAccessControlAllowCredentials, d.AllowCredentials)
	set(h, fiber.HeaderAccessControlAllowMethods, d.AllowMethods)
	set(h, fiber.HeaderAccessControlAllowHeaders, d.AllowHeaders)
	set(h, fiber.HeaderAccessControlExposeHeaders, d.ExposeHeaders)
	set(h, fiber.HeaderAccessControlMaxAge, d.MaxAge)

	vary := d.Vary
	for _, line := range h.PeekAll(fiber.HeaderVary) {
		vary = cors.MissingVary(vary, utils.UnsafeString(line))
	}
	if vary != "" {
		h.Add(fiber.HeaderVary, vary)
	}
}

// set leaves one line of a header in the response, or none. Set alone would
// replace the first of several.
func set(h *fasthttp.ResponseHeader, name, value string) {
	h.Del(name)
	if value != "" {
		h.Set(name, value)
	}
}
