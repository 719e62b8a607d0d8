package corstest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
)

// A fetching is one call of Fetch, across redirects.
type fetching struct {
	page *Page
	req  *http.Request // the script's, without the headers that it cannot set
	body []byte

	first   *location // before redirects
	at      *location // of the current hop
	foreign bool      // the URL of this hop or of an earlier one has another origin than the page
	tainted bool      // a redirect led from one foreign origin to another: Origin is null
	site    string    // Sec-Fetch-Site: the farthest site of all hops
	asked   bool      // a preflight has permitted the current hop
}

// newFetch returns the fetching for a script's request. It fails if no browser
// sends the request.
func (p *Page) newFetch(req *http.Request) (*fetching, error) {
	if err := p.checkOwnOrigin(); err != nil {
		return nil, err
	}
	if err := p.checkServer(req.URL); err != nil {
		return nil, err
	}
	target, err := p.resolve(req.URL)
	if err != nil {
		return nil, err
	}
	method := fetch.NormalizeMethod(req.Method)
	if method == "" {
		method = http.MethodGet
	}
	if fetch.IsForbiddenMethod(method) || !fetch.IsToken(method) {
		return nil, fmt.Errorf("corstest: TypeError: %q is not a method that fetch sends", method)
	}
	if p.Mode == NoCORS && !fetch.IsSafelistedMethod(method) {
		return nil, fmt.Errorf("corstest: TypeError: %q is not a method of mode no-cors", method)
	}
	f := &fetching{page: p, first: target}
	if req.Body != nil {
		f.body, err = io.ReadAll(req.Body)
		req.Body.Close()
		if err != nil {
			return nil, fmt.Errorf("corstest: reading the request's body: %w", err)
		}
	}
	if len(f.body) > 0 && (method == http.MethodGet || method == http.MethodHead) {
		return nil, fmt.Errorf("corstest: TypeError: a request with the method %s cannot have a body", method)
	}
	f.req = req.Clone(req.Context())
	f.req.Method, f.req.Host, f.req.GetBody = method, "", nil
	f.req.Header, err = scriptHeaders(req.Header, p)
	f.turn(target)
	return f, err
}

// turn sets the URL of the next hop.
func (f *fetching) turn(to *location) {
	f.at, f.req.URL = to, to.url()
	f.foreign = f.foreign || to.origin() != f.page.Origin
	f.site = farther(f.site, siteOf(f.page.Origin, to))
	f.asked = false
}

// checkOwnOrigin returns an error if Page.Origin is not valid.
func (p *Page) checkOwnOrigin() error {
	if p.Origin == "" {
		return errors.New(`corstest: Page.Origin is empty: set it to where the page was loaded from, such as "https://myapp.com"`)
	}
	if _, ok := origin.Parse(p.Origin); ok || p.Origin == "null" || p.Origin == "file://" {
		return nil
	}
	suggestion := `write one such as "https://myapp.com"`
	if _, mistake := origin.ParsePattern(p.Origin); mistake != nil && len(mistake.Entries) > 0 {
		suggestion = fmt.Sprintf("did you mean %q?", mistake.Entries[0])
	}
	return fmt.Errorf("corstest: Page.Origin %q is not an origin as browsers send it: %s", p.Origin, suggestion)
}

// resolve returns the absolute form of u. It fails if no browser fetches it.
func (p *Page) resolve(u *url.URL) (*location, error) {
	server := p.Server
	if server == "" {
		server = "https://api.example"
	}
	if _, err := url.Parse(server); err != nil {
		return nil, fmt.Errorf("corstest: Page.Server: %w", err)
	}
	base, ok := parseURL(server, nil)
	if !ok || !base.isHTTP() {
		return nil, fmt.Errorf("corstest: Page.Server %q is not an http or https URL", server)
	}
	if u == nil {
		return nil, errors.New("corstest: the request has no URL")
	}
	target, ok := parseURL(spelling(u), base)
	switch {
	case !ok || !target.isHTTP():
		return nil, fmt.Errorf("corstest: cannot fetch %q: not an http or https URL", u.Redacted())
	case target.userinfo != "":
		return nil, fmt.Errorf("corstest: TypeError: cannot fetch %q: the URL has a user name or password", u.Redacted())
	}
	return target, nil
}

// revalidates reports whether a script sends a conditional request. Chromium
// then bypasses the preflight cache, and sends Cache-Control so that caches on
// the way do the same.
func (f *fetching) revalidates() bool {
	for _, name := range []string{"If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since"} {
		if f.req.Header[name] != nil {
			return true
		}
	}
	return false
}

// cors reports whether the current hop follows the CORS protocol.
func (f *fetching) cors() bool { return f.foreign && f.page.Mode == CORS }

// origin returns the value of the Origin header.
func (f *fetching) origin() string {
	if f.tainted {
		return "null"
	}
	return f.page.Origin
}

// include reports whether the credentials mode is "include".
func (f *fetching) include() bool { return f.page.Credentials == Include }

// withCredentials reports whether the current hop carries cookies.
func (f *fetching) withCredentials() bool {
	return f.include() || f.page.Credentials == SameOrigin && !f.foreign
}

// hop sends the request to its current URL. It returns the response if CORS
// allows it, and the target of a redirect.
//
// https://fetch.spec.whatwg.org/#main-fetch
func (f *fetching) hop() (*http.Response, *location, error) {
	if f.foreign && f.page.Mode == SameOriginOnly {
		return nil, nil, fmt.Errorf("corstest: Fetch API cannot load %s. Request mode is \"same-origin\" but the URL's origin "+
			"is not same as the request origin %s", f.at, f.page.Origin)
	}
	if unsafe := unsafeHeaders(f.req.Header, f.page.Browser); f.cors() &&
		(f.page.ForcePreflight || !fetch.IsSafelistedMethod(f.req.Method) || len(unsafe) > 0) {
		if err := f.preflight(unsafe); err != nil {
			return nil, nil, err
		}
		f.asked = true
	}
	res, err := f.send()
	if err != nil {
		return nil, nil, err
	}
	to, err := f.locate(res)
	if err == nil && f.cors() {
		err = f.judge(res)
	}
	if err != nil {
		res.Body.Close()
		return nil, nil, err
	}
	return res, to, nil
}

// judge runs the CORS check on the response to the actual request.
func (f *fetching) judge(res *http.Response) error {
	if issue, value := checkOrigin(res.Header, f.origin(), f.include()); issue != "" {
		return f.blocked(StageResponse, issue, value, res)
	}
	return nil
}

// send sends the actual request.
func (f *fetching) send() (*http.Response, error) {
	req := f.req.Clone(f.req.Context())
	req.Body, req.ContentLength = http.NoBody, int64(len(f.body))
	if len(f.body) > 0 {
		req.Body = io.NopCloser(bytes.NewReader(f.body))
	}
	if req.Header["Accept"] == nil {
		req.Header.Set("Accept", "*/*")
	}
	// Requests to the page's own origin have an Origin header, too, unless their
	// method is GET or HEAD.
	if f.cors() || req.Method != http.MethodGet && req.Method != http.MethodHead {
		req.Header.Set("Origin", f.origin())
	}
	if f.revalidates() && req.Header["Cache-Control"] == nil {
		req.Header.Set("Cache-Control", "max-age=0")
	}
	f.setFetchMetadata(req, false)
	if !f.withCredentials() {
		return f.page.roundTrip(req, f.at.String(), false)
	}
	setCookies(req, f.cookies())
	res, err := f.page.roundTrip(req, f.at.String(), false)
	if err == nil {
		f.page.jar().SetCookies(f.cookieURL(), f.storable(res))
	}
	return res, err
}

// filtered returns the part of a response that the script may read.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response
func (f *fetching) filtered(res *http.Response) *http.Response {
	header := res.Header
	switch {
	case f.foreign && f.page.Mode == NoCORS:
		res.Body.Close()
		return &http.Response{Proto: res.Proto, ProtoMajor: res.ProtoMajor, ProtoMinor: res.ProtoMinor,
			Header: http.Header{}, Body: http.NoBody, Request: f.req}
	case f.foreign:
		header = readable(header, f.include())
	}
	res.Header = header.Clone()
	res.Header.Del("Set-Cookie")
	res.Header.Del("Set-Cookie2")
	return res
}
