// Package adaptertest holds the contract that every adapter of a web framework
// has to pass, as a test suite. It sends real requests to real servers.
//
//	func TestContract(t *testing.T) {
//		adaptertest.Run(t, adaptertest.Adapter[gin.HandlerFunc, *gin.Context]{
//			New:      gincors.New,
//			AllowAll: gincors.AllowAll,
//			From:     gincors.From,
//			Select:   gincors.Select,
//			Path:     func(c *gin.Context) string { return c.Request.URL.Path },
//			Serve:    serve, // builds an application from middleware and routes
//		})
//	}
package adaptertest

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// An Adapter is what is tested: the four functions that every adapter has, for
// the framework's middleware M and request context C, and how to use them.
type Adapter[M, C any] struct {
	New      func(cors.Config) M
	AllowAll func() M
	From     func(*cors.Policy) M
	Select   func(func(C) *cors.Policy) M

	// Path returns the path of a request, for policies that are chosen by it.
	Path func(C) string

	// Serve starts a server of the framework on loopback, stops it when the
	// test ends, and returns its address ("127.0.0.1:41234"). The application
	// has the middleware mounted for all of it, the outermost first, and then
	// the endpoints, each for exactly its method and path. The server has to
	// accept request headers of 256 KiB.
	Serve func(t *testing.T, middleware []M, endpoints []Endpoint) string
}

// An Endpoint is a route of the application that Serve builds.
type Endpoint struct {
	Method, Path string

	// Respond is called once for each request, and tells what to send. It may
	// be called concurrently.
	Respond func() Response
}

// A Response is sent by an [Endpoint]: the lines of Header are added to those that
// are set, and Body is text.
type Response struct {
	Status int
	Header http.Header
	Body   string
}

// ServeHTTP is the rest of an [Adapter]'s Serve for frameworks on net/http.
func ServeHTTP(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewUnstartedServer(h)
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // errors are among the cases
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// Run runs the contract, in parallel subtests.
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
	t.Run("From panics without a policy", func(t *testing.T) { testFromPanics(t, a) })
	t.Run("AllowAll allows everything but credentials", func(t *testing.T) { testAllowAll(t, a) })
	t.Run("Select chooses by path, and nil leaves the request alone", func(t *testing.T) { testSelect(t, a) })
	t.Run("the zero policy leaves the request alone until it is configured", func(t *testing.T) { testZero(t, a) })
	t.Run("hostile requests are neither reflected nor fatal", func(t *testing.T) { testHostile(t, a) })
	t.Run("a callback may keep the origins it sees", func(t *testing.T) { testKeptOrigins(t, a) })
	t.Run("concurrent requests get their own answers", func(t *testing.T) { testConcurrent(t, a) })
	t.Run("reconfiguration under load is seen whole or not at all", func(t *testing.T) { testReconfigure(t, a) })
}

// runCase serves a case's policies, sends its request, and compares.
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
		t.Errorf("the text of an error reached the client: %q", got.body)
	}
}
