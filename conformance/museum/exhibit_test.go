package museum

import (
	"encoding/json"
	"slices"

	cors "github.com/polycors/polycors/core"
)

// A room is a kind of fault.
type room struct {
	name     string
	exhibits []exhibit
}

// An exhibit is a known fault: a policy, and the harm that it did somewhere.
type exhibit struct {
	fault   string   // what goes wrong
	reports []string // "owner/repository#1", "CVE-…", "GHSA-…" or a URL

	policy cors.Config
	terms  terms // what the peers need besides
	site   site  // mounts defaults to the policy for the whole site
	harm   harm

	// document is the policy in JSON. It is decoded over policy.
	document string

	// stage replaces policy, terms, site and harm if they share state.
	stage func() exhibit

	// mistake means that polycors may refuse the policy.
	mistake bool
	// required means that the policy is right, and to refuse it is the fault.
	required bool
	// only is the framework that has the fault, in any version, or empty.
	only string
	// limit says why polycors cannot prevent the harm, and what can.
	limit string
}

// A harm looks for the harm on a running site, and returns what it sees, or
// nothing.
type harm func(*visit) string

// A site is an application with CORS, in terms that every framework has.
type site struct {
	mounts []mount // the outermost first
	routes []route // in addition to those of newSite

	outside func(headers) // called by middleware outside of CORS, before the rest
	after   func(headers) // called by the same, after the rest

	configure   func(app any)     // sets up the framework, before anything is mounted
	inside      func(*visit, any) // mounts something on the app, after CORS and before the routes
	namesAsSent bool              // fiber does not change the case of header names
}

// A mount is a policy for a part of the site. polycors mounts all policies of a
// site in one place, by Paths, if one of them has a path. The others mount it on
// a group, or on a route.
type mount struct {
	at     string // "": the whole site; "/api": a group
	route  string // "PUT /api/items": one route, in place of a group
	policy cors.Config
	live   *cors.Policy // replaces policy; only polycors can have it
}

// A route is a method and a path, in the syntax of http.ServeMux.
type route struct {
	method, path string
	act          func(headers) // nil: nothing
}

// headers are those of a response.
type headers interface {
	All() map[string][]string
	Set(name, value string)
	Add(name, value string)
	// Scribble overwrites the strings that the response has for its headers, as
	// far as a handler can reach them. It returns a function that restores them:
	// they may belong to the whole program.
	Scribble() (restore func())
}

// newSite returns the site of an exhibit, with default routes.
func (e *exhibit) newSite() *site {
	s := e.site
	if s.mounts == nil {
		s.mounts = []mount{{policy: e.policy}}
	}
	s.routes = slices.Clone(s.routes)
	for _, path := range []string{"/items", "/api/items", "/apix"} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if !slices.ContainsFunc(s.routes, func(r route) bool { return r.method == method && r.path == path }) {
				s.routes = append(s.routes, route{method: method, path: path})
			}
		}
	}
	return &s
}

// set prepares the exhibit for one visit.
func (e exhibit) set() (exhibit, error) {
	if e.stage != nil {
		staged := e.stage()
		e.policy, e.terms, e.site, e.harm = staged.policy, staged.terms, staged.site, staged.harm
	}
	if e.document == "" {
		return e, nil
	}
	err := json.Unmarshal([]byte(e.document), &e.policy)
	return e, err
}
