package routers

import (
	"context"
	"net/http"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

func humaRouter(routes []route) http.Handler {
	mux := http.NewServeMux()
	api := humago.New(mux, huma.DefaultConfig("test", "1"))
	for _, r := range routes {
		op := &huma.Operation{Method: r.method, Path: r.path}
		api.Adapter().Handle(op, func(ctx huma.Context) {
			req, w := humago.Unwrap(ctx)
			r.handler(w, req)
		})
	}
	return mux
}

func TestHuma(t *testing.T) {
	type input struct {
		ID string `path:"id"`
	}
	type output struct{ Body string }
	// with returns the mux of an API, which setUp gives its middleware.
	with := func(setUp func(huma.API)) http.Handler {
		mux := http.NewServeMux()
		api := humago.New(mux, huma.DefaultConfig("test", "1"))
		setUp(api)
		huma.Put(api, "/items/{id}", func(context.Context, *input) (*output, error) { return &output{Body: "saved"}, nil })
		return mux
	}
	update.check(t,
		mounting{name: "around the mux", app: middleware(with(func(huma.API) {}))},
		mounting{name: "with UseMiddleware", lost: 405, app: with(func(api huma.API) {
			api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
				r, w := humago.Unwrap(ctx)
				middleware(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { next(ctx) })).ServeHTTP(w, r)
			})
		})},
	)
}
