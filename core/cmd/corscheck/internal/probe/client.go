package probe

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/polycors/polycors/core/corstest"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// errHeld is the error of a request that was not sent.
var errHeld = errors.New("not sent")

// A client visits one URL as the browsers of several pages do.
type client struct {
	transport http.RoundTripper
	target    *url.URL
	timeout   time.Duration // of a visit: a request, its preflight and its redirects
}

func newClient(target *url.URL, timeout time.Duration) *client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxResponseHeaderBytes = maxResponseHeader
	return &client{t, target, timeout}
}

// maxResponseHeader is Chromium's limit.
const maxResponseHeader = 256 << 10

// A visit is the result of a request.
type visit struct {
	exchanges []corstest.Exchange
	warnings  []corstest.Warning
	blocked   *corstest.BlockedError // by CORS
	err       error                  // by anything else
	held      bool                   // CORS allows the request, but it was not sent
}

// preflight returns the exchange of the first preflight; nil if there is none.
func (v *visit) preflight() *corstest.Exchange {
	i := slices.IndexFunc(v.exchanges, func(e corstest.Exchange) bool { return e.Preflight })
	if i < 0 {
		return nil
	}
	return &v.exchanges[i]
}

// how is how a visit is made.
type how struct {
	send           bool // send methods other than GET, HEAD and OPTIONS too
	forcePreflight bool // send a preflight even if browsers send none
	preflightOnly  bool // send nothing else
}

// visit fetches as the browser of a page does.
func (c *client) visit(ctx context.Context, f script.Fetch, h how) visit {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, f.Method, c.target.String(), nil)
	if err != nil {
		return visit{err: err}
	}
	req.Header = f.Header.Clone()
	page := &corstest.Page{
		Origin:         f.Origin,
		Credentials:    corstest.Omit,
		Server:         c.target.String(),
		Transport:      guard(c.transport, h),
		ForcePreflight: h.forcePreflight,
	}
	if f.Credentials {
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

// guard wraps next to block requests that the user did not ask for.
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

// isSafe reports whether a method is one of those that change nothing.
//
// https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1
func isSafe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// repeats reports whether the server allows an origin, even one that no browser
// sends. It sends a preflight and, if that is not conclusive, a GET.
func (c *client) repeats(ctx context.Context, origin, method string) (bool, error) {
	preflight := http.Header{"Origin": {origin}, "Access-Control-Request-Method": {method}}
	h, err := c.headers(ctx, http.MethodOptions, preflight)
	if err != nil || allowOrigin(h) == origin {
		return err == nil, err
	}
	h, err = c.headers(ctx, http.MethodGet, http.Header{"Origin": {origin}})
	return err == nil && allowOrigin(h) == origin, err
}

// headers sends a request without a body, and returns the headers of the
// response.
func (c *client) headers(ctx context.Context, method string, h http.Header) (http.Header, error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.target.String(), nil)
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

func allowOrigin(h http.Header) string {
	return strings.Join(h.Values("Access-Control-Allow-Origin"), "\n")
}
