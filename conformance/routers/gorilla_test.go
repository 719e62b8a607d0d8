package routers

import (
	"net/http"
	"testing"

	"github.com/gorilla/mux"
)

func gorillaRouter(routes []route) http.Handler {
	router := mux.NewRouter()
	for _, r := range routes {
		router.HandleFunc(r.path, r.handler).Methods(r.method)
	}
	return router
}

func TestGorilla(t *testing.T) {
	with := func(setUp func(*mux.Router)) http.Handler {
		router := mux.NewRouter()
		setUp(router)
		return router
	}
	update.check(t,
		mounting{name: "around the router", app: middleware(gorillaRouter(items))},
		mounting{name: "with Use", lost: 405, app: with(func(r *mux.Router) {
			r.Use(middleware)
			r.HandleFunc("/items/{id}", ok).Methods("PUT")
		})},
		mounting{name: "with Use, and OPTIONS among the methods of the route", app: with(func(r *mux.Router) {
			r.Use(middleware)
			r.HandleFunc("/items/{id}", ok).Methods("PUT", "OPTIONS")
		})},
		mounting{name: "with Use, and a last route for OPTIONS", app: with(func(r *mux.Router) {
			r.Use(middleware)
			r.HandleFunc("/items/{id}", ok).Methods("PUT")
			r.Methods("OPTIONS").Handler(http.NotFoundHandler())
		})},
		mounting{name: "with Use of a subrouter", lost: 405, app: with(func(r *mux.Router) {
			sub := r.PathPrefix("/items").Subrouter()
			sub.Use(middleware)
			sub.HandleFunc("/{id}", ok).Methods("PUT")
		})},
	)
}
