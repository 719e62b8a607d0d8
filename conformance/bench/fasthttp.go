package bench

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
	builtin "github.com/gofiber/fiber/v2/middleware/cors"
	"github.com/gofiber/fiber/v2/utils"
	"github.com/valyala/fasthttp"

	"github.com/polycors/polycors/fiberadapter"
)

func fiberStacks() []Stack {
	return []Stack{
		{Bare, func(s *Scenario) App {
			if s.isPreflight() {
				return newFiberApp(s, func(c *fiber.Ctx) error {
					c.Status(http.StatusNoContent)
					return nil
				})
			}
			return newFiberApp(s)
		}},
		{Floor, func(s *Scenario) App {
			f := newFiberFloor(&s.setup)
			return newFiberApp(s, func(c *fiber.Ctx) error {
				if status := f.serve(c); status != 0 {
					c.Status(status)
					return nil
				}
				return c.Next()
			})
		}},
		{Polycors, func(s *Scenario) App { return newFiberApp(s, fibercors.New(s.setup.config())) }},
		{"fiber-builtin", func(s *Scenario) App {
			cfg := builtin.Config{
				AllowOrigins:     strings.Join(s.setup.origins(), ","),
				AllowMethods:     strings.Join(s.setup.methods, ","),
				AllowHeaders:     strings.Join(s.setup.headers, ","),
				AllowCredentials: s.setup.credentials,
				MaxAge:           s.setup.seconds(),
			}
			if s.setup.anyHeader() {
				cfg.AllowHeaders = "" // allows any header in fiber
			}
			return newFiberApp(s, builtin.New(cfg))
		}},
	}
}

// A fiberApp is an app on fasthttp.
type fiberApp struct {
	handler fasthttp.RequestHandler
	ctx     fasthttp.RequestCtx
	earlier []string // names and values in turn
	handled bool
}

func newFiberApp(s *Scenario, mw ...fiber.Handler) App {
	a := new(fiberApp)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	for _, m := range mw {
		app.Use(m)
	}
	handler := func(*fiber.Ctx) error { a.handled = true; return nil }
	app.Get(path, handler)
	app.Options(path, handler)
	a.handler = app.Handler()

	var req fasthttp.Request
	req.Header.SetMethod(s.Request.Method)
	req.SetRequestURI(s.Request.RequestURI)
	for name, lines := range s.Request.Header {
		for _, line := range lines {
			req.Header.Add(name, line)
		}
	}
	for name, lines := range s.Earlier {
		a.earlier = append(a.earlier, name, lines[0])
	}
	a.ctx.Init(&req, nil, nil)
	return a
}

func (a *fiberApp) Serve() {
	a.ctx.Response.Reset()
	a.ctx.ResetUserValues() // as fasthttp does after each request
	for i := 0; i < len(a.earlier); i += 2 {
		a.ctx.Response.Header.Set(a.earlier[i], a.earlier[i+1])
	}
	a.handler(&a.ctx)
}

func (a *fiberApp) Response() Response {
	a.handled = false
	a.Serve()
	h := http.Header{}
	a.ctx.Response.Header.VisitAll(func(name, value []byte) {
		h.Add(string(name), string(value))
	})
	return Response{Status: a.ctx.Response.StatusCode(), Handled: a.handled, Header: corsOnly(h)}
}

// A fiberFloor is a floor with its values as bytes, which fasthttp copies into
// the response without any further check. The values contain no line breaks.
type fiberFloor struct {
	*floor
	methods, headers, maxAge []byte
}

var (
	bytesAllowOrigin      = []byte(allowOrigin)
	bytesAllowCredentials = []byte(allowCredentials)
	bytesAllowMethods     = []byte(allowMethods)
	bytesAllowHeaders     = []byte(allowHeaders)
	bytesMaxAge           = []byte(maxAge)
	bytesTrue             = []byte("true")
	bytesAny              = []byte("*")
)

func newFiberFloor(s *setup) *fiberFloor {
	f := newFloor(s)
	return &fiberFloor{f, []byte(f.methods), []byte(f.headers), []byte(f.maxAge)}
}

func (f *fiberFloor) serve(c *fiber.Ctx) int {
	h := &c.Response().Header
	request := &c.Request().Header
	var origin []byte
	if lines := request.PeekAll("Origin"); len(lines) == 1 {
		origin = lines[0]
	}
	if len(origin) > 0 && c.Method() == http.MethodOptions && request.Peek(requestMethod) != nil {
		return f.preflight(h, origin, request)
	}
	if f.anyOrigin {
		h.SetCanonical(bytesAllowOrigin, bytesAny)
		return 0
	}
	if len(origin) > 0 && f.allows(utils.UnsafeString(origin)) {
		h.SetCanonical(bytesAllowOrigin, origin)
		h.SetCanonical(bytesAllowCredentials, bytesTrue)
	}
	h.Add("Vary", "Origin")
	return 0
}

func (f *fiberFloor) preflight(h *fasthttp.ResponseHeader, origin []byte, request *fasthttp.RequestHeader) int {
	h.Add("Vary", preflightVary)
	if !f.allows(utils.UnsafeString(origin)) {
		return http.StatusForbidden
	}
	h.SetCanonical(bytesAllowOrigin, origin)
	h.SetCanonical(bytesAllowCredentials, bytesTrue)
	h.SetCanonical(bytesAllowMethods, f.methods)
	h.SetCanonical(bytesMaxAge, f.maxAge)
	if !f.echo {
		h.SetCanonical(bytesAllowHeaders, f.headers)
	} else if asked := request.Peek(requestHeaders); mayEcho(utils.UnsafeString(asked)) {
		h.SetCanonical(bytesAllowHeaders, asked)
	}
	return http.StatusNoContent
}
