package bench

import (
	"net/http"

	"github.com/gofiber/fiber/v3"
	builtin "github.com/gofiber/fiber/v3/middleware/cors"

	"github.com/polycors/polycors/fiber3adapter"
)

func fiber3Stacks() []Stack {
	return []Stack{
		{Bare, func(s *Scenario) App {
			if s.isPreflight() {
				return fiber3App(s, func(c fiber.Ctx) error {
					c.Status(http.StatusNoContent)
					return nil
				})
			}
			return fiber3App(s)
		}},
		{Floor, func(s *Scenario) App {
			f := newFastFloor(&s.setup)
			return fiber3App(s, func(c fiber.Ctx) error {
				if status := f.serve(c.RequestCtx()); status != 0 {
					c.Status(status)
					return nil
				}
				return c.Next()
			})
		}},
		{Polycors, func(s *Scenario) App { return fiber3App(s, fibercors.New(s.setup.config())) }},
		{"fiber-builtin", func(s *Scenario) App {
			cfg := builtin.Config{
				AllowOrigins:     s.setup.origins(),
				AllowMethods:     s.setup.methods,
				AllowHeaders:     s.setup.headers,
				AllowCredentials: s.setup.credentials,
				MaxAge:           s.setup.seconds(),
			}
			if s.setup.anyHeader() {
				cfg.AllowHeaders = nil // allows any header in fiber
			}
			return fiber3App(s, builtin.New(cfg))
		}},
	}
}

func fiber3App(s *Scenario, mw ...fiber.Handler) App {
	a := newFastApp(s)
	app := fiber.New()
	for _, m := range mw {
		app.Use(m)
	}
	handler := func(fiber.Ctx) error { a.handled = true; return nil }
	app.Get(path, handler)
	app.Options(path, handler)
	a.handler = app.Handler()
	return a
}
