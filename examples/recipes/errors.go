package recipes

import (
	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
)

// Recipe 14, errors before any handler. fiber and fasthttp answer some requests
// before middleware runs: a body beyond BodyLimit (413), headers beyond
// ReadBufferSize (431), a timeout (408), what is not HTTP (400). Browsers call
// that a CORS error. The app's ErrorHandler is called for them, too.

// ErrorsFiber is an ErrorHandler that lets the origins of a policy read these
// responses, too. It leaves alone what a handler answers: the middleware has
// written the headers there. Without readable headers, as with 431, there is no
// origin to allow.
//
//	app := fiber.New(fiber.Config{ErrorHandler: recipes.ErrorsFiber(policy, fiber.DefaultErrorHandler)})
func ErrorsFiber(policy *cors.Policy, next fiber.ErrorHandler) fiber.ErrorHandler {
	return func(c *fiber.Ctx, err error) error {
		if len(c.Route().Handlers) == 0 {
			origin := c.Get(fiber.HeaderOrigin)
			c.Vary(fiber.HeaderOrigin)
			if ok, failed := policy.AllowsOrigin(c.UserContext(), origin); ok && failed == nil {
				c.Set(fiber.HeaderAccessControlAllowOrigin, origin)
				if policy.Config().AllowCredentials {
					c.Set(fiber.HeaderAccessControlAllowCredentials, "true")
				}
			}
		}
		return next(c, err)
	}
}
