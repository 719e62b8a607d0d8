// Package httpcors provides net/http middleware that applies a cors.Policy. It
// fits every router that accepts func(http.Handler) http.Handler, and wraps any
// http.Handler. Adapters for frameworks based on net/http call [Apply].
//
//	mux := http.NewServeMux()
//	mux.HandleFunc("PUT /items/{id}", update)
//	http.ListenAndServe("127.0.0.1:8080", httpcors.New(cfg)(mux))
//
// Wrap the whole router, as here, rather than single handlers: a preflight is an
// OPTIONS request, which a router does not pass to the handler of "PUT
// /items/{id}". The policy then also covers the responses of the router itself:
// redirects, 404 and 405.
package httpcors

import (
	"log"
	"net/http"

	cors "github.com/polycors/polycors/core"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for cfg. It panics if cfg is invalid; the message
// lists every problem. To handle the error, use [cors.New] and [From].
func New(cfg Config) func(http.Handler) http.Handler {
	p, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	return From(p)
}

// AllowAll returns the middleware for public APIs and first steps: it allows
// every origin, method and header, without credentials.
func AllowAll() func(http.Handler) http.Handler { return New(cors.AllowAll()) }

// From returns the middleware for an existing policy. The caller can share the
// policy and reconfigure it later. From panics if p is nil.
func From(p *cors.Policy) func(http.Handler) http.Handler {
	if p == nil {
		panic("httpcors: From needs a policy, but got nil")
	}
	return func(next http.Handler) http.Handler { return &handler{policy: p, next: next} }
}

// Select returns a middleware that calls policy for each request and applies
// the policy it returns. If it returns nil, the request is passed on unchanged.
// If the choice depends on request headers, name them in Config.Vary of every
// policy. Preflight requests do not carry the headers that the script sets.
func Select(policy func(*http.Request) *cors.Policy) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return &handler{choose: policy, next: next} }
}

// A handler has one policy, or chooses one for each request.
type handler struct {
	policy *cors.Policy
	choose func(*http.Request) *cors.Policy
	next   http.Handler
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p := h.policy
	if h.choose != nil {
		if p = h.choose(r); p == nil {
			h.next.ServeHTTP(w, r)
			return
		}
	}
	status, err := Apply(p, w.Header(), r)
	switch {
	case err != nil:
		logError(r, err)
		http.Error(w, http.StatusText(status), status)
	case status != 0:
		w.WriteHeader(status)
	default:
		h.next.ServeHTTP(w, r)
	}
}

// logError writes an error to the log of the server: net/http has no other
// error handling.
func logError(r *http.Request, err error) {
	logf := log.Printf
	if srv, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && srv.ErrorLog != nil {
		logf = srv.ErrorLog.Printf
	}
	logf("cors: AllowOriginFunc: %v", err)
}
