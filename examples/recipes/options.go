package recipes

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
)

// Recipe 8: the options of Express, one by one.

// Methods is methods: ["GET", "PUT"]. GET, HEAD and POST are allowed even if
// they are not listed: CORS cannot prevent a page from sending a form.
func Methods() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowMethods: []string{"GET", "PUT"},
	}
}

// RequestHeaders is allowedHeaders. Without this option, Express, echo and fiber
// allow every header that a preflight asks for. A nil AllowHeaders allows only
// the safelisted ones.
func RequestHeaders() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowHeaders: []string{"Content-Type", "Authorization"},
	}
}

// AnyRequestHeader is Express without allowedHeaders. "*" does not include
// Authorization.
func AnyRequestHeader() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowHeaders: []string{"*", "Authorization"},
	}
}

// ResponseHeaders is exposedHeaders.
func ResponseHeaders() cors.Config {
	return cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		ExposeHeaders: []string{"X-Total-Count"},
	}
}

// RememberPreflights is maxAge: 3600. Chromium remembers a preflight for at most
// two hours. Without a value, browsers remember it for five seconds.
func RememberPreflights() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		MaxAge:       time.Hour,
	}
}

// OldClients is optionsSuccessStatus: 200, for old television sets and proxies
// that fail on 204.
func OldClients() cors.Config {
	return cors.Config{
		AllowOrigins:    []string{"https://myapp.com"},
		PreflightStatus: 200,
	}
}

// AnswerPreflightsYourself is preflightContinue: true, and OptionsPassthrough in
// rs/cors and go-chi/cors. The policy sets the headers, and the handler for
// OPTIONS answers, with a 2xx status. The policy still answers preflights from
// other origins.
func AnswerPreflightsYourself() cors.Config {
	return cors.Config{
		AllowOrigins:      []string{"https://myapp.com"},
		PreflightContinue: true,
	}
}

// Options is a handler for OPTIONS.
func Options(c *gin.Context) {
	c.Header("Allow", "GET, PUT, OPTIONS")
	c.Status(http.StatusOK)
}
