package recipes

import (
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Mount has the line that mounts a configuration in each framework, before the
// routes. New panics if the configuration is invalid.
func Mount(cfg cors.Config, router *gin.Engine, e *echo.Echo, app *fiber.App, r chi.Router) {
	router.Use(gincors.New(cfg))
	e.Use(echocors.New(cfg)) // e.Pre if redirects are mounted there
	app.Use(fibercors.New(cfg))
	r.Use(chicors.New(cfg))
}

// MountPolicy mounts a policy, whose error you have handled.
func MountPolicy(policy *cors.Policy, router *gin.Engine, e *echo.Echo, app *fiber.App, r chi.Router) {
	router.Use(gincors.From(policy))
	e.Use(echocors.From(policy))
	app.Use(fibercors.From(policy))
	r.Use(chicors.From(policy))
}

// AllowAll is recipe 1: allow everything while trying things out. In Express,
// app.use(cors()) without options. AllowAll has this name in every adapter.
//
// Remove it before you deploy: with it, any site that your users visit can read
// the responses that they get, also inside a company network. It also cannot be
// extended to cookies, because no browser accepts "*" with them.
func AllowAll(router *gin.Engine) {
	router.Use(gincors.AllowAll())
}
