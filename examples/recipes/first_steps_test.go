package recipes

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	"github.com/polycors/polycors/core/corstest"
)

// allowAll mounts recipe 1, and one route after it.
func allowAll() []server {
	r := gin.New()
	AllowAllGin(r)
	r.PUT("/items/1", func(c *gin.Context) { c.Status(http.StatusNoContent) })

	e := echo.New()
	AllowAllEcho(e)
	e.PUT("/items/1", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })

	app := fiber.New()
	AllowAllFiber(app)
	app.Put("/items/1", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) })

	m := chi.NewRouter()
	AllowAllChi(m)
	m.Put("/items/1", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })

	return inAll(r, e, app, m)
}

func TestAllowAllLetsEverySiteIn(t *testing.T) {
	forEach(t, allowAll(), func(t *testing.T, api http.RoundTripper) {
		for _, origin := range []string{myApp, evil, "http://localhost:3000", "null"} {
			page := on(origin, api)
			corstest.Allows(t, page, "PUT", "/items/1", "Content-Type: application/json", "Authorization: Bearer token", "X-Anything: 1")
			corstest.NoWarnings(t, page)
		}
	})
}

func TestAllowAllDoesNotDoForCookies(t *testing.T) {
	forEach(t, allowAll(), func(t *testing.T, api http.RoundTripper) {
		refuses(t, withCookies(myApp, api), corstest.IssuePreflightWildcardOrigin, "PUT", "/items/1")
	})
}
