package apis

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/valyala/fasthttp"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/playground/internal/wire"
)

// respond is the handler of the APIs on net/http and chi.
func respond(w http.ResponseWriter, r *http.Request, served, id string) {
	_, err := r.Cookie(wire.Cookie)
	w.Header().Set(wire.TotalCount, "3")
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer{id, served, r.Method, err == nil})
}

// A Server serves an API until it is stopped.
type Server struct {
	Serve func(net.Listener) error
	Stop  func(context.Context) error
}

const (
	timeout  = 10 * time.Second
	maxBytes = 64 << 10
)

// Server returns the server of the API, which applies p and records in l. It
// answers only requests to one of the hosts: a page of another site that has its
// name resolved to loopback gets nothing.
func (f Framework) Server(p *cors.Policy, l *wire.Log, hosts []string) Server {
	if f.fast != nil {
		return fastServer(l.Fast(f.ID, f.fast(p)), hosts)
	}
	next := l.HTTP(f.ID, f.handler(p))
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !slices.Contains(hosts, r.Host) {
				http.Error(w, "unknown host", http.StatusMisdirectedRequest)
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, maxBytes)
			next.ServeHTTP(w, r)
		}),
		ReadTimeout:    timeout,
		MaxHeaderBytes: maxBytes,
	}
	return Server{srv.Serve, srv.Shutdown}
}

func fastServer(next fasthttp.RequestHandler, hosts []string) Server {
	srv := &fasthttp.Server{
		Handler: func(c *fasthttp.RequestCtx) {
			if !slices.Contains(hosts, string(c.Host())) {
				c.Error("unknown host", fasthttp.StatusMisdirectedRequest)
				return
			}
			next(c)
		},
		ReadTimeout:        timeout,
		IdleTimeout:        time.Minute,
		ReadBufferSize:     maxBytes,
		MaxRequestBodySize: maxBytes,
		CloseOnShutdown:    true,
		Logger:             silent{},
	}
	return Server{srv.Serve, func(ctx context.Context) error {
		if err := srv.ShutdownWithContext(ctx); !errors.Is(err, context.DeadlineExceeded) {
			return err
		}
		return nil
	}}
}

// silent drops what fasthttp logs about broken connections.
type silent struct{}

func (silent) Printf(string, ...any) {}
