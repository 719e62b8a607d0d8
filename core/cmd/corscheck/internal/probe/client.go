package probe

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/origin"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// The errors of requests that were not sent.
var (
	errHeld         = errors.New("not sent")                      // it may change something
	errMixedContent = errors.New("mixed content")                 // a browser does not send it
	errClearText    = errors.New("it would go out in clear text") // a browser sends it, with secrets
)

// A client visits one URL as the browsers of several pages do.
type client struct {
	transport http.RoundTripper
	target    *url.URL
	page      string // the origin of the user's page
}

func newClient(target *url.URL, page string) *client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxResponseHeaderBytes = maxResponseHeader
	return &client{t, target, page}
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
	broken    error                  // from the body of a response that is allowed
}

// preflight returns the exchange of the first preflight; nil if there is none.
func (v *visit) preflight() *corstest.Exchange {
	return v.first(func(e corstest.Exchange) bool { return e.Preflight })
}

// response returns the exchange of the first request that is not a preflight; nil
// if it was not sent or got no response.
func (v *visit) response() *corstest.Exchange {
	return v.first(func(e corstest.Exchange) bool { return !e.Preflight && e.Err == nil })
}

func (v *visit) first(ok func(corstest.Exchange) bool) *corstest.Exchange {
	i := slices.IndexFunc(v.exchanges, ok)
	if i < 0 {
		return nil
	}
	return &v.exchanges[i]
}

// last returns the exchange at which the visit ended; nil if nothing was sent.
func (v *visit) last() *corstest.Exchange {
	if len(v.exchanges) == 0 {
		return nil
	}
	return &v.exchanges[len(v.exchanges)-1]
}

// how has the options of a visit.
type how struct {
	send           bool // send methods other than GET, HEAD and OPTIONS too
	forcePreflight bool // send a preflight even if browsers send none
	preflightOnly  bool // send nothing else
}

// visit fetches as the browser of a page does.
func (c *client) visit(ctx context.Context, f script.Fetch, h how) visit {
	req, err := http.NewRequestWithContext(ctx, f.Method, c.target.String(), nil)
	if err != nil {
		return visit{err: err}
	}
	req.Header = f.Header.Clone()
	page := &corstest.Page{
		Origin:         f.Origin,
		Credentials:    corstest.Omit,
		Server:         c.target.String(),
		Transport:      c.guard(f, h),
		ForcePreflight: h.forcePreflight,
	}
	if f.Credentials {
		page.Credentials = corstest.Include
	}
	res, err := page.Fetch(req)
	var broken error
	if err == nil {
		_, broken = io.Copy(io.Discard, res.Body)
		res.Body.Close()
	}
	unsent := func(err error) bool {
		return errors.Is(err, errHeld) || errors.Is(err, errMixedContent) || errors.Is(err, errClearText)
	}
	v := visit{exchanges: page.Exchanges(), warnings: page.Warnings(), broken: broken}
	v.exchanges = slices.DeleteFunc(v.exchanges, func(e corstest.Exchange) bool { return unsent(e.Err) })
	v.held = errors.Is(err, errHeld)
	if !v.held && !errors.As(err, &v.blocked) {
		v.err = err
	}
	return v
}

// guard sends the requests of a page, except those that a browser does not send
// and those that the user did not ask for. The rule for mixed content is only
// for the user's page: the other origins show what the server's policy is.
func (c *client) guard(f script.Fetch, h how) http.RoundTripper {
	return corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		isPreflight := req.Method == http.MethodOptions && req.Header.Get("Access-Control-Request-Method") != ""
		inClear := req.URL.Scheme == "http" && !origin.IsLoopback(req.URL.Hostname())
		switch {
		case inClear && f.Origin == c.page && strings.HasPrefix(c.page, "https://"):
			return nil, errMixedContent
		case inClear && c.target.Scheme == "https" && len(f.Header) > 0:
			return nil, errClearText
		case !isPreflight && (h.preflightOnly || !h.send && !isSafe(req.Method)):
			return nil, errHeld
		}
		req.Header.Set("User-Agent", "Mozilla/5.0 (compatible; corscheck)")
		if strings.HasPrefix(f.Origin, "http") { // some servers take the origin from here
			req.Header.Set("Referer", f.Origin+"/")
		}
		res, err := c.transport.RoundTrip(req)
		if err == nil {
			drain(res)
		}
		return res, err
	})
}

// drain replaces the body of a response by an empty one, because only headers
// matter here, and whether the body can be read. It reads a short body, which keeps
// the connection. It does not wait for a body that is late or never ends: that
// connection closes when the run ends.
func drain(res *http.Response) {
	const limit, patience = 64 << 10, 100 * time.Millisecond
	body := res.Body
	res.Body = http.NoBody
	done := make(chan error, 1)
	go func() {
		_, err := io.CopyN(io.Discard, body, limit)
		body.Close()
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil && err != io.EOF && res.Request.Context().Err() == nil {
			res.Body = brokenBody{err}
		}
	case <-time.After(patience):
	}
}

// A brokenBody is the body of a response that ends too early, or is garbled.
type brokenBody struct{ error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.error }
func (brokenBody) Close() error               { return nil }

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
	h, _, err := c.headers(ctx, http.MethodOptions, preflight)
	if err != nil || allowOrigin(h) == origin {
		return err == nil, err
	}
	h, _, err = c.headers(ctx, http.MethodGet, http.Header{"Origin": {origin}})
	return err == nil && allowOrigin(h) == origin, err
}

// headers sends a request without a body, and returns the headers of the
// response and its status.
func (c *client) headers(ctx context.Context, method string, h http.Header) (http.Header, int, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.target.String(), nil)
	if err != nil {
		return nil, 0, err
	}
	maps.Copy(req.Header, h)
	res, err := c.guard(script.Fetch{}, how{}).RoundTrip(req)
	if err != nil {
		return nil, 0, err
	}
	return res.Header, res.StatusCode, nil
}

// allowCredentials returns "true" if a response allows credentials.
func allowCredentials(h http.Header) string {
	return strings.Trim(strings.Join(h.Values("Access-Control-Allow-Credentials"), ", "), " \t")
}

func allowOrigin(h http.Header) string {
	return strings.Join(h.Values("Access-Control-Allow-Origin"), "\n")
}
