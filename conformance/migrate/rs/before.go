package rs

import (
	"net/http"

	"github.com/rs/cors"
)

func before(mux *http.ServeMux) http.Handler {
	handler := cors.New(cors.Options{
		AllowedOrigins:   []string{"https://myapp.com"},
		AllowedHeaders:   []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           600,
	}).Handler(mux)
	return handler
}
