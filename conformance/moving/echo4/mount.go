// Package app mounts polycors on echo.
package app

import (
	"time"

	"github.com/labstack/echo/v4"

	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echoadapter"
)

// Mount mounts a policy that can be reconfigured for the whole app, and returns
// it.
func Mount(e *echo.Echo) (*cors.Policy, error) {
	policy, err := cors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "https://*.myapp.com"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           time.Hour,
	})
	if err != nil {
		return nil, err
	}
	e.Use(echocors.From(policy))
	return policy, nil
}
