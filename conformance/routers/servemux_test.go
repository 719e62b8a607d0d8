package routers

import (
	"net/http"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

func serveMux(routes []route) http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.HandleFunc(r.method+" "+r.path, r.handler)
	}
	return mux
}

func TestServeMux(t *testing.T) {
	mux := func(pattern string, h http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle(pattern, h)
		return mux
	}
	handler := http.HandlerFunc(ok)
	both := http.NewServeMux()
	both.Handle("PUT /items/{id}", middleware(handler))
	both.Handle("OPTIONS /", middleware(http.NotFoundHandler()))

	update.check(t,
		mounting{name: "around the mux", app: middleware(mux("PUT /items/{id}", handler))},
		mounting{name: "around the mux of a prefix", app: mux("/items/", middleware(mux("PUT /items/{id}", handler)))},
		mounting{name: "around the handler of a pattern without a method", app: mux("/items/{id}", middleware(handler))},
		mounting{name: "around the handler of a pattern with a method", app: mux("PUT /items/{id}", middleware(handler)), lost: 405},
		mounting{name: "around the handler, and that of OPTIONS for all paths", app: both},
	)
}

func TestServeMuxRedirects(t *testing.T) {
	files := func(wrap func(http.Handler) http.Handler) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("/files/", wrap(http.HandlerFunc(ok)))
		return mux
	}
	asIs := func(h http.Handler) http.Handler { return h }
	for _, tt := range []struct {
		name    string
		app     http.Handler
		allowed bool
	}{
		{"are allowed with the policy around the mux", middleware(files(asIs)), true},
		{"break preflights with the policy inside", files(middleware), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			page := &corstest.Page{Origin: origin, Transport: corstest.Handler(tt.app)}
			if tt.allowed {
				corstest.Allows(t, page, "PUT", "/files")
			} else {
				corstest.Refuses(t, page, "PUT", "/files")
			}
		})
	}
}
