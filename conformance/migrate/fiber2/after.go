package fiber2

import (
	"time"

	"github.com/gofiber/fiber/v2"

	fibercors "github.com/polycors/polycors/fiberadapter"
)

func after(app *fiber.App) {
	app.Use(fibercors.New(fibercors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowHeaders:     []string{"*", "Authorization"}, // fiber allows all that is asked for
		AllowCredentials: true,
		MaxAge:           24 * time.Hour,
	}))
}
