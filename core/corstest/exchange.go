package corstest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/show"
)

// An Exchange is a request that a page sent, and its response.
type Exchange struct {
	Preflight      bool
	Method, URL    string
	RequestHeader  http.Header
	Status         int // 0 if there was no response
	ResponseHeader http.Header
	Err            error // of the transport
}

// String shows the headers that matter for CORS, in the form of curl -v.
func (e Exchange) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "> %s %s\n", e.Method, e.URL)
	writeHeaders(&b, "> ", e.RequestHeader)
	if e.Err != nil {
		fmt.Fprintf(&b, "* %v\n", e.Err)
		return b.String()
	}
	fmt.Fprintf(&b, "< %d %s\n", e.Status, http.StatusText(e.Status))
	writeHeaders(&b, "< ", e.ResponseHeader)
	return b.String()
}

func writeHeaders(b *strings.Builder, prefix string, h http.Header) {
	var names []string
	for name := range h {
		if show.IsShown(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range h[name] {
			fmt.Fprintf(b, "%s%s: %s\n", prefix, name, clean(value))
		}
	}
}

// Exchanges returns all exchanges, in the order of the responses.
func (p *Page) Exchanges() []Exchange { return p.exchangesFrom(0) }

func (p *Page) exchangesFrom(i int) []Exchange {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.exchanges[i:])
}

// Preflights returns the number of preflights that the page sent.
func (p *Page) Preflights() int {
	n := 0
	for _, e := range p.Exchanges() {
		if e.Preflight {
			n++
		}
	}
	return n
}

// Warnings returns the warnings about all responses, each once for each URL.
func (p *Page) Warnings() []Warning {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.warnings)
}

// roundTrip sends a request to a URL and records the exchange.
func (p *Page) roundTrip(req *http.Request, url string, preflight bool) (*http.Response, error) {
	transport := p.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	e := Exchange{Preflight: preflight, Method: req.Method, URL: url, RequestHeader: req.Header.Clone()}
	res, err := transport.RoundTrip(req)
	if err == nil && res == nil {
		err = errors.New("corstest: the transport returned neither a response nor an error")
	}
	if err != nil {
		e.Err = err
	} else {
		tidy(res, req)
		e.Status, e.ResponseHeader = res.StatusCode, res.Header.Clone()
		p.inspect(req, url, res, preflight)
		if err = checkSingle(res.Header); err != nil {
			res.Body.Close()
			res = nil
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.exchanges = append(p.exchanges, e)
	return res, err
}

// checkSingle returns an error if a header that browsers accept only once has
// several values. They drop such a response before CORS.
func checkSingle(h http.Header) error {
	for _, name := range []string{"Location", "Content-Disposition"} {
		lines := h[name]
		if slices.ContainsFunc(lines, func(l string) bool { return l != lines[0] }) {
			return fmt.Errorf("corstest: the response has several %s headers, which browsers do not accept", name)
		}
	}
	return nil
}

// tidy completes a response as [http.Transport] does: header names in canonical
// form, values without blanks around them, a body and the request.
func tidy(res *http.Response, req *http.Request) {
	header := make(http.Header, len(res.Header))
	for name, values := range res.Header {
		for _, value := range values {
			header.Add(name, strings.Trim(value, " \t"))
		}
	}
	res.Header = header
	if res.Body == nil {
		res.Body = http.NoBody
	}
	if res.Request == nil {
		res.Request = req
	}
}
