// A small API on fiber v3 that front ends on other origins use, with cookies.
//
//	ALLOWED_ORIGINS=https://myapp.com,https://admin.myapp.com go run ./examples/fiber3
package main

import (
	"log"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/recover"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/internal/shop"
	fibercors "github.com/polycors/polycors/fiber3adapter"
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
	s, app := shop.New(), fiber.New()
	app.Use(recover.New(), fibercors.From(policy)) // before the routes

	app.Post("/login", func(c fiber.Ctx) error {
		c.Append(fiber.HeaderSetCookie, s.Login().String())
		return c.SendStatus(fiber.StatusNoContent)
	})
	app.Get("/me", func(c fiber.Ctx) error {
		if !s.LoggedIn(c.Cookies("session")) {
			return c.Status(fiber.StatusUnauthorized).JSON(fiber.Map{"error": "log in first"})
		}
		return c.JSON(fiber.Map{"name": "Ada"})
	})
	app.Get("/items", func(c fiber.Ctx) error {
		items := s.Items()
		c.Set("X-Total-Count", strconv.Itoa(len(items)))
		return c.JSON(items)
	})
	app.Delete("/items/:id", func(c fiber.Ctx) error {
		s.Delete(c.Params("id"))
		return c.SendStatus(fiber.StatusNoContent)
	})
	log.Fatal(app.Listen(shop.Addr(), fiber.ListenConfig{DisableStartupMessage: true}))
}
