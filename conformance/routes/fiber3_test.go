package routes

import (
	"net/http"
	"slices"
	"strings"
	"testing/fstest"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/static"

	"github.com/polycors/polycors/core/corstest"
	fibercors "github.com/polycors/polycors/fiber3adapter"
)

// noHEAD returns routes without those for HEAD, which fiber adds last, after the
// middleware.
func noHEAD(routes []string) []string {
	return slices.DeleteFunc(slices.Clone(routes), func(r string) bool { return strings.HasPrefix(r, "HEAD ") })
}

func fiber3Mountings() []mounting {
	ok := func(c fiber.Ctx) error { return c.SendString("ok") }
	items := func(r fiber.Router) {
		r.Get("/items", ok)
		r.Put("/items/:id", ok)
		r.Delete("/files/*", ok)
	}
	login := func(c fiber.Ctx) error { return c.SendStatus(http.StatusUnauthorized) }
	every := []string{"GET /items", "HEAD /items", "PUT /items/:id", "DELETE /files/*"}
	inAPI := []string{"GET /api/items", "HEAD /api/items", "PUT /api/items/:id", "DELETE /api/files/*"}

	of := func(setUp func(*fiber.App), config ...fiber.Config) func() app {
		return func() app {
			f := fiber.New(config...)
			setUp(f)
			return fiber3App(f)
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
			f.Use("/api", api)
		})},
		{name: "on a prefix, with a route that only begins like it", app: func() app {
			f := fiber.New()
			f.Use("/api", fibercors.New(policy))
			items(f.Group("/api"))
			f.Put("/apix", ok)
			return fiber3App(f)
		}, wrong: all(router405, "PUT /apix")},
		{name: "before authentication", app: of(func(f *fiber.App) {
			f.Use(fibercors.New(policy), login)
			items(f)
		})},

		{name: "after the routes", app: of(func(f *fiber.App) {
			items(f)
			f.Use(fibercors.New(policy))
		}), wrong: all(afterTheRoute, noHEAD(every)...)},
		{name: "between the routes", app: of(func(f *fiber.App) {
			items(f)
			f.Use(fibercors.New(policy))
			items(f.Group("/api"))
		}), wrong: all(afterTheRoute, noHEAD(every)...)},
		{name: "after a mounted app", app: of(func(f *fiber.App) {
			api := fiber.New()
			items(api)
			f.Use("/api", api)
			f.Use(fibercors.New(policy))
		}), wrong: all(afterTheRoute, inAPI...)},
		{name: "after static files", app: func() app {
			f := fiber.New()
			f.Use("/files", static.New("", static.Config{FS: fstest.MapFS{"a.txt": {Data: []byte("a")}}}))
			f.Use(fibercors.New(policy))
			return fiber3App(f).request(corstest.Route{Method: "GET", Path: "/files/a.txt"})
		}, wrong: all(afterTheRoute, "GET /files/a.txt")},
		{name: "on a group, after its routes", app: of(func(f *fiber.App) {
			group := f.Group("/api")
			items(group)
			group.Use(fibercors.New(policy))
		}), wrong: all(afterTheRoute, noHEAD(inAPI)...)},
		{name: "on a route", app: of(func(f *fiber.App) {
			f.Put("/items/:id", fibercors.New(policy), ok)
		}), wrong: all(router405, "PUT /items/:id")},
		{name: "after authentication", app: of(func(f *fiber.App) {
			f.Use(login, fibercors.New(policy))
			items(f)
		}), wrong: all(authFirst, every...)},
		{name: "after a redirect", app: func() app {
			f := fiber.New()
			f.Use("/old", func(c fiber.Ctx) error { return c.Redirect().Status(http.StatusPermanentRedirect).To("/items") })
			f.Use(fibercors.New(policy))
			items(f)
			return fiber3App(f).request(corstest.Route{Method: "GET", Path: "/old"})
		}, wrong: all(preflightMoves, "GET /old")},
		{name: "in an app with GETOnly", app: of(func(f *fiber.App) {
			f.Use(fibercors.New(policy))
			f.Get("/items", ok)
		}, fiber.Config{GETOnly: true}), wrong: all("answer preflights with 204, not 405", "GET /items", "HEAD /items")},
		{name: "in an app without OPTIONS in RequestMethods", app: of(func(f *fiber.App) {
			f.Use(fibercors.New(policy))
			f.Put("/items", ok)
		}, fiber.Config{RequestMethods: []string{"GET", "HEAD", "PUT"}}), wrong: all("501", "PUT /items")},
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
