package recipes

import (
	"net"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	os.Exit(m.Run())
}

// A server is an application of one framework, reached without a network.
type server struct {
	framework string
	transport http.RoundTripper
}

// inAll names the applications of a recipe.
func inAll(gin, echo http.Handler, fiber *fiber.App, chi http.Handler) []server {
	return []server{
		{"gin", corstest.Handler(gin)},
		{"echo", corstest.Handler(echo)},
		{"fiber", inFiber(fiber)},
		{"chi", corstest.Handler(chi)},
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

// mounted is the small API of mount.go under a policy.
func mounted(t *testing.T, cfg cors.Config) []server {
	t.Helper()
	p, err := cors.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return allServers(p)
}

func allServers(p *cors.Policy) []server { return inAll(Gin(p), Echo(p), Fiber(p), Chi(p)) }

// mountedHTTP is a handler of net/http under a policy.
func mountedHTTP(p *cors.Policy, path string, h http.Handler) []server {
	return inAll(GinHTTP(p, path, h), EchoHTTP(p, path, h), FiberHTTP(p, path, h), ChiHTTP(p, path, h))
}

// overHTTP is a handler of net/http in applications without a policy.
func overHTTP(h http.Handler) []server { return mountedHTTP(new(cors.Policy), "/", h) }

// forEach runs a test in every framework.
func forEach(t *testing.T, servers []server, test func(t *testing.T, api http.RoundTripper)) {
	t.Helper()
	for _, s := range servers {
		t.Run(s.framework, func(t *testing.T) { test(t, s.transport) })
	}
}

// on is a page of an origin, whose scripts call fetch without options.
func on(origin string, api http.RoundTripper) *corstest.Page {
	return &corstest.Page{Origin: origin, Transport: api}
}

// withCookies is a page whose scripts call fetch with credentials: "include".
func withCookies(origin string, api http.RoundTripper) *corstest.Page {
	return &corstest.Page{Origin: origin, Transport: api, Credentials: corstest.Include}
}

// refuses fails the test unless the browser refuses, for the reason given.
func refuses(t *testing.T, p *corstest.Page, want corstest.Issue, method, url string, headers ...string) *corstest.BlockedError {
	t.Helper()
	blocked := corstest.Refuses(t, p, method, url, headers...)
	if blocked.Issue != want {
		t.Errorf("%s %s from %s is refused for %s, want %s", method, url, p.Origin, blocked.Issue, want)
	}
	return blocked
}

// curl sends a request as a program other than a browser does, and returns the
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

// wantHeaders compares headers, several lines of which are joined. An empty
// value stands for a header that must not be there.
func wantHeaders(t *testing.T, what string, got http.Header, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if g := strings.Join(got.Values(name), " | "); g != value {
			t.Errorf("%s: %s: %q, want %q", what, name, g, value)
		}
	}
}

// lastExchange is what the page sent last, and got.
func lastExchange(t *testing.T, p *corstest.Page) corstest.Exchange {
	t.Helper()
	all := p.Exchanges()
	if len(all) == 0 {
		t.Fatal("the page sent nothing")
	}
	return all[len(all)-1]
}

const (
	myApp = "https://myapp.com"
	evil  = "https://evil.example"
)
