// Package snippets writes a policy and a request in the forms that people copy
// into their programs and terminals.
package snippets

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A Request is what a script of a page asks fetch for.
type Request struct {
	Page        string   `json:"page"` // the origin of the page
	Method      string   `json:"method"`
	Headers     []string `json:"headers"` // "Name: value"
	Credentials bool     `json:"credentials"`
	Body        string   `json:"body"`
	Reads       string   `json:"reads"` // a response header that the script reads
}

// Check returns an error if a browser would refuse to send r at all, or if r has
// what does not belong into a terminal. The page must be one of the pages.
func (r Request) Check(pages []string) error {
	const (
		maxName    = 64
		maxHeaders = 16
		maxLine    = 1024
		maxBody    = 4096
	)
	switch upper := strings.ToUpper(r.Method); {
	case !slices.Contains(pages, r.Page):
		return fmt.Errorf("there is no page at the origin %q", r.Page)
	case !isToken(r.Method) || len(r.Method) > maxName:
		return fmt.Errorf("%q is not a valid method", r.Method)
	case upper == "CONNECT" || upper == "TRACE" || upper == "TRACK":
		return fmt.Errorf("browsers never send the method %q", r.Method)
	case r.Body != "" && (upper == "GET" || upper == "HEAD"):
		return fmt.Errorf("a %s request has no body", upper)
	case len(r.Body) > maxBody:
		return fmt.Errorf("the body is longer than %d bytes", maxBody)
	case r.Reads != "" && (!isToken(r.Reads) || len(r.Reads) > maxName):
		return fmt.Errorf("%q is not a valid header name", r.Reads)
	case len(r.Headers) > maxHeaders:
		return fmt.Errorf("there are more than %d headers", maxHeaders)
	case strings.ContainsFunc(r.Body, func(c rune) bool { return c < ' ' && c != '\n' && c != '\t' || c == 0x7f }):
		return errors.New("the body has control characters")
	}
	for _, line := range r.Headers {
		name, value, ok := strings.Cut(line, ":")
		switch {
		case !ok || !isToken(name):
			return fmt.Errorf("write the header %q as \"Name: value\"", line)
		case len(line) > maxLine:
			return fmt.Errorf("the header %s is longer than %d bytes", name, maxLine)
		case strings.ContainsFunc(value, func(c rune) bool { return c < ' ' || c > '~' }):
			return fmt.Errorf("the value of the header %s is not printable ASCII", name)
		}
	}
	return nil
}

// SentMethod returns the method that the browser sends.
//
// https://fetch.spec.whatwg.org/#concept-method-normalize
func (r Request) SentMethod() string {
	switch upper := strings.ToUpper(r.Method); upper {
	case "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT":
		return upper
	}
	return r.Method
}

// NeedsPreflight reports whether the browser asks before it sends r, unless it
// remembers the answer.
func (r Request) NeedsPreflight() bool {
	switch r.SentMethod() {
	case "GET", "HEAD", "POST":
		return r.PreflightHeaders() != ""
	}
	return true
}

// PreflightHeaders returns the value of Access-Control-Request-Headers.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func (r Request) PreflightHeaders() string {
	var names []string
	for _, line := range r.Headers {
		name, value, _ := strings.Cut(strings.ToLower(line), ":")
		if !isSafelisted(name, strings.TrimSpace(value)) && !isForbidden(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ",")
}

// isSafelisted reports whether a script may set a header without permission.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func isSafelisted(name, value string) bool {
	const maxLen = 128
	if len(value) > maxLen || strings.ContainsAny(value, `"():<>?@[\]{}`) {
		return false
	}
	switch name {
	case "accept", "accept-language", "content-language":
		return true
	case "content-type":
		essence, _, _ := strings.Cut(value, ";")
		switch strings.TrimSpace(essence) {
		case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
			return true
		}
	}
	return false
}

// isForbidden reports whether the browser drops a header that a script sets.
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func isForbidden(name string) bool {
	switch name {
	case "accept-charset", "accept-encoding", "access-control-request-headers", "access-control-request-method",
		"connection", "content-length", "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
		"referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "via":
		return true
	}
	return strings.HasPrefix(name, "proxy-") || strings.HasPrefix(name, "sec-")
}

func isToken(s string) bool {
	return s != "" && strings.Trim(s, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
