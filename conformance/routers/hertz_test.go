package routers

import (
	"context"
	"net/http"
	"testing"

	"github.com/cloudwego/hertz/pkg/app"
	"github.com/cloudwego/hertz/pkg/app/server"
	"github.com/cloudwego/hertz/pkg/common/ut"

	"github.com/polycors/polycors/conformance/routers/hertzcors"
	"github.com/polycors/polycors/core/corstest"
)

// hertzApp returns a transport to an app of Hertz, which is not based on
// net/http.
func hertzApp(setUp func(*server.Hertz)) http.RoundTripper {
	h := server.New(server.WithDisablePrintRoute(true))
	setUp(h)
	return corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		var headers []ut.Header
		for name, values := range r.Header {
			for _, value := range values {
				headers = append(headers, ut.Header{Key: name, Value: value})
			}
		}
		rec := ut.PerformRequest(h.Engine, r.Method, r.URL.RequestURI(), nil, headers...)
		res := &http.Response{StatusCode: rec.Code, Status: http.StatusText(rec.Code), Header: http.Header{}, Body: http.NoBody, Request: r}
		rec.Header().VisitAll(func(name, value []byte) { res.Header.Add(string(name), string(value)) })
		return res, nil
	})
}

func TestHertz(t *testing.T) {
	handler := func(_ context.Context, c *app.RequestContext) { c.String(http.StatusOK, "saved") }
	update.check(t,
		mounting{name: "with Use, before the routes", app: hertzApp(func(h *server.Hertz) {
			h.Use(hertzcors.New(policy))
			h.PUT("/items/:id", handler)
		})},
		mounting{name: "with Use, after the routes", bare: true, app: hertzApp(func(h *server.Hertz) {
			h.PUT("/items/:id", handler)
			h.Use(hertzcors.New(policy))
		})},
		mounting{name: "with Use of a group", lost: 404, app: hertzApp(func(h *server.Hertz) {
			group := h.Group("/items")
			group.Use(hertzcors.New(policy))
			group.PUT("/:id", handler)
		})},
		mounting{name: "on a route", lost: 404, app: hertzApp(func(h *server.Hertz) {
			h.PUT("/items/:id", hertzcors.New(policy), handler)
		})},
	)
}
