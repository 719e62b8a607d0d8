package fibercors_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v3"

	"github.com/polycors/polycors/core/adaptertest"
	fibercors "github.com/polycors/polycors/fiber3adapter"
)

// A customCtx is what an app has that extends fiber's context.
type customCtx struct{ fiber.DefaultCtx }

func newCustomCtx(app *fiber.App) fiber.CustomCtx {
	return &customCtx{*fiber.NewDefaultCtx(app)}
}

func TestContract(t *testing.T) {
	cfg := fiber.Config{ReadBufferSize: 256 << 10}
	for name, mount := range map[string]func(middleware []any) (*fiber.App, fiber.Router){
		"Use": func(mw []any) (*fiber.App, fiber.Router) {
			app := fiber.New(cfg)
			return app, app.Use(mw...)
		},
		"Group": func(mw []any) (*fiber.App, fiber.Router) {
			app := fiber.New(cfg)
			return app, app.Group("/", mw...)
		},
		"Use in a mounted app": func(mw []any) (*fiber.App, fiber.Router) {
			app, mounted := fiber.New(cfg), fiber.New()
			app.Use(mounted)
			return app, mounted.Use(mw...)
		},
		"Use with a custom context": func(mw []any) (*fiber.App, fiber.Router) {
			app := fiber.NewWithCustomCtx(newCustomCtx, cfg)
			return app, app.Use(mw...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			adaptertest.Run(t, adaptertest.Adapter[fiber.Handler, fiber.Ctx]{
				New:      fibercors.New,
				AllowAll: fibercors.AllowAll,
				From:     fibercors.From,
				Select:   fibercors.Select,
				Paths:    fibercors.Paths,
				Path:     func(c fiber.Ctx) string { return c.Path() },
				Set:      func(c fiber.Ctx, name, value string) { c.Request().Header.Set(name, value) },
				Header: func(ctx context.Context, name string) string {
					if c := fibercors.Ctx(ctx); c != nil {
						return c.Get(name)
					}
					return ""
				},
				Replace: func(c fiber.Ctx, name, value string) {
					c.Response().Reset()
					c.Set(name, value)
				},
				Serve: func(t *testing.T, middleware []fiber.Handler, endpoints []adaptertest.Endpoint) string {
					var handlers []any
					for _, mw := range middleware {
						handlers = append(handlers, mw)
					}
					app, routes := mount(handlers)
					for _, endpoint := range endpoints {
						routes.Add([]string{endpoint.Method}, endpoint.Path, func(c fiber.Ctx) error {
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
		})
	}
}

func serve(t *testing.T, app *fiber.App) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- app.Listener(ln, fiber.ListenConfig{DisableStartupMessage: true}) }()
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
	app := fiber.New(fiber.Config{ErrorHandler: func(c fiber.Ctx, err error) error {
		if !errors.Is(err, failure) {
			t.Errorf("error in the handler: %v, want %v", err, failure)
		}
		return c.Status(fiber.StatusServiceUnavailable).SendString("try again")
	}})
	app.Use(fibercors.New(fibercors.Config{
		AllowOriginFunc: func(context.Context, string) (bool, error) { return false, failure },
	}))
	app.Get("/items", func(fiber.Ctx) error { t.Error("the handler runs"); return nil })

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
	app.Use(func(c fiber.Ctx) error {
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
