package corstest

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// Credentials says with which requests cookies go, as the option of that name
// of fetch does.
//
// https://fetch.spec.whatwg.org/#concept-request-credentials-mode
type Credentials int

const (
	SameOrigin Credentials = iota // to the page's own origin; the default of fetch
	Omit                          // never
	Include                       // always
)

// Mode is the option of that name of fetch.
//
// https://fetch.spec.whatwg.org/#concept-request-mode
type Mode int

const (
	CORS           Mode = iota // the default of fetch
	SameOriginOnly             // fails for other origins; "same-origin"
	NoCORS                     // gets opaque responses; "no-cors"
)

// Browser chooses what browsers do differently: how long they remember a
// preflight at most; and whether, against the standard, client hints need no
// permission, * permits Authorization, and User-Agent cannot be set, as in
// Chromium alone.
type Browser int

const (
	Chromium Browser = iota // caps Access-Control-Max-Age at 2 hours
	Firefox                 // at 24 hours
	Safari                  // at 10 minutes
)

// A Page is a document in a browser, whose scripts fetch. Only Origin is
// needed. The fields may be changed between calls of Fetch, but not during one;
// the methods may be called concurrently. A Page must not be copied after first
// use.
type Page struct {
	// Origin is where the page was loaded from, such as "https://myapp.com"; or
	// "null", for a page in a sandboxed frame or from a file.
	Origin string

	Credentials Credentials // with which requests cookies go
	Mode        Mode        // how other origins are treated

	// Server is what relative URLs of requests are resolved against: the URL of
	// the API. It is https://api.example by default.
	Server string

	// Transport carries the requests: [Handler] of a router, a
	// [RoundTripperFunc], or nil for http.DefaultTransport and a server that
	// runs. It must not follow redirects, and sees no cookies but those of Jar.
	Transport http.RoundTripper

	// Jar holds cookies; nil means none. Set-Cookie is honoured as in browsers:
	// also on responses that scripts must not read, but not on preflights; what
	// another site sets needs SameSite=None and Secure. Cookies that are in the
	// jar go with every request that has credentials, whatever their SameSite.
	Jar http.CookieJar

	// ForcePreflight makes each cross-origin request send a preflight, as a
	// listener on XMLHttpRequest.upload does.
	ForcePreflight bool

	Browser Browser          // what browsers do differently
	Now     func() time.Time // the clock of the preflight cache; nil means time.Now

	mu        sync.Mutex
	cache     map[cacheKey]cacheEntry
	exchanges []Exchange
	warnings  []Warning
}

// maxRedirects is the standard's limit.
//
// https://fetch.spec.whatwg.org/#http-redirect-fetch
const maxRedirects = 20

// Fetch does what the page's browser does with a script's call of fetch. The
// response has the headers that the script may read, and no others; an opaque
// one has none, no body, and the status 0. The caller has to close its body.
//
// The error is a [*BlockedError] if CORS is the reason. Otherwise it is the
// transport's, or says why no browser would send the request.
//
// The request is a script's: it need not have an Origin, which Fetch sets, and
// whatever scripts cannot set is dropped. Its URL may be a path, see Server.
func (p *Page) Fetch(req *http.Request) (*http.Response, error) {
	f, err := p.newFetch(req)
	if err != nil {
		return nil, err
	}
	for range maxRedirects + 1 {
		res, err := f.hop()
		if err != nil {
			return nil, err
		}
		if !isRedirect(res) {
			return f.filtered(res), nil
		}
		discard(res)
		if err := f.follow(res); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("corstest: more than 20 redirects")
}

// discard reads what little a response may still have to say, so that its
// connection can be used again.
func discard(res *http.Response) {
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
	res.Body.Close()
}
