package recipes

import (
	"net/http"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	chimw "github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v2"
	echomw "github.com/labstack/echo/v4/middleware"

	chicors "github.com/polycors/polycors/chiadapter"
	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/httpcors"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

func TestMistakeAfterTheRoutes(t *testing.T) {
	a, policy := newApps(), ours()
	a.gin.PUT("/x", ginNoContent)
	a.gin.Use(gincors.From(policy))
	a.echo.PUT("/x", echoNoContent)
	a.echo.Use(echocors.From(policy))
	a.fiber.Put("/x", fiberNoContent)
	a.fiber.Use(fibercors.From(policy))
	for _, s := range a.servers()[:3] {
		t.Run(s.framework, func(t *testing.T) {
			page := withCookies(myApp, s.transport)
			if s.framework == "echo" { // the order does not matter
				corstest.Allows(t, page, "PUT", "/x")
				return
			}
			// The preflight is allowed, and the handler runs.
			if blocked := corstest.RefusesWith(t, page, noOrigin, "PUT", "/x"); blocked.Status != http.StatusNoContent {
				t.Errorf("status %d, want 204 from the handler", blocked.Status)
			}
		})
	}
	t.Run("chi panics", func(t *testing.T) {
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		a.chi.Put("/x", httpNoContent)
		a.chi.Use(chicors.From(policy))
	})
}

func TestMistakeAuthenticationFirst(t *testing.T) {
	auth := func(c *gin.Context) {
		if c.GetHeader("Authorization") != "Bearer token" {
			c.AbortWithStatus(http.StatusUnauthorized)
		}
	}
	api := func(middleware ...gin.HandlerFunc) http.RoundTripper {
		router := gin.New()
		router.Use(middleware...)
		router.GET("/x", ginNoContent)
		return corstest.Handler(router)
	}
	withCORS := gincors.From(ours())

	wrong := api(auth, withCORS)
	blocked := corstest.RefusesWith(t, on(myApp, wrong), noOriginPreflight, "GET", "/x", "Authorization: Bearer token")
	if blocked.Status != http.StatusUnauthorized {
		t.Errorf("status %d, want 401: preflights have no credentials", blocked.Status)
	}
	corstest.RefusesWith(t, on(myApp, wrong), noOrigin, "GET", "/x") // the script does not see the 401

	right := api(withCORS, auth)
	corstest.Allows(t, on(myApp, right), "GET", "/x", "Authorization: Bearer token")
	if res := corstest.Allows(t, on(myApp, right), "GET", "/x"); res.StatusCode != http.StatusUnauthorized {
		t.Errorf("status %d, want 401, which the script can read", res.StatusCode)
	}
	corstest.RefusesWith(t, on(evil, right), noOriginPreflight, "GET", "/x", "Authorization: Bearer token")
}

// fiberRedirect redirects from /x/ to /x, which fiber does not do itself.
func fiberRedirect(c *fiber.Ctx) error {
	if path, ok := strings.CutSuffix(c.Path(), "/"); ok {
		return c.Redirect(path, fiber.StatusPermanentRedirect)
	}
	return c.Next()
}

// redirecting has redirects from /x/ to /x, before the policy or after it.
func redirecting(policyFirst bool) []server {
	a, policy := newApps(), ours()
	a.fiber = fiber.New(fiber.Config{StrictRouting: true})
	echoRedirect := echomw.RemoveTrailingSlashWithConfig(echomw.TrailingSlashConfig{RedirectCode: 308})
	if policyFirst {
		a.echo.Pre(echocors.From(policy), echoRedirect)
		a.fiber.Use(fibercors.From(policy), fiberRedirect)
		a.chi.Use(chicors.From(policy), chimw.RedirectSlashes)
	} else {
		a.gin.Use(gincors.From(policy)) // gin redirects before all middleware
		a.echo.Pre(echoRedirect)
		a.echo.Use(echocors.From(policy))
		a.fiber.Use(fiberRedirect, fibercors.From(policy))
		a.chi.Use(chimw.RedirectSlashes, chicors.From(policy))
	}
	a.gin.PUT("/x", ginNoContent)
	a.gin.OPTIONS("/x", ginNoContent)
	a.echo.PUT("/x", echoNoContent)
	a.fiber.Put("/x", fiberNoContent)
	a.chi.Put("/x", httpNoContent)
	servers := a.servers()
	if policyFirst {
		servers[0].transport = corstest.Handler(httpcors.From(policy)(a.gin)) // or set RedirectTrailingSlash to false
	}
	return servers
}

func TestMistakeRedirectsFirst(t *testing.T) {
	forEach(t, redirecting(false), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/x")
		corstest.RefusesWith(t, withCookies(myApp, api), corstest.IssuePreflightRedirect, "PUT", "/x/")
	})
	forEach(t, redirecting(true), func(t *testing.T, api http.RoundTripper) {
		if res := corstest.Allows(t, withCookies(myApp, api), "PUT", "/x/"); res.StatusCode != http.StatusNoContent {
			t.Errorf("status %d, want 204 from the handler", res.StatusCode)
		}
		corstest.RefusesWith(t, withCookies(evil, api), noOriginPreflight, "PUT", "/x/")
	})
}
