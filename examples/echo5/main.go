// A small API on echo v5 that front ends on other origins use, with cookies.
//
//	ALLOWED_ORIGINS=https://myapp.com,https://admin.myapp.com go run ./examples/echo5
package main

import (
	"log"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"

	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echo5adapter"
	"github.com/polycors/polycors/examples/internal/shop"
)

func main() {
	policy, err := cors.New(cors.Config{
		AllowOrigins:     shop.Origins(),
		AllowMethods:     []string{"GET", "POST", "DELETE"},
		AllowHeaders:     []string{"Content-Type"},
		ExposeHeaders:    []string{"X-Total-Count"},
		AllowCredentials: true,
		MaxAge:           2 * time.Hour,
	})
	if err != nil {
		log.Fatal(err)
	}
	s, e := shop.New(), echo.New()
	e.Use(middleware.Recover(), echocors.From(policy))

	e.POST("/login", func(c *echo.Context) error {
		c.SetCookie(s.Login())
		return c.NoContent(http.StatusNoContent)
	})
	e.GET("/me", func(c *echo.Context) error {
		if cookie, err := c.Cookie("session"); err != nil || !s.LoggedIn(cookie.Value) {
			return c.JSON(http.StatusUnauthorized, map[string]string{"error": "log in first"})
		}
		return c.JSON(http.StatusOK, map[string]string{"name": "Ada"})
	})
	e.GET("/items", func(c *echo.Context) error {
		items := s.Items()
		c.Response().Header().Set("X-Total-Count", strconv.Itoa(len(items)))
		return c.JSON(http.StatusOK, items)
	})
	e.DELETE("/items/:id", func(c *echo.Context) error {
		s.Delete(c.Param("id"))
		return c.NoContent(http.StatusNoContent)
	})
	log.Fatal(e.Start(shop.Addr()))
}
