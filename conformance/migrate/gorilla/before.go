package gorilla

import (
	"net/http"

	"github.com/gorilla/handlers"
)

func before(mux *http.ServeMux) http.Handler {
	handler := handlers.CORS(
		handlers.AllowedOrigins([]string{"https://myapp.com"}),
		handlers.AllowedHeaders([]string{"Content-Type", "Authorization"}),
		handlers.AllowCredentials(),
		handlers.MaxAge(600),
	)(mux)
	return handler
}
