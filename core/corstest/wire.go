package corstest

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
)

// An Exchange is a request that a page sent, and what came back.
type Exchange struct {
	Preflight      bool
	Method, URL    string
	RequestHeader  http.Header
	Status         int // 0 if there was no response
	ResponseHeader http.Header
	Err            error // the transport's
}

// String shows what matters for CORS, in the manner of curl -v.
func (e Exchange) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "> %s %s\n", e.Method, e.URL)
	writeHeaders(&b, "> ", e.RequestHeader)
	if e.Err != nil {
		fmt.Fprintf(&b, "* %v\n", e.Err)
		return b.String()
	}
	fmt.Fprintf(&b, "< %d %s\n", e.Status, http.StatusText(e.Status))
	writeHeaders(&b, "< ", e.ResponseHeader)
	return b.String()
}

func writeHeaders(b *strings.Builder, prefix string, h http.Header) {
	var names []string
	for name := range h {
		switch {
		case strings.HasPrefix(name, "Access-Control-"), name == "Origin", name == "Vary", name == "Location", name == "Allow":
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range h[name] {
			fmt.Fprintf(b, "%s%s: %s\n", prefix, name, clean(value))
		}
	}
}

// Exchanges returns all that the page sent and got, in the order in which it
// was answered.
func (p *Page) Exchanges() []Exchange { return p.exchangesFrom(0) }

func (p *Page) exchangesFrom(i int) []Exchange {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.exchanges[i:])
}

// Preflights counts the preflights that the page sent.
func (p *Page) Preflights() int {
	n := 0
	for _, e := range p.Exchanges() {
		if e.Preflight {
			n++
		}
	}
	return n
}

// Warnings returns what worked, but is wrong, each once.
func (p *Page) Warnings() []Warning {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.warnings)
}

// roundTrip sends a request, and records it.
func (p *Page) roundTrip(req *http.Request, preflight bool) (*http.Response, error) {
	transport := p.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	e := Exchange{Preflight: preflight, Method: req.Method, URL: req.URL.String(), RequestHeader: req.Header.Clone()}
	res, err := transport.RoundTrip(req)
	if err != nil {
		e.Err = err
	} else {
		e.Status, e.ResponseHeader = res.StatusCode, res.Header.Clone()
		p.inspect(req, res, preflight)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.exchanges = append(p.exchanges, e)
	return res, err
}

// A RoundTripperFunc is a transport. Fiber's (*App).Test makes one:
//
//	corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return app.Test(r) })
type RoundTripperFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Handler returns a transport that gives requests to h, in this process and
// without a network. If h panics, the request fails.
func Handler(h http.Handler) http.RoundTripper {
	return RoundTripperFunc(func(req *http.Request) (res *http.Response, err error) {
		defer func() {
			if v := recover(); v != nil {
				res, err = nil, fmt.Errorf("corstest: the handler panics: %v", v)
			}
		}()
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, serverRequest(req))
		res = rec.Result()
		res.Request = req
		if req.Method == http.MethodHead || res.StatusCode == http.StatusNoContent || res.StatusCode == http.StatusNotModified {
			res.Body = http.NoBody
		}
		return res, nil
	})
}

// serverRequest is what a server makes of a request.
func serverRequest(req *http.Request) *http.Request {
	r := req.Clone(req.Context())
	if r.Host == "" {
		r.Host = req.URL.Host
	}
	r.RequestURI = req.URL.RequestURI()
	r.URL = &url.URL{Path: req.URL.Path, RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery}
	if r.URL.Path == "" {
		r.URL.Path = "/"
	}
	r.RemoteAddr = "127.0.0.1:1234"
	if req.URL.Scheme == "https" {
		r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: req.URL.Hostname()}
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	return r
}
