package routes

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	chicors "github.com/polycors/polycors/chiadapter"
	"github.com/polycors/polycors/core/corstest"
)

func chiMountings() []mounting {
	ok := func(http.ResponseWriter, *http.Request) {}
	items := func(r chi.Router) {
		r.Get("/items", ok)
		r.Put("/items/{id:[0-9]+}", ok)
		r.Delete("/files/*", ok)
	}
	login := func(http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	}
	every := []string{"GET /items", "PUT /items/{id:[0-9]+}", "DELETE /files/*"}
	inAPI := []string{"GET /api/items", "PUT /api/items/{id:[0-9]+}", "DELETE /api/files/*"}

	of := func(setUp func(chi.Router)) func() app {
		return func() app {
			r := chi.NewRouter()
			setUp(r)
			return chiApp(r)
		}
	}
	// in returns a function that sets up a router with a middleware.
	in := func(middleware func(http.Handler) http.Handler) func(chi.Router) {
		return func(r chi.Router) {
			r.Use(middleware)
			items(r)
		}
	}
	return []mounting{
		{name: "on the root router", app: of(func(r chi.Router) {
			r.Use(chicors.New(policy))
			items(r)
			r.Route("/api", items)
		})},
		{name: "on the router of a prefix", app: of(func(r chi.Router) {
			r.Route("/api", in(chicors.New(policy)))
		})},
		{name: "with With, before a prefix", app: of(func(r chi.Router) {
			r.With(chicors.New(policy)).Route("/api", items)
		})},
		{name: "before authentication", app: of(func(r chi.Router) {
			r.Use(chicors.New(policy), login)
			items(r)
		})},
		{name: "before a redirect", app: func() app {
			r := chi.NewRouter()
			r.Use(chicors.New(policy), middleware.RedirectSlashes)
			items(r)
			return chiApp(r).request(corstest.Route{Method: "GET", Path: "/items/"})
		}},

		{name: "on a group", app: of(func(r chi.Router) {
			r.Group(in(chicors.New(policy)))
		}), wrong: all(router405, every...)},
		{name: "on a group of a prefix", app: of(func(r chi.Router) {
			r.Route("/api", func(r chi.Router) { r.Group(in(chicors.New(policy))) })
		}), wrong: all(router405, inAPI...)},
		{name: "on each route, with With", app: of(func(r chi.Router) {
			items(r.With(chicors.New(policy)))
		}), wrong: all(router405, every...)},
		{name: "on the router of a prefix, with a route outside of it", app: of(func(r chi.Router) {
			r.Route("/api", in(chicors.New(policy)))
			r.Put("/api/outside", ok)
		}), wrong: all(afterTheRoute, "PUT /api/outside")},
		{name: "on two groups that answer OPTIONS", app: of(func(r chi.Router) {
			for _, cfg := range []chicors.Config{policy, admins} {
				r.Group(func(r chi.Router) {
					r.Use(chicors.New(cfg))
					r.Options("/*", ok)
					if cfg.AllowCredentials {
						items(r)
					}
				})
			}
		}), wrong: all(otherPolicy, every...)},
		{name: "after authentication", app: of(func(r chi.Router) {
			r.Use(login, chicors.New(policy))
			items(r)
		}), wrong: all(authFirst, every...)},
		{name: "after a redirect", app: func() app {
			r := chi.NewRouter()
			r.Use(middleware.RedirectSlashes, chicors.New(policy))
			items(r)
			return chiApp(r).request(corstest.Route{Method: "GET", Path: "/items/"})
		}, wrong: all(preflightMoves, "GET /items/")},
		{name: "twice, with two policies", app: of(func(r chi.Router) {
			r.Use(chicors.New(policy))
			r.Route("/api", in(chicors.New(looser)))
		}), wrong: all(twoPolicies, inAPI...)},
		{name: "twice, the inner for another origin", app: of(func(r chi.Router) {
			r.Use(chicors.New(policy))
			r.Route("/api", in(chicors.New(admins)))
		}), wrong: all(otherResponse, inAPI...)},
	}
}

func TestChiUseAfterRoutes(t *testing.T) {
	r := chi.NewRouter()
	r.Get("/items", func(http.ResponseWriter, *http.Request) {})
	defer func() {
		if recover() == nil {
			t.Error("Use after the routes does not panic")
		}
	}()
	r.Use(chicors.New(policy))
}
