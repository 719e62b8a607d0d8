package corstest

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/polycors/polycors/core/internal/origin"
)

// setFetchMetadata sets the Sec-Fetch headers. Only potentially trustworthy URLs
// get Sec-Fetch-Site and Sec-Fetch-Dest.
//
// https://w3c.github.io/webappsec-fetch-metadata/
func (f *fetching) setFetchMetadata(req *http.Request) {
	mode := [...]string{CORS: "cors", SameOriginOnly: "same-origin", NoCORS: "no-cors"}[f.page.Mode]
	req.Header.Set("Sec-Fetch-Mode", mode)
	if req.URL.Scheme == "https" || origin.IsLoopback(req.URL.Hostname()) {
		req.Header.Set("Sec-Fetch-Dest", "empty")
		req.Header.Set("Sec-Fetch-Site", f.site)
	}
}

// siteOf returns the value of Sec-Fetch-Site for a page of pageOrigin and u.
//
// https://html.spec.whatwg.org/multipage/browsers.html#same-site
func siteOf(pageOrigin string, u *url.URL) string {
	if pageOrigin == originOf(u) {
		return "same-origin"
	}
	page, err := url.Parse(pageOrigin)
	if err == nil && page.Scheme == u.Scheme && registrable(page.Hostname()) == registrable(u.Hostname()) {
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
