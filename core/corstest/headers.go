package corstest

import (
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/polycors/polycors/core/internal/fetch"
)

// scriptHeaders returns the headers of a request that a script can set.
// Browsers drop the others without a word.
func scriptHeaders(h http.Header, mode Mode) http.Header {
	kept := http.Header{}
	for name, values := range h {
		lower := strings.ToLower(name)
		value := strings.Join(values, ", ")
		switch {
		case fetch.IsForbiddenRequestHeader(lower) || lower == "user-agent":
		case strings.HasPrefix(lower, "x-") && overridesMethod(lower, value):
		case mode == NoCORS && !isNoCORSSafelisted(lower, value):
		default:
			kept[name] = []string{value}
		}
	}
	return kept
}

// overridesMethod: a header that smuggles in a forbidden method is forbidden
// too.
func overridesMethod(lower, value string) bool {
	switch lower {
	case "x-http-method", "x-http-method-override", "x-method-override":
		return slices.ContainsFunc(strings.Split(value, ","), func(s string) bool {
			return fetch.IsForbiddenMethod(strings.TrimSpace(s))
		})
	}
	return false
}

// isNoCORSSafelisted: https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
func isNoCORSSafelisted(lower, value string) bool {
	switch lower {
	case "accept", "accept-language", "content-language", "content-type":
		return isSafelisted(lower, value)
	}
	return false
}

// unsafeHeaders returns the names for which a request needs permission, as a
// preflight lists them: in lower case and sorted.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func unsafeHeaders(h http.Header, browser Browser) []string {
	var unsafe, safe []string
	size := 0
	for name, values := range h {
		lower := strings.ToLower(name)
		value := strings.Join(values, ", ")
		if isSafelisted(lower, value) || browser == Chromium && isClientHint(lower) {
			safe = append(safe, lower)
			size += len(value)
		} else {
			unsafe = append(unsafe, lower)
		}
	}
	if size > 1024 {
		unsafe = append(unsafe, safe...)
	}
	slices.Sort(unsafe)
	return unsafe
}

// isSafelisted: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func isSafelisted(lower, value string) bool {
	if len(value) > 128 {
		return false
	}
	switch lower {
	case "accept":
		return !strings.ContainsFunc(value, isUnsafeByte)
	case "accept-language", "content-language":
		return !strings.ContainsFunc(value, func(c rune) bool {
			letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
			return !letter && !strings.ContainsRune(" *,-.;=", c)
		})
	case "content-type":
		essence, _, _ := strings.Cut(value, ";")
		switch strings.ToLower(strings.Trim(essence, " \t")) {
		case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
			return !strings.ContainsFunc(value, isUnsafeByte)
		}
	case "range":
		return isSimpleRange(value)
	}
	return false
}

// isUnsafeByte: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
func isUnsafeByte(c rune) bool {
	return c < 0x20 && c != '\t' || c == 0x7f || strings.ContainsRune(`"():<>?@[\]{}`, c)
}

// isSimpleRange: one range with a start, as media elements ask for.
func isSimpleRange(value string) bool {
	spec, ok := strings.CutPrefix(value, "bytes=")
	start, end, dashed := strings.Cut(spec, "-")
	return ok && dashed && start != "" && strings.Trim(start+end, "0123456789") == ""
}

// isClientHint: hints that Chromium still takes for safelisted.
func isClientHint(lower string) bool {
	switch lower {
	case "dpr", "width", "viewport-width", "save-data", "downlink", "ect", "rtt", "device-memory":
		return true
	}
	return false
}

// setFetchMetadata sets the Sec-Fetch headers. Where a request comes from is
// told to trustworthy servers only.
//
// https://w3c.github.io/webappsec-fetch-metadata/
func setFetchMetadata(req *http.Request, pageOrigin, mode string) {
	req.Header.Set("Sec-Fetch-Mode", mode)
	if req.URL.Scheme == "https" || isLoopback(req.URL.Hostname()) {
		req.Header.Set("Sec-Fetch-Dest", "empty")
		req.Header.Set("Sec-Fetch-Site", site(pageOrigin, req.URL))
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}

// site relates a URL to a page.
func site(pageOrigin string, u *url.URL) string {
	if pageOrigin == originOf(u) {
		return "same-origin"
	}
	page, err := url.Parse(pageOrigin)
	if err == nil && page.Scheme == u.Scheme && registrable(page.Hostname()) == registrable(u.Hostname()) {
		return "same-site"
	}
	return "cross-site"
}

func registrable(host string) string {
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// readable returns the headers of a response that a script of another origin
// may read.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response-cors
func readable(h http.Header, include bool) http.Header {
	exposed, ok := tokens(h, "Access-Control-Expose-Headers")
	if !ok {
		exposed = nil // one bad name spoils all
	}
	if slices.Contains(exposed, "*") && !include {
		return h
	}
	kept := http.Header{}
	for name, values := range h {
		if isSafelistedResponse(name) ||
			slices.ContainsFunc(exposed, func(e string) bool { return strings.EqualFold(e, name) }) {
			kept[name] = values
		}
	}
	return kept
}

// isSafelistedResponse: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
func isSafelistedResponse(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma":
		return true
	}
	return false
}

// tokens reads a header that lists methods or header names. It fails if any of
// them is none; elements may be empty.
func tokens(h http.Header, name string) (list []string, ok bool) {
	for item := range strings.SplitSeq(strings.Join(h.Values(name), ","), ",") {
		item = strings.Trim(item, " \t")
		if item == "" {
			continue
		}
		if !fetch.IsToken(item) {
			return nil, false
		}
		list = append(list, item)
	}
	return list, true
}
