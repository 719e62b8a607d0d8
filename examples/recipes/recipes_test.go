package recipes

import (
	"encoding/json"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/labstack/echo/v4"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	os.Exit(m.Run())
}

const (
	myApp = "https://myapp.com"
	evil  = "https://evil.example"

	// Why a browser refuses.
	noOrigin          = corstest.IssueMissingAllowOrigin
	noOriginPreflight = corstest.IssuePreflightMissingAllowOrigin
	methodRefused     = corstest.IssueMethodDisallowed
	headerRefused     = corstest.IssueHeaderDisallowed
	wildcard          = corstest.IssueWildcardOrigin
)

// apps is one application of each framework.
type apps struct {
	gin   *gin.Engine
	echo  *echo.Echo
	fiber *fiber.App
	chi   *chi.Mux
}

func newApps() apps { return apps{gin.New(), echo.New(), fiber.New(), chi.NewRouter()} }

// route adds routes for every path, or for some paths, and for all methods but
// OPTIONS: if a preflight gets an answer, it comes from a middleware.
func (a apps) route(h http.Handler, paths ...string) apps {
	if len(paths) == 0 {
		paths = []string{"/*"}
	}
	for _, path := range paths {
		for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"} {
			a.gin.Handle(method, strings.Replace(path, "*", "*path", 1), gin.WrapH(h))
			a.echo.Add(method, path, echo.WrapHandler(h))
			a.fiber.Add(method, path, adaptor.HTTPHandler(h))
			a.chi.Method(method, path, h)
		}
	}
	return a
}

// A server is an application that is reached without a network.
type server struct {
	framework string
	transport http.RoundTripper
}

func (a apps) servers() []server {
	return []server{
		{"gin", corstest.Handler(a.gin)},
		{"echo", corstest.Handler(a.echo)},
		{"fiber", inFiber(a.fiber)},
		{"chi", corstest.Handler(a.chi)},
	}
}

func inFiber(app *fiber.App) http.RoundTripper {
	return corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) { return app.Test(req, -1) })
}

// listening serves a fiber application on loopback until the test ends, and
// returns its URL.
func listening(t *testing.T, app *fiber.App) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Listener(ln) }()
	t.Cleanup(func() {
		if err := app.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + ln.Addr().String()
}

// shop is a small API.
func shop() http.Handler {
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Total-Count", "2")
		_ = json.NewEncoder(w).Encode([]string{"Apple", "Pear"})
	})
	mux.HandleFunc("POST /items", status(http.StatusCreated))
	mux.HandleFunc("PUT /items/{id}", status(http.StatusNoContent))
	mux.HandleFunc("DELETE /items/{id}", status(http.StatusNoContent))
	return mux
}

// mounted is the shop with a configuration.
func mounted(cfg cors.Config) []server {
	a := newApps()
	Mount(cfg, a.gin, a.echo, a.fiber, a.chi)
	return a.route(shop()).servers()
}

// behind is a handler with a policy.
func behind(policy *cors.Policy, h http.Handler) []server {
	a := newApps()
	MountPolicy(policy, a.gin, a.echo, a.fiber, a.chi)
	return a.route(h).servers()
}

// byPath has routes for some paths, each with its policy.
func byPath(policies cors.Paths, paths ...string) []server {
	a := newApps()
	ByPath(policies, a.gin, a.echo, a.fiber, a.chi)
	return a.route(http.HandlerFunc(httpNoContent), paths...).servers()
}

func ginNoContent(c *gin.Context)                          { c.Status(http.StatusNoContent) }
func echoNoContent(c echo.Context) error                   { return c.NoContent(http.StatusNoContent) }
func fiberNoContent(c *fiber.Ctx) error                    { return c.SendStatus(fiber.StatusNoContent) }
func httpNoContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// must returns a value whose error is not expected.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// ours is the policy of one front end.
func ours() *cors.Policy {
	return must(cors.New(cors.Config{
		AllowOrigins:     []string{myApp},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
	}))
}

// forEach runs a test in every framework.
func forEach(t *testing.T, servers []server, test func(t *testing.T, api http.RoundTripper)) {
	t.Helper()
	for _, s := range servers {
		t.Run(s.framework, func(t *testing.T) { test(t, s.transport) })
	}
}

// on is a page of an origin whose scripts call fetch without options.
func on(origin string, api http.RoundTripper) *corstest.Page {
	return &corstest.Page{Origin: origin, Transport: api}
}

// withCookies is a page whose scripts call fetch with credentials: "include".
func withCookies(origin string, api http.RoundTripper) *corstest.Page {
	return &corstest.Page{Origin: origin, Transport: api, Credentials: corstest.Include}
}

// curl sends a request like a program other than a browser, and returns the
// status.
func curl(t *testing.T, api http.RoundTripper, method, path string, headers ...string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://api.example"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Set(name, value)
	}
	res, err := api.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// wantHeaders compares headers; lines of one name are joined. An empty value
// means that the header must be absent.
func wantHeaders(t *testing.T, what string, got http.Header, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if g := strings.Join(got.Values(name), " | "); g != value {
			t.Errorf("%s: %s: %q, want %q", what, name, g, value)
		}
	}
}

// wantError fails the test unless err contains all the texts.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error:\n%v\nwant %q in it", err, text)
		}
	}
}

// first and last return an exchange of the page with the server.
func first(p *corstest.Page) corstest.Exchange { return p.Exchanges()[0] }
func last(p *corstest.Page) corstest.Exchange  { return p.Exchanges()[len(p.Exchanges())-1] }
