package chi_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"

	chicors "github.com/polycors/polycors/chiadapter"
	"github.com/polycors/polycors/core/corstest"
)

func newRouter() chi.Router {
	r := chi.NewRouter()
	r.Use(chicors.New(chicors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           2 * time.Hour,
	}))
	r.Route("/api", func(r chi.Router) {
		r.Get("/items", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"items": 2}`) })
		r.Put("/items/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	})
	return r
}

func TestCORS(t *testing.T) {
	r := newRouter()
	api := corstest.Handler(r)
	app := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: api}
	evil := &corstest.Page{Origin: "https://evil.example", Credentials: corstest.Include, Transport: api}

	corstest.Allows(t, app, "PUT", "/api/items/1", "Content-Type: application/json", "Authorization: Bearer token")
	corstest.Refuses(t, evil, "GET", "/api/items")

	var routes []corstest.Route
	err := chi.Walk(r, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, corstest.Route{Method: method, Path: path})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	corstest.CheckRoutes(t, app, routes)
}
