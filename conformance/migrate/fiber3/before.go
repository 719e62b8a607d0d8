package fiber3

import (
	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/cors"
)

func before(app *fiber.App) {
	app.Use(cors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowCredentials: true,
		MaxAge:           86400,
	}))
}
