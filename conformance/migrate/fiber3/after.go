package fiber3

import (
	"time"

	"github.com/gofiber/fiber/v3"

	fibercors "github.com/polycors/polycors/fiber3adapter"
)

func after(app *fiber.App) {
	app.Use(fibercors.New(fibercors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowHeaders:     []string{"*", "Authorization"}, // fiber allows all that is asked for
		AllowCredentials: true,
		MaxAge:           24 * time.Hour,
	}))
}
