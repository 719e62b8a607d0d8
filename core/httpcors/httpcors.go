// Package httpcors speaks a cors.Policy on net/http: as middleware for every
// router that takes func(http.Handler) http.Handler, around a handler of any
// kind, or piecemeal, by Read and Write, in an adapter for a framework that
// stands on net/http.
//
//	mux := http.NewServeMux()
//	mux.HandleFunc("PUT /items/{id}", update)
//	http.ListenAndServe("127.0.0.1:8080", httpcors.New(cfg)(mux))
//
// Wrap the whole router, as here, rather than single handlers: a preflight is an
// OPTIONS request, which a router does not give to the handler of "PUT
// /items/{id}". Around the router the policy also covers what the router answers
// itself: redirects, 404 and 405.
package httpcors

import (
	"log"
	"net/http"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// Config is [cors.Config], so that one import is enough.
type Config = cors.Config

// New returns the middleware for a configuration. It panics if there is
// anything wrong with it, naming all that is; use [cors.New] and [From] to get
// an error instead.
func New(cfg Config) func(http.Handler) http.Handler {
	p, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	return From(p)
}

// AllowAll returns the middleware for public APIs and first steps: every
// origin, method and header, no credentials.
func AllowAll() func(http.Handler) http.Handler { return New(cors.AllowAll()) }

// From returns the middleware for a policy that the caller holds, to share it
// or to reconfigure it later. It panics if p is nil.
func From(p *cors.Policy) func(http.Handler) http.Handler {
	if p == nil {
		panic("httpcors: From needs a policy, but got nil")
	}
	return Select(func(*http.Request) *cors.Policy { return p })
}

// Select returns a middleware that asks for the policy of each request. Nil
// means to leave the request alone. If the choice depends on request headers,
// name them in Config.Vary of all policies it chooses from.
func Select(policy func(*http.Request) *cors.Policy) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			p := policy(r)
			if p == nil {
				next.ServeHTTP(w, r)
				return
			}
			d, err := p.Decide(r.Context(), Read(r))
			Write(w.Header(), d)
			switch {
			case err != nil:
				logError(r, err)
				http.Error(w, http.StatusText(d.Status), d.Status)
			case d.Status != 0:
				w.WriteHeader(d.Status)
			default:
				next.ServeHTTP(w, r)
			}
		})
	}
}

// logError writes an error where the server writes its own, which is all the
// error handling that net/http has.
func logError(r *http.Request, err error) {
	logf := log.Printf
	if srv, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && srv.ErrorLog != nil {
		logf = srv.ErrorLog.Printf
	}
	logf("cors: AllowOriginFunc: %v", err)
}

// Read takes from a request what a policy needs to know.
func Read(r *http.Request) cors.Request {
	req := cors.Request{Method: r.Method, Host: r.Host, Origin: joined(r.Header["Origin"])}
	switch {
	case req.Origin == "":
		// Nothing else matters.
	case r.Method == http.MethodOptions:
		req.RequestMethod = joined(r.Header["Access-Control-Request-Method"])
		req.RequestHeaders = joined(r.Header["Access-Control-Request-Headers"])
		fallthrough
	default:
		req.FetchSite = joined(r.Header["Sec-Fetch-Site"])
		req.Credentials = len(r.Header["Cookie"]) > 0
	}
	return req
}

// joined joins the lines of a header. It stops where a policy refuses the
// header for its length, so that a client cannot make it copy much.
func joined(lines []string) string {
	const enough = 4096
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0]
	}
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(line[:min(len(line), enough)])
		if b.Len() > enough {
			break
		}
	}
	return b.String()
}

// Write applies a decision to the headers of a response, before anything of it
// is sent. The values belong to this response alone.
func Write(h http.Header, d cors.Decision) {
	if d.IsZero() {
		return
	}
	// One array for all values. It is cut so that appending to one header
	// cannot reach the next.
	w := writer{header: h, values: make([]string, 0, 7)}
	w.set("Access-Control-Allow-Origin", d.AllowOrigin)
	w.set("Access-Control-Allow-Credentials", d.AllowCredentials)
	w.set("Access-Control-Allow-Methods", d.AllowMethods)
	w.set("Access-Control-Allow-Headers", d.AllowHeaders)
	w.set("Access-Control-Expose-Headers", d.ExposeHeaders)
	w.set("Access-Control-Max-Age", d.MaxAge)

	lines := h["Vary"]
	for _, line := range lines {
		d.Vary = cors.MissingVary(d.Vary, line)
	}
	switch {
	case d.Vary == "":
	case len(lines) == 0:
		w.set("Vary", d.Vary)
	default:
		h["Vary"] = append(lines, d.Vary)
	}
}

type writer struct {
	header http.Header
	values []string
}

func (w *writer) set(key, value string) {
	if value == "" {
		delete(w.header, key)
		return
	}
	i := len(w.values)
	w.values = append(w.values, value)
	w.header[key] = w.values[i : i+1 : i+1]
}
