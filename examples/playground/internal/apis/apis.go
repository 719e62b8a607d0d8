// Package apis has one small API, on each framework for which polycors has an
// adapter. All share one policy.
package apis

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"
	"github.com/valyala/fasthttp"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
	echo5cors "github.com/polycors/polycors/echo5adapter"
	echocors "github.com/polycors/polycors/echoadapter"
	"github.com/polycors/polycors/examples/playground/internal/wire"
	fiber3cors "github.com/polycors/polycors/fiber3adapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// A Framework is a framework with its API.
type Framework struct {
	ID   string
	Name string

	handler func(*cors.Policy) http.Handler            // or
	fast    func(*cors.Policy) fasthttp.RequestHandler // for fiber
}

// All returns the frameworks.
func All() []Framework {
	return []Framework{
		{ID: "nethttp", Name: "net/http", handler: netHTTP},
		{ID: "gin", Name: "gin", handler: onGin},
		{ID: "echo", Name: "echo v4", handler: onEcho},
		{ID: "echo5", Name: "echo v5", handler: onEcho5},
		{ID: "fiber", Name: "fiber v2", fast: onFiber},
		{ID: "fiber3", Name: "fiber v3", fast: onFiber3},
		{ID: "chi", Name: "chi", handler: onChi},
	}
}

// Path is the path of the API. Its handler answers every method.
const Path = "/items/1"

const itemRoute = "/items/:id"

// An answer is the body of a response.
type answer struct {
	ID     string `json:"id"`
	Served string `json:"servedBy"`
	Method string `json:"method"`
	Cookie bool   `json:"cookie"` // whether the request has the playground's cookie
}

func netHTTP(p *cors.Policy) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/items/{id}", func(w http.ResponseWriter, r *http.Request) {
		respond(w, r, "net/http", r.PathValue("id"))
	})
	return httpcors.From(p)(mux)
}

func onGin(p *cors.Policy) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gincors.From(p))
	r.Any(itemRoute, func(c *gin.Context) {
		_, err := c.Cookie(wire.Cookie)
		c.Header(wire.TotalCount, "3")
		c.JSON(http.StatusOK, answer{c.Param("id"), "gin", c.Request.Method, err == nil})
	})
	return r
}

func onEcho(p *cors.Policy) http.Handler {
	e := echo.New()
	e.Use(echocors.From(p))
	e.Any(itemRoute, func(c echo.Context) error {
		_, err := c.Cookie(wire.Cookie)
		c.Response().Header().Set(wire.TotalCount, "3")
		return c.JSON(http.StatusOK, answer{c.Param("id"), "echo v4", c.Request().Method, err == nil})
	})
	return e
}

func onEcho5(p *cors.Policy) http.Handler {
	e := echo5.New()
	e.Use(echo5cors.From(p))
	e.Any(itemRoute, func(c *echo5.Context) error {
		_, err := c.Cookie(wire.Cookie)
		c.Response().Header().Set(wire.TotalCount, "3")
		return c.JSON(http.StatusOK, answer{c.Param("id"), "echo v5", c.Request().Method, err == nil})
	})
	return e
}

func onChi(p *cors.Policy) http.Handler {
	r := chi.NewRouter()
	r.Use(chicors.From(p))
	r.HandleFunc("/items/{id}", func(w http.ResponseWriter, req *http.Request) {
		respond(w, req, "chi", chi.URLParam(req, "id"))
	})
	return r
}

func onFiber(p *cors.Policy) fasthttp.RequestHandler {
	app := fiber.New(fiber.Config{RequestMethods: slices.Concat(fiber.DefaultMethods, []string{"QUERY", "patch"})})
	app.Use(fibercors.From(p))
	app.All(itemRoute, func(c *fiber.Ctx) error {
		c.Set(wire.TotalCount, "3")
		return c.JSON(answer{c.Params("id"), "fiber v2", c.Method(), c.Cookies(wire.Cookie) != ""})
	})
	return app.Handler()
}

func onFiber3(p *cors.Policy) fasthttp.RequestHandler {
	app := fiber3.New(fiber3.Config{RequestMethods: slices.Concat(fiber3.DefaultMethods, []string{"QUERY", "patch"})})
	app.Use(fiber3cors.From(p))
	app.All(itemRoute, func(c fiber3.Ctx) error {
		c.Set(wire.TotalCount, "3")
		return c.JSON(answer{c.Params("id"), "fiber v3", c.Method(), c.Cookies(wire.Cookie) != ""})
	})
	return app.Handler()
}
