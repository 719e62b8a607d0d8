package routes

import (
	"net/http"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cache"

	"github.com/polycors/polycors/core/corstest"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

func fiberMountings() []mounting {
	ok := func(c *fiber.Ctx) error { return c.SendString("ok") }
	items := func(r fiber.Router) {
		r.Get("/items", ok)
		r.Put("/items/:id", ok)
		r.Delete("/files/*", ok)
	}
	login := func(c *fiber.Ctx) error { return c.SendStatus(http.StatusUnauthorized) }
	every := []string{"GET /items", "HEAD /items", "PUT /items/:id", "DELETE /files/*"}
	inAPI := []string{"GET /api/items", "HEAD /api/items", "PUT /api/items/:id", "DELETE /api/files/*"}

	of := func(setUp func(*fiber.App), config ...fiber.Config) func() app {
		return func() app {
			f := fiber.New(config...)
			setUp(f)
			return fiberApp(f)
		}
	}
	return []mounting{
		{name: "with Use, before the routes", app: of(func(f *fiber.App) {
			f.Use(fibercors.New(policy))
			items(f)
			items(f.Group("/api"))
		})},
		{name: "on a group", app: of(func(f *fiber.App) {
			items(f.Group("/api", fibercors.New(policy)))
			f.Put("/api/outside", ok)
		})},
		{name: "on a mounted app", app: of(func(f *fiber.App) {
			api := fiber.New()
			api.Use(fibercors.New(policy))
			items(api)
			f.Mount("/api", api)
		})},
		{name: "before authentication", app: of(func(f *fiber.App) {
			f.Use(fibercors.New(policy), login)
			items(f)
		})},

		{name: "before a cache that stores headers", app: of(func(f *fiber.App) {
			f.Use(fibercors.New(policy), cache.New(cache.Config{StoreResponseHeaders: true}))
			f.Get("/items", ok)
		})},
		{name: "after a cache that stores headers", app: of(func(f *fiber.App) {
			f.Use(cache.New(cache.Config{StoreResponseHeaders: true}), fibercors.New(policy))
			f.Get("/items", ok)
		}), wrong: all(storedHeaders, "GET /items", "HEAD /items")},

		{name: "after the routes", app: of(func(f *fiber.App) {
			items(f)
			f.Use(fibercors.New(policy))
		}), wrong: all(afterTheRoute, every...)},
		{name: "between the routes", app: of(func(f *fiber.App) {
			items(f)
			f.Use(fibercors.New(policy))
			items(f.Group("/api"))
		}), wrong: all(afterTheRoute, every...)},
		{name: "on a group, after its routes", app: of(func(f *fiber.App) {
			group := f.Group("/api")
			items(group)
			group.Use(fibercors.New(policy))
		}), wrong: all(afterTheRoute, inAPI...)},
		{name: "after a mounted app", app: of(func(f *fiber.App) {
			api := fiber.New()
			items(api)
			f.Mount("/api", api)
			f.Use(fibercors.New(policy))
		}), wrong: all(afterTheRoute, inAPI...)},
		{name: "on a route", app: of(func(f *fiber.App) {
			f.Put("/items/:id", fibercors.New(policy), ok)
		}), wrong: all(router405, "PUT /items/:id")},
		{name: "after authentication", app: of(func(f *fiber.App) {
			f.Use(login, fibercors.New(policy))
			items(f)
		}), wrong: all(authFirst, every...)},
		{name: "after a redirect", app: func() app {
			f := fiber.New()
			f.Use("/old", func(c *fiber.Ctx) error { return c.Redirect("/items", http.StatusPermanentRedirect) })
			f.Use(fibercors.New(policy))
			items(f)
			return fiberApp(f).request(corstest.Route{Method: "GET", Path: "/old"})
		}, wrong: all(preflightMoves, "GET /old")},
		{name: "in an app with GETOnly", app: of(func(f *fiber.App) {
			f.Use(fibercors.New(policy))
			f.Get("/items", ok)
		}, fiber.Config{GETOnly: true}), wrong: all(router405, "GET /items", "HEAD /items")},
		{name: "on two groups with one prefix, the first for another origin", app: of(func(f *fiber.App) {
			f.Group("/api", fibercors.New(admins))
			items(f.Group("/api", fibercors.New(policy)))
		}), wrong: all(otherPolicy, inAPI...)},
		{name: "on two groups with one prefix and two policies", app: of(func(f *fiber.App) {
			f.Group("/api", fibercors.New(policy))
			items(f.Group("/api", fibercors.New(looser)))
		}), wrong: all(twoPolicies, inAPI...)},
	}
}
