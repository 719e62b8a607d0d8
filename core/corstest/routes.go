package corstest

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
)

// A Route is a route as a framework lists it. Its path may have parameters:
// "/items/:id", "/files/*path", "/users/{id}".
type Route struct{ Method, Path string }

// CheckRoutes calls the handlers of all routes, including those for DELETE. Use
// it on an application with test data. It checks for each route that
//
//   - its preflight is answered, and allows the page,
//   - the page may read the response,
//   - the same policy decides about the preflight and the response,
//   - another origin is refused, unless the policy is for everyone,
//   - no response names an origin that did not ask, as one from a cache does.
//
// It detects a middleware that is mounted in the wrong place: after the routes,
// on a group, or on a single route. There is one failure for each cause, with all
// routes that it concerns.
//
// Frameworks list their routes. After var routes []corstest.Route:
//
//	// gin; echo v4: e.Routes(); echo v5: e.Router().Routes()
//	for _, r := range engine.Routes() {
//		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
//	}
//
//	// fiber
//	app.Handler() // adds the routes of mounted apps, which are not in the list before
//	for _, r := range app.GetRoutes(true) {
//		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
//	}
//
//	// chi
//	err := chi.Walk(r, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
//		routes = append(routes, corstest.Route{Method: method, Path: path})
//		return nil
//	})
//
// The ServeMux of net/http has no such list.
//
// CheckRoutes sends each request with the origin of the page, and then with another
// origin. Parameters are set to 1, and the body is empty. It does not follow
// redirects. It waits five seconds for a response, and one second for its end, so
// streams are checked, too. Leave out routes that the page does not use. If a
// handler requires another parameter, write the value in place of the parameter.
// CheckRoutes itself leaves out routes for OPTIONS, CONNECT, TRACE and
// pseudo-methods.
//
// A policy may refuse a method other than GET, HEAD, POST, PUT, PATCH and
// DELETE, as long as the preflight is answered, because a route for any method
// includes methods that few policies list.
//
// If the Transport of the page is nil or an [http.Transport], and Page.Server is
// not on loopback, the server may be in production. CheckRoutes then sends only
// preflights, GET and HEAD, and logs what it does not check.
func CheckRoutes(t testing.TB, p *Page, routes []Route) {
	t.Helper()
	if err := p.checkForeign(t); err != nil {
		t.Error(err)
		return
	}
	c := checker{t: t, page: p, live: p.isLive()}
	for _, r := range routes {
		if isFetchable(r.Method) {
			c.check(r)
		}
	}
	if c.checked == 0 {
		t.Error("corstest: there are no routes to check")
	}
	for _, f := range c.failures {
		t.Error(f.text(c.checked, p.Origin))
	}
	if c.unused > 0 {
		t.Logf("corstest: %s may be in production: CheckRoutes sends only preflights, GET and HEAD to it, so the responses of %d of %d routes "+
			"are not checked", p.Server, c.unused, c.checked)
	}
}

// checkForeign returns an error if the page is not valid, or if it has the origin
// of the server.
func (p *Page) checkForeign(t testing.TB) error {
	f, err := p.newRouteFetch(t, Route{http.MethodGet, "/"})
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

// isLive reports whether the server may be in production.
func (p *Page) isLive() bool {
	_, network := p.Transport.(*http.Transport)
	if !network && p.Transport != nil {
		return false
	}
	server, err := url.Parse(p.Server)
	return err != nil || !origin.IsLoopback(server.Hostname())
}

// A checker checks the routes of a server.
type checker struct {
	t    testing.TB
	page *Page
	live bool

	checked, unused int // the number of routes; of those whose handlers are not called
	failures        []*failure
}

// check checks a route.
func (c *checker) check(r Route) {
	c.checked++
	if !c.uses(r) {
		c.unused++
	}
	cause, detail := c.problem(r)
	if cause == "" {
		return
	}
	for _, f := range c.failures {
		if f.cause == cause {
			f.routes = append(f.routes, r)
			return
		}
	}
	c.failures = append(c.failures, &failure{cause: cause, routes: []Route{r}, detail: detail})
}

// uses reports whether the handler of a route is called.
func (c *checker) uses(r Route) bool {
	return !c.live || r.Method == http.MethodGet || r.Method == http.MethodHead
}

// A failure is a problem of one or several routes.
type failure struct {
	cause  string // a sentence that does not depend on the route
	routes []Route
	detail string // the exchanges of the first route
}

func (f *failure) text(checked int, origin string) string {
	first := f.routes[0].Method + " " + f.routes[0].Path
	if len(f.routes) == 1 {
		return fmt.Sprintf("%s from %s: %s\n%s", first, origin, f.cause, f.detail)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d routes from %s: %s\n", len(f.routes), checked, origin, f.cause)
	for _, r := range f.routes {
		fmt.Fprintf(&b, "\t%s %s\n", r.Method, r.Path)
	}
	fmt.Fprintf(&b, "for example, %s:\n%s", first, f.detail)
	return b.String()
}

// problem returns what is wrong with a route, or an empty cause.
func (c *checker) problem(r Route) (cause, detail string) {
	page := c.visitor(c.page.Origin)
	err := page.ask(c.t, r)
	if err == nil && c.uses(r) {
		err = page.use(c.t, r)
	}
	if err != nil && !isRefusedForMethod(err, r.Method) {
		return causeOf(err), page.detail(err)
	}
	sent := page.Exchanges()
	preflight, response := policyOf(sent[0]), policyOf(sent[len(sent)-1])
	if preflight != response {
		return "the preflight is answered by one policy, and the request by another: mount one middleware, for the whole application",
			page.detail(nil)
	}
	if strings.HasPrefix(preflight, "*") {
		return "", ""
	}
	return c.strangerProblem(r)
}

// strangerProblem returns what is wrong with the responses to another origin.
func (c *checker) strangerProblem(r Route) (cause, detail string) {
	stranger := c.visitor("https://stranger.invalid")
	if err := stranger.ask(c.t, r); err == nil {
		return "the preflight of a stranger is allowed: the policy reflects any origin", stranger.detail(nil)
	} else if !isBlocked(err) {
		return causeOf(err), stranger.detail(err)
	}
	if !c.uses(r) {
		return "", ""
	}
	if err := stranger.use(c.t, r); err == nil {
		return "the preflight of a stranger is refused, but the response is allowed: two policies answer, and one reflects any origin",
			stranger.detail(nil)
	} else if !isBlocked(err) {
		return causeOf(err), stranger.detail(err)
	}
	sent := stranger.Exchanges()
	switch named := allowedOrigin(sent[len(sent)-1]); named {
	case "", allowedOrigin(sent[0]): // one origin in all responses is a policy, too
		return "", ""
	case c.page.Origin:
		return "the response to a stranger names the origin of the page: " + advice.StoredHeaders, stranger.detail(nil)
	default:
		return fmt.Sprintf("the response to a stranger names another origin, %q: %s", clean(named), namesAnother), stranger.detail(nil)
	}
}

const namesAnother = "a handler sets Access-Control-Allow-Origin, or " + advice.StoredHeaders

// allowedOrigin returns the Access-Control-Allow-Origin of a response.
func allowedOrigin(e Exchange) string { return e.ResponseHeader.Get("Access-Control-Allow-Origin") }

// policyOf returns the headers of an exchange that differ between policies.
func policyOf(e Exchange) string {
	return allowedOrigin(e) + " " + e.ResponseHeader.Get("Access-Control-Allow-Credentials")
}

// causeOf returns the cause of an error, in words that do not depend on the route.
func causeOf(err error) string {
	var blocked *BlockedError
	switch {
	case !errors.As(err, &blocked):
		return err.Error()
	case blocked.Issue == IssueMethodDisallowed:
		return "the preflight does not allow the method: add it to Access-Control-Allow-Methods; with credentials, * is not enough"
	case blocked.Issue == IssueAllowOriginMismatch && blocked.Origin != "null":
		return "the preflight is allowed, but the response names another origin: " + namesAnother
	}
	return blocked.Hint
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
