package gochi

import (
	"time"

	"github.com/go-chi/chi/v5"

	chicors "github.com/polycors/polycors/chiadapter"
)

func after(r chi.Router) {
	r.Use(chicors.New(chicors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           300 * time.Second,
	}))
}
