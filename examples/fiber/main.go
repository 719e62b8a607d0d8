// A small API on fiber that front ends on other origins use, with cookies.
//
//	ALLOWED_ORIGINS=https://myapp.com,https://admin.myapp.com go run ./examples/fiber
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/internal/shop"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

// corsConfig allows the front ends in ALLOWED_ORIGINS, separated by commas, and
// by default those of this machine.
func corsConfig() cors.Config {
	origins := []string{"http://localhost:*", "http://127.0.0.1:*"}
	if env := os.Getenv("ALLOWED_ORIGINS"); env != "" {
		origins = strings.Split(env, ",")
	}
	return cors.Config{
		AllowOrigins:     origins,
		AllowMethods:     []string{"GET", "POST", "DELETE"},
		AllowHeaders:     []string{"Content-Type"},
		ExposeHeaders:    []string{"X-Total-Count"},
		AllowCredentials: true,
		MaxAge:           2 * time.Hour,
	}
}

func routes(policy *cors.Policy) *fiber.App {
	s := shop.New()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(recover.New(), fibercors.From(policy)) // before the routes

	app.Post("/login", func(c *fiber.Ctx) error {
		c.Cookie(&fiber.Cookie{Name: "session", Value: s.Login(), Path: "/",
			HTTPOnly: true, Secure: true, SameSite: fiber.CookieSameSiteNoneMode})
		return c.SendStatus(fiber.StatusNoContent)
	})
	app.Get("/me", func(c *fiber.Ctx) error {
		if !s.LoggedIn(c.Cookies("session")) {
			return c.Status(fiber.StatusUnauthorized).JSON(fiber.Map{"error": "log in first"})
		}
		return c.JSON(fiber.Map{"name": "Ada"})
	})
	app.Get("/items", func(c *fiber.Ctx) error {
		items := s.Items()
		c.Set("X-Total-Count", strconv.Itoa(len(items)))
		return c.JSON(items)
	})
	app.Delete("/items/:id", func(c *fiber.Ctx) error {
		s.Delete(c.Params("id"))
		return c.SendStatus(fiber.StatusNoContent)
	})
	return app
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	policy, err := cors.New(corsConfig())
	if err != nil {
		log.Fatal(err)
	}
	app := routes(policy)

	go func() {
		log.Printf("listening on http://%s", *addr)
		if err := app.Listen(*addr); err != nil {
			log.Fatal(err)
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	_ = app.Shutdown() // waits for requests under way
}
