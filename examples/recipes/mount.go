package recipes

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// An item is what the API of the recipes is about.
type item struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

var items = []item{{"1", "Apple"}, {"2", "Pear"}}

// Gin mounts a policy on a small API in gin.
func Gin(policy *cors.Policy) *gin.Engine {
	r := gin.New()
	r.Use(gincors.From(policy)) // on the engine, before the routes

	r.GET("/items", func(c *gin.Context) {
		c.Header("X-Total-Count", "2")
		c.JSON(http.StatusOK, items)
	})
	r.POST("/items", func(c *gin.Context) { c.Status(http.StatusCreated) })
	r.PUT("/items/:id", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	r.DELETE("/items/:id", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	return r
}

// Echo mounts a policy on a small API in echo.
func Echo(policy *cors.Policy) *echo.Echo {
	e := echo.New()
	e.Use(echocors.From(policy)) // on the instance, or by e.Pre if redirects are there

	e.GET("/items", func(c echo.Context) error {
		c.Response().Header().Set("X-Total-Count", "2")
		return c.JSON(http.StatusOK, items)
	})
	e.POST("/items", func(c echo.Context) error { return c.NoContent(http.StatusCreated) })
	e.PUT("/items/:id", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	e.DELETE("/items/:id", func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })
	return e
}

// Fiber mounts a policy on a small API in fiber.
func Fiber(policy *cors.Policy) *fiber.App {
	app := fiber.New()
	app.Use(fibercors.From(policy)) // on the app, before the routes

	app.Get("/items", func(c *fiber.Ctx) error {
		c.Set("X-Total-Count", "2")
		return c.JSON(items)
	})
	app.Post("/items", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusCreated) })
	app.Put("/items/:id", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) })
	app.Delete("/items/:id", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) })
	return app
}

// Chi mounts a policy on a small API in chi.
func Chi(policy *cors.Policy) *chi.Mux {
	r := chi.NewRouter()
	r.Use(chicors.From(policy)) // on the router; chi panics if a route comes first

	r.Get("/items", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Total-Count", "2")
		writeJSON(w, items)
	})
	r.Post("/items", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusCreated) })
	r.Put("/items/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	r.Delete("/items/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	return r
}

// GinHTTP mounts a policy, and behind it a handler of net/http for all that is
// below a path such as "/files/".
func GinHTTP(policy *cors.Policy, path string, handler http.Handler) *gin.Engine {
	r := gin.New()
	r.Use(gincors.From(policy))
	r.Any(path+"*rest", gin.WrapH(handler))
	return r
}

// EchoHTTP mounts a policy, and behind it a handler of net/http.
func EchoHTTP(policy *cors.Policy, path string, handler http.Handler) *echo.Echo {
	e := echo.New()
	e.Use(echocors.From(policy))
	e.Any(path+"*", echo.WrapHandler(handler))
	return e
}

// FiberHTTP mounts a policy, and behind it a handler of net/http. It must not
// set CORS headers of its own: the adaptor would add them to those of the
// policy. Nor can it stream: the adaptor sends the response when it is whole.
func FiberHTTP(policy *cors.Policy, path string, handler http.Handler) *fiber.App {
	app := fiber.New()
	app.Use(fibercors.From(policy))
	app.All(path+"*", adaptor.HTTPHandler(handler))
	return app
}

// ChiHTTP mounts a policy, and behind it a handler of net/http.
func ChiHTTP(policy *cors.Policy, path string, handler http.Handler) *chi.Mux {
	r := chi.NewRouter()
	r.Use(chicors.From(policy))
	r.Handle(path+"*", handler)
	return r
}
