package corstest

import (
	"net/http"
	"slices"

	"github.com/polycors/polycors/core/internal/fetch"
)

// A Warning describes a response that works, but is wrong, or a request that
// differs from what the test asked for.
type Warning struct {
	URL  string
	Text string // one of the constants Warn…; a colon and the name of the header follow WarnForbiddenHeader
}

// The texts of warnings.
const (
	WarnVary = "Access-Control-Allow-Origin is the origin of the request, but Vary does not contain Origin: " +
		"unless all responses allow this origin, caches send the response for one origin to another"
	WarnDuplicateAllowOrigin  = "the response has several Access-Control-Allow-Origin lines"
	WarnWildcardCredentials   = "Access-Control-Allow-Credentials: true beside Access-Control-Allow-Origin: * allows no credentials"
	WarnMaxAge                = "Access-Control-Max-Age is longer than this browser caches a preflight response"
	WarnCookie                = "the server sets a cookie for another site, which browsers reject without SameSite=None and Secure"
	WarnForbiddenHeader       = "the script sets a header that scripts cannot set, and browsers drop it"
	WarnCookieInsecure        = "the server sets a cookie with SameSite=None or Partitioned, which browsers reject without Secure"
	WarnCookieTLS             = "the server sets a Secure cookie over http, which browsers reject"
	WarnCookiePrefix          = "the server sets a cookie with the prefix __Secure- or __Host-, which browsers reject without Secure; __Host- also requires Path=/ and no Domain"
	WarnCookieDomain          = "the server sets a cookie with a Domain that is not its own, which browsers reject"
	WarnAuthorizationWildcard = "* alone allows Authorization: the standard and other browsers require it in Access-Control-Allow-Headers"
)

// String returns the warning in one line.
func (w Warning) String() string { return w.URL + ": " + w.Text }

// warn records a warning, once for each URL.
func (p *Page) warn(url, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := (Warning{url, text}); !slices.Contains(p.warnings, w) {
		p.warnings = append(p.warnings, w)
	}
}

// inspect records warnings about the headers of a response. HTTP caches do not
// store preflight responses, so these need no Vary.
func (p *Page) inspect(req *http.Request, url string, res *http.Response, preflight bool) {
	lines := trimmedLines(res.Header, "Access-Control-Allow-Origin")
	credentials := trimmedLines(res.Header, "Access-Control-Allow-Credentials")
	switch {
	case len(lines) == 0:
	case len(lines) > 1:
		p.warn(url, WarnDuplicateAllowOrigin)
	case lines[0] == "*":
		if slices.Contains(credentials, "true") {
			p.warn(url, WarnWildcardCredentials)
		}
	case lines[0] == req.Header.Get("Origin") && !preflight && !fetch.HasName(res.Header["Vary"], "Origin"):
		p.warn(url, WarnVary)
	}
}
