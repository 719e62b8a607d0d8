package corstest

import (
	"net/http"
	"net/url"
	"strings"
)

// checkOrigin is the CORS check. It returns the issue and the value of the header
// at fault, or an empty issue if the response passes.
//
// https://fetch.spec.whatwg.org/#concept-cors-check
func checkOrigin(h http.Header, origin string, include bool) (issue Issue, value string) {
	lines := trimmedLines(h, "Access-Control-Allow-Origin")
	if len(lines) == 0 {
		return IssueMissingAllowOrigin, ""
	}
	value = strings.Join(lines, ", ")
	switch {
	case strings.ContainsAny(value, ", "):
		return IssueMultipleAllowOrigin, value
	case value == "*" && include:
		return IssueWildcardOrigin, value
	case value == "*":
		return "", ""
	case value != origin && value != "null" && !isURL(value):
		return IssueInvalidAllowOrigin, value
	case value != origin:
		return IssueAllowOriginMismatch, value
	}
	credentials := strings.Join(trimmedLines(h, "Access-Control-Allow-Credentials"), ", ")
	if include && credentials != "true" {
		return IssueInvalidCredentials, credentials
	}
	return "", ""
}

// trimmedLines returns the lines of a header without the blanks around them,
// which are not part of a value.
func trimmedLines(h http.Header, name string) []string {
	var lines []string
	for _, line := range h.Values(name) {
		lines = append(lines, strings.Trim(line, " \t"))
	}
	return lines
}

// isURL reports whether Chromium parses s as a URL. It then reports a mismatch,
// and otherwise an invalid value.
func isURL(s string) bool {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return false
	case u.Scheme == "http" || u.Scheme == "https":
		return u.Host != ""
	}
	return u.Scheme != ""
}
