package fiber2

import (
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cors"
)

func before(app *fiber.App) {
	app.Use(cors.New(cors.Config{
		AllowOrigins:     "https://myapp.com",
		AllowCredentials: true,
		MaxAge:           86400,
	}))
}
