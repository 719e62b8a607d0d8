package corstest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/polycors/polycors/core/internal/fetch"
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

// Browser chooses what browsers do differently.
type Browser int

const (
	Chromium Browser = iota // caps Access-Control-Max-Age at 2 hours
	Firefox                 // at 24 hours
	Safari                  // at 10 minutes
)

// A Page is a document in a browser, whose scripts fetch. Only Origin is
// needed. The fields may be changed between calls of Fetch; the methods may be
// called concurrently. A Page must not be copied after first use.
type Page struct {
	// Origin is where the page was loaded from, such as "https://myapp.com"; or
	// "null", for a page in a sandboxed frame or from a file.
	Origin string

	Credentials Credentials // with which requests cookies go
	Mode        Mode        // how other origins are treated

	// Server is what relative URLs of requests are resolved against: the URL of
	// the API. It is https://api.example by default.
	Server string

	// Transport carries the requests; nil means http.DefaultTransport. It must
	// not follow redirects, and sees no cookies but those of Jar.
	Transport http.RoundTripper

	// Jar holds cookies; nil means none. Set-Cookie is honoured as in browsers:
	// also on responses that scripts must not read, but not on preflights.
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
// The error is a [*BlockedError] if CORS is the reason, and otherwise the
// transport's, or says why no browser would send the request.
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
		location := res.Header.Get("Location")
		if !isRedirect(res.StatusCode) || location == "" {
			return f.filtered(res), nil
		}
		_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16))
		res.Body.Close()
		if err := f.follow(res.StatusCode, location); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("corstest: more than 20 redirects")
}

func isRedirect(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// fetching is a request on its way, redirects included.
type fetching struct {
	page    *Page
	req     *http.Request // as the script made it, less what it may not set
	body    []byte
	first   *url.URL // where the script sent it
	cors    bool     // the response is, or was on an earlier hop, from another origin
	tainted bool     // a redirect led from one foreign origin to another: Origin is null
}

func (p *Page) newFetch(req *http.Request) (*fetching, error) {
	server := p.Server
	if server == "" {
		server = "https://api.example"
	}
	base, err := url.Parse(server)
	if err != nil {
		return nil, fmt.Errorf("corstest: Page.Server: %w", err)
	}
	target := base.ResolveReference(req.URL)
	if target.Scheme != "http" && target.Scheme != "https" || target.Host == "" {
		return nil, fmt.Errorf("corstest: cannot fetch %q: neither http nor https", target)
	}
	if p.Origin == "" {
		return nil, errors.New("corstest: the page has no Origin")
	}
	method := fetch.NormalizeMethod(req.Method)
	if method == "" {
		method = http.MethodGet
	}
	if fetch.IsForbiddenMethod(method) || !fetch.IsToken(method) {
		return nil, fmt.Errorf("corstest: TypeError: %q is not a method that fetch sends", method)
	}
	f := &fetching{page: p, first: target}
	if req.Body != nil {
		f.body, err = io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("corstest: reading the request's body: %w", err)
		}
	}
	f.req = req.Clone(req.Context())
	f.req.Method, f.req.URL, f.req.Host = method, target, ""
	f.req.Header = scriptHeaders(req.Header, p.Mode)
	if p.Mode == NoCORS && !fetch.IsSafelistedMethod(method) {
		return nil, fmt.Errorf("corstest: TypeError: %q is not a method of mode no-cors", method)
	}
	return f, nil
}

// sameOrigin reports whether the current URL is of the page's origin, and
// always was.
func (f *fetching) sameOrigin() bool { return !f.cors && originOf(f.req.URL) == f.page.Origin }

// origin is the value of the Origin header.
func (f *fetching) origin() string {
	if f.tainted {
		return "null"
	}
	return f.page.Origin
}

// withCredentials reports whether cookies go with the current hop.
func (f *fetching) withCredentials() bool {
	return f.page.Credentials == Include || f.page.Credentials == SameOrigin && f.sameOrigin()
}

// hop sends the request to where it currently goes, and returns the response
// if CORS lets it through.
//
// https://fetch.spec.whatwg.org/#main-fetch
func (f *fetching) hop() (*http.Response, error) {
	if f.page.Mode != CORS || f.sameOrigin() {
		if f.page.Mode == SameOriginOnly && !f.sameOrigin() {
			return nil, fmt.Errorf("corstest: Fetch API cannot load %s. Request mode is \"same-origin\" but the URL's origin "+
				"is not same as the request origin %s", f.req.URL, f.page.Origin)
		}
		return f.send()
	}
	f.cors = true
	unsafe := unsafeHeaders(f.req.Header, f.page.Browser)
	if f.page.ForcePreflight || !fetch.IsSafelistedMethod(f.req.Method) || len(unsafe) > 0 {
		if err := f.preflight(unsafe); err != nil {
			return nil, err
		}
	}
	res, err := f.send()
	if err != nil {
		return nil, err
	}
	if reason, value := checkOrigin(res.Header, f.origin(), f.page.Credentials == Include); reason != "" {
		res.Body.Close()
		return nil, f.blocked(StageResponse, reason, value, res)
	}
	return res, nil
}

// send sends the actual request.
func (f *fetching) send() (*http.Response, error) {
	req := f.req.Clone(f.req.Context())
	req.Body, req.ContentLength = http.NoBody, int64(len(f.body))
	if len(f.body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(f.body))
	}
	// A page tells its origin to others, and to its own if it changes something.
	if f.cors || req.Method != http.MethodGet && req.Method != http.MethodHead {
		req.Header.Set("Origin", f.origin())
	}
	mode := [...]string{CORS: "cors", SameOriginOnly: "same-origin", NoCORS: "no-cors"}[f.page.Mode]
	setFetchMetadata(req, f.page.Origin, mode)
	jar := f.page.Jar
	if jar == nil || !f.withCredentials() {
		return f.page.roundTrip(req, false)
	}
	for _, cookie := range jar.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
	res, err := f.page.roundTrip(req, false)
	if err == nil {
		jar.SetCookies(req.URL, res.Cookies())
	}
	return res, err
}

// follow turns the request towards a redirect's target.
//
// https://fetch.spec.whatwg.org/#http-redirect-fetch
func (f *fetching) follow(status int, location string) error {
	from := f.req.URL
	to, err := from.Parse(location)
	if err != nil || to.Scheme != "http" && to.Scheme != "https" {
		return fmt.Errorf("corstest: redirect to %q, which is no http or https URL", location)
	}
	crossing := originOf(from) != originOf(to)
	if to.User != nil && f.page.Mode == CORS && (f.cors || crossing) {
		return f.blocked(StageResponse, ReasonRedirectContainsCredentials, "", nil)
	}
	f.req.URL = to
	method := f.req.Method
	if (status == 301 || status == 302) && method == http.MethodPost ||
		status == 303 && method != http.MethodGet && method != http.MethodHead {
		f.req.Method, f.body = http.MethodGet, nil
		for _, name := range []string{"Content-Encoding", "Content-Language", "Content-Location", "Content-Type"} {
			f.req.Header.Del(name)
		}
	}
	if crossing {
		f.req.Header.Del("Authorization")
		if originOf(from) != f.page.Origin {
			f.tainted = true
		}
	}
	return nil
}

// filtered hides from a response what the script must not see.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response
func (f *fetching) filtered(res *http.Response) *http.Response {
	header := res.Header
	switch {
	case f.page.Mode == NoCORS && !f.sameOrigin():
		res.Body.Close()
		return &http.Response{Proto: res.Proto, ProtoMajor: res.ProtoMajor, ProtoMinor: res.ProtoMinor,
			Header: http.Header{}, Body: http.NoBody, Request: f.req}
	case f.cors:
		header = readable(header, f.page.Credentials == Include)
	}
	res.Header = header.Clone()
	res.Header.Del("Set-Cookie")
	res.Header.Del("Set-Cookie2")
	return res
}

// originOf is the origin of a URL, serialised.
//
// https://url.spec.whatwg.org/#concept-url-origin
func originOf(u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "http":
		host = strings.TrimSuffix(host, ":80")
	case "https":
		host = strings.TrimSuffix(host, ":443")
	}
	return u.Scheme + "://" + host
}
