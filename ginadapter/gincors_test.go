package gincors_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/polycors/polycors/core/adaptertest"
	"github.com/polycors/polycors/core/httpcors"
	gincors "github.com/polycors/polycors/ginadapter"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	m.Run()
}

func TestContract(t *testing.T) {
	adaptertest.Run(t, adaptertest.Adapter[gin.HandlerFunc, *gin.Context]{
		New:      gincors.New,
		AllowAll: gincors.AllowAll,
		From:     gincors.From,
		Select:   gincors.Select,
		Paths:    gincors.Paths,
		Path:     func(c *gin.Context) string { return c.Request.URL.Path },
		Set:      func(c *gin.Context, name, value string) { c.Request.Header.Set(name, value) },
		Header: func(ctx context.Context, name string) string {
			if r := httpcors.Request(ctx); r != nil {
				return r.Header.Get(name)
			}
			return ""
		},
		Serve: func(t *testing.T, middleware []gin.HandlerFunc, endpoints []adaptertest.Endpoint) string {
			engine := gin.New()
			engine.Use(middleware...)
			for _, endpoint := range endpoints {
				engine.Handle(endpoint.Method, endpoint.Path, func(c *gin.Context) {
					res := endpoint.Respond()
					for name, values := range res.Header {
						for _, value := range values {
							c.Writer.Header().Add(name, value)
						}
					}
					c.String(res.Status, res.Body)
				})
			}
			return adaptertest.ServeHTTP(t, engine)
		},
	})
}

// An error of AllowOriginFunc is in c.Errors.
func TestCallbackError(t *testing.T) {
	failure := errors.New("lookup failed")
	engine := gin.New()
	engine.Use(func(c *gin.Context) {
		c.Next()
		if err := c.Errors.Last(); !errors.Is(err, failure) {
			t.Errorf("error in the context: %v, want %v", err, failure)
		}
		c.JSON(c.Writer.Status(), gin.H{"error": "try again"})
	})
	engine.Use(gincors.New(gincors.Config{
		AllowOriginFunc: func(context.Context, string) (bool, error) { return false, failure },
	}))
	engine.GET("/items", func(*gin.Context) { t.Error("the handler runs") })

	req := httptest.NewRequest(http.MethodGet, "/items", nil)
	req.Header.Set("Origin", "https://myapp.com")
	rec := httptest.NewRecorder()
	engine.ServeHTTP(rec, req)
	if rec.Code != http.StatusInternalServerError || rec.Body.String() != `{"error":"try again"}` {
		t.Errorf("response %d %q, want status 500 and the body of the earlier middleware", rec.Code, rec.Body)
	}
}

// A policy around the engine also covers the redirects of gin.
func TestAroundEngine(t *testing.T) {
	engine := gin.New()
	engine.PUT("/items/", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	wrapped := httpcors.New(gincors.Config{AllowOrigins: []string{"https://myapp.com"}})(engine)

	req := httptest.NewRequest(http.MethodPut, "/items", nil)
	req.Header.Set("Origin", "https://myapp.com")
	rec := httptest.NewRecorder()
	wrapped.ServeHTTP(rec, req)
	if rec.Code != http.StatusTemporaryRedirect || rec.Header().Get("Access-Control-Allow-Origin") != "https://myapp.com" {
		t.Errorf("response %d with %v, want gin's redirect with CORS headers", rec.Code, rec.Header())
	}

	req = httptest.NewRequest(http.MethodOptions, "/items", nil)
	req.Header.Set("Origin", "https://myapp.com")
	req.Header.Set("Access-Control-Request-Method", "PUT")
	rec = httptest.NewRecorder()
	wrapped.ServeHTTP(rec, req)
	if rec.Code != http.StatusNoContent {
		t.Errorf("preflight: response %d, want 204", rec.Code)
	}
}
