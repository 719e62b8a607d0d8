package httpcors

import (
	"net/http"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// Paths returns a middleware that chooses the policy by the path of the request;
// see [cors.Paths]. It copies the map.
func Paths(m cors.Paths) func(http.Handler) http.Handler {
	policy := PathSelector(m)
	return Select(func(r *http.Request) *cors.Policy { return policy(r) })
}

// PathSelector returns a function that returns the policy of m for a request.
// Only adapters for frameworks based on net/http need it; use [Paths].
//
// Routers read r.URL, which middleware such as [http.StripPrefix] may have
// changed since the request was sent. If the router matches another path, pass
// that path as routed. See [cors.Paths.Selector].
func PathSelector(m cors.Paths) func(r *http.Request, routed ...string) *cors.Policy {
	policy := m.Selector(false)
	return func(r *http.Request, routed ...string) *cors.Policy {
		sent := sentPath(r)
		if escaped := r.URL.EscapedPath(); escaped != sent {
			routed = append(routed, escaped)
		}
		if raw := r.URL.RawPath; raw != "" && raw != sent { // some middleware changes only Path
			routed = append(routed, raw)
		}
		return policy(sent, routed...)
	}
}

// sentPath returns the path of the request target, as it was sent.
func sentPath(r *http.Request) string {
	target, _, _ := strings.Cut(r.RequestURI, "?")
	switch {
	case target == "": // not a request of a server
		return r.URL.EscapedPath()
	case target[0] == '/', target == "*":
		return target
	}
	// An absolute URL, or a host after CONNECT.
	_, rest, ok := strings.Cut(target, "://")
	if !ok {
		rest = target
	}
	_, path, _ := strings.Cut(rest, "/")
	return "/" + path
}
