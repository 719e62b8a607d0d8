package recipes

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	cors "github.com/polycors/polycors/core"
)

// Recipe 8: the options of Express, one by one.

// Methods is methods: ["GET", "PUT"]. GET, HEAD and POST need no permission,
// listed or not: CORS cannot keep a page from sending a form.
func Methods() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowMethods: []string{"GET", "PUT"},
	}
}

// RequestHeaders is allowedHeaders. Where that is left out, Express allows what
// is asked for; here it allows nothing that needs permission. The counterpart
// is "*", and "Authorization" beside it.
func RequestHeaders() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowHeaders: []string{"Content-Type", "Authorization"},
	}
}

// ResponseHeaders is exposedHeaders.
func ResponseHeaders() cors.Config {
	return cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		ExposeHeaders: []string{"X-Total-Count"},
	}
}

// RememberPreflights is maxAge: 3600. Chromium remembers for at most two hours;
// without a value, browsers do for five seconds.
func RememberPreflights() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		MaxAge:       time.Hour,
	}
}

// OldClients is optionsSuccessStatus: 200, for what chokes on 204: some old
// television sets and proxies.
func OldClients() cors.Config {
	return cors.Config{
		AllowOrigins:    []string{"https://myapp.com"},
		PreflightStatus: 200,
	}
}

// AnswerPreflightsYourself is preflightContinue: true. The headers are set, and
// a handler for OPTIONS answers, such as those below. Its status has to be 2xx.
// Preflights from other origins do not get that far.
func AnswerPreflightsYourself() cors.Config {
	return cors.Config{
		AllowOrigins:      []string{"https://myapp.com"},
		PreflightContinue: true,
	}
}

// OptionsGin answers OPTIONS for a path in gin.
func OptionsGin(r *gin.Engine, path string) {
	r.OPTIONS(path, func(c *gin.Context) {
		c.Header("Allow", "GET, PUT, OPTIONS")
		c.Status(http.StatusOK)
	})
}

// OptionsEcho answers OPTIONS for a path in echo.
func OptionsEcho(e *echo.Echo, path string) {
	e.OPTIONS(path, func(c echo.Context) error {
		c.Response().Header().Set("Allow", "GET, PUT, OPTIONS")
		return c.NoContent(http.StatusOK)
	})
}

// OptionsFiber answers OPTIONS for a path in fiber.
func OptionsFiber(app *fiber.App, path string) {
	app.Options(path, func(c *fiber.Ctx) error {
		c.Set("Allow", "GET, PUT, OPTIONS")
		return c.SendStatus(fiber.StatusOK)
	})
}

// OptionsChi answers OPTIONS for a path in chi.
func OptionsChi(r chi.Router, path string) {
	r.Options(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", "GET, PUT, OPTIONS")
		w.WriteHeader(http.StatusOK)
	})
}
