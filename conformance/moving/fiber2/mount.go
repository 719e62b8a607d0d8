// Package app mounts polycors on fiber.
package app

import (
	"time"

	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

// Mount mounts a policy that can be reconfigured for the whole app, and returns
// it.
func Mount(app *fiber.App) (*cors.Policy, error) {
	policy, err := cors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "https://*.myapp.com"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           time.Hour,
	})
	if err != nil {
		return nil, err
	}
	app.Use(fibercors.From(policy))
	return policy, nil
}
