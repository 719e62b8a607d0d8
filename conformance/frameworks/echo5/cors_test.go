package echo5_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/labstack/echo/v5"

	"github.com/polycors/polycors/core/corstest"
	echocors "github.com/polycors/polycors/echo5adapter"
)

func newEcho() *echo.Echo {
	e := echo.New()
	e.Use(echocors.New(echocors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           2 * time.Hour,
	}))
	api := e.Group("/api")
	api.GET("/items", func(c *echo.Context) error { return c.JSON(http.StatusOK, map[string]int{"items": 2}) })
	api.PUT("/items/:id", func(c *echo.Context) error { return c.NoContent(http.StatusNoContent) })
	return e
}

func TestCORS(t *testing.T) {
	e := newEcho()
	api := corstest.Handler(e)
	app := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: api}
	evil := &corstest.Page{Origin: "https://evil.example", Credentials: corstest.Include, Transport: api}

	corstest.Allows(t, app, "PUT", "/api/items/1", "Content-Type: application/json", "Authorization: Bearer token")
	corstest.Refuses(t, evil, "GET", "/api/items")

	var routes []corstest.Route
	for _, r := range e.Router().Routes() {
		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	corstest.CheckRoutes(t, app, routes)
}
