package corstest

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/polycors/polycors/core/internal/origin"
)

// Credentials is the option credentials of fetch: it selects the requests that
// carry cookies.
//
// https://fetch.spec.whatwg.org/#concept-request-credentials-mode
type Credentials int

const (
	SameOrigin Credentials = iota // requests to the page's own origin; the default of fetch
	Omit                          // none
	Include                       // all
)

// Mode is the option mode of fetch: it selects what happens to requests to other
// origins.
//
// https://fetch.spec.whatwg.org/#concept-request-mode
type Mode int

const (
	CORS           Mode = iota // they follow the CORS protocol; the default of fetch
	SameOriginOnly             // they fail; "same-origin"
	NoCORS                     // they get opaque responses; "no-cors"
)

// Browser selects the browser to imitate. Browsers differ in how long they cache
// a preflight response, see [Browser.MaxAge]. Chromium also differs from the
// standard: client hints need no permission, * allows Authorization, and a script
// cannot set User-Agent.
type Browser int

const (
	Chromium Browser = iota
	Firefox
	Safari
)

// String returns the name of b.
func (b Browser) String() string {
	return [...]string{Chromium: "Chromium", Firefox: "Firefox", Safari: "Safari"}[b]
}

// MaxAge returns the longest time for which b caches a preflight response,
// whatever its Access-Control-Max-Age.
func (b Browser) MaxAge() time.Duration {
	return [...]time.Duration{Chromium: 2 * time.Hour, Firefox: 24 * time.Hour, Safari: 10 * time.Minute}[b]
}

// A Page is a document in a browser, whose scripts call fetch. Only Origin and one
// of Transport and Server are required. The fields may be changed between calls of
// Fetch, but not during a call. The methods may be called concurrently. A Page must
// not be copied after first use: for a second page in the same browser, use
// [Page.Open].
type Page struct {
	// Origin is where the page was loaded from, such as "https://myapp.com". It
	// is "null" for a page in a sandboxed frame or from a file; some app shells send
	// "file://" for a file.
	Origin string

	// Server is the URL that relative URLs of requests are resolved against. The
	// empty string means https://api.example, which needs a Transport.
	Server string

	// Transport sends the requests: [Handler] of a router, [Hosts] of several, or a
	// [RoundTripperFunc]. It must not follow redirects. Nil means
	// http.DefaultTransport, for a server that listens, as one of httptest does; a
	// redirect from loopback to another host is then an error.
	Transport http.RoundTripper

	Credentials Credentials // which requests carry cookies
	Mode        Mode        // what happens to requests to other origins

	// Jar contains the cookies. Nil means a [Jar] that the page shares with the
	// pages that it opens. As in a browser, Set-Cookie works on responses that
	// scripts may not read, but not on preflight responses, and a cookie of
	// another site needs SameSite=None and Secure. Other implementations than
	// Jar do not know the SameSite of a cookie: a page sends all cookies that
	// they return.
	Jar http.CookieJar

	// The other fields are for tests of particular cases.

	Browser        Browser          // the browser to imitate
	ForcePreflight bool             // send a preflight before each cross-origin request, as for an upload listener of XMLHttpRequest
	Now            func() time.Time // the clock of the preflight cache; nil means time.Now

	mu        sync.Mutex
	browser   *browser
	exchanges []Exchange
	warnings  []Warning
}

// A browser has the state that its pages share.
type browser struct {
	jar Jar // for pages without a Jar

	mu         sync.Mutex
	preflights map[cacheKey]cacheEntry
}

// shared returns the browser of the page.
func (p *Page) shared() *browser {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.browser == nil {
		p.browser = &browser{preflights: map[cacheKey]cacheEntry{}}
	}
	return p.browser
}

// Open returns a page of an origin in the same browser: it has the fields of p,
// and shares the cookies and the preflight cache. Each page has its own exchanges
// and warnings.
func (p *Page) Open(origin string) *Page {
	return &Page{Origin: origin, Server: p.Server, Transport: p.Transport, Credentials: p.Credentials, Mode: p.Mode,
		Jar: p.Jar, Browser: p.Browser, ForcePreflight: p.ForcePreflight, Now: p.Now, browser: p.shared()}
}

// maxRedirects is the limit of the standard.
//
// https://fetch.spec.whatwg.org/#http-redirect-fetch
const maxRedirects = 20

// Fetch does what a browser does when a script of the page calls fetch. The
// response has only the headers that the script may read; an opaque response has
// no headers, no body, and the status 0. The caller must close the body.
//
// The error is a [*BlockedError] if CORS is the reason. Otherwise it is the
// error of the transport, or it says why no browser sends the request.
//
// Fetch sets Origin. Like a browser, it drops the headers that scripts cannot set,
// such as Cookie; [Page.Warnings] names them. The URL of req may be relative, see
// Page.Server.
func (p *Page) Fetch(req *http.Request) (*http.Response, error) {
	f, err := p.newFetch(req)
	if err != nil {
		return nil, err
	}
	for _, name := range p.forbidden(req.Header) {
		p.warn(f.first.String(), WarnForbiddenHeader+": "+name)
	}
	for range maxRedirects + 1 {
		res, to, err := f.hop()
		if err != nil {
			return nil, err
		}
		if to == nil {
			return f.filtered(res), nil
		}
		res.Body.Close()
		if err := f.follow(res.StatusCode, to); err != nil {
			return nil, err
		}
		if err := f.checkNetwork(); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("corstest: more than 20 redirects")
}

// discard reads the rest of a short body, so the connection can be reused, and
// closes it.
func discard(res *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	res.Body.Close()
}

// checkServer returns an error if nothing says where the request to u goes.
func (p *Page) checkServer(u *url.URL) error {
	switch {
	case u == nil || u.IsAbs():
		return nil
	case p.Server == "" && p.Transport == nil:
		return errors.New("corstest: the page has neither a Transport nor a Server: set Transport to corstest.Handler(router), " +
			"or Server to the URL of a server that listens")
	case p.Server == "" || strings.Contains(p.Server, "://"):
		return nil
	}
	return fmt.Errorf("corstest: Page.Server %q is not a URL of a server: did you mean %q?", p.Server, "http://"+p.Server)
}

// checkNetwork returns an error if a redirect leads from a test server to the
// network.
func (f *fetching) checkNetwork() error {
	if f.page.Transport != nil || !origin.IsLoopback(f.first.hostname()) || origin.IsLoopback(f.at.hostname()) {
		return nil
	}
	return fmt.Errorf("corstest: a redirect leads from the test server to %s: set Page.Transport to http.DefaultTransport to send the "+
		"request to the network, or to corstest.Hosts", f.at.origin())
}

// forbidden returns the names of the headers in h that scripts cannot set, sorted.
func (p *Page) forbidden(h http.Header) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(h)), func(name string) bool {
		return !isForbidden(strings.ToLower(name), strings.Join(h[name], ", "), p.Browser)
	})
}
