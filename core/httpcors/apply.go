package httpcors

import (
	"context"
	"net/http"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// Apply decides about a request and writes the decision to h, the headers of the
// response, which must not have been sent yet. Only adapters for frameworks
// based on net/http need it. If status is not zero, the caller must respond with
// it and an empty body instead of calling the next handler. If AllowOriginFunc
// returns an error, Apply returns it with the status 500.
func Apply(p *cors.Policy, h http.Header, r *http.Request) (status int, err error) {
	var d cors.Decision
	err = p.Decide(source{r}, &d)
	write(h, &d)
	return d.Status(), err
}

// A source is a [cors.Source].
type source struct{ *http.Request }

func (s source) Context() context.Context {
	return context.WithValue(s.Request.Context(), requestKey{}, s.Request)
}

func (s source) Method() string            { return s.Request.Method }
func (s source) TLS() bool                 { return s.Request.TLS != nil }
func (s source) Host() string              { return s.Request.Host }
func (s source) Path() string              { return sentPath(s.Request) }
func (s source) Header(name string) string { return joined(s.Request.Header[name]) }

type requestKey struct{}

// Request returns the request that a policy decides about. ctx is the context
// that AllowOriginFunc or OnReject gets. For any other context, Request returns
// nil. If a callback allows origins by a header of the request, name the header
// in Config.Vary.
func Request(ctx context.Context) *http.Request {
	r, _ := ctx.Value(requestKey{}).(*http.Request)
	return r
}

// joined joins the lines of a header.
func joined(lines []string) string {
	switch len(lines) {
	case 0:
		return ""
	case 1:
		return lines[0]
	}
	return joinedSeveral(lines)
}

// joinedSeveral stops at a length that every policy refuses: a client must not make
// the server copy more.
func joinedSeveral(lines []string) string {
	const enough = 4096
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(line[:min(len(line), enough)])
		if b.Len() > enough {
			break
		}
	}
	return b.String()
}

// write writes a decision to the headers of a response. Responses share no
// slices.
func write(h http.Header, d *cors.Decision) {
	var lines []string // of Vary
	if len(h) > 0 {
		for _, name := range d.Absent() {
			delete(h, name)
		}
		lines = h["Vary"]
	}
	n, size := d.Len(), d.Len()
	vary := d.Vary(lines...)
	if vary != "" {
		size += len(lines) + 1
	}
	if size == 1 && n == 0 { // most requests
		h["Vary"] = []string{vary}
		return
	}
	// One array for all values. The slices are clipped: appending to one header
	// must not reach the next.
	values := make([]string, size)
	for i := range n {
		name, value := d.Header(i)
		values[i] = value
		h[name] = values[i : i+1 : i+1]
	}
	if vary != "" {
		copy(values[n:], lines)
		values[size-1] = vary
		h["Vary"] = values[n:]
	}
}
