// Package adaptertest is the test suite that every adapter of a web framework must
// pass. It starts servers of the framework on loopback and sends requests to them.
//
//	func TestContract(t *testing.T) {
//		adaptertest.Run(t, adaptertest.Adapter[gin.HandlerFunc, *gin.Context]{
//			New:      gincors.New,
//			AllowAll: gincors.AllowAll,
//			From:     gincors.From,
//			Select:   gincors.Select,
//			Paths:    gincors.Paths,
//			Path:     func(c *gin.Context) string { return c.Request.URL.Path },
//			Set:      func(c *gin.Context, name, value string) { c.Request.Header.Set(name, value) },
//			Header:   func(ctx context.Context, name string) string { … }, // by httpcors.Request
//			Serve:    serve, // builds an application from middleware and endpoints, and starts it
//		})
//	}
package adaptertest

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// An Adapter describes the adapter to test: its functions, and more functions
// that the tests need. M is the framework's type of middleware, and C its
// request context.
type Adapter[M, C any] struct {
	New      func(cors.Config) M
	AllowAll func() M
	From     func(*cors.Policy) M
	Select   func(func(C) *cors.Policy) M
	Paths    func(cors.Paths) M

	// Path returns the path of a request. The tests of Select use it.
	Path func(C) string

	// Set sets a header of a request, as middleware may do.
	Set func(c C, name, value string)

	// Header returns a header of the request that a policy decides about, given
	// the context of its AllowOriginFunc or OnReject, and the empty string for
	// any other context.
	Header func(ctx context.Context, name string) string

	// Replace replaces the response by an empty one, and sets a header of it, as
	// proxies do. It is nil if the adapter cannot see what later handlers do to
	// the response.
	Replace func(c C, name, value string)

	// Serve starts a server of the framework on loopback, stops it when the
	// test ends, and returns its address ("127.0.0.1:41234"). The middleware is
	// mounted for the whole application, the outermost first, before the
	// endpoints. Each endpoint answers only its method and path. The server
	// must accept request headers of 256 KiB.
	Serve func(t *testing.T, middleware []M, endpoints []Endpoint) string
}

// An Endpoint is a route of the application that Serve builds.
type Endpoint struct {
	Method, Path string

	// Respond returns the response to send. The application calls it once for
	// each request; calls may be concurrent.
	Respond func() Response
}

// A Response is the response of an [Endpoint]. Header is added to the headers that
// are already set, and Body is text.
type Response struct {
	Status int
	Header http.Header
	Body   string
}

// ServeHTTP starts a server for h on loopback, stops it when the test ends, and
// returns its address. Adapter.Serve can return the result.
func ServeHTTP(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // some cases fail on purpose
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// Run tests a, in parallel subtests.
func Run[M, C any](t *testing.T, a Adapter[M, C]) {
	for _, group := range contract() {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range group.cases {
				t.Run(c.name, func(t *testing.T) { runCase(t, a, c) })
			}
		})
	}
	t.Run("New panics with every problem of an invalid configuration", func(t *testing.T) { testNewPanics(t, a) })
	t.Run("From panics if the policy is nil", func(t *testing.T) { testFromPanics(t, a) })
	t.Run("AllowAll allows everything but credentials", func(t *testing.T) { testAllowAll(t, a) })
	t.Run("Select selects a policy by path, and nil passes the request on unchanged", func(t *testing.T) { testSelect(t, a) })
	t.Run("Paths finds a policy for each reading of a path, or rejects the request", func(t *testing.T) { testPaths(t, a) })
	t.Run("callbacks can read the request through their context", func(t *testing.T) { testCallbackRequest(t, a) })
	t.Run("a rejection has the path, bounded", func(t *testing.T) { testRejectionPath(t, a) })
	t.Run("ReportOnly reports and changes no response", func(t *testing.T) { testReportOnly(t, a) })
	t.Run("a navigation is not reported unless it is rejected", func(t *testing.T) { testNavigation(t, a) })
	t.Run("a handler that changes the request does not change the response", func(t *testing.T) { testChangedRequest(t, a) })
	t.Run("a replaced response has the headers of the policy", func(t *testing.T) { testReplacedResponse(t, a) })
	t.Run("the zero Policy passes requests on unchanged until it is configured", func(t *testing.T) { testZero(t, a) })
	t.Run("a hostile request is not reflected and does no harm", func(t *testing.T) { testHostile(t, a) })
	t.Run("a callback may retain the origin", func(t *testing.T) { testKeptOrigins(t, a) })
	t.Run("concurrent requests get their own responses", func(t *testing.T) { testConcurrent(t, a) })
	t.Run("Reconfigure under load is atomic", func(t *testing.T) { testReconfigure(t, a) })
}

// runCase serves the policies of a case, sends its request and compares the
// response.
func runCase[M, C any](t *testing.T, a Adapter[M, C], c contractCase) {
	var middleware []M
	for _, cfg := range c.policies {
		middleware = append(middleware, a.New(cfg))
	}
	app := newApp(c.respond)
	addr := a.Serve(t, middleware, app.endpoints)
	got := send(t, addr, c.request)
	if c.status == 0 {
		c.status = http.StatusOK
	}
	if got.status != c.status {
		t.Errorf("status %d, want %d", got.status, c.status)
	}
	if want := strings.TrimSpace(c.headers); got.cors != want {
		t.Errorf("CORS headers:\n%s\nwant:\n%s", got.cors, want)
	}
	if handled := app.handled.Load() > 0; handled != c.handled {
		t.Errorf("handler called: %t, want %t", handled, c.handled)
	}
	if !c.handled && c.status < 400 && got.body != "" {
		t.Errorf("body %q, want none", got.body)
	}
	if strings.Contains(got.body, secret) {
		t.Errorf("the response contains the text of the error: %q", got.body)
	}
}
