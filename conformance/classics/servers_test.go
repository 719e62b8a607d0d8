package classics

import (
	"io"
	"net/http"
	"time"

	gincontrib "github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"
	echo5 "github.com/labstack/echo/v5"
	rscors "github.com/rs/cors"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echo5cors "github.com/polycors/polycors/echo5adapter"
	echocors "github.com/polycors/polycors/echoadapter"
	fiber3cors "github.com/polycors/polycors/fiber3adapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// The origin of the front end, and the path of the item that it changes.
const (
	front = "https://myapp.com"
	item  = "/api/items/1"
)

// policy returns a policy without mistakes.
func policy(origins ...string) cors.Config {
	return cors.Config{
		AllowOrigins:     append([]string{front}, origins...),
		AllowMethods:     []string{"GET", "PUT"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
		MaxAge:           10 * time.Minute,
	}
}

// peer returns the same for rs/cors.
func peer(origins ...string) rscors.Options {
	return rscors.Options{
		AllowedOrigins:   append([]string{front}, origins...),
		AllowedMethods:   []string{"GET", "PUT"},
		AllowedHeaders:   []string{"Content-Type"},
		AllowCredentials: true,
	}
}

// contrib returns the same for gin-contrib/cors.
func contrib(origins ...string) gincontrib.Config {
	return gincontrib.Config{
		AllowOrigins:     append([]string{front}, origins...),
		AllowMethods:     []string{"GET", "PUT"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	}
}

func newGin(use ...gin.HandlerFunc) *gin.Engine {
	gin.SetMode(gin.ReleaseMode)
	gin.DefaultWriter = io.Discard
	r := gin.New()
	r.Use(use...)
	return r
}

func ginItem(r gin.IRouter, path string) {
	r.GET(path, func(c *gin.Context) { c.Status(http.StatusOK) })
	r.PUT(path, func(c *gin.Context) { c.Status(http.StatusOK) })
}

func ginApp(use ...gin.HandlerFunc) *gin.Engine {
	r := newGin(use...)
	ginItem(r, item)
	return r
}

func echoApp(use ...echo.MiddlewareFunc) *echo.Echo {
	e := echo.New()
	e.Use(use...)
	ok := func(c echo.Context) error { return c.NoContent(http.StatusOK) }
	e.GET(item, ok)
	e.PUT(item, ok)
	return e
}

func echo5App(use ...echo5.MiddlewareFunc) *echo5.Echo {
	e := echo5.New()
	e.Use(use...)
	ok := func(c *echo5.Context) error { return c.NoContent(http.StatusOK) }
	e.GET(item, ok)
	e.PUT(item, ok)
	return e
}

func newFiber(use ...fiber.Handler) *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	for _, h := range use {
		app.Use(h)
	}
	return app
}

func fiberItem(app *fiber.App) *fiber.App {
	ok := func(c *fiber.Ctx) error { return c.SendStatus(http.StatusOK) }
	app.Get(item, ok)
	app.Put(item, ok)
	return app
}

func newFiber3(use ...fiber3.Handler) *fiber3.App {
	app := fiber3.New()
	for _, h := range use {
		app.Use(h)
	}
	return app
}

func fiber3Item(app *fiber3.App) *fiber3.App {
	ok := func(c fiber3.Ctx) error { return c.SendStatus(http.StatusOK) }
	app.Get(item, ok)
	app.Put(item, ok)
	return app
}

func chiApp(use ...func(http.Handler) http.Handler) chi.Router {
	r := chi.NewRouter()
	r.Use(use...)
	chiItem(r)
	return r
}

func chiItem(r chi.Router) {
	ok := func(http.ResponseWriter, *http.Request) {}
	r.Get(item, ok)
	r.Put(item, ok)
}

func plainItem() http.Handler {
	mux := http.NewServeMux()
	ok := func(http.ResponseWriter, *http.Request) {}
	mux.HandleFunc("GET "+item, ok)
	mux.HandleFunc("PUT "+item, ok)
	return mux
}

// late adds middleware to a gin engine whose routes exist already.
func late(use gin.HandlerFunc) *gin.Engine {
	r := ginApp()
	r.Use(use)
	return r
}

// servers returns the servers of the scripts by their names.
func servers() map[string]any {
	redirecting := ginApp(gincors.New(policy()))
	redirecting.OPTIONS(item, func(c *gin.Context) { c.Status(http.StatusOK) })

	group := newGin()
	ginItem(group.Group("/api", gincors.New(policy())), "/items/1")

	contribGroup := newGin()
	contribGroup.Group("/api", gincontrib.New(contrib())).PUT("/items/1", func(c *gin.Context) { c.Status(http.StatusOK) })

	chiGroup := chi.NewRouter()
	chiGroup.Group(func(r chi.Router) {
		r.Use(chicors.New(policy()))
		chiItem(r)
	})

	const local, slash = "http://localhost:5173", "https://admin.myapp.com/"
	return map[string]any{
		"rs-any-origin":   rscors.New(rscors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true}).Handler(plainItem()),
		"echo-any-origin": echoApp(echomiddleware.CORSWithConfig(echomiddleware.CORSConfig{AllowCredentials: true})),
		"chi-allow-all":   chiApp(chicors.AllowAll()),

		"gin":         ginApp(gincors.New(policy())),
		"fiber":       fiberItem(newFiber(fibercors.New(policy()))),
		"fiber3":      fiber3Item(newFiber3(fiber3cors.New(policy()))),
		"gin-contrib": ginApp(gincontrib.New(contrib())),

		"echo-localhost":  echoApp(echocors.New(policy(local))),
		"echo5-localhost": echo5App(echo5cors.New(policy(local))),
		"chi-localhost":   chiApp(chicors.New(policy(local))),
		"rs-localhost":    rscors.New(peer(local)).Handler(plainItem()),

		// polycors rejects such a list.
		"rs-slash":          rscors.New(peer(slash)).Handler(plainItem()),
		"gin-contrib-slash": ginApp(gincontrib.New(contrib(slash))),

		"gin-late":         late(gincors.New(policy())),
		"fiber-late":       fiberItem(newFiber()).Use(fibercors.New(policy())),
		"fiber3-late":      fiber3Item(newFiber3()).Use(fiber3cors.New(policy())),
		"gin-contrib-late": late(gincontrib.New(contrib())),

		"gin-group":         group,
		"gin-contrib-group": contribGroup,
		"chi-group":         chiGroup,

		"gin-slash":    redirecting,
		"chi-slash":    chiApp(middleware.RedirectSlashes, chicors.New(policy())),
		"rs-chi-slash": chiApp(middleware.RedirectSlashes, rscors.New(peer()).Handler),
	}
}
