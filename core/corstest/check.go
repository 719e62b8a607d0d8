package corstest

import (
	"net/http"
	"net/url"
	"strings"
)

// checkOrigin is the CORS check. The issue is empty if the response passes;
// value is what it has instead.
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

// trimmedLines returns a header's lines without the blanks around them, which
// are no part of a value.
func trimmedLines(h http.Header, name string) []string {
	var lines []string
	for _, line := range h.Values(name) {
		lines = append(lines, strings.Trim(line, " \t"))
	}
	return lines
}

// isURL tells what Chromium calls a wrong origin from what it calls no origin.
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
