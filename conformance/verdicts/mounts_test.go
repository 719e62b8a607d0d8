package verdicts

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/limiter"
	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"
	echo5 "github.com/labstack/echo/v5"

	chicors "github.com/polycors/polycors/chiadapter"
	"github.com/polycors/polycors/core/httpcors"
	echo5cors "github.com/polycors/polycors/echo5adapter"
	echocors "github.com/polycors/polycors/echoadapter"
	fiber3cors "github.com/polycors/polycors/fiber3adapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// rightMounts are the middlewares where they belong.
func rightMounts() []row {
	const unsent = "the PUT itself was not sent"
	return []row{
		{name: "gin", server: ginApp(gincors.New(policy())), args: "-method PUT -credentials", verdict: allowed, cause: unsent},
		{name: "echo", server: echoApp(echocors.New(policy())), args: "-method PUT -credentials", verdict: allowed, cause: unsent},
		{name: "echo v5", server: echo5App(echo5cors.New(policy())), args: "-method PUT -credentials", verdict: allowed, cause: unsent},
		{name: "fiber", server: fiberRoutes(newFiber(fibercors.New(policy())), both), args: "-method PUT -credentials", verdict: allowed, cause: unsent},
		{name: "fiber v3", server: fiber3Routes(newFiber3(fiber3cors.New(policy()))), args: "-method PUT -credentials", verdict: allowed, cause: unsent},
		{name: "chi", server: chiApp(chicors.New(policy())), args: "-method PUT -credentials", verdict: allowed, cause: unsent},
		{name: "a PUT that is sent", server: chiApp(chicors.New(policy())), args: "-method PUT -send", verdict: allowed, cause: "may read the response"},
		{name: "a route without GET", server: fiberRoutes(newFiber(fibercors.New(policy())), put), args: "-method PUT",
			verdict: untold, cause: "a GET of this URL gets 405"},
		{name: "a route without GET, sent", server: fiberRoutes(newFiber(fibercors.New(policy())), put), args: "-method PUT -send",
			verdict: allowed, cause: "may read the response"},
		{name: "a path without a route", server: chiApp(chicors.New(policy())), path: "/typo", verdict: allowed, cause: "the status is 404: check the URL"},
	}
}

func ginMounts() []row {
	const elsewhere, late = "the middleware is not where the request goes", "routes that are added earlier do not use it"
	after := func(methods []string) *gin.Engine {
		r := newGin()
		ginRoutes(r, item, methods)
		r.Use(gincors.New(policy()))
		return r
	}
	group := func(methods []string) *gin.Engine {
		r := newGin()
		ginRoutes(r.Group("/api", gincors.New(policy())), "/items/1", methods)
		return r
	}
	route := newGin()
	ginRoutes(route, item, both, gincors.New(policy()))
	auth := func(c *gin.Context) { c.AbortWithStatus(http.StatusUnauthorized) }
	early := newGin()
	g := early.Group("/api")
	early.Use(gincors.New(policy()))
	ginRoutes(g, "/items/1", both)
	slash := ginApp(gincors.New(policy()))
	slash.OPTIONS(item, func(c *gin.Context) { c.Status(http.StatusOK) })
	own := newGin(gincors.New(policy()))
	ginRoutes(own, item, both, func(c *gin.Context) { c.Header("Access-Control-Allow-Origin", "*") })
	panics := newGin(gin.CustomRecoveryWithWriter(nil, func(c *gin.Context, _ any) {
		clear(c.Writer.Header())
		c.AbortWithStatus(http.StatusInternalServerError)
	}), gincors.New(policy()))
	panics.GET(item, func(*gin.Context) { panic("a bug") })
	return []row{
		{name: "after the routes", server: after(both), args: "-method PUT", verdict: untold, cause: late},
		{name: "after the routes, quickly", server: after(both), args: "-method PUT -quick", verdict: untold, cause: late},
		{name: "after the routes, sent", server: after(both), args: "-method PUT -send", verdict: refused, cause: late},
		{name: "after a route without GET", server: after(put), args: "-method PUT", verdict: untold, cause: "a GET of this URL gets 404"},
		{name: "after a route without GET, sent", server: after(put), args: "-method PUT -send", verdict: refused, cause: late},
		{name: "on a group", server: group(both), args: "-method PUT", verdict: refused, cause: elsewhere + ": the response to a GET of this URL allows"},
		{name: "on a group without GET", server: group(put), args: "-method PUT", verdict: refused, cause: elsewhere + ": the router answers 404"},
		{name: "on a route", server: route, args: "-method PUT", verdict: refused, cause: elsewhere},
		{name: "after the group", server: early, args: "-method PUT", verdict: untold, cause: late},
		{name: "after authentication", server: ginApp(auth, gincors.New(policy())), args: "-method PUT", verdict: refused, cause: "authentication comes before CORS"},
		{name: "after authentication, for a GET", server: ginApp(auth, gincors.New(policy())), verdict: refused, cause: "authentication comes before CORS"},
		{name: "after the redirect of a slash", server: slash, path: item + "/", args: "-method PUT", verdict: refused, cause: "the redirect is about the trailing slash"},
		{name: "after the redirect of a slash, for a GET", server: ginApp(gincors.New(policy())), path: item + "/", verdict: refused, cause: "the redirect comes before CORS"},
		{name: "inside a recovery that clears headers", server: panics, verdict: refused, cause: "the response with status 500 has no CORS headers"},
		{name: "a handler with headers of its own", server: own, args: "-credentials", verdict: refused, cause: `instead of *`},
		{name: "a handler with headers of its own, for a PUT", server: own, args: "-method PUT -credentials", verdict: untold, cause: "WildcardOriginNotAllowed"},
	}
}

func echoMounts() []row {
	const elsewhere = "the middleware is not where the request goes"
	route := echo.New()
	echoRoutes(route, item, echocors.New(policy()))
	hidden := echo.New()
	echoRoutes(hidden.Group("/api", echocors.New(policy())), "/items/*")
	after := echo.New()
	g := after.Group("/api")
	echoRoutes(g, "/items/1")
	g.Use(echocors.New(policy()))
	outside := echo.New()
	outside.Group("/api", echocors.New(policy()))
	echoRoutes(outside, item)
	redirecting := echoApp(echocors.New(policy()))
	redirecting.Pre(echomiddleware.AddTrailingSlashWithConfig(echomiddleware.TrailingSlashConfig{RedirectCode: http.StatusMovedPermanently}))
	route5 := echo5Routes(echo5.New(), echo5cors.New(policy()))
	return []row{
		{name: "on a route", server: route, args: "-method PUT", verdict: refused, cause: elsewhere},
		{name: "on a group whose route hides its catch-all", server: hidden, args: "-method PUT", verdict: refused, cause: elsewhere},
		{name: "after the routes of a group", server: after, args: "-method PUT", verdict: untold, cause: "routes that are added earlier"},
		{name: "on a group beside the route", server: outside, args: "-method PUT", verdict: untold, cause: elsewhere},
		{name: "after a redirect", server: redirecting, args: "-method PUT", verdict: refused, cause: "the redirect is about the trailing slash"},
		{name: "on a route of v5", server: route5, args: "-method PUT", verdict: refused, cause: elsewhere},
	}
}

func fiberMounts() []row {
	const late = "routes that are added earlier do not use it"
	after := func(methods []string) *fiber.App {
		return fiberRoutes(newFiber(), methods).Use(fibercors.New(policy())).(*fiber.App)
	}
	unknown := fiber.New(fiber.Config{DisableStartupMessage: true, RequestMethods: both})
	unknown.Use(fibercors.New(policy()))
	getOnly := fiber.New(fiber.Config{DisableStartupMessage: true, GETOnly: true})
	getOnly.Use(fibercors.New(policy()))
	limited := newFiber(limiter.New(limiter.Config{Max: 1, Expiration: time.Hour}), fibercors.New(policy()))
	resets := newFiber()
	resets.Use(func(c *fiber.Ctx) error {
		err := c.Next()
		if c.Method() != http.MethodOptions {
			c.Response().Header.Del("Access-Control-Allow-Origin")
		}
		return err
	}, fibercors.New(policy()))
	return []row{
		{name: "after the routes", server: after(both), args: "-method PUT", verdict: untold, cause: late},
		{name: "after the routes, sent", server: after(both), args: "-method PUT -send", verdict: refused, cause: late},
		{name: "after the routes, for a GET", server: after(both), verdict: refused, cause: late},
		{name: "after a route without GET", server: after(put), args: "-method PUT", verdict: untold, cause: "a GET of this URL gets 405"},
		{name: "after the routes of v3", server: fiber3Routes(newFiber3()).Use(fiber3cors.New(policy())), args: "-method PUT", verdict: untold, cause: late},
		{name: "without the method OPTIONS", server: fiberRoutes(unknown, both), args: "-method PUT", verdict: refused, cause: "something before it answers"},
		{name: "with GET alone", server: getOnly, args: "-method PUT", verdict: refused, cause: "but the preflight gets 405"},
		{name: "after a rate limit", server: fiberRoutes(limited, both), args: "-method PUT -send", verdict: refused, cause: "a rate limit comes before CORS"},
		{name: "inside a middleware that deletes the header", server: fiberRoutes(resets, both), args: "-method PUT", verdict: untold, cause: "has no CORS headers"},
	}
}

func chiMounts() []row {
	const elsewhere = "the middleware is not where the request goes"
	group := chi.NewRouter()
	group.Group(func(r chi.Router) {
		r.Use(chicors.New(policy()))
		chiRoutes(r, item)
	})
	with := chi.NewRouter()
	chiRoutes(with.With(chicors.New(policy())), item)
	open := chi.NewRouter()
	chiRoutes(open.With(chicors.AllowAll()), item)
	beside := chi.NewRouter()
	beside.Route("/api", func(r chi.Router) {
		r.Use(chicors.New(policy()))
		chiRoutes(r, "/other")
	})
	chiRoutes(beside, item)
	pattern := http.NewServeMux()
	for _, m := range both {
		pattern.Handle(m+" "+item, httpcors.New(policy())(ok))
	}
	patient := http.TimeoutHandler(httpcors.New(policy())(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })), time.Millisecond, "")
	return []row{
		{name: "on a chi group", server: group, args: "-method PUT", verdict: refused, cause: elsewhere},
		{name: "with a chi route", server: with, args: "-method PUT", verdict: refused, cause: elsewhere},
		{name: "for all origins with a chi route", server: open, args: "-method PUT", verdict: refused, cause: elsewhere + ": the response to a GET"},
		{name: "on a chi router beside the route", server: beside, args: "-method PUT", verdict: untold, cause: elsewhere},
		{name: "after chi's redirect of a slash", server: chiApp(middleware.RedirectSlashes, chicors.New(policy())), path: item + "/", args: "-method PUT",
			verdict: refused, cause: "the redirect is about the trailing slash"},
		{name: "on a pattern with a method", server: pattern, args: "-method PUT", verdict: refused, cause: elsewhere},
		{name: "inside a timeout", server: patient, verdict: refused, cause: "a timeout handler outside CORS gave up"},
		{name: "nowhere", server: items(), args: "-method PUT", verdict: refused, cause: "the router answers 405"},
		{name: "a page instead of the API", server: status(200, "Content-Type", "text/html; charset=utf-8"), verdict: refused, cause: "may reach a front end or a login"},
		{name: "nowhere, for a GET", server: items(), verdict: refused, cause: "mount it for the whole application"},
	}
}
