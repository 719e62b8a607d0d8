package routes

import (
	"net/http"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	"github.com/polycors/polycors/core/corstest"
	echocors "github.com/polycors/polycors/echo5adapter"
)

func echo5Mountings() []mounting {
	type router interface {
		GET(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) echo.RouteInfo
		PUT(path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) echo.RouteInfo
	}
	ok := func(c *echo.Context) error { return c.String(http.StatusOK, "ok") }
	items := func(r router) {
		r.GET("/items", ok)
		r.PUT("/items/:id", ok)
	}
	login := func(echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error { return c.NoContent(http.StatusUnauthorized) }
	}
	every := []string{"GET /items", "PUT /items/:id"}
	inAPI := []string{"GET /api/items", "PUT /api/items/:id"}

	of := func(setUp func(*echo.Echo)) func() app {
		return func() app {
			e := echo.New()
			setUp(e)
			return echo5App(e)
		}
	}
	return []mounting{
		{name: "with Use", app: of(func(e *echo.Echo) {
			e.Use(echocors.New(policy))
			items(e)
			items(e.Group("/api"))
			e.PUT("/files/*", ok)
		})},
		{name: "with Use, after the routes", app: of(func(e *echo.Echo) {
			items(e)
			e.Use(echocors.New(policy))
		})},
		{name: "with Pre, before a redirect", server: "http://api.example", app: of(func(e *echo.Echo) {
			e.Pre(echocors.New(policy), middleware.HTTPSRedirect())
			items(e)
		})},
		{name: "on a group", app: of(func(e *echo.Echo) {
			items(e.Group("/api", echocors.New(policy)))
		})},
		{name: "on a route for any method", app: of(func(e *echo.Echo) {
			e.Any("/items/:id", ok, echocors.New(policy))
		})},
		{name: "before authentication", app: of(func(e *echo.Echo) {
			e.Use(echocors.New(policy), login)
			items(e)
		})},

		{name: "on a route", app: of(func(e *echo.Echo) {
			e.PUT("/items/:id", ok, echocors.New(policy))
		}), wrong: all(routerItself, "PUT /items/:id")},
		{name: "on a group, with NoGroupAutoRegister404Routes", app: func() app {
			e := echo.NewWithConfig(echo.Config{NoGroupAutoRegister404Routes: true})
			items(e.Group("/api", echocors.New(policy)))
			return echo5App(e)
		}, wrong: all(routerItself, inAPI...)},
		{name: "on a group with a wildcard", app: of(func(e *echo.Echo) {
			e.Group("/api", echocors.New(policy)).PUT("/files/*", ok)
		}), wrong: all(routerItself, "PUT /api/files/*")},
		{name: "on a group, after its routes", app: of(func(e *echo.Echo) {
			group := e.Group("/api")
			items(group)
			group.Use(echocors.New(policy))
		}), wrong: all(afterTheRoute, inAPI...)},
		{name: "on a group, with a route outside of it", app: of(func(e *echo.Echo) {
			items(e.Group("/api", echocors.New(policy)))
			e.PUT("/api/outside", ok)
		}), wrong: all(afterTheRoute, "PUT /api/outside")},
		{name: "on two groups with one prefix, the second for another origin", app: of(func(e *echo.Echo) {
			items(e.Group("/api", echocors.New(policy)))
			e.Group("/api", echocors.New(admins))
		}), wrong: all(otherPolicy, inAPI...)},
		{name: "on two groups with one prefix and two policies", app: of(func(e *echo.Echo) {
			items(e.Group("/api", echocors.New(policy)))
			e.Group("/api", echocors.New(looser)).PUT("/more", ok)
		}), wrong: all(twoPolicies, inAPI...)},
		{name: "after authentication", app: of(func(e *echo.Echo) {
			e.Use(login, echocors.New(policy))
			items(e)
		}), wrong: all(authFirst, every...)},
		{name: "after a redirect to https", server: "http://api.example", app: of(func(e *echo.Echo) {
			e.Pre(middleware.HTTPSRedirect())
			e.Use(echocors.New(policy))
			items(e)
		}), wrong: all(preflightMoves, every...)},
		{name: "after the redirect of a trailing slash", app: func() app {
			e := echo.New()
			e.Pre(middleware.RemoveTrailingSlashWithConfig(middleware.RemoveTrailingSlashConfig{RedirectCode: http.StatusPermanentRedirect}))
			e.Use(echocors.New(policy))
			items(e)
			return echo5App(e).request(corstest.Route{Method: "GET", Path: "/items/"})
		}, wrong: all(preflightMoves, "GET /items/")},
		{name: "before a proxy to a server with CORS headers", app: func() app {
			e := echo.New()
			e.Use(echocors.New(policy))
			e.GET("/items", func(c *echo.Context) error {
				c.Response().Header().Add("Access-Control-Allow-Origin", "*") // as httputil.ReverseProxy does
				return ok(c)
			})
			return echo5App(e)
		}, wrong: all(twoLines, "GET /items")},
		{name: "twice, with two policies", app: of(func(e *echo.Echo) {
			e.Use(echocors.New(policy))
			items(e.Group("/api", echocors.New(looser)))
		}), wrong: all(twoPolicies, inAPI...)},
	}
}
