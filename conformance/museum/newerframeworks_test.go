package museum

import (
	"net/http"
	"strings"

	fiber3 "github.com/gofiber/fiber/v3"
	echo5 "github.com/labstack/echo/v5"
)

func echo5App(v *visit, s *site, ms []mounted[echo5.MiddlewareFunc]) any {
	e := echo5.New()
	s.setUp(e)
	e.Use(func(next echo5.HandlerFunc) echo5.HandlerFunc {
		return func(c *echo5.Context) (err error) {
			s.around(httpHeaders(c.Response().Header()), func() { err = next(c) })
			return err
		}
	})
	e.Use(global(ms)...)
	s.setInside(v, e)
	groups := map[string]*echo5.Group{}
	for _, r := range s.routes {
		at, mw := groupOf(ms, r)
		if groups[at] == nil {
			groups[at] = e.Group(at, mw...)
		}
		groups[at].Add(r.method, colons(strings.TrimPrefix(r.path, at), "*"), func(c *echo5.Context) error {
			return c.String(http.StatusOK, r.respond(v, httpHeaders(c.Response().Header())))
		}, routeOf(ms, r)...)
	}
	return e
}

func fiber3App(v *visit, s *site, ms []mounted[fiber3.Handler]) any {
	app := fiber3.New(fiber3.Config{ReadBufferSize: readBuffer, DisableHeaderNormalizing: s.namesAsSent})
	s.setUp(app)
	app.Use(func(c fiber3.Ctx) (err error) {
		s.around(fiber3Headers{c}, func() { err = c.Next() })
		return err
	})
	for _, mw := range global(ms) {
		app.Use(mw)
	}
	s.setInside(v, app)
	groups := map[string]fiber3.Router{"": app}
	for _, r := range s.routes {
		at, mw := groupOf(ms, r)
		if groups[at] == nil {
			groups[at] = app.Group(at, asAny(mw)...)
		}
		handlers := asAny(append(routeOf(ms, r), func(c fiber3.Ctx) error { return c.SendString(r.respond(v, fiber3Headers{c})) }))
		groups[at].Add([]string{r.method}, colons(strings.TrimPrefix(r.path, at), "*"), handlers[0], handlers[1:]...)
	}
	return app
}

// asAny returns handlers as fiber v3 takes them.
func asAny(handlers []fiber3.Handler) []any {
	converted := make([]any, len(handlers))
	for i, h := range handlers {
		converted[i] = h
	}
	return converted
}

type fiber3Headers struct{ c fiber3.Ctx }

func (h fiber3Headers) All() map[string][]string { return h.c.GetRespHeaders() }
func (h fiber3Headers) Set(name, value string)   { h.c.Set(name, value) }
func (h fiber3Headers) Add(name, value string)   { h.c.Response().Header.Add(name, value) }

// Scribble does nothing, as in v2.
func (h fiber3Headers) Scribble() (restore func()) { return func() {} }
