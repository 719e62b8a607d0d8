package adaptertest_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/polycors/polycors/core/adaptertest"
	"github.com/polycors/polycors/core/httpcors"
)

func TestHTTPCORS(t *testing.T) {
	adaptertest.Run(t, adaptertest.Adapter[func(http.Handler) http.Handler, *http.Request]{
		New:      httpcors.New,
		AllowAll: httpcors.AllowAll,
		From:     httpcors.From,
		Select:   httpcors.Select,
		Paths:    httpcors.Paths,
		Path:     func(r *http.Request) string { return r.URL.Path },
		Set:      func(r *http.Request, name, value string) { r.Header.Set(name, value) },
		Header: func(ctx context.Context, name string) string {
			if r := httpcors.Request(ctx); r != nil {
				return r.Header.Get(name)
			}
			return ""
		},
		Serve: func(t *testing.T, middleware []func(http.Handler) http.Handler, endpoints []adaptertest.Endpoint) string {
			mux := http.NewServeMux()
			for _, endpoint := range endpoints {
				mux.HandleFunc(endpoint.Method+" "+endpoint.Path, func(w http.ResponseWriter, _ *http.Request) {
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
			var h http.Handler = mux
			for i := len(middleware) - 1; i >= 0; i-- {
				h = middleware[i](h)
			}
			return adaptertest.ServeHTTP(t, h)
		},
	})
}
