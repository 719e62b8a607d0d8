// Package routers shows, for routers that have no adapter, where to put
// httpcors, and where preflights get lost. It tests the table of
// docs/routers.md, a test for each router.
package routers

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/adaptertest"
	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/httpcors"
)

const (
	origin   = "https://myapp.com"
	stranger = "https://evil.example"
)

var (
	policy     = cors.Config{AllowOrigins: []string{origin}, AllowHeaders: []string{"Content-Type"}, AllowCredentials: true}
	middleware = httpcors.New(policy)
)

// A mounting is a way to mount the policy on a router.
type mounting struct {
	name string
	app  any // an http.Handler, or an http.RoundTripper that reaches the app

	// What is wrong with it; nothing if both are zero.
	lost int  // the router itself answers preflights, with this status
	bare bool // preflights succeed, but responses have no CORS headers
}

// A call is a request that needs a preflight.
type call struct{ method, path, body string }

// update is the request to the routes of most routers here.
var update = call{method: "PUT", path: "/items/1"}

// check finds in each mounting what it says is wrong, or that nothing is.
func (c call) check(t *testing.T, mountings ...mounting) {
	t.Helper()
	for _, m := range mountings {
		t.Run(m.name, func(t *testing.T) {
			transport, ok := m.app.(http.RoundTripper)
			if !ok {
				transport = corstest.Handler(m.app.(http.Handler))
			}
			if m.lost == 0 && !m.bare {
				c.checkRight(t, transport)
				return
			}
			preflight := c.send(t, transport, http.MethodOptions)
			switch header := preflight.Header.Get("Access-Control-Allow-Origin"); {
			case m.bare && header != origin:
				t.Errorf("the preflight is answered by the router: %s", preflight.Status)
			case m.lost != 0 && (header != "" || preflight.StatusCode != m.lost):
				t.Errorf("preflight: %s, allowed origin %q, want %d and none", preflight.Status, header, m.lost)
			}
			actual := c.send(t, transport, c.method)
			if header := actual.Header.Get("Access-Control-Allow-Origin"); (header == "") != m.bare || actual.StatusCode != http.StatusOK {
				t.Errorf("request: %s, allowed origin %q, want 200; without CORS: %t", actual.Status, header, m.bare)
			}
		})
	}
}

// checkRight fails the test unless the page may make the call and read the
// response, after a preflight, and a stranger may not.
func (c call) checkRight(t *testing.T, transport http.RoundTripper) {
	t.Helper()
	page := &corstest.Page{Origin: origin, Credentials: corstest.Include, Transport: transport}
	res, err := page.Fetch(c.request(t, c.method))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK || page.Preflights() != 1 {
		t.Errorf("status %d after %d preflights, want 200 after 1", res.StatusCode, page.Preflights())
	}
	corstest.NoWarnings(t, page)
	evil := &corstest.Page{Origin: stranger, Credentials: corstest.Include, Transport: transport}
	if _, err := evil.Fetch(c.request(t, c.method)); err == nil {
		t.Error("a stranger may make the call")
	}
}

func (c call) request(t *testing.T, method string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, "https://api.example"+c.path, strings.NewReader(c.body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return req
}

// send sends a request as a browser would, without judging the response.
func (c call) send(t *testing.T, transport http.RoundTripper, method string) *http.Response {
	t.Helper()
	req := c.request(t, method)
	req.Header.Set("Origin", origin)
	if method == http.MethodOptions {
		req.Header.Del("Content-Type")
		req.Header.Set("Access-Control-Request-Method", c.method)
		req.Header.Set("Access-Control-Request-Headers", "content-type")
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res
}

// ok is the handler of routes.
func ok(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "saved") }

// TestWrappedFromOutside runs the contract of adapters on each router, with
// httpcors around it.
func TestWrappedFromOutside(t *testing.T) {
	for name, build := range map[string]func([]route) http.Handler{
		"fuego":      fuegoRouter,
		"gorilla":    gorillaRouter,
		"httprouter": httprouterRouter,
		"huma":       humaRouter,
		"iris":       irisRouter,
		"kratos":     kratosRouter,
		"ServeMux":   serveMux,
	} {
		t.Run(name, func(t *testing.T) {
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
					var routes []route
					for _, endpoint := range endpoints {
						routes = append(routes, route{endpoint.Method, endpoint.Path, respond(endpoint)})
					}
					h := build(routes)
					for i := len(middleware) - 1; i >= 0; i-- {
						h = middleware[i](h)
					}
					return adaptertest.ServeHTTP(t, h)
				},
			})
		})
	}
}

// A route has its path in the form of ServeMux.
type route struct {
	method, path string
	handler      http.HandlerFunc
}

// items is the route that the mountings are about.
var items = []route{{http.MethodPut, "/items/{id}", ok}}

func respond(endpoint adaptertest.Endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		res := endpoint.Respond()
		for name, values := range res.Header {
			for _, value := range values {
				w.Header().Add(name, value)
			}
		}
		w.WriteHeader(res.Status)
		_, _ = io.WriteString(w, res.Body)
	}
}
