package corstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Allows fails the test unless p may send the request and read the response. It
// returns the response, with its body in memory. A header has the form
// "Name: value".
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
// returns the reason.
func Refuses(t testing.TB, p *Page, method, url string, headers ...string) *BlockedError {
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
		name, value, ok := strings.Cut(header, ":")
		if !ok {
			return nil, fmt.Errorf("corstest: header %q is not of the form %q", header, "Name: value")
		}
		req.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
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
