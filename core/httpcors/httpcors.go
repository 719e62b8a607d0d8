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
	"slices"
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
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serve(p, next, w, r) })
	}
}

// Select returns a middleware that asks for the policy of each request. Nil
// means to leave the request alone. If the choice depends on request headers,
// name them in Config.Vary of all policies it chooses from, and mind that
// preflights have no headers of the script's.
func Select(policy func(*http.Request) *cors.Policy) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if p := policy(r); p != nil {
				serve(p, next, w, r)
			} else {
				next.ServeHTTP(w, r)
			}
		})
	}
}

func serve(p *cors.Policy, next http.Handler, w http.ResponseWriter, r *http.Request) {
	status, err := Apply(p, w.Header(), r)
	switch {
	case err != nil:
		logError(r, err)
		http.Error(w, http.StatusText(status), status)
	case status != 0:
		w.WriteHeader(status)
	default:
		next.ServeHTTP(w, r)
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

// Apply decides about a request and writes the decision to the headers of the
// response: Read, Decide and Write in one. A status other than 0 ends the
// request, with an empty body; an error is that of AllowOriginFunc, and ends it
// too.
func Apply(p *cors.Policy, h http.Header, r *http.Request) (status int, err error) {
	var req cors.Request // filled in place: a literal would be copied
	var d cors.Decision
	req.Method, req.Host, req.Origin = r.Method, r.Host, joined(r.Header["Origin"])
	err = p.DecideInto(source{r}, &req, &d)
	write(h, &d)
	return d.Status, err
}

type source struct{ *http.Request }

func (s source) Header(name string) string { return joined(s.Request.Header[name]) }

// Read takes from a request what a policy needs to know.
func Read(r *http.Request) cors.Request {
	req := cors.Request{Method: r.Method, Host: r.Host, Origin: joined(r.Header["Origin"])}
	if req.Origin == "" {
		return req // Nothing else matters.
	}
	if r.Method == http.MethodOptions {
		req.RequestMethod = joined(r.Header["Access-Control-Request-Method"])
		req.RequestHeaders = joined(r.Header["Access-Control-Request-Headers"])
	}
	req.FetchSite = joined(r.Header["Sec-Fetch-Site"])
	req.Credentials = len(r.Header["Cookie"]) > 0
	return req
}

// joined joins the lines of a header. It stops where a policy refuses the
// header for its length, so that a client cannot make it copy much.
func joined(lines []string) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0]
	}
	return joinedSeveral(lines)
}

func joinedSeveral(lines []string) string {
	const enough = 4096
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
func Write(h http.Header, d cors.Decision) { write(h, &d) }

func write(h http.Header, d *cors.Decision) {
	if d.IsZero() {
		return
	}
	if len(h) == 0 && d.AllowOrigin == "" && d.Vary != "" { // most requests: they get Vary alone
		h["Vary"] = []string{d.Vary}
		return
	}
	// One array for all values. It is cut so that appending to one header
	// cannot reach the next.
	n := present(d.AllowOrigin) + present(d.AllowCredentials) + present(d.AllowMethods) +
		present(d.AllowHeaders) + present(d.ExposeHeaders) + present(d.MaxAge) + present(d.Vary)
	w := writer{header: h, values: make([]string, 0, n), empty: len(h) == 0}
	w.set("Access-Control-Allow-Origin", d.AllowOrigin)
	w.set("Access-Control-Allow-Credentials", d.AllowCredentials)
	w.set("Access-Control-Allow-Methods", d.AllowMethods)
	w.set("Access-Control-Allow-Headers", d.AllowHeaders)
	w.set("Access-Control-Expose-Headers", d.ExposeHeaders)
	w.set("Access-Control-Max-Age", d.MaxAge)
	w.addVary(d.Vary)
}

func present(value string) int {
	if value == "" {
		return 0
	}
	return 1
}

type writer struct {
	header http.Header
	values []string
	empty  bool // the header, when it came: there is nothing to take back
}

func (w *writer) set(key, value string) {
	if value != "" {
		w.header[key] = w.own(value)
	} else if !w.empty {
		delete(w.header, key)
	}
}

func (w *writer) addVary(vary string) {
	if w.empty {
		w.set("Vary", vary)
		return
	}
	lines := w.header["Vary"]
	for _, line := range lines {
		vary = cors.MissingVary(vary, line)
	}
	switch {
	case vary == "":
	case len(lines) == 0:
		w.set("Vary", vary)
	default:
		// Room at the end of lines may be somebody else's.
		w.header["Vary"] = append(slices.Clip(lines), vary)
	}
}

// own returns a slice that belongs to one header alone.
func (w *writer) own(value string) []string {
	i := len(w.values)
	w.values = append(w.values, value)
	return w.values[i : i+1 : i+1]
}
