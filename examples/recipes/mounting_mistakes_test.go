package recipes

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	chimw "github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	echomw "github.com/labstack/echo/v4/middleware"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/httpcors"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// lateMiddleware mounts a policy after the route. chi does not let you.
func lateMiddleware(policy *cors.Policy) []server {
	r, e, app := gin.New(), echo.New(), fiber.New()
	r.PUT("/x", ginNoContent)
	r.Use(gincors.From(policy))
	e.PUT("/x", echoNoContent)
	e.Use(echocors.From(policy))
	app.Put("/x", fiberNoContent)
	app.Use(fibercors.From(policy))
	return inAll(r, e, app, nil)[:3]
}

func TestMistakeMiddlewareAfterTheRoutes(t *testing.T) {
	policy := ours(t)
	for _, s := range lateMiddleware(policy) {
		t.Run(s.framework, func(t *testing.T) {
			page := withCookies(myApp, s.transport)
			if s.framework == "echo" { // wraps the router as a whole, whatever the order
				corstest.Allows(t, page, "PUT", "/x")
				return
			}
			blocked := refuses(t, page, "MissingAllowOriginHeader", "PUT", "/x")
			if blocked.Stage != corstest.StageResponse || blocked.Status != http.StatusNoContent {
				t.Errorf("refused at the %s with %d, want the worst: the preflight is allowed, the handler runs, and nobody may know", blocked.Stage, blocked.Status)
			}
		})
	}
	t.Run("chi", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("chi does not panic")
			}
		}()
		m := chi.NewRouter()
		m.Put("/x", httpNoContent)
		m.Use(chicors.From(policy))
	})
	right := serving(gincors.From(policy), echocors.From(policy), fibercors.From(policy), chicors.From(policy), "/x")
	forEach(t, right, func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/x")
		corstest.CheckRoutes(t, withCookies(myApp, api), []corstest.Route{{Method: "PUT", Path: "/x"}})
	})
}

// guarded mounts authentication before a policy, or after it.
func guarded(policy *cors.Policy, authFirst bool) []server {
	const token = "Bearer token"
	r, e, app, m := gin.New(), echo.New(), fiber.New(), chi.NewRouter()
	ginAuth := func(c *gin.Context) {
		if c.GetHeader("Authorization") != token {
			c.AbortWithStatus(http.StatusUnauthorized)
		}
	}
	echoAuth := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().Header.Get("Authorization") != token {
				return echo.ErrUnauthorized
			}
			return next(c)
		}
	}
	fiberAuth := func(c *fiber.Ctx) error {
		if c.Get("Authorization") != token {
			return fiber.ErrUnauthorized
		}
		return c.Next()
	}
	chiAuth := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != token {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
	if authFirst {
		r.Use(ginAuth, gincors.From(policy))
		e.Use(echoAuth, echocors.From(policy))
		app.Use(fiberAuth, fibercors.From(policy))
		m.Use(chiAuth, chicors.From(policy))
	} else {
		r.Use(gincors.From(policy), ginAuth)
		e.Use(echocors.From(policy), echoAuth)
		app.Use(fibercors.From(policy), fiberAuth)
		m.Use(chicors.From(policy), chiAuth)
	}
	r.GET("/x", ginNoContent)
	e.GET("/x", echoNoContent)
	app.Get("/x", fiberNoContent)
	m.Get("/x", httpNoContent)
	return inAll(r, e, app, m)
}

func TestMistakeAuthenticationBeforeCORS(t *testing.T) {
	policy := ours(t)
	forEach(t, guarded(policy, true), func(t *testing.T, api http.RoundTripper) {
		blocked := refuses(t, on(myApp, api), corstest.IssuePreflightMissingAllowOrigin, "GET", "/x", "Authorization: Bearer token")
		if blocked.Status != http.StatusUnauthorized {
			t.Errorf("status %d, want 401: preflights carry no credentials", blocked.Status)
		}
		refuses(t, on(myApp, api), "MissingAllowOriginHeader", "GET", "/x") // the script sees no 401
	})
	forEach(t, guarded(policy, false), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "GET", "/x", "Authorization: Bearer token")
		if res := corstest.Allows(t, on(myApp, api), "GET", "/x"); res.StatusCode != http.StatusUnauthorized {
			t.Errorf("status %d, want 401, which the script can read", res.StatusCode)
		}
		refuses(t, on(evil, api), corstest.IssuePreflightMissingAllowOrigin, "GET", "/x", "Authorization: Bearer token")
	})
}

// fiberRedirect redirects from /x/ to /x, as fiber does not by itself.
func fiberRedirect(c *fiber.Ctx) error {
	if path, ok := strings.CutSuffix(c.Path(), "/"); ok {
		return c.Redirect(path, fiber.StatusPermanentRedirect)
	}
	return c.Next()
}

// redirecting mounts a policy behind each framework's redirects from /x/ to /x.
func redirecting(policy *cors.Policy) []server {
	r := gin.New() // RedirectTrailingSlash is on, and comes before all middleware
	r.Use(gincors.From(policy))
	r.PUT("/x", ginNoContent)
	r.OPTIONS("/x", ginNoContent)

	e := echo.New()
	e.Pre(echomw.RemoveTrailingSlashWithConfig(echomw.TrailingSlashConfig{RedirectCode: 308}))
	e.Use(echocors.From(policy))
	e.PUT("/x", echoNoContent)

	app := fiber.New(fiber.Config{StrictRouting: true})
	app.Use(fiberRedirect, fibercors.From(policy))
	app.Put("/x", fiberNoContent)

	m := chi.NewRouter()
	m.Use(chimw.RedirectSlashes, chicors.From(policy))
	m.Put("/x", httpNoContent)
	return inAll(r, e, app, m)
}

// afterCORS mounts the same redirects behind the policy.
func afterCORS(policy *cors.Policy) []server {
	r := gin.New()
	r.PUT("/x", ginNoContent)
	r.OPTIONS("/x", ginNoContent)
	around := httpcors.From(policy)(r) // or r.RedirectTrailingSlash = false

	e := echo.New()
	e.Pre(echocors.From(policy), echomw.RemoveTrailingSlashWithConfig(echomw.TrailingSlashConfig{RedirectCode: 308}))
	e.PUT("/x", echoNoContent)

	app := fiber.New(fiber.Config{StrictRouting: true})
	app.Use(fibercors.From(policy), fiberRedirect)
	app.Put("/x", fiberNoContent)

	m := chi.NewRouter()
	m.Use(chicors.From(policy), chimw.RedirectSlashes)
	m.Put("/x", httpNoContent)
	return inAll(around, e, app, m)
}

func TestMistakeRedirectsBeforeCORS(t *testing.T) {
	policy := ours(t)
	forEach(t, redirecting(policy), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/x")
		blocked := refuses(t, withCookies(myApp, api), corstest.IssuePreflightRedirect, "PUT", "/x/")
		if blocked.Status < 301 || blocked.Status > 308 {
			t.Errorf("status %d, want a redirect", blocked.Status)
		}
	})
	forEach(t, afterCORS(policy), func(t *testing.T, api http.RoundTripper) {
		if res := corstest.Allows(t, withCookies(myApp, api), "PUT", "/x/"); res.StatusCode != http.StatusNoContent {
			t.Errorf("status %d, want 204 from behind the redirect", res.StatusCode)
		}
		refuses(t, withCookies(evil, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/x/")
	})
}
