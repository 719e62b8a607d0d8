// Package fetch holds the Fetch standard's small vocabulary: what is a method,
// what is a header name, and which of them scripts may never use.
package fetch

import "strings"

// isToken marks the bytes of a token (RFC 9110, section 5.6.2), the grammar of
// methods and header names alike.
var isToken = func() (t [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789" +
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		t[c] = true
	}
	return t
}()

// IsTokenByte reports whether c may stand in a token.
func IsTokenByte(c byte) bool { return isToken[c] }

// IsToken reports whether s is a token: a possible method or header name.
func IsToken(s string) bool {
	for i := range len(s) {
		if !isToken[s[i]] {
			return false
		}
	}
	return s != ""
}

// NormalizeMethod upper-cases the six methods that browsers upper-case, and no
// other: a fetch with the method "patch" sends "patch".
//
// https://fetch.spec.whatwg.org/#concept-method-normalize
func NormalizeMethod(method string) string {
	switch upper := strings.ToUpper(method); upper {
	case "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT":
		return upper
	}
	return method
}

// IsForbiddenMethod reports whether browsers refuse to send method at all.
//
// https://fetch.spec.whatwg.org/#forbidden-method
func IsForbiddenMethod(method string) bool {
	switch strings.ToUpper(method) {
	case "CONNECT", "TRACE", "TRACK":
		return true
	}
	return false
}

// IsSafelistedMethod reports whether a method needs no permission.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func IsSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

// IsForbiddenRequestHeader reports whether scripts cannot set the header that
// has this lower-case name, whatever its value, so that no preflight ever asks
// for it.
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func IsForbiddenRequestHeader(lower string) bool {
	switch lower {
	case "accept-charset", "accept-encoding",
		"access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt",
		"expect", "host", "keep-alive", "origin", "referer", "set-cookie",
		"te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	}
	return strings.HasPrefix(lower, "proxy-") || strings.HasPrefix(lower, "sec-")
}

// IsForbiddenResponseHeader reports whether scripts can never read the header
// that has this lower-case name.
//
// https://fetch.spec.whatwg.org/#forbidden-response-header-name
func IsForbiddenResponseHeader(lower string) bool {
	return lower == "set-cookie" || lower == "set-cookie2"
}
