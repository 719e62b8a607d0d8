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
	return func(next http.Handler) http.Handler { return &handler{policy: p, next: next} }
}

// Select returns a middleware that asks for the policy of each request. Nil
// means to leave the request alone. If the choice depends on request headers,
// name them in Config.Vary of all policies it chooses from, and mind that
// preflights have no headers of the script's.
func Select(policy func(*http.Request) *cors.Policy) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler { return &handler{choose: policy, next: next} }
}

// A handler has one policy, or asks for it.
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
	req.Method, req.Origin = r.Method, joined(r.Header["Origin"])
	a, err := p.Answer(source{r}, &req)
	write(h, a, &req)
	return a.Status, err
}

type source struct{ *http.Request }

func (s source) Header(name string) string {
	if name == "Host" {
		return s.Host
	}
	return joined(s.Request.Header[name])
}

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
func Write(h http.Header, d cors.Decision) { write(h, d.Answer(), nil) }

func write(h http.Header, a *cors.Answer, req *cors.Request) {
	headers := a.Headers
	if len(headers) == 0 && a.Status == 0 {
		return
	}
	if len(h) > 0 {
		for _, name := range corsHeaders {
			delete(h, name)
		}
		if lines := h["Vary"]; len(lines) > 0 && a.Vary != "" {
			h["Vary"] = addVary(lines, a.Vary)
			headers = headers[:len(headers)-1]
		}
	}
	if len(headers) == 1 { // as for most requests: an array of known size is quicker to have
		h[headers[0].Name] = []string{headers[0].Value(req)}
		return
	}
	// One array for all values. It is cut so that appending to one header
	// cannot reach the next.
	values := make([]string, len(headers))
	for i := range headers {
		if v := headers[i].Value(req); v != "" {
			values[i] = v
			h[headers[i].Name] = values[i : i+1 : i+1]
		}
	}
}

// corsHeaders are the headers that an answer replaces.
var corsHeaders = [...]string{
	"Access-Control-Allow-Origin",
	"Access-Control-Allow-Credentials",
	"Access-Control-Allow-Methods",
	"Access-Control-Allow-Headers",
	"Access-Control-Expose-Headers",
	"Access-Control-Max-Age",
}

func addVary(lines []string, vary string) []string {
	for _, line := range lines {
		vary = cors.MissingVary(vary, line)
	}
	if vary == "" {
		return lines
	}
	return append(slices.Clip(lines), vary) // what room there is may be somebody else's
}
