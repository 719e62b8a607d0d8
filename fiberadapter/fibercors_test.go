package fibercors_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/adaptertest"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

func TestContract(t *testing.T) {
	adaptertest.Run(t, adaptertest.Adapter[fiber.Handler, *fiber.Ctx]{
		New:      fibercors.New,
		AllowAll: fibercors.AllowAll,
		From:     fibercors.From,
		Select:   fibercors.Select,
		Paths:    fibercors.Paths,
		Path:     func(c *fiber.Ctx) string { return c.Path() },
		Set:      func(c *fiber.Ctx, name, value string) { c.Request().Header.Set(name, value) },
		Header: func(ctx context.Context, name string) string {
			if c := fibercors.Ctx(ctx); c != nil {
				return c.Get(name)
			}
			return ""
		},
		Replace: func(c *fiber.Ctx, name, value string) {
			c.Response().Reset()
			c.Set(name, value)
		},
		Serve: func(t *testing.T, middleware []fiber.Handler, endpoints []adaptertest.Endpoint) string {
			app := fiber.New(fiber.Config{DisableStartupMessage: true, ReadBufferSize: 256 << 10})
			for _, mw := range middleware {
				app.Use(mw)
			}
			for _, endpoint := range endpoints {
				app.Add(endpoint.Method, endpoint.Path, func(c *fiber.Ctx) error {
					res := endpoint.Respond()
					for name, values := range res.Header {
						for _, value := range values {
							c.Response().Header.Add(name, value)
						}
					}
					return c.Status(res.Status).SendString(res.Body)
				})
			}
			return serve(t, app)
		},
	})
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
		if err := app.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return ln.Addr().String()
}

// An error of AllowOriginFunc goes to the error handler.
func TestCallbackError(t *testing.T) {
	failure := errors.New("lookup failed")
	app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
		if !errors.Is(err, failure) {
			t.Errorf("error in the handler: %v, want %v", err, failure)
		}
		return c.Status(fiber.StatusServiceUnavailable).SendString("try again")
	}})
	app.Use(fibercors.New(fibercors.Config{
		AllowOriginFunc: func(context.Context, string) (bool, error) { return false, failure },
	}))
	app.Get("/items", func(*fiber.Ctx) error { t.Error("the handler runs"); return nil })

	req := httptest.NewRequest(http.MethodGet, "/items", nil)
	req.Header.Set("Origin", "https://myapp.com")
	res, err := app.Test(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != fiber.StatusServiceUnavailable || string(body) != "try again" {
		t.Errorf("response %d %q (%v), want the response of the error handler", res.StatusCode, body, err)
	}
}

// All lines of an earlier handler are replaced.
func TestEarlierLines(t *testing.T) {
	app := fiber.New()
	app.Use(func(c *fiber.Ctx) error {
		for _, line := range []string{"https://one.example", "https://two.example"} {
			c.Response().Header.Add(fiber.HeaderAccessControlAllowOrigin, line)
			c.Response().Header.Add(fiber.HeaderVary, line)
		}
		return c.Next()
	})
	app.Use(fibercors.New(fibercors.Config{AllowOrigins: []string{"https://myapp.com"}}))

	req := httptest.NewRequest(http.MethodGet, "/items", nil)
	req.Header.Set("Origin", "https://myapp.com")
	res, err := app.Test(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if got := res.Header.Values("Access-Control-Allow-Origin"); len(got) != 1 || got[0] != "https://myapp.com" {
		t.Errorf("Access-Control-Allow-Origin: %q, want one line, with the origin", got)
	}
	if got := res.Header.Values("Vary"); len(got) != 3 || got[2] != "Origin" {
		t.Errorf("Vary: %q, want the two lines and Origin", got)
	}
}

// Proxies, static files and caches change the response and the request. The CORS
// headers stay those of the policy.
func TestAfterNext(t *testing.T) {
	policy := fibercors.New(fibercors.Config{
		AllowOrigins: []string{"https://*.myapp.com"}, ExposeHeaders: []string{"ETag"}, AllowCredentials: true,
	})
	allowed := map[string][]string{
		"Access-Control-Allow-Origin": {"https://a.myapp.com"}, "Access-Control-Allow-Credentials": {"true"},
		"Access-Control-Expose-Headers": {"ETag"}, "Vary": {"Origin"},
	}
	for _, tt := range []struct {
		name    string
		handler fiber.Handler
		origin  string
		want    map[string][]string
		status  int
	}{
		{name: "nothing is changed", handler: func(*fiber.Ctx) error { return nil }, want: allowed},
		{name: "the response is reset", handler: func(c *fiber.Ctx) error { c.Response().Reset(); return nil }, want: allowed},
		{name: "the response of an upstream server replaces it", want: allowed, handler: func(c *fiber.Ctx) error {
			c.Response().Reset()
			for range 2 {
				c.Response().Header.Add("Access-Control-Allow-Origin", "*")
			}
			c.Set("Access-Control-Allow-Methods", "*")
			return nil
		}},
		{name: "another line is added", handler: func(c *fiber.Ctx) error {
			c.Response().Header.Add("Access-Control-Allow-Origin", "https://a.myapp.com")
			return nil
		}, want: allowed},
		{name: "a header is deleted", handler: func(c *fiber.Ctx) error {
			c.Response().Header.Del("Access-Control-Allow-Credentials")
			return nil
		}, want: allowed},
		{name: "the handler overrules the policy", handler: func(c *fiber.Ctx) error {
			c.Set("Access-Control-Allow-Origin", "https://other.example")
			return nil
		}, want: allowed},
		{name: "a refusal is overruled", origin: "https://evil.example", handler: func(c *fiber.Ctx) error {
			c.Set("Access-Control-Allow-Origin", "https://evil.example")
			c.Set("Access-Control-Allow-Credentials", "true")
			return nil
		}, want: map[string][]string{"Vary": {"Origin"}}},
		{name: "Vary is replaced", handler: func(c *fiber.Ctx) error { c.Set("Vary", "Cookie"); return nil },
			want: with(allowed, "Vary", "Cookie", "Origin")},
		{name: "Vary is added to", handler: func(c *fiber.Ctx) error { c.Vary("Cookie"); return nil },
			want: with(allowed, "Vary", "Cookie", "Origin")},
		{name: "an error is returned", handler: func(*fiber.Ctx) error { return fiber.ErrTeapot }, want: allowed, status: fiber.StatusTeapot},
		{name: "the request is changed", want: allowed, handler: func(c *fiber.Ctx) error {
			h := &c.Request().Header
			h.Del("Origin")
			h.Set("X-Secret", "https://secret.token")
			h.Set("Cookie", "session=0123456789abcdef")
			h.SetMethod("OPTIONS")
			c.Response().Reset()
			return nil
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := fiber.New()
			app.Use(policy)
			app.Get("/items", tt.handler)
			origin := "https://a.myapp.com"
			if tt.origin != "" {
				origin = tt.origin
			}
			for range 2 { // the second request uses the memory of the first
				res := get(t, app, "/items", origin)
				if status := max(tt.status, http.StatusOK); res.StatusCode != status {
					t.Errorf("status %d, want %d", res.StatusCode, status)
				}
				if got := corsHeaders(res.Header); !maps.EqualFunc(got, tt.want, slices.Equal) {
					t.Errorf("headers %q, want %q", got, tt.want)
				}
			}
		})
	}
}

func with(h map[string][]string, name string, lines ...string) map[string][]string {
	h = maps.Clone(h)
	h[name] = lines
	return h
}

func get(t *testing.T, app *fiber.App, path, origin string) *http.Response {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.Header.Set("Origin", origin)
	res, err := app.Test(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	return res
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

func TestAfterNextInnerPolicy(t *testing.T) {
	outer := fibercors.New(fibercors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowCredentials: true})
	for _, tt := range []struct {
		name  string
		inner fiber.Handler
		want  map[string][]string
	}{
		{"an inner policy that allows", fibercors.AllowAll(),
			map[string][]string{"Access-Control-Allow-Origin": {"*"}, "Vary": {"Origin"}}},
		{"an inner policy that refuses", fibercors.New(fibercors.Config{AllowOrigins: []string{"https://other.example"}}),
			map[string][]string{"Vary": {"Origin"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			app := fiber.New()
			app.Use(outer)
			app.Get("/items", tt.inner, func(c *fiber.Ctx) error { return c.SendString("items") })
			if got := corsHeaders(get(t, app, "/items", "https://myapp.com").Header); !maps.EqualFunc(got, tt.want, slices.Equal) {
				t.Errorf("headers %q, want %q", got, tt.want)
			}
		})
	}
}

// With PreflightContinue, the requested names are echoed although the handler
// changes the request.
func TestAfterNextPreflight(t *testing.T) {
	app := fiber.New()
	app.Use(fibercors.New(fibercors.Config{
		AllowOrigins: []string{"https://myapp.com"}, AllowMethods: []string{"*"}, AllowHeaders: []string{"*"},
		AllowCredentials: true, PreflightContinue: true,
	}))
	app.Options("/items", func(c *fiber.Ctx) error {
		for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
			c.Request().Header.Set(name, "https://secret.token/0123456789abcdef")
		}
		c.Response().Reset()
		return c.SendStatus(http.StatusNoContent)
	})
	req := httptest.NewRequest(http.MethodOptions, "/items", nil)
	req.Header.Set("Origin", "https://myapp.com")
	req.Header.Set("Access-Control-Request-Method", "PURGE")
	req.Header.Set("Access-Control-Request-Headers", "x-a,x-b")
	res, err := app.Test(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for name, want := range map[string]string{
		"Access-Control-Allow-Origin": "https://myapp.com", "Access-Control-Allow-Methods": "PURGE",
		"Access-Control-Allow-Headers": "x-a,x-b",
	} {
		if got := res.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestHeaderNamesInAnyCase(t *testing.T) {
	app := fiber.New(fiber.Config{DisableHeaderNormalizing: true, DisableStartupMessage: true})
	app.Use(fibercors.New(fibercors.Config{AllowOrigins: []string{"https://myapp.com"}, RejectDisallowed: true}))
	app.Post("/items", func(c *fiber.Ctx) error { return c.SendString("handled") })
	addr := serve(t, app)
	for _, tt := range []struct {
		name, headers, status string
	}{
		{"a refused origin", "origin: https://evil.example\r\n", "403"},
		{"an allowed origin", "ORIGIN: https://myapp.com\r\n", "200"},
		{"two origins, their names in different cases", "origin: https://myapp.com\r\nOrigin: https://myapp.com\r\n", "403"},
		{"the server's own page", "origin: https://evil.example\r\nsec-fetch-site: same-origin\r\n", "200"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			const start = "POST /items HTTP/1.1\r\nHost: api.example\r\nContent-Length: 0\r\nConnection: close\r\n"
			_, _ = io.WriteString(conn, start+tt.headers+"\r\n")
			reply, err := io.ReadAll(conn)
			if err != nil || !strings.HasPrefix(string(reply), "HTTP/1.1 "+tt.status) {
				t.Errorf("reply %q (%v), want the status %s", reply, err, tt.status)
			}
		})
	}
}

func TestOwnOriginInAbsoluteTarget(t *testing.T) {
	app := fiber.New()
	app.Use(fibercors.New(fibercors.Config{AllowOrigins: []string{"https://myapp.com"}, RejectDisallowed: true}))
	app.Get("/items", func(c *fiber.Ctx) error { return c.SendString("handled") })
	for origin, status := range map[string]int{"http://api.example": 200, "http://API.example": 403, "http://other.example": 403} {
		if res := get(t, app, "http://api.example/items", origin); res.StatusCode != status {
			t.Errorf("%s: status %d, want %d", origin, res.StatusCode, status)
		}
	}
}

func TestCtx(t *testing.T) {
	var paths []string
	cfg := fibercors.Config{
		AllowOriginFunc: func(ctx context.Context, origin string) (bool, error) {
			return origin == "https://"+fibercors.Ctx(ctx).Get("X-Tenant")+".example", nil
		},
		OnReject: func(ctx context.Context, _ cors.Rejection) { paths = append(paths, fibercors.Ctx(ctx).Path()) },
	}
	app := fiber.New()
	app.Use(fibercors.New(cfg))
	app.Get("/items", func(c *fiber.Ctx) error { return c.SendString("handled") })
	for _, tt := range []struct{ tenant, want string }{{"acme", "https://acme.example"}, {"other", ""}} {
		req := httptest.NewRequest(http.MethodGet, "/items", nil)
		req.Header.Set("Origin", "https://acme.example")
		req.Header.Set("X-Tenant", tt.tenant)
		res, err := app.Test(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := res.Header.Get("Access-Control-Allow-Origin"); got != tt.want {
			t.Errorf("tenant %s: allowed %q, want %q", tt.tenant, got, tt.want)
		}
	}
	if !slices.Equal(paths, []string{"/items"}) {
		t.Errorf("OnReject sees the paths %q", paths)
	}
	if fibercors.Ctx(t.Context()) != nil {
		t.Error("a context outside a request has a Ctx")
	}
}
