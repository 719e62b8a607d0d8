package gochi

import (
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/cors"
)

func before(r chi.Router) {
	r.Use(cors.Handler(cors.Options{
		AllowedOrigins:   []string{"https://myapp.com"},
		AllowedHeaders:   []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           300,
	}))
}
