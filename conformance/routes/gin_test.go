package routes

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/httpcors"
	gincors "github.com/polycors/polycors/ginadapter"
)

func ginMountings() []mounting {
	items := func(r gin.IRoutes) {
		ok := func(c *gin.Context) { c.String(http.StatusOK, "ok") }
		r.GET("/items", ok)
		r.PUT("/items/:id", ok)
		r.DELETE("/files/*path", ok)
	}
	login := func(c *gin.Context) { c.AbortWithStatus(http.StatusUnauthorized) }
	ok := func(c *gin.Context) { c.Status(http.StatusOK) }
	every := []string{"GET /items", "PUT /items/:id", "DELETE /files/*path"}
	inAPI := []string{"GET /api/items", "PUT /api/items/:id", "DELETE /api/files/*path"}
	slash := corstest.Route{Method: "PUT", Path: "/items/"}

	// of returns a function that creates an engine and sets it up.
	of := func(setUp func(*gin.Engine)) func() app {
		return func() app {
			engine := gin.New()
			setUp(engine)
			return ginApp(engine)
		}
	}
	return []mounting{
		{name: "on the engine, before the routes", app: of(func(r *gin.Engine) {
			r.Use(gincors.New(policy))
			items(r)
			items(r.Group("/api"))
		})},
		{name: "around the engine", app: func() app {
			engine := gin.New()
			items(engine)
			a := ginApp(engine)
			a.transport = corstest.Handler(httpcors.New(policy)(engine))
			return a
		}},
		{name: "before authentication", app: of(func(r *gin.Engine) {
			r.Use(gincors.New(policy), login)
			items(r)
		})},
		{name: "for any origin", app: of(func(r *gin.Engine) {
			r.Use(gincors.AllowAll())
			items(r)
		})},

		{name: "after the routes", app: of(func(r *gin.Engine) {
			items(r)
			r.Use(gincors.New(policy))
		}), wrong: all(afterTheRoute, every...)},
		{name: "between the routes", app: of(func(r *gin.Engine) {
			items(r)
			r.Use(gincors.New(policy))
			items(r.Group("/api"))
		}), wrong: all(afterTheRoute, every...)},
		{name: "after a group", app: of(func(r *gin.Engine) {
			group := r.Group("/api")
			r.Use(gincors.New(policy))
			items(group)
		}), wrong: all(afterTheRoute, inAPI...)},
		{name: "on a group", app: of(func(r *gin.Engine) {
			items(r.Group("/api", gincors.New(policy)))
		}), wrong: all(router404, inAPI...)},
		{name: "on a group of an engine with HandleMethodNotAllowed", app: of(func(r *gin.Engine) {
			r.HandleMethodNotAllowed = true
			items(r.Group("/api", gincors.New(policy)))
		}), wrong: all(router405, inAPI...)},
		{name: "on a route", app: of(func(r *gin.Engine) {
			r.PUT("/items/:id", gincors.New(policy), ok)
		}), wrong: all(router404, "PUT /items/:id")},
		{name: "after authentication", app: of(func(r *gin.Engine) {
			r.Use(login, gincors.New(policy))
			items(r)
		}), wrong: all(authFirst, every...)},
		{name: "after the redirect of a trailing slash by the router", app: func() app {
			engine := gin.New()
			engine.Use(gincors.New(policy))
			engine.PUT("/items", ok)
			return ginApp(engine).request(slash)
		}, wrong: all(responseMoves, "PUT /items/")},
		{name: "after the redirect of a trailing slash by the router, with a route for OPTIONS", app: func() app {
			engine := gin.New()
			engine.Use(gincors.New(policy))
			engine.PUT("/items", ok)
			engine.OPTIONS("/items", ok)
			return ginApp(engine).request(slash)
		}, wrong: all(preflightMoves, "PUT /items/")},
		{name: "twice, with two policies", app: of(func(r *gin.Engine) {
			r.Use(gincors.New(policy))
			items(r)
			items(r.Group("/api", gincors.New(looser)))
		}), wrong: all(twoPolicies, inAPI...)},
		{name: "twice, the inner for another origin", app: of(func(r *gin.Engine) {
			r.Use(gincors.New(policy))
			items(r.Group("/api", gincors.New(admins)))
		}), wrong: all(otherResponse, inAPI...)},
		{name: "twice, the outer for another origin", app: of(func(r *gin.Engine) {
			r.Use(gincors.New(admins))
			items(r.Group("/api", gincors.New(policy)))
		}), wrong: all(otherPolicy, inAPI...)},
	}
}
