package corstest

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
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

// A Page is a document in a browser, whose scripts call fetch. Only Origin is
// required. The fields may be changed between calls of Fetch, but not during a
// call. The methods may be called concurrently. A Page must not be copied after
// first use.
type Page struct {
	// Origin is where the page was loaded from, such as "https://myapp.com". It
	// is "null" for a page in a sandboxed frame or from a file.
	Origin string

	// Server is the URL that relative URLs of requests are resolved against.
	// The empty string means https://api.example.
	Server string

	// Transport sends the requests: [Handler] of a router, a [RoundTripperFunc],
	// or nil for http.DefaultTransport. It must not follow redirects.
	Transport http.RoundTripper

	Credentials Credentials // which requests carry cookies
	Mode        Mode        // what happens to requests to other origins

	// Jar holds the cookies; nil means none. As in a browser, Set-Cookie works
	// on responses that scripts may not read, but not on preflight responses,
	// and a cookie of another site needs SameSite=None and Secure. A cookie in
	// the jar goes with each request that carries cookies, whatever its SameSite.
	Jar http.CookieJar

	// The other fields are for tests of particular cases.

	Browser        Browser          // the browser to imitate
	ForcePreflight bool             // send a preflight before each cross-origin request, as for an upload listener of XMLHttpRequest
	Now            func() time.Time // the clock of the preflight cache; nil means time.Now

	mu        sync.Mutex
	cache     map[cacheKey]cacheEntry
	exchanges []Exchange
	warnings  []Warning
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
// Fetch sets Origin, and it drops the headers that scripts cannot set. The URL of
// req may be relative, see Page.Server.
func (p *Page) Fetch(req *http.Request) (*http.Response, error) {
	f, err := p.newFetch(req)
	if err != nil {
		return nil, err
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
	}
	return nil, errors.New("corstest: more than 20 redirects")
}

// discard reads the rest of a short body, so the connection can be reused, and
// closes it.
func discard(res *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	res.Body.Close()
}
