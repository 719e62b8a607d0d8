// Package advice says what to do about the classic mistakes with CORS. Explain,
// OnReject, corstest and corscheck use its sentences, and therefore say the same
// about the same mistake.
//
// A hint is one sentence: the cause, a colon, and what to change.
package advice

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/polycors/polycors/core/internal/show"
)

// Parts that several hints have in common.
const (
	// NotOnPath is the usual reason for a preflight without CORS headers.
	NotOnPath = "the middleware is not where the request goes"

	// MountFirst and MountForAll say where the middleware belongs.
	MountFirst  = "mount CORS first"
	MountForAll = "mount it for the whole application, before the routes"

	// NotOnARoute is for middleware that does not see preflights.
	NotOnARoute = "mount it for the whole application, not on a group or a route, where it does not run for OPTIONS"

	// BeforeRedirects is for a preflight that is redirected.
	BeforeRedirects = "answer preflights before any redirect"

	// RedirectFirst is the cause of a redirect without CORS headers. gin redirects
	// before it runs any middleware.
	RedirectFirst = "the redirect comes before CORS: " + MountFirst + ", around the router if the router redirects, " +
		"or request the target of the redirect"

	// AuthenticationFirst is the cause of a 401 on a preflight.
	AuthenticationFirst = "authentication comes before CORS: " + MountFirst + ", because preflights carry no credentials"

	// NullOrigin is about pages without an origin of their own.
	NullOrigin = "browsers send the origin null for local files, sandboxed frames and redirects between other origins, and any site " +
		"can send it: serve the page over http or https without a sandbox, and request the target of a redirect directly"

	// NoReferrer is about null from a browser that does not send Sec-Fetch-Site.
	NoReferrer = "a form on a page with Referrer-Policy: no-referrer sends null too: use strict-origin-when-cross-origin there"

	// Form is about a form on another site that the server expects.
	Form = "a form of another site, such as a sign-in provider's, needs no CORS: leave its path without a policy, " +
		"by a nil entry in Paths"

	// StoredHeaders is for a response with the CORS headers of another origin.
	StoredHeaders = "a cache stores CORS headers: let it keep a response for each Origin, or leave these headers out"

	// AnyOriginWithCredentials is about * as the allowed origin.
	AnyOriginWithCredentials = `browsers do not accept * for a request with credentials`
)

// TrailingSlash is for a list that contains an origin with a slash.
func TrailingSlash(origin string) string {
	return fmt.Sprintf("%s is allowed, but browsers send no trailing slash: write %s in the list of origins",
		show.Quoted(origin+"/"), show.Quoted(origin))
}

// MethodCase is for a method in lower case, where the upper-case one is
// allowed.
func MethodCase(method string) string {
	return fmt.Sprintf("write %s in the front end: methods are case-sensitive, and browsers do not upper-case this one",
		show.Quoted(strings.ToUpper(method)))
}

// AddHeader is for a header name that is missing in a list. star is true if the
// list contains "*".
func AddHeader(name, list string, star bool) string {
	add := fmt.Sprintf("add %s to %s", show.Quoted(http.CanonicalHeaderKey(name)), list)
	if star && strings.EqualFold(name, "Authorization") {
		add += `: "*" does not cover it`
	}
	return add
}

// OwnOrigin is for an origin that may be the server's own, if only the Host
// header could show it.
func OwnOrigin(host string) string {
	return fmt.Sprintf("if it is the server's own origin, a proxy replaces the Host header by %s: let the proxy pass the original Host on",
		show.Quoted(host))
}
