// A small API on gin that front ends on other origins use, with cookies.
//
//	ALLOWED_ORIGINS=https://myapp.com,https://admin.myapp.com go run ./examples/gin
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

	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/internal/shop"
	gincors "github.com/polycors/polycors/ginadapter"
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

func routes(policy *cors.Policy) *gin.Engine {
	s := shop.New()
	r := gin.New()
	r.Use(gin.Recovery(), gincors.From(policy)) // before the routes

	r.POST("/login", func(c *gin.Context) {
		c.SetCookieData(&http.Cookie{Name: "session", Value: s.Login(), Path: "/",
			HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode})
		c.Status(http.StatusNoContent)
	})
	r.GET("/me", func(c *gin.Context) {
		if token, err := c.Cookie("session"); err != nil || !s.LoggedIn(token) {
			c.JSON(http.StatusUnauthorized, gin.H{"error": "log in first"})
			return
		}
		c.JSON(http.StatusOK, gin.H{"name": "Ada"})
	})
	r.GET("/items", func(c *gin.Context) {
		items := s.Items()
		c.Header("X-Total-Count", strconv.Itoa(len(items)))
		c.JSON(http.StatusOK, items)
	})
	r.DELETE("/items/:id", func(c *gin.Context) {
		s.Delete(c.Param("id"))
		c.Status(http.StatusNoContent)
	})
	return r
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	policy, err := cors.New(corsConfig())
	if err != nil {
		log.Fatal(err)
	}
	gin.SetMode(gin.ReleaseMode)
	srv := &http.Server{Addr: *addr, Handler: routes(policy), ReadHeaderTimeout: 10 * time.Second}

	go func() {
		log.Printf("listening on http://%s", *addr)
		if err := srv.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
			log.Fatal(err)
		}
	}()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	_ = srv.Shutdown(context.Background()) // waits for requests under way
}
