package main

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/polycors/polycors/core/corstest"
)

// errHeld stands in for the response to a request that was not sent.
var errHeld = errors.New("not sent")

// A client visits a server as the browsers of several pages.
type client struct {
	transport http.RoundTripper
	timeout   time.Duration // of a visit: a request, its preflight and its redirects
}

func newClient(timeout time.Duration) *client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxResponseHeaderBytes = maxResponseHeader
	return &client{t, timeout}
}

// maxResponseHeader is Chromium's limit.
const maxResponseHeader = 256 << 10

// A visit is what came of a request.
type visit struct {
	exchanges []corstest.Exchange
	warnings  []corstest.Warning
	blocked   *corstest.BlockedError // by CORS
	err       error                  // by anything else
	held      bool                   // CORS permits the request itself, but it was not sent
}

// preflight returns the first preflight's exchange.
func (v *visit) preflight() *corstest.Exchange {
	for i := range v.exchanges {
		if v.exchanges[i].Preflight {
			return &v.exchanges[i]
		}
	}
	return nil
}

// How a visit is made.
type how struct {
	send           bool // send methods other than GET and HEAD too
	forcePreflight bool // send a preflight also where browsers need none
	preflightOnly  bool // send nothing else
}

// visit fetches as the browser of a page does.
func (c *client) visit(ctx context.Context, target *url.URL, a ask, h how) visit {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, a.method, target.String(), nil)
	if err != nil {
		return visit{err: err}
	}
	req.Header = a.header.Clone()
	page := &corstest.Page{
		Origin:         a.origin,
		Credentials:    corstest.Omit,
		Server:         target.String(),
		Transport:      guard(c.transport, h),
		ForcePreflight: h.forcePreflight,
	}
	if a.credentials {
		page.Credentials = corstest.Include
	}
	res, err := page.Fetch(req)
	if err == nil {
		res.Body.Close()
	}
	v := visit{exchanges: page.Exchanges(), warnings: page.Warnings()}
	switch {
	case errors.Is(err, errHeld):
		v.held = true
		v.exchanges = slices.DeleteFunc(v.exchanges, func(e corstest.Exchange) bool { return errors.Is(e.Err, errHeld) })
	case !errors.As(err, &v.blocked):
		v.err = err
	}
	return v
}

// guard keeps from the network what nobody asked to send.
func guard(next http.RoundTripper, h how) http.RoundTripper {
	return corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		isPreflight := req.Method == http.MethodOptions && req.Header.Get("Access-Control-Request-Method") != ""
		if !isPreflight && (h.preflightOnly || !h.send && !isSafe(req.Method)) {
			return nil, errHeld
		}
		req.Header.Set("User-Agent", "Mozilla/5.0 (compatible; corscheck)")
		return next.RoundTrip(req)
	})
}

// isSafe tells the methods that change nothing.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// withoutOrigin makes a GET as an address bar does, and returns the response's
// headers.
func (c *client) withoutOrigin(ctx context.Context, target *url.URL) (http.Header, error) {
	return c.headers(ctx, target, http.MethodGet, nil)
}

// letsIn reports whether a server repeats an origin, which may be one that no
// browser sends. It asks by a preflight and, if nothing but that could say so,
// by a GET.
func (c *client) letsIn(ctx context.Context, target *url.URL, a ask, origin string) (bool, error) {
	preflight := http.Header{"Origin": {origin}, "Access-Control-Request-Method": {a.method}}
	h, err := c.headers(ctx, target, http.MethodOptions, preflight)
	if err != nil || allowOrigin(h) == origin {
		return err == nil, err
	}
	h, err = c.headers(ctx, target, http.MethodGet, http.Header{"Origin": {origin}})
	return err == nil && allowOrigin(h) == origin, err
}

// headers sends a request without a body, and returns the response's headers.
func (c *client) headers(ctx context.Context, target *url.URL, method string, h http.Header) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, target.String(), nil)
	if err != nil {
		return nil, err
	}
	maps.Copy(req.Header, h)
	res, err := guard(c.transport, how{}).RoundTrip(req)
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	return res.Header, nil
}
