package corstest

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// setFetchMetadata sets the Sec-Fetch headers. Only trustworthy servers get them,
// but Chromium sends Sec-Fetch-Mode with each preflight. A preflight is not
// redirected: its site is that of its URL.
//
// https://w3c.github.io/webappsec-fetch-metadata/
func (f *fetching) setFetchMetadata(req *http.Request, preflight bool) {
	mode := [...]string{CORS: "cors", SameOriginOnly: "same-origin", NoCORS: "no-cors"}[f.page.Mode]
	if f.at.isTrustworthy() || preflight && f.page.Browser == Chromium {
		req.Header.Set("Sec-Fetch-Mode", mode)
	}
	if f.at.isTrustworthy() {
		req.Header.Set("Sec-Fetch-Dest", "empty")
		req.Header.Set("Sec-Fetch-Site", f.site)
		if preflight {
			req.Header.Set("Sec-Fetch-Site", siteOf(f.page.Origin, f.at))
		}
	}
}

// siteOf returns the value of Sec-Fetch-Site for a page of pageOrigin and l.
//
// https://html.spec.whatwg.org/multipage/browsers.html#same-site
func siteOf(pageOrigin string, l *location) string {
	if pageOrigin == l.origin() {
		return "same-origin"
	}
	page, err := url.Parse(pageOrigin)
	if err == nil && page.Scheme == l.scheme && registrable(page.Hostname()) == registrable(l.hostname()) {
		return "same-site"
	}
	return "cross-site"
}

// farther returns the value of Sec-Fetch-Site that is farther from the page. The
// empty string is the nearest.
func farther(a, b string) string {
	const order = "same-origin same-site cross-site"
	if strings.Index(order, a) > strings.Index(order, b) {
		return a
	}
	return b
}

// registrable returns the registrable domain of a host, or the host itself if it
// has none, because it is an address or a public suffix.
func registrable(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(host)); err == nil {
		return domain
	}
	return host
}
