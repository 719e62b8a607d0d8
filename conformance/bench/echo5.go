package bench

import (
	"net/http"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	"github.com/polycors/polycors/echo5adapter"
)

func echo5Stacks() []Stack {
	return []Stack{
		{Bare, func(s *Scenario) App {
			if s.isPreflight() {
				return echo5App(s, func(echo.HandlerFunc) echo.HandlerFunc {
					return func(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }
				})
			}
			return echo5App(s)
		}},
		{Floor, func(s *Scenario) App {
			f := newFloor(&s.setup)
			return echo5App(s, func(next echo.HandlerFunc) echo.HandlerFunc {
				return func(c *echo.Context) error {
					if status := f.serve(c.Response().Header(), c.Request()); status != 0 {
						return c.NoContent(status)
					}
					return next(c)
				}
			})
		}},
		{Polycors, func(s *Scenario) App { return echo5App(s, echocors.New(s.setup.config())) }},
		{"echo-builtin", func(s *Scenario) App {
			if s.setup.hasPattern() {
				return nil
			}
			cfg := middleware.CORSConfig{
				AllowOrigins:     s.setup.origins(),
				AllowMethods:     s.setup.methods,
				AllowHeaders:     s.setup.headers,
				AllowCredentials: s.setup.credentials,
				MaxAge:           s.setup.seconds(),
			}
			if s.setup.anyHeader() {
				cfg.AllowHeaders = nil // allows any header in echo
			}
			return echo5App(s, middleware.CORSWithConfig(cfg))
		}},
	}
}

func echo5App(s *Scenario, mw ...echo.MiddlewareFunc) App {
	a := newHTTPApp(s)
	e := echo.New()
	e.Use(mw...)
	handler := func(*echo.Context) error { a.handled = true; return nil }
	e.GET(path, handler)
	e.OPTIONS(path, handler)
	a.handler = e
	return a
}
