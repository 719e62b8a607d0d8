package echocors_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v5"

	"github.com/polycors/polycors/core/adaptertest"
	"github.com/polycors/polycors/core/httpcors"
	echocors "github.com/polycors/polycors/echo5adapter"
)

func TestContract(t *testing.T) {
	type router interface {
		Add(method, path string, h echo.HandlerFunc, m ...echo.MiddlewareFunc) echo.RouteInfo
	}
	for name, mount := range map[string]func(*echo.Echo, []echo.MiddlewareFunc) router{
		"Use":   func(e *echo.Echo, mw []echo.MiddlewareFunc) router { e.Use(mw...); return e },
		"Pre":   func(e *echo.Echo, mw []echo.MiddlewareFunc) router { e.Pre(mw...); return e },
		"Group": func(e *echo.Echo, mw []echo.MiddlewareFunc) router { return e.Group("", mw...) },
	} {
		t.Run(name, func(t *testing.T) {
			adaptertest.Run(t, adaptertest.Adapter[echo.MiddlewareFunc, *echo.Context]{
				New:      echocors.New,
				AllowAll: echocors.AllowAll,
				From:     echocors.From,
				Select:   echocors.Select,
				Paths:    echocors.Paths,
				Path:     func(c *echo.Context) string { return c.Request().URL.Path },
				Set:      func(c *echo.Context, name, value string) { c.Request().Header.Set(name, value) },
				Header: func(ctx context.Context, name string) string {
					if r := httpcors.Request(ctx); r != nil {
						return r.Header.Get(name)
					}
					return ""
				},
				Serve: func(t *testing.T, middleware []echo.MiddlewareFunc, endpoints []adaptertest.Endpoint) string {
					e := echo.New()
					routes := mount(e, middleware)
					for _, endpoint := range endpoints {
						routes.Add(endpoint.Method, endpoint.Path, func(c *echo.Context) error {
							res := endpoint.Respond()
							for name, values := range res.Header {
								for _, value := range values {
									c.Response().Header().Add(name, value)
								}
							}
							return c.String(res.Status, res.Body)
						})
					}
					return adaptertest.ServeHTTP(t, e)
				},
			})
		})
	}
}

// An error of AllowOriginFunc goes to the error handler.
func TestCallbackError(t *testing.T) {
	failure := errors.New("lookup failed")
	e := echo.New()
	e.HTTPErrorHandler = func(c *echo.Context, err error) {
		if !errors.Is(err, failure) {
			t.Errorf("error in the handler: %v, want %v", err, failure)
		}
		_ = c.String(http.StatusServiceUnavailable, "try again")
	}
	e.Use(echocors.New(echocors.Config{
		AllowOriginFunc: func(context.Context, string) (bool, error) { return false, failure },
	}))
	e.GET("/items", func(*echo.Context) error { t.Error("the handler runs"); return nil })

	req := httptest.NewRequest(http.MethodGet, "/items", nil)
	req.Header.Set("Origin", "https://myapp.com")
	rec := httptest.NewRecorder()
	e.ServeHTTP(rec, req)
	if rec.Code != http.StatusServiceUnavailable || rec.Body.String() != "try again" {
		t.Errorf("response %d %q, want the response of the error handler", rec.Code, rec.Body)
	}
}
