package echo5

import (
	"time"

	"github.com/labstack/echo/v5"

	echocors "github.com/polycors/polycors/echo5adapter"
)

func after(e *echo.Echo) {
	e.Use(echocors.New(echocors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowHeaders:     []string{"*", "Authorization"}, // echo allows all that is asked for
		AllowCredentials: true,
		MaxAge:           24 * time.Hour,
	}))
}
