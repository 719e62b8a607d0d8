// Package fibercors provides fiber v2 middleware that applies a cors.Policy.
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
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/valyala/fasthttp"

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
	return func(c *fiber.Ctx) error { return apply(c, p) }
}

// Select returns a middleware that calls policy for each request and applies
// the policy it returns. If it returns nil, the request is passed on unchanged.
// If the choice depends on request headers, name them in Config.Vary of every
// policy. Preflight requests do not carry the headers that the script sets.
//
// fiber matches paths in any letter case by default: see [cors.Paths.Policy]. To
// select by host, use c.Get("Host"): c.Hostname() may return the value of
// X-Forwarded-Host, which clients can forge.
//
// An error of AllowOriginFunc goes to the app's ErrorHandler, wrapped in an
// error that hides its text from the client: use errors.Unwrap, As or Is to see
// it. AllowOriginFunc gets the context from [fiber.Ctx.UserContext].
func Select(policy func(*fiber.Ctx) *cors.Policy) fiber.Handler {
	return func(c *fiber.Ctx) error {
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
	return Select(func(c *fiber.Ctx) *cors.Policy {
		policy := inAnyCase
		if c.App().Config().CaseSensitive {
			policy = inCase
		}
		sent, routed := source{c}.Path(), c.Path()
		if sent == routed {
			return policy(sent)
		}
		return policy(sent, routed)
	})
}

func apply(c *fiber.Ctx, p *cors.Policy) error {
	s := states.Get().(*state)
	err := p.Decide(source{c}, &s.decision)
	if s.decision.Len()+len(s.decision.Absent()) == 0 { // the zero Policy
		s.free()
		return c.Next()
	}
	write(&c.Response().Header, &s.decision)
	c.Context().SetUserValue(stateKey, s)
	switch status := s.decision.Status(); {
	case err != nil:
		s.free()
		return &internalError{err}
	case status != 0:
		s.free()
		c.Status(status)
		return nil
	}
	s.decision.Keep(s.room[:0])
	defer s.writeAgain(c)
	return c.Next()
}

// A state is what a policy remembers while the next handler runs.
type state struct {
	decision cors.Decision
	room     [320]byte // for the longest origin
}

var states = sync.Pool{New: func() any { return new(state) }}

func (s *state) free() {
	s.decision = cors.Decision{}
	states.Put(s)
}

// stateKey is the key of the innermost policy's state: the last to be stored. A
// pointer is compared fastest.
var stateKey = (*state)(nil)

// writeAgain writes the decision once more after the next handler, even if it
// panics. It may have replaced the whole response, as proxies, static files and
// caches do. Nothing is sent before the chain returns.
func (s *state) writeAgain(c *fiber.Ctx) {
	ctx := c.Context()
	h := &ctx.Response.Header
	if res := ctx.LastTimeoutErrorResponse(); res != nil { // is sent in place of the response
		h = &res.Header
	}
	if !isIn(h, &s.decision) && ctx.UserValue(stateKey) == s && !ctx.Hijacked() {
		write(h, &s.decision)
	}
	s.free()
}

// internalError hides the text of an error from fiber's default ErrorHandler,
// which would send it to the client.
type internalError struct{ cause error }

func (e *internalError) Error() string { return http.StatusText(http.StatusInternalServerError) }
func (e *internalError) Unwrap() error { return e.cause }

// Ctx returns the request that a policy decides about, given the context of its
// AllowOriginFunc or OnReject. It is valid until the callback returns. Ctx returns
// nil for any other context. If a callback allows origins by a header of the
// request, name the header in Config.Vary.
func Ctx(ctx context.Context) *fiber.Ctx {
	c, _ := ctx.Value(ctxKey{}).(*fiber.Ctx)
	return c
}

type ctxKey struct{}

// A source is a [cors.Source]. Its strings are part of fasthttp's buffers.
type source struct{ c *fiber.Ctx }

func (s source) Context() context.Context {
	return context.WithValue(s.c.UserContext(), ctxKey{}, s.c)
}

func (s source) Method() string { return s.c.Method() }
func (s source) TLS() bool      { return s.c.Context().IsTLS() }
func (s source) Host() string   { return utils.UnsafeString(s.c.Request().URI().Host()) }
func (s source) Path() string   { return utils.UnsafeString(s.c.Request().URI().PathOriginal()) }

func (s source) Header(name string) string {
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

func (s source) linesInAnyCase(name string) (lines [][]byte) {
	s.c.Request().Header.VisitAll(func(key, value []byte) {
		if strings.EqualFold(utils.UnsafeString(key), name) {
			lines = append(lines, value)
		}
	})
	return lines
}

// write writes a decision to a response that usually has no CORS headers yet.
// Names and values are canonical and have no line breaks, so fasthttp need not
// check them.
func write(h *fasthttp.ResponseHeader, d *cors.Decision) {
	var room [4]string
	vary, stale := room[:0], false
	h.VisitAll(func(k, v []byte) {
		switch {
		case len(k) == 0 || k[0]|0x20 != 'a' && k[0]|0x20 != 'v': // most headers
		case isVary(k):
			vary = append(vary, utils.UnsafeString(v))
		case isCORS(k):
			stale = true
		}
	})
	if stale {
		deleteCORS(h)
	}
	for i := range d.Len() {
		name, value := d.Header(i)
		h.SetCanonical(utils.UnsafeBytes(name), utils.UnsafeBytes(value))
	}
	switch names := d.Vary(vary...); {
	case names == "":
	case len(vary) == 0:
		h.SetCanonical([]byte(fiber.HeaderVary), utils.UnsafeBytes(names))
	default:
		h.Add(fiber.HeaderVary, names)
	}
}

// isIn reports whether a response has the lines of a decision, in their order, and
// no others of CORS. It is a quick way to find that nothing is to be written.
func isIn(h *fasthttp.ResponseHeader, d *cors.Decision) bool {
	next, others := 0, false
	name, value := d.Line(0)
	h.VisitAll(func(k, v []byte) {
		switch {
		case len(k) == 0 || k[0]|0x20 != 'a' && k[0]|0x20 != 'v': // most headers
		case string(k) == name && string(v) == value:
			next++
			name, value = d.Line(next)
		case isCORS(k):
			others = true
		}
	})
	return name == "" && !others
}

// deleteCORS deletes all CORS headers, in whatever case.
func deleteCORS(h *fasthttp.ResponseHeader) {
	var names []string
	h.VisitAll(func(k, _ []byte) {
		if isCORS(k) {
			names = append(names, string(k))
		}
	})
	for _, name := range names {
		h.Del(name)
	}
}

func isVary(name []byte) bool { return utils.EqualFold(utils.UnsafeString(name), fiber.HeaderVary) }

// isCORS reports whether a response header is one that a policy may write.
func isCORS(name []byte) bool {
	for _, n := range corsHeaders {
		if utils.EqualFold(utils.UnsafeString(name), n) {
			return true
		}
	}
	return false
}

var corsHeaders = [...]string{
	fiber.HeaderAccessControlAllowOrigin, fiber.HeaderAccessControlAllowCredentials, fiber.HeaderAccessControlAllowMethods,
	fiber.HeaderAccessControlAllowHeaders, fiber.HeaderAccessControlExposeHeaders, fiber.HeaderAccessControlMaxAge,
}
