package gorilla

import (
	"net/http"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

func after(mux *http.ServeMux) http.Handler {
	handler := httpcors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           10 * time.Minute,
	})(mux)
	return handler
}
