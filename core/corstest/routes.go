package corstest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/fetch"
)

// A Route is an endpoint as a framework lists it, parameters and all:
// "/items/:id", "/files/*path", "/users/{id}".
type Route struct{ Method, Path string }

// CheckRoutes fails the test unless the page, whose origin the server has to
// allow, may use every route: unless preflights are answered, responses can be
// read, and both have the same policy; and unless a stranger's preflight is
// refused, where the policy is not for everybody. It finds what mounting a
// middleware in the wrong place breaks: after the routes, on a group, on a
// single route.
//
// It calls the handlers, once for each route, with parameters set to 1 and an
// empty body, and does not follow redirects: give it an application on test
// data, and leave routes out of the list that never end, or that the page is
// not to use. Routes for OPTIONS, CONNECT and TRACE, and what is no method, it
// leaves out itself.
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

// checkForeign finds what is wrong with a page whatever the route.
func (p *Page) checkForeign(t testing.TB) error {
	f, err := p.fresh(p.Origin).newRouteFetch(t, Route{http.MethodGet, "/"})
	if err == nil && !f.foreign {
		err = fmt.Errorf("corstest: the page and the server have the same origin, %s, where CORS has no say: set Page.Server to another", p.Origin)
	}
	return err
}

// isFetchable reports whether a method is for fetch to send. Frameworks also
// list routes for methods of their own making.
func isFetchable(method string) bool {
	return method != http.MethodOptions && method != "" && !fetch.IsForbiddenMethod(method) &&
		strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// checkRoute returns what is wrong with a route.
func checkRoute(t testing.TB, p *Page, r Route) string {
	page := p.fresh(p.Origin)
	if err := page.visit(t, r); err != nil {
		return page.report(err, 0)
	}
	sent := page.Exchanges()
	preflight, response := policyOf(sent[0]), policyOf(sent[1])
	if preflight != response {
		return "the preflight is answered by one policy, and the request by another: " +
			"mount one middleware, for the whole application\n" + page.report(nil, 0)
	}
	if strings.HasPrefix(preflight, "*") {
		return ""
	}
	stranger := p.fresh("https://stranger.invalid")
	if f, err := stranger.newRouteFetch(t, r); err != nil || f.preflight(nil) == nil {
		return "the preflight of a stranger is allowed: the policy reflects any origin\n" + stranger.report(err, 0)
	}
	return ""
}

// fresh is a page of the same kind that has no past.
func (p *Page) fresh(origin string) *Page {
	return &Page{Origin: origin, Credentials: p.Credentials, Server: p.Server, Transport: p.Transport,
		Jar: p.Jar, Browser: p.Browser, ForcePreflight: true}
}

// visit sends a preflight and a request to a route.
func (p *Page) visit(t testing.TB, r Route) error {
	f, err := p.newRouteFetch(t, r)
	if err != nil {
		return err
	}
	res, err := f.hop()
	if err == nil {
		res.Body.Close()
	}
	return err
}

func (p *Page) newRouteFetch(t testing.TB, r Route) (*fetching, error) {
	req, err := http.NewRequestWithContext(t.Context(), r.Method, fill(r.Path), nil)
	if err != nil {
		return nil, err
	}
	return p.newFetch(req)
}

// policyOf is what an exchange shows of the policy behind it.
func policyOf(e Exchange) string {
	return e.ResponseHeader.Get("Access-Control-Allow-Origin") + " " + e.ResponseHeader.Get("Access-Control-Allow-Credentials")
}

// fill puts a value in the place of each parameter of a path.
func fill(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		switch {
		case s == "{$}": // the end of a path, in http.ServeMux
			segments[i] = ""
		case strings.ContainsAny(s, "{*+:"):
			segments[i] = "1"
		}
	}
	if path := strings.Join(segments, "/"); path != "" {
		return path
	}
	return "/"
}
