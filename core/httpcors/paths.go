package httpcors

import (
	"maps"
	"net/http"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// Paths returns a middleware that chooses the policy by the path of the request;
// see [cors.Paths]. It copies the map.
func Paths(m cors.Paths) func(http.Handler) http.Handler {
	m = maps.Clone(m)
	return Select(func(r *http.Request) *cors.Policy { return PathPolicy(m, r) })
}

// PathPolicy returns the policy of m for a request. Only adapters for frameworks
// based on net/http need it; use [Paths].
//
// Routers read r.URL, which middleware such as [http.StripPrefix] may have
// changed since the request was sent. A prefix that is gone still counts. For any
// other change, both paths must lead to the same policy.
func PathPolicy(m cors.Paths, r *http.Request) *cors.Policy {
	sent, routed := sentPath(r), r.URL.EscapedPath()
	if strings.HasSuffix(sent, routed) {
		return m.Policy(sent)
	}
	return m.Policy(sent, routed)
}

// sentPath returns the path of the request target, as it was sent.
func sentPath(r *http.Request) string {
	target, _, _ := strings.Cut(r.RequestURI, "?")
	switch {
	case target == "": // not a request of a server
		return r.URL.EscapedPath()
	case target[0] == '/':
		return target
	}
	_, rest, ok := strings.Cut(target, "://")
	if !ok {
		return target
	}
	_, path, _ := strings.Cut(rest, "/")
	return "/" + path
}
