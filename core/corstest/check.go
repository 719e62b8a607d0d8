package corstest

import (
	"net/http"
	"net/url"
	"strings"
)

// checkOrigin is the CORS check. The reason is empty if the response passes;
// value is what it has instead.
//
// https://fetch.spec.whatwg.org/#concept-cors-check
func checkOrigin(h http.Header, origin string, include bool) (reason Reason, value string) {
	lines := h.Values("Access-Control-Allow-Origin")
	if len(lines) == 0 {
		return ReasonMissingAllowOrigin, ""
	}
	value = strings.Trim(strings.Join(lines, ", "), " \t")
	switch {
	case len(lines) > 1 || strings.ContainsAny(value, ", "):
		return ReasonMultipleAllowOrigin, value
	case value == "*" && include:
		return ReasonWildcardOrigin, value
	case value == "*":
		return "", ""
	case value != origin && value != "null" && !isURL(value):
		return ReasonInvalidAllowOrigin, value
	case value != origin:
		return ReasonAllowOriginMismatch, value
	}
	if credentials := strings.Join(h.Values("Access-Control-Allow-Credentials"), ", "); include && strings.Trim(credentials, " \t") != "true" {
		return ReasonInvalidCredentials, credentials
	}
	return "", ""
}

// isURL tells what Chromium calls a wrong origin from what it calls no origin.
func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != ""
}

// inspect warns of what is wrong with a response although it works.
func (p *Page) inspect(req *http.Request, res *http.Response) {
	lines := res.Header.Values("Access-Control-Allow-Origin")
	switch {
	case len(lines) > 1:
		p.warn(req.URL, WarnDuplicateAllowOrigin)
	case len(lines) == 1 && lines[0] == "*" && res.Header.Get("Access-Control-Allow-Credentials") != "":
		p.warn(req.URL, WarnWildcardCredentials)
	case len(lines) == 1 && lines[0] == req.Header.Get("Origin") && !variesByOrigin(res.Header):
		p.warn(req.URL, WarnVary)
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
