// Package fetch implements the Fetch standard's definitions of methods and header
// names.
//
// https://fetch.spec.whatwg.org/
package fetch

import "strings"

// isToken marks the bytes that are valid in a token (RFC 9110, section 5.6.2).
// Methods and header names are tokens.
var isToken = func() (t [256]bool) {
	for _, c := range []byte("!#$%&'*+-.^_`|~0123456789" +
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		t[c] = true
	}
	return t
}()

// IsTokenByte reports whether c is valid in a token.
func IsTokenByte(c byte) bool { return isToken[c] }

// IsToken reports whether s is a token, and so a valid method and header name.
func IsToken(s string) bool {
	for i := range len(s) {
		if !isToken[s[i]] {
			return false
		}
	}
	return s != ""
}

// NormalizeMethod upper-cases the six methods that browsers upper-case. Browsers
// send any other method, such as "patch", unchanged.
//
// https://fetch.spec.whatwg.org/#concept-method-normalize
func NormalizeMethod(method string) string {
	switch upper := strings.ToUpper(method); upper {
	case "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT":
		return upper
	}
	return method
}

// IsForbiddenMethod reports whether browsers never send a method.
//
// https://fetch.spec.whatwg.org/#forbidden-method
func IsForbiddenMethod(method string) bool {
	switch strings.ToUpper(method) {
	case "CONNECT", "TRACE", "TRACK":
		return true
	}
	return false
}

// IsSafelistedMethod reports whether browsers send a method without asking for
// permission in a preflight.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-method
func IsSafelistedMethod(method string) bool {
	return method == "GET" || method == "HEAD" || method == "POST"
}

// CommonMethods returns the methods that APIs commonly use, which a policy allows
// if it does not list any.
func CommonMethods() []string { return []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"} }

// IsForbiddenRequestHeader reports whether scripts can never set the header with
// this lower-case name. Preflights never ask for such a header.
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

// IsSafelistedRequestHeader reports whether scripts can set the header with this
// lower-case name without permission, to any usual value. Content-Type and Range
// need permission for most of the values for which people set them.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func IsSafelistedRequestHeader(lower string) bool {
	return lower == "accept" || lower == "accept-language" || lower == "content-language"
}

// IsSafelistedResponseHeader reports whether scripts can read the header with this
// lower-case name without permission.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
func IsSafelistedResponseHeader(lower string) bool {
	switch lower {
	case "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma":
		return true
	}
	return false
}

// IsForbiddenResponseHeader reports whether scripts can never read the header with
// this lower-case name.
//
// https://fetch.spec.whatwg.org/#forbidden-response-header-name
func IsForbiddenResponseHeader(lower string) bool {
	return lower == "set-cookie" || lower == "set-cookie2"
}
