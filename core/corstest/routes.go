package corstest

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
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
// empty body: give it an application on test data. Routes for OPTIONS, CONNECT
// and TRACE, and what is no method, are left out.
func CheckRoutes(t testing.TB, p *Page, routes []Route) {
	t.Helper()
	if len(routes) == 0 {
		t.Error("there are no routes to check")
	}
	for _, r := range routes {
		if !isFetchable(r.Method) {
			continue
		}
		if problem := checkRoute(t, p, r); problem != "" {
			t.Errorf("%s %s from %s: %s", r.Method, r.Path, p.Origin, problem)
		}
	}
}

func isFetchable(method string) bool {
	switch method {
	case http.MethodOptions, http.MethodConnect, http.MethodTrace:
		return false
	}
	return method == strings.ToUpper(method) && strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// checkRoute returns what is wrong with a route.
func checkRoute(t testing.TB, p *Page, r Route) string {
	page := p.fresh(p.Origin)
	if _, err := page.call(t.Context(), r.Method, fill(r.Path), nil); err != nil {
		return routeHint(err) + page.report(err)
	}
	sent := page.Exchanges()
	preflight, response := policyOf(sent[0]), policyOf(sent[len(sent)-1])
	if preflight != response {
		return fmt.Sprintf("the preflight is answered by one policy, and the request by another:\n%s", page.report(nil))
	}
	if strings.HasPrefix(preflight, "*") {
		return ""
	}
	stranger := p.fresh("https://stranger.invalid")
	if err := stranger.preflightOnly(t, r); err == nil {
		return fmt.Sprintf("a stranger's preflight is allowed:\n%s", stranger.report(nil))
	}
	return ""
}

// fresh is a page of the same kind that has no past.
func (p *Page) fresh(origin string) *Page {
	return &Page{Origin: origin, Credentials: p.Credentials, Server: p.Server, Transport: p.Transport,
		Jar: p.Jar, Browser: p.Browser, ForcePreflight: true}
}

// preflightOnly sends the preflight for a route, but not the request.
func (p *Page) preflightOnly(t testing.TB, r Route) error {
	req, err := http.NewRequestWithContext(t.Context(), r.Method, fill(r.Path), nil)
	if err != nil {
		return err
	}
	f, err := p.newFetch(req)
	if err != nil {
		return err
	}
	return f.preflight(nil)
}

// policyOf is what an exchange shows of the policy behind it.
func policyOf(e Exchange) string {
	return e.ResponseHeader.Get("Access-Control-Allow-Origin") + " " + e.ResponseHeader.Get("Access-Control-Allow-Credentials")
}

// routeHint guesses at where the middleware was mounted.
func routeHint(err error) string {
	var blocked *BlockedError
	switch {
	case !errors.As(err, &blocked):
		return "the request fails, but not by CORS\n"
	case blocked.Reason == ReasonPreflightRedirect:
		return "the preflight is redirected before the middleware runs\n"
	case !strings.HasSuffix(string(blocked.Reason), string(ReasonMissingAllowOrigin)):
		return "the browser refuses\n"
	case blocked.Stage == StageResponse:
		return "the preflight is allowed, but the response has no CORS headers: the middleware is mounted after this route, " +
			"or on another part of the router\n"
	case blocked.Status == http.StatusNotFound || blocked.Status == http.StatusMethodNotAllowed:
		return "nothing answers the preflight: the middleware is mounted on a group or on the route, " +
			"where it does not run for OPTIONS\n"
	case blocked.Status >= 200 && blocked.Status < 300:
		return "the router itself answers the preflight: the middleware is mounted on the route, where it does not run for OPTIONS\n"
	}
	return "something before the middleware refuses the preflight\n"
}

// fill puts a value in the place of each parameter of a path.
func fill(path string) string {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		if strings.ContainsAny(s, "{*+") || strings.Contains(s, ":") {
			segments[i] = "1"
		}
	}
	return strings.Join(segments, "/")
}
