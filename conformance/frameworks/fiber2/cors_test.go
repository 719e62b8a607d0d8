package fiber2_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/polycors/polycors/core/corstest"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

func newApp() *fiber.App {
	app := fiber.New()
	app.Use(fibercors.New(fibercors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           2 * time.Hour,
	}))
	api := app.Group("/api")
	api.Get("/items", func(c *fiber.Ctx) error { return c.JSON(fiber.Map{"items": 2}) })
	api.Put("/items/:id", func(c *fiber.Ctx) error { return c.SendStatus(http.StatusNoContent) })
	return app
}

func TestCORS(t *testing.T) {
	app := newApp()
	api := corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return app.Test(r, -1) })
	page := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: api}
	evil := &corstest.Page{Origin: "https://evil.example", Credentials: corstest.Include, Transport: api}

	corstest.Allows(t, page, "PUT", "/api/items/1", "Content-Type: application/json", "Authorization: Bearer token")
	corstest.Refuses(t, evil, "GET", "/api/items")

	var routes []corstest.Route
	for _, r := range app.GetRoutes(true) {
		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	corstest.CheckRoutes(t, page, routes)
}
