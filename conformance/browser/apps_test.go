package browser

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiberrecover "github.com/gofiber/fiber/v2/middleware/recover"
	fiber3 "github.com/gofiber/fiber/v3"
	fiber3recover "github.com/gofiber/fiber/v3/middleware/recover"
	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"
	echo5 "github.com/labstack/echo/v5"
	echo5middleware "github.com/labstack/echo/v5/middleware"
	"github.com/valyala/fasthttp"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echo5cors "github.com/polycors/polycors/echo5adapter"
	echocors "github.com/polycors/polycors/echoadapter"
	fiber3cors "github.com/polycors/polycors/fiber3adapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// A route is a route of the app, in each framework.
type route struct {
	methods []string
	path    string
	status  int
	header  []string
	body    string
}

var allMethods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

// routes have safelisted response headers and others.
var routes = []route{
	{allMethods, "/items", 200, []string{
		"Cache-Control: no-cache", "Content-Language: en", "Etag: \"v1\"", "X-One: 1", "X-Two: 2",
	}, "items"},
	{[]string{"GET"}, "/readonly", 200, nil, "readonly"},
	{[]string{"PUT", "DELETE"}, "/silent", 204, nil, ""},
	{[]string{"GET", "PUT"}, "/forbidden", 403, nil, "forbidden"},
	{[]string{"GET", "PUT"}, "/unauthorized", 401, []string{"Www-Authenticate: Bearer"}, "unauthorized"},
	{[]string{"GET", "POST", "PUT"}, "/login", 200, []string{"Set-Cookie: session=s3cret; Path=/RUN/; Secure; SameSite=None"}, "welcome"},
	{[]string{"GET", "POST", "PUT"}, "/moved", 307, []string{"Location: /RUN/items"}, ""},
	{[]string{"GET", "POST", "PUT"}, "/away", 307, []string{"Location: https://other.test/RUN/items"}, ""},
}

// in returns the response headers for one run, as pairs.
func (rt route) in(run string) [][2]string {
	var pairs [][2]string
	for _, line := range append([]string{"Content-Type: text/plain"}, rt.header...) {
		name, value, _ := strings.Cut(line, ": ")
		pairs = append(pairs, [2]string{name, strings.ReplaceAll(value, "RUN", run)})
	}
	return pairs
}

var errHandler = errors.New("a handler's error")

// serve returns a run of the scenario, with its handlers.
func (s *scenario) serve(name string) (*run, error) {
	r := &run{sites: map[string]http.Handler{}, app: http.NotFoundHandler()}
	for host, site := range s.sites {
		r.sites[host] = site.handler(name)
	}
	if others, ok := r.sites["*"]; ok {
		r.app = others
	}
	switch {
	case s.isHandMade():
		return r, nil
	case s.middleware != nil:
		r.app = chiApp(name, s.middleware)
		return r, nil
	}
	cfg := s.policy
	cfg.OnReject = r.reject
	policy, err := cors.New(cfg)
	if err != nil {
		return nil, err
	}
	switch s.server {
	case "gin":
		r.app = ginApp(name, gincors.From(policy))
	case "echo":
		r.app = echoApp(name, echocors.From(policy))
	case "echo5":
		r.app = echo5App(name, echo5cors.From(policy))
	case "chi":
		r.app = chiApp(name, chicors.From(policy))
	case "fiber":
		r.fiber = fiberApp(name, fibercors.From(policy))
	case "fiber3":
		r.fiber = fiber3App(name, fiber3cors.From(policy))
	}
	return r, nil
}

func ginApp(run string, cors gin.HandlerFunc) http.Handler {
	app := gin.New()
	app.HandleMethodNotAllowed = true
	app.Use(gin.RecoveryWithWriter(io.Discard), cors)
	group := app.Group("/" + run)
	for _, rt := range routes {
		group.Match(rt.methods, rt.path, func(c *gin.Context) {
			for _, pair := range rt.in(run) {
				c.Header(pair[0], pair[1])
			}
			c.String(rt.status, "%s", rt.body)
		})
	}
	group.GET("/fail", func(c *gin.Context) { c.AbortWithError(http.StatusInternalServerError, errHandler) })
	group.GET("/panic", func(*gin.Context) { panic(errHandler) })
	return app
}

func echoApp(run string, cors echo.MiddlewareFunc) http.Handler {
	app := echo.New()
	app.Logger.SetOutput(io.Discard)
	app.Use(echomiddleware.Recover(), cors)
	for _, rt := range routes {
		app.Match(rt.methods, "/"+run+rt.path, func(c echo.Context) error {
			for _, pair := range rt.in(run) {
				c.Response().Header().Set(pair[0], pair[1])
			}
			return c.String(rt.status, rt.body)
		})
	}
	app.GET("/"+run+"/fail", func(echo.Context) error { return errHandler })
	app.GET("/"+run+"/panic", func(echo.Context) error { panic(errHandler) })
	return app
}

func echo5App(run string, cors echo5.MiddlewareFunc) http.Handler {
	app := echo5.New()
	app.Logger = slog.New(slog.DiscardHandler)
	app.Use(echo5middleware.Recover(), cors)
	for _, rt := range routes {
		app.Match(rt.methods, "/"+run+rt.path, func(c *echo5.Context) error {
			for _, pair := range rt.in(run) {
				c.Response().Header().Set(pair[0], pair[1])
			}
			return c.String(rt.status, rt.body)
		})
	}
	app.GET("/"+run+"/fail", func(*echo5.Context) error { return errHandler })
	app.GET("/"+run+"/panic", func(*echo5.Context) error { panic(errHandler) })
	return app
}

func fiberApp(run string, cors fiber.Handler) fasthttp.RequestHandler {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(fiberrecover.New(), cors)
	for _, rt := range routes {
		for _, method := range rt.methods {
			app.Add(method, "/"+run+rt.path, func(c *fiber.Ctx) error {
				for _, pair := range rt.in(run) {
					c.Set(pair[0], pair[1])
				}
				return c.Status(rt.status).SendString(rt.body)
			})
		}
	}
	app.Get("/"+run+"/fail", func(*fiber.Ctx) error { return errHandler })
	app.Get("/"+run+"/panic", func(*fiber.Ctx) error { panic(errHandler) })
	return app.Handler()
}

func fiber3App(run string, cors fiber3.Handler) fasthttp.RequestHandler {
	app := fiber3.New()
	app.Use(fiber3recover.New(), cors)
	for _, rt := range routes {
		app.Add(rt.methods, "/"+run+rt.path, func(c fiber3.Ctx) error {
			for _, pair := range rt.in(run) {
				c.Set(pair[0], pair[1])
			}
			return c.Status(rt.status).SendString(rt.body)
		})
	}
	app.Get("/"+run+"/fail", func(fiber3.Ctx) error { return errHandler })
	app.Get("/"+run+"/panic", func(fiber3.Ctx) error { panic(errHandler) })
	return app.Handler()
}

func chiApp(run string, cors func(http.Handler) http.Handler) http.Handler {
	app := chi.NewRouter()
	app.Use(recoverQuietly, cors)
	for _, rt := range routes {
		for _, method := range rt.methods {
			app.MethodFunc(method, "/"+run+rt.path, func(w http.ResponseWriter, _ *http.Request) {
				for _, pair := range rt.in(run) {
					w.Header().Set(pair[0], pair[1])
				}
				w.WriteHeader(rt.status)
				io.WriteString(w, rt.body)
			})
		}
	}
	app.Get("/"+run+"/fail", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, errHandler.Error(), http.StatusInternalServerError)
	})
	app.Get("/"+run+"/panic", func(http.ResponseWriter, *http.Request) { panic(errHandler) })
	return app
}

// recoverQuietly does what chi's middleware.Recoverer does, without writing the
// stack to stderr.
func recoverQuietly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if recover() != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
