package corstest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/fetch"
)

// A Route is a route as a framework lists it. Its path may have parameters:
// "/items/:id", "/files/*path", "/users/{id}".
type Route struct{ Method, Path string }

// CheckRoutes calls the handlers of all routes, also those for DELETE. Use it on
// an application with test data. It checks for each route that
//
//   - its preflight is answered, and allows the page,
//   - the page may read the response,
//   - the same policy decides about the preflight and the response,
//   - another origin is refused, unless the policy is for everyone,
//   - the response to another origin does not name the page, as one from a cache
//     does.
//
// It detects a middleware that is mounted in the wrong place: after the routes,
// on a group, or on a single route.
//
// CheckRoutes sends each request with the origin of the page, and then with another
// origin. Parameters are set to 1, and the body is empty. It does not follow
// redirects. Leave out routes whose responses never end, and routes that the page
// does not use. If a handler requires another parameter, write the value in place
// of the parameter. CheckRoutes itself leaves out routes for OPTIONS, CONNECT,
// TRACE and pseudo-methods.
//
// A policy may refuse a method other than GET, HEAD, POST, PUT, PATCH and DELETE,
// as long as the preflight is answered: a route for any method has methods that
// few policies list. If the Transport of the page is nil or an [http.Transport],
// the server may be in production: CheckRoutes sends only preflights, GET and
// HEAD.
func CheckRoutes(t testing.TB, p *Page, routes []Route) {
	t.Helper()
	if err := p.checkForeign(t); err != nil {
		t.Error(err)
		return
	}
	checked := 0
	for _, r := range routes {
		if !isFetchable(r.Method) {
			continue
		}
		checked++
		if problem := checkRoute(t, p, r); problem != "" {
			t.Errorf("%s %s from %s: %s", r.Method, r.Path, p.Origin, problem)
		}
	}
	if checked == 0 {
		t.Error("corstest: there are no routes to check")
	}
}

// checkForeign returns an error if the page is not valid, or if it has the origin
// of the server.
func (p *Page) checkForeign(t testing.TB) error {
	f, err := p.fresh(p.Origin).newRouteFetch(t, Route{http.MethodGet, "/"})
	if err == nil && !f.foreign {
		err = fmt.Errorf("corstest: the page and the server have the same origin, %s, "+
			"so CORS does not apply: set Page.Server to another origin", p.Origin)
	}
	return err
}

// isFetchable reports whether fetch sends a method as an actual request.
// Frameworks also list routes for pseudo-methods of their own.
func isFetchable(method string) bool {
	return method != http.MethodOptions && method != "" && !fetch.IsForbiddenMethod(method) &&
		strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// checkRoute returns the problem of a route, or the empty string.
func checkRoute(t testing.TB, p *Page, r Route) string {
	page := p.fresh(p.Origin)
	err := page.ask(t, r)
	if err == nil {
		err = page.use(t, r)
	}
	if err != nil && !isRefusedForMethod(err, r.Method) {
		return page.report(err, 0)
	}
	sent := page.Exchanges()
	preflight, response := policyOf(sent[0]), policyOf(sent[len(sent)-1])
	if preflight != response {
		return "the preflight is answered by one policy, and the request by another: " +
			"mount one middleware, for the whole application\n" + page.report(nil, 0)
	}
	if strings.HasPrefix(preflight, "*") {
		return ""
	}
	stranger := p.fresh("https://stranger.invalid")
	if err := stranger.ask(t, r); !isBlocked(err) {
		return "the preflight of a stranger is allowed: the policy reflects any origin\n" + stranger.report(err, 0)
	}
	if err := stranger.use(t, r); !isBlocked(err) && len(stranger.Exchanges()) > 1 {
		return "the preflight of a stranger is refused, but the response is allowed: two policies answer, and one reflects any origin\n" +
			stranger.report(err, 0)
	}
	if sent := stranger.Exchanges(); names(sent[len(sent)-1], p.Origin) && !names(sent[0], p.Origin) {
		return "the response to a stranger names the origin of the page: " + advice.StoredHeaders + "\n" + stranger.report(nil, 0)
	}
	return ""
}

// names reports whether a response names an origin.
func names(e Exchange, origin string) bool {
	return e.ResponseHeader.Get("Access-Control-Allow-Origin") == origin
}

func isBlocked(err error) bool {
	var blocked *BlockedError
	return errors.As(err, &blocked)
}

// isRefusedForMethod reports whether a policy answered, and does not list a method
// that few policies list.
func isRefusedForMethod(err error, method string) bool {
	var blocked *BlockedError
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
		return false
	}
	return errors.As(err, &blocked) && blocked.Issue == IssueMethodDisallowed
}

// fresh returns a page with the same fields, without cache and exchanges.
func (p *Page) fresh(origin string) *Page {
	return &Page{Origin: origin, Credentials: p.Credentials, Server: p.Server, Transport: p.Transport,
		Jar: p.Jar, Browser: p.Browser, ForcePreflight: true}
}

// ask sends the preflight for a route.
func (p *Page) ask(t testing.TB, r Route) error {
	f, err := p.newRouteFetch(t, r)
	if err != nil {
		return err
	}
	return f.preflight(nil)
}

// use sends the actual request, even if its preflight failed. To a server that may
// be in production, it sends only safe methods.
func (p *Page) use(t testing.TB, r Route) error {
	f, err := p.newRouteFetch(t, r)
	if err != nil || isLive(p.Transport) && r.Method != http.MethodGet && r.Method != http.MethodHead {
		return err
	}
	f.asked = true
	res, err := f.send()
	if err != nil {
		return err
	}
	discard(res)
	return f.judge(res)
}

// isLive reports whether a transport may use the network.
func isLive(transport http.RoundTripper) bool {
	_, network := transport.(*http.Transport)
	return network || transport == nil
}

func (p *Page) newRouteFetch(t testing.TB, r Route) (*fetching, error) {
	req, err := http.NewRequestWithContext(t.Context(), r.Method, fill(r.Path), nil)
	if err != nil {
		return nil, err
	}
	return p.newFetch(req)
}

// policyOf returns the headers of an exchange that differ between policies.
func policyOf(e Exchange) string {
	return e.ResponseHeader.Get("Access-Control-Allow-Origin") + " " + e.ResponseHeader.Get("Access-Control-Allow-Credentials")
}
