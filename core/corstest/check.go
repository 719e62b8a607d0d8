package corstest

import (
	"net/http"
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
	case value != origin && value != "null":
		if _, ok := parseURL(value, nil); !ok {
			return IssueInvalidAllowOrigin, value
		}
		return IssueAllowOriginMismatch, value
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
