package bench

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
	builtin "github.com/gofiber/fiber/v2/middleware/cors"

	"github.com/polycors/polycors/fiberadapter"
)

func fiberStacks() []Stack {
	return []Stack{
		{Bare, func(s *Scenario) App {
			if s.isPreflight() {
				return fiberApp(s, func(c *fiber.Ctx) error {
					c.Status(http.StatusNoContent)
					return nil
				})
			}
			return fiberApp(s)
		}},
		{Floor, func(s *Scenario) App {
			f := newFastFloor(&s.setup)
			return fiberApp(s, func(c *fiber.Ctx) error {
				if status := f.serve(c.Context()); status != 0 {
					c.Status(status)
					return nil
				}
				return c.Next()
			})
		}},
		{Polycors, func(s *Scenario) App { return fiberApp(s, fibercors.New(s.setup.config())) }},
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
			return fiberApp(s, builtin.New(cfg))
		}},
	}
}

func fiberApp(s *Scenario, mw ...fiber.Handler) App {
	a := newFastApp(s)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	for _, m := range mw {
		app.Use(m)
	}
	handler := func(*fiber.Ctx) error { a.handled = true; return nil }
	app.Get(path, handler)
	app.Options(path, handler)
	a.handler = app.Handler()
	return a
}
