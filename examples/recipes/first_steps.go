package recipes

import (
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Recipe 1: allow everything while trying things out. In Express, app.use(cors())
// without options.
//
// It goes before you deploy: with it, any site that your users visit can read
// what the API answers to them, an intranet included. Nor does it grow up:
// cookies are not part of it, and no browser accepts "*" with them.

// AllowAllGin lets every site use a gin application.
func AllowAllGin(r *gin.Engine) { r.Use(gincors.AllowAll()) }

// AllowAllEcho lets every site use an echo application.
func AllowAllEcho(e *echo.Echo) { e.Use(echocors.AllowAll()) }

// AllowAllFiber lets every site use a fiber application.
func AllowAllFiber(app *fiber.App) { app.Use(fibercors.AllowAll()) }

// AllowAllChi lets every site use a chi application.
func AllowAllChi(r chi.Router) { r.Use(chicors.AllowAll()) }
