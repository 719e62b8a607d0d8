// A small API on chi that front ends on other origins use, with cookies.
//
//	ALLOWED_ORIGINS=https://myapp.com,https://admin.myapp.com go run ./examples/chi
package main

import (
	"encoding/json"
	"log"
	"net/http"
	"strconv"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
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
	s, r := shop.New(), chi.NewRouter()
	r.Use(middleware.Recoverer, chicors.From(policy)) // before the routes

	r.Post("/login", func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, s.Login())
		w.WriteHeader(http.StatusNoContent)
	})
	r.Get("/me", func(w http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie("session"); err != nil || !s.LoggedIn(cookie.Value) {
			reply(w, http.StatusUnauthorized, map[string]string{"error": "log in first"})
			return
		}
		reply(w, http.StatusOK, map[string]string{"name": "Ada"})
	})
	r.Get("/items", func(w http.ResponseWriter, _ *http.Request) {
		items := s.Items()
		w.Header().Set("X-Total-Count", strconv.Itoa(len(items)))
		reply(w, http.StatusOK, items)
	})
	r.Delete("/items/{id}", func(w http.ResponseWriter, r *http.Request) {
		s.Delete(chi.URLParam(r, "id"))
		w.WriteHeader(http.StatusNoContent)
	})
	server := &http.Server{Addr: shop.Addr(), Handler: r, ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // fails only if the client has gone
}
