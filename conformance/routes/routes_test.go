// Package routes shows corstest.CheckRoutes on each framework: how the
// framework's list of routes becomes a list to check, that it passes where the
// middleware is mounted rightly, and that it finds the classic mistakes.
package routes

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	m.Run()
}

var (
	policy = cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowCredentials: true}

	// Policies that must not get mixed with it.
	looser = cors.Config{AllowOrigins: []string{"https://myapp.com"}}
	admins = cors.Config{AllowOrigins: []string{"https://admin.example"}}
)

// What CheckRoutes says, in part.
const (
	router404      = "the router answers 404, as it does where CORS is mounted on a group or a route"
	router405      = "the router answers 405, as it does where CORS is mounted on a group or a route"
	routerItself   = "the router itself answers OPTIONS, as it does where CORS is mounted on a route"
	afterTheRoute  = "the preflight is allowed, but the response has no CORS headers: the middleware is mounted after this route"
	authFirst      = "authentication comes before CORS: mount CORS first"
	preflightMoves = "answer preflights before any redirect"
	responseMoves  = "the redirect comes before CORS"
	twoPolicies    = "the preflight is answered by one policy, and the request by another"
	twoLines       = "a proxy or a second middleware adds another"
	otherPolicy    = "if it is listed, the preflight reaches another group's policy"
)

// An app is a server and its routes.
type app struct {
	transport http.RoundTripper
	routes    []corstest.Route
}

// asked replaces the routes by what a front end asks for.
func (a app) asked(routes ...corstest.Route) app {
	a.routes = routes
	return a
}

func ginApp(engine *gin.Engine) app {
	a := app{transport: corstest.Handler(engine)}
	for _, r := range engine.Routes() {
		a.routes = append(a.routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	return a
}

func echoApp(e *echo.Echo) app {
	a := app{transport: corstest.Handler(e)}
	for _, r := range e.Routes() {
		a.routes = append(a.routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	return a
}

func fiberApp(f *fiber.App) app {
	a := app{transport: corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return f.Test(r, -1) })}
	for _, r := range f.GetRoutes(true) {
		a.routes = append(a.routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	return a
}

func chiApp(r chi.Router) app {
	a := app{transport: corstest.Handler(r)}
	_ = chi.Walk(r, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		a.routes = append(a.routes, corstest.Route{Method: method, Path: path})
		return nil
	})
	return a
}

// A mounting is a way to mount a middleware, right or wrong.
type mounting struct {
	name   string
	server string // that the page asks; empty is corstest's own choice
	app    func() app

	// wrong has the routes to complain about, as "METHOD /path", and part of
	// the complaint. It is nil if the middleware is mounted rightly.
	wrong map[string]string
}

// all has the same complaint about several routes.
func all(complaint string, routes ...string) map[string]string {
	wrong := map[string]string{}
	for _, r := range routes {
		wrong[r] = complaint
	}
	return wrong
}

func TestCheckRoutesTellsRightFromWrong(t *testing.T) {
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
	var complained []string
	for _, failure := range fake.failures {
		route, complaint, _ := strings.Cut(failure, " from https://myapp.com: ")
		complained = append(complained, route)
		if want := m.wrong[route]; want == "" || !strings.Contains(complaint, want) {
			t.Errorf("complains about %s:\n%s\nwant %q", route, complaint, want)
		}
	}
	for route := range m.wrong {
		if !slices.Contains(complained, route) {
			t.Errorf("no complaint about %s", route)
		}
	}
}

// A fakeT is a test that remembers its failures.
type fakeT struct {
	testing.TB
	ctx      context.Context
	failures []string
}

func (t *fakeT) Helper()                           {}
func (t *fakeT) Context() context.Context          { return t.ctx }
func (t *fakeT) Error(args ...any)                 { t.failures = append(t.failures, fmt.Sprint(args...)) }
func (t *fakeT) Errorf(format string, args ...any) { t.Error(fmt.Sprintf(format, args...)) }
