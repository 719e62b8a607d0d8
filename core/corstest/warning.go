package corstest

import (
	"net/http"
	"slices"
	"strings"
)

// A Warning is about something that works, or would for another page, but is
// wrong.
type Warning struct {
	URL  string
	Text string // one of the constants
}

// The texts of warnings.
const (
	WarnVary                  = "Access-Control-Allow-Origin names the origin of the request, but Vary does not name Origin: unless every response names this one, caches give one origin's answer to another"
	WarnDuplicateAllowOrigin  = "Access-Control-Allow-Origin stands on several lines"
	WarnWildcardCredentials   = "Access-Control-Allow-Credentials: true beside Access-Control-Allow-Origin: * allows no credentials"
	WarnMaxAge                = "Access-Control-Max-Age is beyond what this browser remembers"
	WarnCookie                = "a cookie is set for another site, which browsers reject without SameSite=None and Secure"
	WarnAuthorizationWildcard = "Authorization is allowed by * alone: the standard and other browsers want it listed in Access-Control-Allow-Headers"
)

// String returns the warning in one line.
func (w Warning) String() string { return w.URL + ": " + w.Text }

// warn remembers a warning, once for each URL.
func (p *Page) warn(url, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := (Warning{url, text}); !slices.Contains(p.warnings, w) {
		p.warnings = append(p.warnings, w)
	}
}

// inspect warns of what is wrong with the headers of a response. Caches do not
// store preflights, so that theirs need not vary.
func (p *Page) inspect(req *http.Request, res *http.Response, preflight bool) {
	lines := trimmedLines(res.Header, "Access-Control-Allow-Origin")
	credentials := trimmedLines(res.Header, "Access-Control-Allow-Credentials")
	switch {
	case len(lines) == 0:
	case len(lines) > 1:
		p.warn(req.URL.String(), WarnDuplicateAllowOrigin)
	case lines[0] == "*":
		if slices.Contains(credentials, "true") {
			p.warn(req.URL.String(), WarnWildcardCredentials)
		}
	case lines[0] == req.Header.Get("Origin") && !preflight && !variesByOrigin(res.Header):
		p.warn(req.URL.String(), WarnVary)
	}
}

func variesByOrigin(h http.Header) bool {
	for name := range strings.SplitSeq(strings.Join(h.Values("Vary"), ","), ",") {
		if name = strings.Trim(name, " \t"); name == "*" || strings.EqualFold(name, "Origin") {
			return true
		}
	}
	return false
}
