package corstest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/fetch"
)

// Allows fails the test unless p may send the request and read the response. It
// returns the response, with its body in memory. A header has the form
// "Name: value". For a request with a body, one of the headers is a [Body].
//
// A header that scripts cannot set, such as Cookie, is an error.
func Allows(t testing.TB, p *Page, method, url string, headers ...string) *http.Response {
	t.Helper()
	before := len(p.Exchanges())
	res, err := p.call(t.Context(), method, url, headers)
	if err != nil {
		t.Fatalf("%s %s from %s is refused, want it allowed:\n%s", method, url, p.Origin, p.report(err, before))
	}
	return res
}

// Refuses fails the test unless CORS blocks the request or its response. It
// returns the reason. The arguments are those of [Allows].
//
// A server that fails also refuses a page: its response has no CORS headers. So
// Refuses fails the test if the status is 500 or higher and no header shows that a
// CORS policy answered. If this is what you expect, use [RefusesWith].
func Refuses(t testing.TB, p *Page, method, url string, headers ...string) *BlockedError {
	t.Helper()
	before := len(p.Exchanges())
	blocked := p.refused(t, method, url, headers)
	if sent := p.exchangesFrom(before); sent[len(sent)-1].isFailure() {
		t.Fatalf("%s %s from %s is refused because the server fails: it answers %d, and no header shows that a CORS policy answered.\n"+
			"If this is the response to test, use RefusesWith:\n%s", method, url, p.Origin, blocked.Status, p.report(blocked, before))
	}
	return blocked
}

// RefusesWith is like [Refuses], and also fails the test unless the reason is
// issue:
//
//	corstest.RefusesWith(t, app, corstest.IssueMethodDisallowed, "DELETE", "/items/1")
func RefusesWith(t testing.TB, p *Page, issue Issue, method, url string, headers ...string) *BlockedError {
	t.Helper()
	before := len(p.Exchanges())
	blocked := p.refused(t, method, url, headers)
	if blocked.Issue != issue {
		t.Fatalf("%s %s from %s is refused with %s, want %s:\n%s", method, url, p.Origin, blocked.Issue, issue, p.report(blocked, before))
	}
	return blocked
}

// refused fails the test unless CORS blocks the request or its response.
func (p *Page) refused(t testing.TB, method, url string, headers []string) *BlockedError {
	t.Helper()
	before := len(p.Exchanges())
	_, err := p.call(t.Context(), method, url, headers)
	var blocked *BlockedError
	switch {
	case err == nil:
		t.Fatalf("%s %s from %s is allowed, want it refused:\n%s", method, url, p.Origin, p.report(nil, before))
	case !errors.As(err, &blocked):
		t.Fatalf("%s %s from %s fails, but not by CORS:\n%s", method, url, p.Origin, p.report(err, before))
	}
	return blocked
}

// isFailure reports whether the response comes from a server that failed, and
// not from a CORS policy.
func (e Exchange) isFailure() bool {
	if e.Status < 500 || fetch.HasName(e.ResponseHeader["Vary"], "Origin") {
		return false
	}
	for name := range e.ResponseHeader {
		if strings.HasPrefix(name, "Access-Control-") {
			return false
		}
	}
	return true
}

// Body returns the argument of [Allows], [Refuses] and [RefusesWith] for the body of
// a request and its Content-Type: the end of an HTTP message. If contentType is
// empty, it is that of a string that a script sends: text/plain;charset=UTF-8.
//
//	corstest.Allows(t, app, "POST", "/items", corstest.Body("application/json", `{"name": "Pear"}`))
func Body(contentType, body string) string {
	return "Content-Type: " + cmp.Or(contentType, "text/plain;charset=UTF-8") + endOfHeaders + body
}

const endOfHeaders = "\r\n\r\n"

// NoWarnings fails the test if p has warnings: responses that work, but are
// wrong.
func NoWarnings(t testing.TB, p *Page) {
	t.Helper()
	for _, w := range p.Warnings() {
		t.Errorf("warning for %s: %s", p.Origin, w)
	}
}

// call sends a request and reads the body of the response.
func (p *Page) call(ctx context.Context, method, url string, headers []string) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return nil, err
	}
	for _, header := range headers {
		header, body, hasBody := strings.Cut(header, endOfHeaders)
		if hasBody {
			req.Body = io.NopCloser(strings.NewReader(body))
		}
		name, value, ok := strings.Cut(header, ":")
		if !ok {
			return nil, fmt.Errorf("corstest: header %q is not of the form %q", header, "Name: value")
		}
		req.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	if names := p.forbidden(req.Header); len(names) > 0 {
		return nil, fmt.Errorf("corstest: a script cannot set the header %q: %s", names[0], insteadOf(names[0]))
	}
	res, err := p.Fetch(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// insteadOf says what to do instead of setting a forbidden header.
func insteadOf(name string) string {
	switch name {
	case "Cookie":
		return "put cookies into Page.Jar"
	case "Origin":
		return "set Page.Origin"
	case "Host":
		return "write the host into the URL, or set Page.Server"
	}
	return "browsers drop it; remove it from the test, or use Page.Fetch, which drops it too"
}

// report describes err and the exchanges from index since on.
func (p *Page) report(err error, since int) string {
	var b strings.Builder
	var blocked *BlockedError
	if err != nil {
		fmt.Fprintf(&b, "%v\n", err)
	}
	if errors.As(err, &blocked) {
		fmt.Fprintf(&b, "hint: %s\n", blocked.Hint)
	}
	for _, e := range p.exchangesFrom(since) {
		b.WriteString(e.String())
	}
	return b.String()
}
