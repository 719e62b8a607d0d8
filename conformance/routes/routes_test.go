// Package routes tests corstest.CheckRoutes with each framework: how to get the
// list of routes from the framework, that a correct mounting passes, and that the
// common mistakes fail.
package routes

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	m.Run()
}

var (
	policy = cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowCredentials: true}

	// Policies that must not answer in place of it.
	looser = cors.Config{AllowOrigins: []string{"https://myapp.com"}}
	admins = cors.Config{AllowOrigins: []string{"https://admin.example"}}
)

// Parts of the failures of CheckRoutes.
const (
	router404      = "the router answers 404, as it does where CORS is mounted on a group or a route"
	router405      = "the router answers 405, as it does where CORS is mounted on a group or a route"
	routerItself   = "the router itself answers OPTIONS, as it does where CORS is mounted on a route"
	afterTheRoute  = "the preflight is allowed, but the response has no CORS headers: the middleware is mounted after this route"
	otherResponse  = "the preflight is allowed, but"
	authFirst      = "authentication comes before CORS: mount CORS first"
	preflightMoves = "answer preflights before any redirect"
	responseMoves  = "the redirect comes before CORS"
	twoPolicies    = "the preflight is answered by one policy, and the request by another"
	twoLines       = "a proxy or a second middleware adds another"
	storedHeaders  = "the response to a stranger names the origin of the page: a cache stores CORS headers"
	otherPolicy    = "if it is listed, the preflight reaches another group's policy"
)

// An app is a server and its routes.
type app struct {
	transport http.RoundTripper
	routes    []corstest.Route
}

// request replaces the routes by those that a front end requests.
func (a app) request(routes ...corstest.Route) app {
	a.routes = routes
	return a
}

func ginApp(engine *gin.Engine) app { return app{corstest.Handler(engine), ginRoutes(engine)} }

func echoApp(e *echo.Echo) app { return app{corstest.Handler(e), echoRoutes(e)} }

func echo5App(e *echo5.Echo) app { return app{corstest.Handler(e), echo5Routes(e)} }

func fiberApp(f *fiber.App) app {
	return app{corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return f.Test(r, -1) }), fiberRoutes(f)}
}

func fiber3App(f *fiber3.App) app {
	return app{
		corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return f.Test(r, fiber3.TestConfig{}) }), fiber3Routes(f),
	}
}

func chiApp(r chi.Router) app { return app{corstest.Handler(r), chiRoutes(r)} }

// A mounting is a correct or wrong way to mount a middleware.
type mounting struct {
	name   string
	server string // Page.Server
	app    func() app

	// wrong maps each route that fails, as "METHOD /path", to a part of its
	// failure. It is nil if the mounting is correct.
	wrong map[string]string
}

// all returns the same failure for several routes.
func all(failure string, routes ...string) map[string]string {
	wrong := map[string]string{}
	for _, r := range routes {
		wrong[r] = failure
	}
	return wrong
}

func TestCheckRoutes(t *testing.T) {
	for framework, mountings := range map[string][]mounting{
		"gin": ginMountings(), "chi": chiMountings(),
		"echo": echoMountings(), "echo5": echo5Mountings(), "fiber": fiberMountings(), "fiber3": fiber3Mountings(),
	} {
		for _, m := range mountings {
			t.Run(framework+" "+m.name, func(t *testing.T) { m.check(t) })
		}
	}
}

func (m mounting) check(t *testing.T) {
	a := m.app()
	page := &corstest.Page{Origin: "https://myapp.com", Server: m.server, Transport: a.transport}
	if m.wrong == nil {
		corstest.CheckRoutes(t, page, a.routes)
		return
	}
	fake := &fakeT{ctx: t.Context()}
	corstest.CheckRoutes(fake, page, a.routes)
	failed := map[string]bool{}
	for _, failure := range fake.failures {
		for _, route := range routesOf(failure) {
			failed[route] = true
			if want := m.wrong[route]; want == "" || !strings.Contains(failure, want) {
				t.Errorf("%s fails:\n%s\nwant %q", route, failure, want)
			}
		}
	}
	for route := range m.wrong {
		if !failed[route] {
			t.Errorf("%s does not fail", route)
		}
	}
	if causes := len(slices.Compact(slices.Sorted(maps.Values(m.wrong)))); len(fake.failures) != causes {
		t.Errorf("%d failures, want one for each of %d causes:\n%s", len(fake.failures), causes, strings.Join(fake.failures, "\n"))
	}
}

// routesOf returns the routes that a failure is about.
func routesOf(failure string) []string {
	var routes []string
	for line := range strings.Lines(failure) {
		if route, ok := strings.CutPrefix(line, "\t"); ok {
			routes = append(routes, strings.TrimSpace(route))
		}
	}
	if routes == nil {
		route, _, _ := strings.Cut(failure, " from https://myapp.com: ")
		routes = []string{route}
	}
	return routes
}

// A fakeT records its failures.
type fakeT struct {
	testing.TB
	ctx      context.Context
	failures []string
}

func (t *fakeT) Helper()                           {}
func (t *fakeT) Context() context.Context          { return t.ctx }
func (t *fakeT) Error(args ...any)                 { t.failures = append(t.failures, fmt.Sprint(args...)) }
func (t *fakeT) Errorf(format string, args ...any) { t.Error(fmt.Sprintf(format, args...)) }
