package bench

import (
	"net/http"
	"time"

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
			f := newFloor(&s.Policy)
			return echo5App(s, func(next echo.HandlerFunc) echo.HandlerFunc {
				return func(c *echo.Context) error {
					if status := f.serve(c.Response().Header(), c.Request()); status != 0 {
						return c.NoContent(status)
					}
					return next(c)
				}
			})
		}},
		{Polycors, func(s *Scenario) App { return echo5App(s, echocors.New(s.Policy.Config())) }},
		{"echo-builtin", func(s *Scenario) App {
			if s.Policy.hasPattern() {
				return nil
			}
			cfg := middleware.CORSConfig{
				AllowOrigins:     s.Policy.Origins(),
				AllowMethods:     s.Policy.Methods,
				AllowHeaders:     s.Policy.Headers,
				AllowCredentials: s.Policy.Credentials,
				MaxAge:           int(s.Policy.MaxAge / time.Second),
			}
			if s.Policy.anyHeader() {
				cfg.AllowHeaders = nil // echo's way of saying so
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
