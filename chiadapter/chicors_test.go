package chicors_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"

	chicors "github.com/polycors/polycors/chiadapter"
	"github.com/polycors/polycors/core/adaptertest"
	"github.com/polycors/polycors/core/httpcors"
)

func TestContract(t *testing.T) {
	adaptertest.Run(t, adaptertest.Adapter[func(http.Handler) http.Handler, *http.Request]{
		New:      chicors.New,
		AllowAll: chicors.AllowAll,
		From:     chicors.From,
		Select:   chicors.Select,
		Paths:    chicors.Paths,
		Path:     func(r *http.Request) string { return r.URL.Path },
		Set:      func(r *http.Request, name, value string) { r.Header.Set(name, value) },
		Header: func(ctx context.Context, name string) string {
			if r := httpcors.Request(ctx); r != nil {
				return r.Header.Get(name)
			}
			return ""
		},
		Serve: func(t *testing.T, middleware []func(http.Handler) http.Handler, endpoints []adaptertest.Endpoint) string {
			r := chi.NewRouter()
			r.Use(middleware...)
			for _, endpoint := range endpoints {
				r.MethodFunc(endpoint.Method, endpoint.Path, func(w http.ResponseWriter, _ *http.Request) {
					res := endpoint.Respond()
					for name, values := range res.Header {
						for _, value := range values {
							w.Header().Add(name, value)
						}
					}
					w.WriteHeader(res.Status)
					_, _ = io.WriteString(w, res.Body)
				})
			}
			return adaptertest.ServeHTTP(t, r)
		},
	})
}
