package bench

import (
	"net/http"
	"time"

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
			f := newFastFloor(&s.Policy)
			return fiber3App(s, func(c fiber.Ctx) error {
				if status := f.serve(c.RequestCtx()); status != 0 {
					c.Status(status)
					return nil
				}
				return c.Next()
			})
		}},
		{Polycors, func(s *Scenario) App { return fiber3App(s, fibercors.New(s.Policy.Config())) }},
		{"fiber-builtin", func(s *Scenario) App {
			cfg := builtin.Config{
				AllowOrigins:     s.Policy.Origins(),
				AllowMethods:     s.Policy.Methods,
				AllowHeaders:     s.Policy.Headers,
				AllowCredentials: s.Policy.Credentials,
				MaxAge:           int(s.Policy.MaxAge / time.Second),
			}
			if s.Policy.anyHeader() {
				cfg.AllowHeaders = nil // fiber's way of saying so
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
