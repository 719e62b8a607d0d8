// Package replaced tests that what the policy says is in the response that leaves,
// also where a proxy, a static file or a cache has replaced the response. fiber
// shows that to the policy.
package replaced

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/gofiber/fiber/v2/middleware/cache"
	"github.com/gofiber/fiber/v2/middleware/compress"
	"github.com/gofiber/fiber/v2/middleware/etag"
	"github.com/gofiber/fiber/v2/middleware/idempotency"
	"github.com/gofiber/fiber/v2/middleware/proxy"
	"github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/gofiber/fiber/v2/middleware/timeout"

	cors "github.com/polycors/polycors/core"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

var policy = fibercors.Config{
	AllowOrigins: []string{"https://*.myapp.com"}, ExposeHeaders: []string{"ETag"}, AllowCredentials: true,
}

// allowing returns the headers with which the policy allows an origin.
func allowing(origin string) map[string][]string {
	return map[string][]string{
		"Access-Control-Allow-Origin": {origin}, "Access-Control-Allow-Credentials": {"true"},
		"Access-Control-Expose-Headers": {"ETag"}, "Vary": {"Origin"},
	}
}

var refusing = map[string][]string{"Vary": {"Origin"}}

func with(h map[string][]string, name string, lines ...string) map[string][]string {
	h = maps.Clone(h)
	h[name] = lines
	return h
}

func corsHeaders(h http.Header) map[string][]string {
	kept := map[string][]string{}
	for name, lines := range h {
		if name == "Vary" || strings.HasPrefix(name, "Access-Control-") {
			kept[name] = lines
		}
	}
	return kept
}

func serve(t *testing.T, app *fiber.App) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Listener(ln) }()
	t.Cleanup(func() {
		if err := app.ShutdownWithTimeout(time.Second); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// upstream is a server with a CORS policy of its own.
func upstream(t *testing.T) string {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(func(c *fiber.Ctx) error {
		c.Set("Access-Control-Allow-Origin", "*")
		c.Set("access-control-allow-methods", "*")
		c.Set("Vary", "Accept-Encoding")
		return c.SendString("from upstream")
	})
	return "http://" + serve(t, app)
}

// Middleware that replaces the response, in front of routes or as a handler.
func TestFiber(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "items"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "file.txt"), []byte("static"), 0o600); err != nil {
		t.Fatal(err)
	}
	url := upstream(t)
	text := func(c *fiber.Ctx) error { return c.SendString(strings.Repeat("items", 100)) }
	for _, tt := range []struct {
		name   string
		set    func(*fiber.App)
		path   string
		vary   string // in front of Origin
		first  string
		status int
	}{
		{name: "proxy.Do", path: "/items", vary: "Accept-Encoding", set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error { return proxy.Do(c, url) })
		}},
		{name: "proxy.Forward", path: "/items", vary: "Accept-Encoding", set: func(app *fiber.App) { app.Get("/items", proxy.Forward(url)) }},
		{name: "proxy.Balancer", path: "/items", vary: "Accept-Encoding", set: func(app *fiber.App) {
			app.Use(proxy.Balancer(proxy.Config{Servers: []string{url}}))
		}},
		{name: "a proxy whose upstream is down", path: "/items", status: 500, set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error { return proxy.DoTimeout(c, "http://127.0.0.1:1", time.Second) })
		}},
		{name: "a static file", path: "/file.txt", set: func(app *fiber.App) { app.Static("/", dir) }},
		{name: "a route beside a static folder", path: "/items", set: func(app *fiber.App) { app.Static("/", dir); app.Get("/items", text) }},
		{name: "SendFile", path: "/items", set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error { return c.SendFile(filepath.Join(dir, "file.txt")) })
		}},
		{name: "SendFile of what is missing", path: "/items", status: 404, set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error { return c.SendFile(filepath.Join(dir, "missing.txt")) })
		}},
		{name: "a cache", path: "/items", set: func(app *fiber.App) {
			app.Use(cache.New(cache.Config{StoreResponseHeaders: true}))
			app.Get("/items", text)
		}},
		{name: "a repeated request with an idempotency key", path: "/items", first: "https://c.myapp.com", set: func(app *fiber.App) {
			app.Use(idempotency.New(idempotency.Config{Next: func(*fiber.Ctx) bool { return false }}))
			app.Get("/items", text)
		}},
		{name: "ETag and compression", path: "/items", vary: "Accept-Encoding", set: func(app *fiber.App) {
			app.Use(etag.New(), compress.New())
			app.Get("/items", text)
		}},
		{name: "a redirect", path: "/items", status: 302, set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error { return c.Redirect("/other") })
		}},
		{name: "an error", path: "/items", status: 503, set: func(app *fiber.App) {
			app.Get("/items", func(*fiber.Ctx) error { return fiber.ErrServiceUnavailable })
		}},
		{name: "a panic after a reset", path: "/items", status: 500, set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error {
				c.Response().Reset()
				c.Set("Access-Control-Allow-Origin", "*")
				panic("handler")
			})
		}},
		{name: "RestartRouting", path: "/old", set: func(app *fiber.App) {
			app.Get("/old", func(c *fiber.Ctx) error { c.Path("/items"); return c.RestartRouting() })
			app.Get("/items", text)
		}},
		{name: "a mounted app", path: "/api/items", set: func(app *fiber.App) {
			api := fiber.New()
			api.Get("/items", func(c *fiber.Ctx) error { c.Response().Reset(); return text(c) })
			app.Mount("/api", api)
		}},
		{name: "a net/http handler", path: "/items", set: func(app *fiber.App) {
			app.Use(adaptor.HTTPHandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Access-Control-Allow-Origin", "*") }))
		}},
		{name: "a stream", path: "/items", set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error {
				c.Response().Reset()
				c.Context().SetBodyStreamWriter(func(w *bufio.Writer) { fmt.Fprint(w, "data: 1\n\n"); _ = w.Flush() })
				return nil
			})
		}},
		{name: "a timeout", path: "/items", status: 408, set: func(app *fiber.App) {
			app.Get("/items", timeout.NewWithContext(func(*fiber.Ctx) error { return context.DeadlineExceeded }, time.Minute))
		}},
		{name: "an error response of fasthttp", path: "/items", status: 503, set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error { c.Context().TimeoutErrorWithCode("busy", 503); return nil })
		}},
		{name: "Select that chooses none", path: "/items", set: func(app *fiber.App) {
			app.Use(fibercors.Select(func(*fiber.Ctx) *cors.Policy { return nil }))
			app.Get("/items", func(c *fiber.Ctx) error { c.Response().Reset(); return text(c) })
		}},
		{name: "the zero Policy", path: "/items", set: func(app *fiber.App) {
			app.Use(fibercors.From(new(cors.Policy)))
			app.Get("/items", func(c *fiber.Ctx) error { c.Response().Reset(); return text(c) })
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := fiber.New(fiber.Config{DisableStartupMessage: true})
			app.Use(recover.New())
			app.Use(fibercors.New(policy))
			tt.set(app)
			addr := serve(t, app)
			if tt.first != "" { // another origin fills the memory of the middleware
				fetch(t, addr, http.MethodGet, tt.path, tt.first)
			}
			for range 2 { // from a cache, the second time
				for origin, want := range map[string]map[string][]string{
					"https://a.myapp.com":  allowing("https://a.myapp.com"),
					"https://b.myapp.com":  allowing("https://b.myapp.com"),
					"https://evil.example": refusing,
				} {
					if tt.vary != "" {
						want = with(want, "Vary", tt.vary, "Origin")
					}
					res := fetch(t, addr, http.MethodGet, tt.path, origin)
					if res.StatusCode != max(tt.status, http.StatusOK) {
						t.Errorf("%s: status %d, want %d", origin, res.StatusCode, max(tt.status, http.StatusOK))
					}
					if got := corsHeaders(res.Header); !maps.EqualFunc(got, want, slices.Equal) {
						t.Errorf("%s: headers %q, want %q", origin, got, want)
					}
				}
			}
		})
	}
}

// fetch sends a request over a connection of its own.
func fetch(t *testing.T, addr, method, path, origin string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+addr+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Origin", origin)
	req.Header.Set("X-Idempotency-Key", "00000000-0000-0000-0000-000000000000")
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	return res
}

// A panic of the callback is the app's to recover, as that of any handler.
func TestFiberPanickingCallback(t *testing.T) {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(recover.New())
	app.Use(fibercors.New(fibercors.Config{
		AllowOriginFunc: func(_ context.Context, origin string) (bool, error) {
			if origin == "https://panic.example" {
				panic("callback")
			}
			return true, nil
		},
	}))
	app.Get("/items", func(c *fiber.Ctx) error { return c.SendString("handled") })
	addr := serve(t, app)
	for _, tt := range []struct {
		origin string
		status int
		want   map[string][]string
	}{
		{"https://panic.example", 500, map[string][]string{}},
		{"https://a.example", 200, map[string][]string{"Access-Control-Allow-Origin": {"https://a.example"}, "Vary": {"Origin"}}},
	} {
		res := fetch(t, addr, http.MethodGet, "/items", tt.origin)
		if got := corsHeaders(res.Header); res.StatusCode != tt.status || !maps.EqualFunc(got, tt.want, slices.Equal) {
			t.Errorf("%s: status %d, headers %q; want %d, %q", tt.origin, res.StatusCode, got, tt.status, tt.want)
		}
	}
}
