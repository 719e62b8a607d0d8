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

// The front ends, and the item that they change.
const (
	front = "https://myapp.com"
	item  = "/api/items/1"
)

// policy is one without a mistake in it.
func policy(origins ...string) cors.Config {
	return cors.Config{
		AllowOrigins:     append([]string{front}, origins...),
		AllowMethods:     []string{"GET", "PUT"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
		MaxAge:           10 * time.Minute,
	}
}

// peer is the same for rs/cors.
func peer(origins ...string) rscors.Options {
	return rscors.Options{
		AllowedOrigins:   append([]string{front}, origins...),
		AllowedMethods:   []string{"GET", "PUT"},
		AllowedHeaders:   []string{"Content-Type"},
		AllowCredentials: true,
	}
}

// contrib is the same for gin-contrib/cors.
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

// classics lists the mistakes.
func classics() []classic {
	return []classic{
		{
			file: "1-wildcard-with-credentials",
			args: []string{"-origin", front, "-credentials"},
			path: item,
			want: "refused (WildcardOriginNotAllowed)",
			servers: []server{
				{name: "rs/cors on net/http", app: rscors.New(rscors.Options{AllowedOrigins: []string{"*"}, AllowCredentials: true}).Handler(plainItem())},
				{name: "echo's own middleware", app: echoApp(echomiddleware.CORSWithConfig(echomiddleware.CORSConfig{AllowCredentials: true}))},
				{name: "polycors on chi, without credentials since it takes no * with them", app: chiApp(chicors.AllowAll())},
			},
		},
		{
			file: "2-missing-authorization",
			args: []string{"-origin", front, "-method", "PUT", "-header", "Authorization: Bearer token"},
			path: item,
			want: "Request header field authorization is not allowed",
			servers: []server{
				{name: "polycors on gin", app: ginApp(gincors.New(policy()))},
				{name: "polycors on fiber", app: fiberItem(newFiber(fibercors.New(policy())))},
				{name: "polycors on fiber v3", app: func() any {
					app := fiber3.New()
					app.Use(fiber3cors.New(policy()))
					return fiber3Item(app)
				}()},
				{name: "gin-contrib/cors", app: ginApp(gincontrib.New(contrib()))},
			},
		},
		{
			file: "3-localhost-against-127.0.0.1",
			args: []string{"-origin", "http://127.0.0.1:5173", "-method", "PUT", "-credentials"},
			path: item,
			want: "localhost, 127.0.0.1 and [::1] are different origins to a browser",
			servers: []server{
				{name: "polycors on echo", app: echoApp(echocors.New(policy("http://localhost:5173")))},
				{name: "polycors on echo v5", app: echo5App(echo5cors.New(policy("http://localhost:5173")))},
				{name: "polycors on chi", app: chiApp(chicors.New(policy("http://localhost:5173")))},
				{name: "rs/cors on net/http", app: rscors.New(peer("http://localhost:5173")).Handler(plainItem())},
			},
		},
		{
			file: "4-trailing-slash",
			args: []string{"-origin", "https://admin.myapp.com", "-credentials"},
			path: item,
			want: "browsers send no trailing slash",
			servers: []server{ // polycors does not start with such a list
				{name: "rs/cors on net/http", app: rscors.New(peer("https://admin.myapp.com/")).Handler(plainItem())},
				{name: "gin-contrib/cors", app: ginApp(gincontrib.New(contrib("https://admin.myapp.com/")))},
			},
		},
		{
			file: "5-middleware-after-routes",
			args: []string{"-origin", front, "-method", "PUT", "-send"},
			path: item,
			want: "the middleware is not where the request goes",
			servers: []server{
				{name: "polycors on gin", app: func() any {
					r := ginApp()
					r.Use(gincors.New(policy()))
					return r
				}()},
				{name: "polycors on fiber", app: fiberItem(newFiber()).Use(fibercors.New(policy()))},
				{name: "polycors on fiber v3", app: fiber3Item(fiber3.New()).Use(fiber3cors.New(policy()))},
				{name: "gin-contrib/cors, for a GET", args: []string{"-origin", front}, app: func() any {
					r := ginApp()
					r.Use(gincontrib.New(contrib()))
					return r
				}()},
			},
		},
		{
			file: "6-gin-group",
			args: []string{"-origin", front, "-method", "PUT", "-credentials"},
			path: item,
			want: "the middleware is not where the request goes",
			servers: []server{
				{name: "polycors on a gin group", app: func() any {
					r := newGin()
					ginItem(r.Group("/api", gincors.New(policy())), "/items/1")
					return r
				}()},
				{name: "gin-contrib/cors on a gin group, for a path without GET", app: func() any {
					r := newGin()
					r.Group("/api", gincontrib.New(contrib())).PUT("/items/1", func(c *gin.Context) { c.Status(http.StatusOK) })
					return r
				}()},
				{name: "polycors on a chi Group", app: func() any {
					r := chi.NewRouter()
					r.Group(func(r chi.Router) {
						r.Use(chicors.New(policy()))
						chiItem(r)
					})
					return r
				}()},
			},
		},
		{
			file: "7-redirect-on-preflight",
			args: []string{"-origin", front, "-method", "PUT"},
			path: item + "/",
			want: "the redirect is about the trailing slash",
			servers: []server{
				{name: "polycors on gin, which redirects before any middleware", app: func() any {
					r := ginApp(gincors.New(policy()))
					r.OPTIONS(item, func(c *gin.Context) { c.Status(http.StatusOK) })
					return r
				}()},
				{name: "polycors on chi, after RedirectSlashes", app: chiApp(middleware.RedirectSlashes, chicors.New(policy()))},
				{name: "rs/cors on chi, after RedirectSlashes", app: chiApp(middleware.RedirectSlashes, rscors.New(peer()).Handler)},
			},
		},
	}
}
