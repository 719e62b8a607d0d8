package verdicts

import (
	"io"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	cors "github.com/polycors/polycors/core"
)

// policy returns a policy without mistakes.
func policy() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{front},
		AllowMethods:     []string{"GET", "PUT"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
		MaxAge:           10 * time.Minute,
	}
}

// twoOrigins returns the same for two front ends.
func twoOrigins() cors.Config {
	c := policy()
	c.AllowOrigins = append(c.AllowOrigins, "https://admin.myapp.com")
	return c
}

// both are the methods of most apps. Some have only put.
var (
	both = []string{http.MethodGet, http.MethodPut}
	put  = []string{http.MethodPut}
)

func newGin(use ...gin.HandlerFunc) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultWriter, gin.DefaultErrorWriter = io.Discard, io.Discard
	r := gin.New()
	r.Use(use...)
	return r
}

func ginRoutes(r gin.IRoutes, path string, methods []string, use ...gin.HandlerFunc) {
	for _, m := range methods {
		r.Handle(m, path, append(use, func(c *gin.Context) { c.Status(http.StatusOK) })...)
	}
}

func ginApp(use ...gin.HandlerFunc) *gin.Engine {
	r := newGin(use...)
	ginRoutes(r, item, both)
	return r
}

type echoRouter interface {
	Add(method, path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) *echo.Route
}

func echoRoutes(r echoRouter, path string, use ...echo.MiddlewareFunc) {
	for _, m := range both {
		r.Add(m, path, func(c echo.Context) error { return c.NoContent(http.StatusOK) }, use...)
	}
}

func echoApp(use ...echo.MiddlewareFunc) *echo.Echo {
	e := echo.New()
	e.Use(use...)
	echoRoutes(e, item)
	return e
}

func echo5Routes(e *echo5.Echo, use ...echo5.MiddlewareFunc) *echo5.Echo {
	for _, m := range both {
		e.Add(m, item, func(c *echo5.Context) error { return c.NoContent(http.StatusOK) }, use...)
	}
	return e
}

func echo5App(use ...echo5.MiddlewareFunc) *echo5.Echo {
	e := echo5.New()
	e.Use(use...)
	return echo5Routes(e)
}

func newFiber(use ...fiber.Handler) *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	for _, h := range use {
		app.Use(h)
	}
	return app
}

func fiberRoutes(app *fiber.App, methods []string) *fiber.App {
	for _, m := range methods {
		app.Add(m, item, func(c *fiber.Ctx) error { return c.SendStatus(http.StatusOK) })
	}
	return app
}

func newFiber3(use ...fiber3.Handler) *fiber3.App {
	app := fiber3.New()
	for _, h := range use {
		app.Use(h)
	}
	return app
}

func fiber3Routes(app *fiber3.App) *fiber3.App {
	app.Add(both, item, func(c fiber3.Ctx) error { return c.SendStatus(http.StatusOK) })
	return app
}

func chiRoutes(r chi.Router, path string) {
	for _, m := range both {
		r.Method(m, path, ok)
	}
}

func chiApp(use ...func(http.Handler) http.Handler) chi.Router {
	r := chi.NewRouter()
	r.Use(use...)
	chiRoutes(r, item)
	return r
}

// ok responds with an empty body.
var ok = http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})

// status responds with a status.
func status(code int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Add(headers[i], headers[i+1])
		}
		w.WriteHeader(code)
	}
}

// items is an API without CORS.
func items() http.Handler {
	mux := http.NewServeMux()
	for _, m := range both {
		mux.Handle(m+" "+item, ok)
	}
	return mux
}

// split sends each OPTIONS request to another handler than the others.
func split(options, others http.Handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			options.ServeHTTP(w, r)
		} else {
			others.ServeHTTP(w, r)
		}
	}
}

// before responds to some requests before h.
func before(h, first http.Handler, ok func(*http.Request) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if ok(r) {
			first.ServeHTTP(w, r)
		} else {
			h.ServeHTTP(w, r)
		}
	}
}
