package corstest

import (
	"errors"
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
// It calls the handlers, for the page and for a stranger, with parameters set to
// 1 and an empty body, and does not follow redirects: give it an application on
// test data, and leave routes out of the list that never end, or that the page
// is not to use. Where a parameter has to be something else for its handler to
// be reached, write that in its place: a path need not have parameters. Routes
// for OPTIONS, CONNECT and TRACE, and what is no method, it leaves out itself.
//
// A method that is not GET, HEAD, POST, PUT, PATCH or DELETE may be refused, as
// long as the preflight is answered: routers register more methods for "any"
// than policies list. If the page's Transport is nil or an [http.Transport], so
// that the server may be a real one, only preflights, GET and HEAD are sent.
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
	return ""
}

func isBlocked(err error) bool {
	var blocked *BlockedError
	return errors.As(err, &blocked)
}

// isRefusedForMethod reports whether a policy was found that leaves out a method
// which few policies have.
func isRefusedForMethod(err error, method string) bool {
	var blocked *BlockedError
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE":
		return false
	}
	return errors.As(err, &blocked) && blocked.Issue == IssueMethodDisallowed
}

// fresh is a page of the same kind that has no past.
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

// use sends the request itself, whatever came of its preflight, unless that
// could do harm.
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

// isLive reports whether a transport may lead out of the process.
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

// policyOf is what an exchange shows of the policy behind it.
func policyOf(e Exchange) string {
	return e.ResponseHeader.Get("Access-Control-Allow-Origin") + " " + e.ResponseHeader.Get("Access-Control-Allow-Credentials")
}
