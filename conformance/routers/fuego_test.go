package routers

import (
	"net"
	"net/http"
	"testing"

	"github.com/go-fuego/fuego"

	"github.com/polycors/polycors/core/corstest"
)

func newFuego(options ...func(*fuego.Server)) *fuego.Server {
	quiet := fuego.WithEngineOptions(fuego.WithOpenAPIConfig(fuego.OpenAPIConfig{Disabled: true, DisableLocalSave: true, DisableMessages: true}))
	return fuego.NewServer(append([]func(*fuego.Server){quiet, fuego.WithoutStartupMessages(), fuego.WithoutLogger()}, options...)...)
}

func fuegoRouter(routes []route) http.Handler {
	s := newFuego()
	for _, r := range routes {
		fuego.Handle(s, r.method+" "+r.path, r.handler)
	}
	return s.Mux
}

// login is middleware that knows nothing of preflights.
func login(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func TestFuego(t *testing.T) {
	// with returns a transport to a server that runs, since fuego adds global
	// middleware then.
	with := func(setUp func(*fuego.Server), global ...func(http.Handler) http.Handler) http.RoundTripper {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		s := newFuego(fuego.WithListener(ln), fuego.WithGlobalMiddlewares(global...))
		setUp(s)
		fuego.PutStd(s, "/items/{id}", ok)
		go func() { _ = s.Run() }()
		t.Cleanup(func() { _ = s.Close() })
		return corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			r = r.Clone(r.Context())
			r.URL.Scheme, r.URL.Host = "http", ln.Addr().String()
			return http.DefaultTransport.RoundTrip(r)
		})
	}
	none := func(*fuego.Server) {}
	update.check(t,
		mounting{name: "around the mux", app: middleware(fuegoRouter(items))},
		mounting{name: "with WithGlobalMiddlewares", app: with(none, middleware)},
		mounting{name: "with WithGlobalMiddlewares, as the last, which is the outermost", app: with(none, login, middleware)},
		mounting{name: "with WithGlobalMiddlewares, before another", lost: 401, app: with(none, middleware, login)},
		mounting{name: "with Use", lost: 405, app: with(func(s *fuego.Server) { fuego.Use(s, middleware) })},
	)
}
