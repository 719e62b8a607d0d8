package fibercors_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	cors "github.com/polycors/polycors/core"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

// subdomains is a policy whose answers differ by origin.
var subdomains = fibercors.Config{
	AllowOrigins: []string{"https://*.myapp.com"}, ExposeHeaders: []string{"ETag"}, AllowCredentials: true,
}

// allowing returns the headers with which subdomains allows an origin.
func allowing(origin string) map[string][]string {
	return map[string][]string{
		"Access-Control-Allow-Origin": {origin}, "Access-Control-Allow-Credentials": {"true"},
		"Access-Control-Expose-Headers": {"ETag"}, "Vary": {"Origin"},
	}
}

var refusing = map[string][]string{"Vary": {"Origin"}}

// The innermost policy is in force, whatever it decides.
func TestInnermostPolicy(t *testing.T) {
	handler := func(c *fiber.Ctx) error { return c.SendString("handled") }
	failing := fibercors.Config{AllowOriginFunc: func(context.Context, string) (bool, error) { return false, errors.New("lookup failed") }}
	strict := fibercors.Config{AllowOrigins: []string{"https://other.example"}, RejectDisallowed: true}
	outer := fibercors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowCredentials: true, PreflightContinue: true}
	for _, tt := range []struct {
		name   string
		method string
		set    func(*fiber.App)
		want   map[string][]string
		status int
	}{
		{name: "it allows", set: func(app *fiber.App) { app.Use(fibercors.AllowAll()) },
			want: map[string][]string{"Access-Control-Allow-Origin": {"*"}, "Vary": {"Origin"}}},
		{name: "it rejects", set: func(app *fiber.App) { app.Use(fibercors.New(strict)) }, want: refusing, status: 403},
		{name: "its callback fails", set: func(app *fiber.App) { app.Use(fibercors.New(failing)) }, want: refusing, status: 500},
		{name: "it refuses a preflight", method: http.MethodOptions, set: func(app *fiber.App) { app.Use(fibercors.New(strict)) }, status: 403,
			want: map[string][]string{"Vary": {"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}}},
		{name: "on a group", set: func(app *fiber.App) { app.Group("/", fibercors.New(strict)) }, want: refusing, status: 403},
		{name: "in a mounted app", set: func(app *fiber.App) {
			api := fiber.New()
			api.Use(fibercors.New(strict))
			app.Mount("/", api)
		}, want: refusing, status: 403},
		{name: "on a route whose handler resets the response", set: func(app *fiber.App) {
			app.Get("/items", fibercors.AllowAll(), func(c *fiber.Ctx) error { c.Response().Reset(); return nil })
		}, want: map[string][]string{"Access-Control-Allow-Origin": {"*"}, "Vary": {"Origin"}}},
		{name: "on a route whose handler resets the request", set: func(app *fiber.App) {
			app.Get("/items", fibercors.AllowAll(), func(c *fiber.Ctx) error { c.Request().Reset(); return nil })
		}, want: map[string][]string{"Access-Control-Allow-Origin": {"*"}, "Vary": {"Origin"}}},
		{name: "after RestartRouting", set: func(app *fiber.App) {
			app.Get("/items", func(c *fiber.Ctx) error { c.Path("/api/items"); return c.RestartRouting() })
			app.Use("/api", fibercors.New(strict))
		}, want: refusing, status: 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := fiber.New(fiber.Config{DisableStartupMessage: true})
			app.Use(fibercors.New(outer))
			tt.set(app)
			app.All("/*", handler)
			res := send(t, serve(t, app), tt.method, "https://myapp.com")
			if res.StatusCode != max(tt.status, http.StatusOK) {
				t.Errorf("status %d, want %d", res.StatusCode, max(tt.status, http.StatusOK))
			}
			if got := corsHeaders(res.Header); !maps.EqualFunc(got, tt.want, slices.Equal) {
				t.Errorf("headers %q, want %q", got, tt.want)
			}
		})
	}
}

func send(t *testing.T, addr, method, origin string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+addr+"/items", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Origin", origin)
	if method == http.MethodOptions {
		req.Header.Set("Access-Control-Request-Method", "PUT")
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res
}

// The zero Policy leaves alone what the handler sets.
func TestZeroPolicyAfterNext(t *testing.T) {
	app := fiber.New()
	app.Use(fibercors.From(new(cors.Policy)))
	app.Get("/items", func(c *fiber.Ctx) error {
		c.Set("Access-Control-Allow-Origin", "https://own.example")
		return c.SendString("items")
	})
	want := map[string][]string{"Access-Control-Allow-Origin": {"https://own.example"}}
	if got := corsHeaders(get(t, app, "/items", "https://myapp.com").Header); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("headers %q, want %q", got, want)
	}
}

// The bytes after an upgrade belong to the handler that hijacks the connection.
func TestHijack(t *testing.T) {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(fibercors.New(subdomains))
	app.Get("/socket", func(c *fiber.Ctx) error {
		c.Status(fiber.StatusSwitchingProtocols)
		c.Set("Connection", "Upgrade")
		c.Set("Upgrade", "echo")
		c.Context().Hijack(func(conn net.Conn) { _, _ = io.Copy(conn, conn) })
		return nil
	})
	conn, err := net.Dial("tcp", serve(t, app))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET /socket HTTP/1.1\r\nHost: api.example\r\nOrigin: https://a.myapp.com\r\n\r\n")
	r := bufio.NewReader(conn)
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != 101 || !maps.EqualFunc(corsHeaders(res.Header), allowing("https://a.myapp.com"), slices.Equal) {
		t.Errorf("status %d, headers %q", res.StatusCode, res.Header)
	}
	_, _ = io.WriteString(conn, "ping\n")
	if line, err := r.ReadString('\n'); line != "ping\n" || err != nil {
		t.Errorf("echo: %q, %v", line, err)
	}
}

// Each connection serves many requests, by handlers that change all memory that
// fasthttp reuses.
func TestPersistentConnection(t *testing.T) {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(fibercors.New(subdomains))
	app.All("/items", func(c *fiber.Ctx) error {
		c.Request().Header.Del("Origin")
		c.Request().Header.Set("X-Secret", "https://secret.of.another.request/0123456789")
		c.Request().SetRequestURI("/other?secret=0123456789")
		c.Request().Reset()
		c.Response().Reset()
		return c.SendString("items")
	})
	addr := serve(t, app)
	transport := &http.Transport{MaxConnsPerHost: 4}
	t.Cleanup(transport.CloseIdleConnections)
	done := make(chan error)
	const clients, requests = 8, 200
	for i := range clients {
		go func() {
			for j := range requests {
				origin := fmt.Sprintf("https://tenant-%d-%s.myapp.com", i, strings.Repeat("x", j%40+1))
				req, _ := http.NewRequest(http.MethodGet, "http://"+addr+"/items", nil)
				req.Header.Set("Origin", origin)
				res, err := transport.RoundTrip(req)
				if err != nil {
					done <- err
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				_ = res.Body.Close()
				if got := corsHeaders(res.Header); !maps.EqualFunc(got, allowing(origin), slices.Equal) {
					done <- fmt.Errorf("%s: headers %q", origin, got)
					return
				}
			}
			done <- nil
		}()
	}
	for range clients {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// An upstream may send names in lower case. fasthttp keeps them with
// DisableHeaderNormalizing.
func TestAfterNextLowerCase(t *testing.T) {
	app := fiber.New(fiber.Config{DisableHeaderNormalizing: true, DisableStartupMessage: true})
	app.Use(fibercors.New(subdomains))
	app.Get("/items", func(c *fiber.Ctx) error {
		var res fasthttp.Response
		res.Header.DisableNormalizing()
		res.Header.Add("access-control-allow-origin", "*")
		res.Header.Add("vary", "Accept")
		res.CopyTo(c.Response())
		return nil
	})
	res := send(t, serve(t, app), http.MethodGet, "https://a.myapp.com")
	if got, want := corsHeaders(res.Header), with(allowing("https://a.myapp.com"), "Vary", "Accept", "Origin"); !maps.EqualFunc(got, want, slices.Equal) {
		t.Errorf("headers %q, want %q", got, want)
	}
}
