package cors

import (
	"net/http"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
)

// A Request holds what a policy needs to know of an HTTP request. Where a
// header stands on several lines, they are joined by commas; a header that is
// absent is the empty string. The strings are not kept.
type Request struct {
	Method         string // as on the request line
	Host           string // the Host header or :authority, port included
	Origin         string // Origin
	FetchSite      string // Sec-Fetch-Site
	RequestMethod  string // Access-Control-Request-Method
	RequestHeaders string // Access-Control-Request-Headers

	// Credentials tells whether the request carries cookies. It changes no
	// decision, but lets Explain and OnReject notice that AllowCredentials is
	// missing.
	Credentials bool
}

// isPreflight: what makes a CORS-preflight request is that browsers ask for a
// method. OPTIONS without it is a request like any other.
//
// https://fetch.spec.whatwg.org/#cors-preflight-request
func (r *Request) isPreflight() bool {
	return r.Method == http.MethodOptions && r.RequestMethod != "" && r.Origin != ""
}

// isSameOrigin reports whether a request that has an Origin is known to come
// from the server's own. Browsers say so in Sec-Fetch-Site, on trustworthy
// connections; elsewhere the Host has to tell, which leaves http and https of
// one host undistinguished.
//
// https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
func (r *Request) isSameOrigin() bool {
	if r.FetchSite != "" {
		return r.FetchSite == "same-origin" || r.FetchSite == "none"
	}
	host, ok := strings.CutPrefix(r.Origin, "https://")
	if !ok {
		host, ok = strings.CutPrefix(r.Origin, "http://")
	}
	return ok && host != "" && host == r.Host
}

// statusRejected answers what RejectDisallowed keeps from the handlers.
const statusRejected = http.StatusForbidden

// A Decision says what to do with a response. It is plain data: the zero
// Decision leaves the response alone.
//
// Otherwise an empty field stands for a header that must not be in the
// response, not even from an earlier handler, so that the innermost policy is
// the one in force. Vary alone is added to what is there; see [MissingVary]. No
// field ever holds a line break, whatever the request.
type Decision struct {
	// Status ends the request: answer with it and an empty body, and do not
	// call the next handler. Zero means to go on.
	Status int

	AllowOrigin      string // Access-Control-Allow-Origin
	AllowCredentials string // Access-Control-Allow-Credentials
	AllowMethods     string // Access-Control-Allow-Methods
	AllowHeaders     string // Access-Control-Allow-Headers
	ExposeHeaders    string // Access-Control-Expose-Headers
	MaxAge           string // Access-Control-Max-Age
	Vary             string // to be added to Vary
}

// MissingVary returns what of want, a list of header names, is not yet in a
// line of the Vary header, so that it can be added without repetition. For
// several lines, call it for each with the result of the one before.
func MissingVary(want, line string) string {
	if want == "" || line == "" {
		return want
	}
	var missing string
	for name := range strings.SplitSeq(want, ",") {
		if name = strings.TrimSpace(name); !hasName(line, name) {
			missing = joinNames(missing, name)
		}
	}
	return missing
}

// hasName reports whether a comma-separated list has a header name, or the "*"
// that stands for all of them.
func hasName(list, name string) bool {
	for item := range strings.SplitSeq(list, ",") {
		item = strings.Trim(item, " \t")
		if item == "*" || strings.EqualFold(item, name) {
			return true
		}
	}
	return false
}

// The bounds of what is repeated from a request. Browsers send the names of
// the headers that a script sets: a few dozen bytes. Empty list elements come
// from proxies that join lines; recipients have to take a reasonable number of
// them (RFC 9110, section 5.6.1.2).
const (
	maxEchoMethod  = 64
	maxEchoHeaders = 1024
	maxEchoEmpty   = 16
)

// echoMethod returns the method that a preflight asks for, if it is one.
func echoMethod(requested string) string {
	if len(requested) > maxEchoMethod || !fetch.IsToken(requested) || fetch.IsForbiddenMethod(requested) {
		return ""
	}
	return requested
}

// echoHeaders returns the header names that a preflight asks for, up to the
// first that is not allowed: Authorization, unless it is listed. Browsers check
// the names in order, so that their message is about that one. A list that has
// anything but names before it allows none.
func echoHeaders(requested string, authorization bool) string {
	if len(requested) > maxEchoHeaders {
		return ""
	}
	empty := 0
	for next := 0; next < len(requested); next++ {
		start := skipBlanks(requested, next)
		end := start
		for end < len(requested) && fetch.IsTokenByte(requested[end]) {
			end++
		}
		if next = skipBlanks(requested, end); next < len(requested) && requested[next] != ',' {
			return ""
		}
		if start == end {
			if empty++; empty > maxEchoEmpty {
				return ""
			}
		}
		if !authorization && strings.EqualFold(requested[start:end], "authorization") {
			return strings.TrimRight(requested[:start], ", \t")
		}
	}
	return requested
}

// skipBlanks returns where the blanks end that s has from i on.
func skipBlanks(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}
