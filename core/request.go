package cors

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
)

// A Request has the parts of an HTTP request that a policy reads. The lines of a
// header are joined by commas; an absent header is the empty string.
type Request struct {
	Method         string // as on the request line
	TLS            bool   // whether the connection to the server is encrypted; see [Source]
	Host           string // the Host header or :authority, with its port
	Path           string // as on the request line, without the query
	Origin         string // Origin
	FetchSite      string // Sec-Fetch-Site
	FetchMode      string // Sec-Fetch-Mode
	RequestMethod  string // Access-Control-Request-Method
	RequestHeaders string // Access-Control-Request-Headers

	// Credentials says whether the request has cookies. It does not affect
	// decisions. Explain and OnReject use it to report that AllowCredentials is
	// missing.
	Credentials bool
}

// A Source gives [Policy.Decide] access to a request. Only adapters need it.
// Decide calls only the methods that the policy needs, and does not retain the
// strings.
type Source interface {
	// Context returns the context of the request, for AllowOriginFunc and
	// OnReject. They may retain it.
	Context() context.Context

	// Method returns the method, such as "OPTIONS".
	Method() string

	// TLS reports whether the connection to the server is encrypted. If it is
	// not, the client may still use https, to a proxy in front.
	TLS() bool

	// Host returns the host of the request, with its port if the client sent
	// one. It is the host of the request target if that is an absolute URL, and
	// otherwise the value of the Host header or :authority.
	Host() string

	// Path returns the path as it was sent, escaped and without the query.
	Path() string

	// Header returns the lines of a request header, joined by commas, or the
	// empty string if there are none. The name is in canonical form, but
	// matches in any case.
	Header(name string) string
}

// readRequest reads all of src.
func readRequest(src Source) Request {
	req := Request{
		Method:      src.Method(),
		TLS:         src.TLS(),
		Host:        src.Host(),
		Path:        src.Path(),
		Origin:      src.Header("Origin"),
		FetchSite:   src.Header("Sec-Fetch-Site"),
		FetchMode:   src.Header("Sec-Fetch-Mode"),
		Credentials: src.Header("Cookie") != "",
	}
	if req.Method == http.MethodOptions {
		req.RequestMethod = src.Header("Access-Control-Request-Method")
		req.RequestHeaders = src.Header("Access-Control-Request-Headers")
	}
	return req
}

// isPreflight reports whether r is a CORS-preflight request: OPTIONS with
// Origin and Access-Control-Request-Method.
//
// https://fetch.spec.whatwg.org/#cors-preflight-request
func (r *Request) isPreflight() bool {
	return r.Method == http.MethodOptions && r.RequestMethod != "" && r.Origin != ""
}

// isNavigation reports whether the browser shows the response itself, for
// example after a form is submitted. CORS does not apply then, although the
// request may have an Origin.
//
// https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-mode-header
func (r *Request) isNavigation() bool { return r.FetchMode == "navigate" && !r.isPreflight() }

// mayBeForm reports whether the request may come from a form. Without
// Sec-Fetch-Mode, it may also come from a script.
func (r *Request) mayBeForm() bool {
	return r.isNavigation() || r.FetchMode == "" && r.Method == http.MethodPost
}

// preflight returns the preflight that a browser sends before the request, if it
// needs one. It omits the request headers that scripts cannot set and the
// safelisted ones, except Content-Type and Range, which are safelisted only with
// some values.
//
// https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func (r *Request) preflight() (preflight Request, needed bool) {
	preflight = *r
	preflight.Method = http.MethodOptions
	preflight.RequestMethod = fetch.NormalizeMethod(r.Method)
	if r.Method == "" || fetch.IsSafelistedMethod(preflight.RequestMethod) {
		preflight.RequestMethod = cmp.Or(fetch.NormalizeMethod(r.RequestMethod), preflight.RequestMethod, http.MethodGet)
	}
	var names []string
	for name := range strings.SplitSeq(r.RequestHeaders, ",") {
		name = fetch.TrimBlanks(name)
		lower := strings.ToLower(name)
		if name != "" && !fetch.IsSafelistedRequestHeader(lower) && !fetch.IsForbiddenRequestHeader(lower) {
			names = append(names, name)
		}
	}
	preflight.RequestHeaders = strings.Join(names, ",")
	return preflight, names != nil || !fetch.IsSafelistedMethod(preflight.RequestMethod)
}

// isSameOrigin reports whether a request with an Origin is known to come from
// the server's own origin. Browsers send Sec-Fetch-Site on trustworthy
// connections. Without that header, isSameOrigin compares Origin with Host.
// With TLS, the scheme must be https. Without TLS it may be either: a proxy in
// front may use TLS.
//
// https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
func (r *Request) isSameOrigin() bool {
	if r.FetchSite != "" {
		return r.FetchSite == "same-origin" || r.FetchSite == "none"
	}
	host, ok := strings.CutPrefix(r.Origin, "https://")
	defaultPort := ":443"
	if !ok && !r.TLS {
		host, ok = strings.CutPrefix(r.Origin, "http://")
		defaultPort = ":80"
	}
	return ok && host != "" && host == strings.ToLower(strings.TrimSuffix(r.Host, defaultPort))
}
