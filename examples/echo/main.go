// A small API on echo that front ends on other origins use, with cookies.
//
//	ALLOWED_ORIGINS=https://myapp.com,https://admin.myapp.com go run ./examples/echo
package main

import (
	"context"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echoadapter"
	"github.com/polycors/polycors/examples/internal/shop"
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

func routes(policy *cors.Policy) *echo.Echo {
	s := shop.New()
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Use(middleware.Recover(), echocors.From(policy))

	e.POST("/login", func(c echo.Context) error {
		c.SetCookie(&http.Cookie{Name: "session", Value: s.Login(), Path: "/",
			HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode})
		return c.NoContent(http.StatusNoContent)
	})
	e.GET("/me", func(c echo.Context) error {
		if cookie, err := c.Cookie("session"); err != nil || !s.LoggedIn(cookie.Value) {
			return c.JSON(http.StatusUnauthorized, echo.Map{"error": "log in first"})
		}
		return c.JSON(http.StatusOK, echo.Map{"name": "Ada"})
	})
	e.GET("/items", func(c echo.Context) error {
		items := s.Items()
		c.Response().Header().Set("X-Total-Count", strconv.Itoa(len(items)))
		return c.JSON(http.StatusOK, items)
	})
	e.DELETE("/items/:id", func(c echo.Context) error {
		s.Delete(c.Param("id"))
		return c.NoContent(http.StatusNoContent)
	})
	return e
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	policy, err := cors.New(corsConfig())
	if err != nil {
		log.Fatal(err)
	}
	e := routes(policy)

	go func() {
		log.Printf("listening on http://%s", *addr)
		if err := e.Start(*addr); !errors.Is(err, http.ErrServerClosed) {
			log.Fatal(err)
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	_ = e.Shutdown(context.Background()) // waits for requests under way
}
