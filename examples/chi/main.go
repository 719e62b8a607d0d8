// A small API on chi that front ends on other origins use, with cookies.
//
//	ALLOWED_ORIGINS=https://myapp.com,https://admin.myapp.com go run ./examples/chi
package main

import (
	"context"
	"encoding/json"
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

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
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

func routes(policy *cors.Policy) http.Handler {
	s := shop.New()
	r := chi.NewRouter()
	r.Use(middleware.Recoverer, chicors.From(policy)) // before the routes

	r.Post("/login", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: s.Login(), Path: "/",
			HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode})
		w.WriteHeader(http.StatusNoContent)
	})
	r.Get("/me", func(w http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie("session"); err != nil || !s.LoggedIn(cookie.Value) {
			reply(w, http.StatusUnauthorized, map[string]string{"error": "log in first"})
			return
		}
		reply(w, http.StatusOK, map[string]string{"name": "Ada"})
	})
	r.Get("/items", func(w http.ResponseWriter, r *http.Request) {
		items := s.Items()
		w.Header().Set("X-Total-Count", strconv.Itoa(len(items)))
		reply(w, http.StatusOK, items)
	})
	r.Delete("/items/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.Delete(chi.URLParam(r, "id"))
		w.WriteHeader(http.StatusNoContent)
	})
	return r
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	policy, err := cors.New(corsConfig())
	if err != nil {
		log.Fatal(err)
	}
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
