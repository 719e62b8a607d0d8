package corstest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/origin"
)

// A fetching is one call of Fetch, across redirects.
type fetching struct {
	page *Page
	req  *http.Request // the script's, without the headers that it cannot set
	body []byte

	first   *url.URL // before redirects
	foreign bool     // the URL of this hop or of an earlier one has another origin than the page
	tainted bool     // a redirect led from one foreign origin to another: Origin is null
	site    string   // Sec-Fetch-Site: the farthest site of all hops
	asked   bool     // a preflight has permitted the current hop
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
func (f *fetching) turn(to *url.URL) {
	f.req.URL = to
	f.foreign = f.foreign || originOf(to) != f.page.Origin
	f.site = farther(f.site, siteOf(f.page.Origin, to))
	f.asked = false
}

// checkOwnOrigin returns an error if Page.Origin is not valid.
func (p *Page) checkOwnOrigin() error {
	if p.Origin == "" {
		return errors.New(`corstest: Page.Origin is empty: set it to where the page was loaded from, such as "https://myapp.com"`)
	}
	if _, ok := origin.Parse(p.Origin); ok || p.Origin == "null" {
		return nil
	}
	suggestion := `write one such as "https://myapp.com"`
	if _, mistake := origin.ParsePattern(p.Origin); mistake != nil && len(mistake.Entries) > 0 {
		suggestion = fmt.Sprintf("did you mean %q?", mistake.Entries[0])
	}
	return fmt.Errorf("corstest: Page.Origin %q is not an origin as browsers send it: %s", p.Origin, suggestion)
}

// resolve returns the absolute form of u. It fails if no browser fetches it.
func (p *Page) resolve(u *url.URL) (*url.URL, error) {
	server := p.Server
	if server == "" {
		server = "https://api.example"
	}
	base, err := url.Parse(server)
	if err != nil {
		return nil, fmt.Errorf("corstest: Page.Server: %w", err)
	}
	if u == nil {
		return nil, errors.New("corstest: the request has no URL")
	}
	target := base.ResolveReference(u)
	serialize(target)
	switch {
	case !isHTTP(target):
		return nil, fmt.Errorf("corstest: cannot fetch %q: not an http or https URL", target.Redacted())
	case target.User != nil:
		return nil, fmt.Errorf("corstest: TypeError: cannot fetch %q: the URL has a user name or password", target.Redacted())
	}
	return target, nil
}

func isHTTP(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
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

// hop sends the request to its current URL. It returns the response if CORS allows
// the page to have it.
//
// https://fetch.spec.whatwg.org/#main-fetch
func (f *fetching) hop() (*http.Response, error) {
	if f.foreign && f.page.Mode == SameOriginOnly {
		return nil, fmt.Errorf("corstest: Fetch API cannot load %s. Request mode is \"same-origin\" but the URL's origin "+
			"is not same as the request origin %s", f.req.URL, f.page.Origin)
	}
	if !f.cors() {
		return f.send()
	}
	unsafe := unsafeHeaders(f.req.Header, f.page.Browser)
	if f.page.ForcePreflight || !fetch.IsSafelistedMethod(f.req.Method) || len(unsafe) > 0 {
		if err := f.preflight(unsafe); err != nil {
			return nil, err
		}
		f.asked = true
	}
	res, err := f.send()
	if err != nil {
		return nil, err
	}
	if err := f.judge(res); err != nil {
		res.Body.Close()
		return nil, err
	}
	return res, nil
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
	f.setFetchMetadata(req)
	if !f.withCredentials() {
		return f.page.roundTrip(req, false)
	}
	for _, cookie := range f.page.cookiesFor(req.URL) {
		req.AddCookie(cookie)
	}
	res, err := f.page.roundTrip(req, false)
	if err == nil {
		f.page.jar().SetCookies(req.URL, f.storable(res))
	}
	return res, err
}

// storable returns the cookies of a response without those that browsers reject
// because of their site.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model
func (f *fetching) storable(res *http.Response) []*http.Cookie {
	if siteOf(f.page.Origin, f.req.URL) != "cross-site" {
		return res.Cookies()
	}
	return slices.DeleteFunc(res.Cookies(), func(c *http.Cookie) bool {
		rejected := c.SameSite != http.SameSiteNoneMode || !c.Secure
		if rejected {
			f.page.warn(f.req.URL.String(), WarnCookie)
		}
		return rejected
	})
}

// isRedirect reports whether a browser follows a redirect in the response.
//
// https://fetch.spec.whatwg.org/#redirect-status
func isRedirect(res *http.Response) bool {
	switch res.StatusCode {
	case 301, 302, 303, 307, 308:
		return res.Header.Get("Location") != ""
	}
	return false
}

// follow changes the request as the redirect in res says.
//
// https://fetch.spec.whatwg.org/#http-redirect-fetch
func (f *fetching) follow(res *http.Response) error {
	from, status, locations := f.req.URL, res.StatusCode, res.Header.Values("Location")
	if slices.ContainsFunc(locations, func(l string) bool { return l != locations[0] }) {
		return fmt.Errorf("corstest: the redirect of %q has several Location headers", clean(from.String()))
	}
	to, err := from.Parse(locations[0])
	if err == nil && !isHTTP(to) && to.Scheme != from.Scheme && to.Scheme != "data" && f.page.Mode == CORS {
		f.req.URL = to
		return f.blocked(StageResponse, IssueDisabledScheme, "", nil)
	}
	if err != nil || !isHTTP(to) {
		return fmt.Errorf("corstest: redirect to %q, which is not an http or https URL", clean(locations[0]))
	}
	if to.Fragment == "" {
		to.Fragment = from.Fragment
	}
	serialize(to)
	crossing := originOf(from) != originOf(to)
	if to.User != nil && f.page.Mode == CORS && (f.foreign || crossing) {
		return f.blocked(StageResponse, IssueRedirectContainsCredentials, "", nil)
	}
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
	f.turn(to)
	return nil
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

// serialize changes the host of a URL to the form that browsers send: in lower
// case, and without the default port of the scheme.
//
// https://url.spec.whatwg.org/#concept-url-serializer
func serialize(u *url.URL) {
	u.Host = strings.ToLower(u.Host)
	switch u.Scheme {
	case "http":
		u.Host = strings.TrimSuffix(u.Host, ":80")
	case "https":
		u.Host = strings.TrimSuffix(u.Host, ":443")
	}
}

// originOf returns the origin of a serialized URL.
//
// https://url.spec.whatwg.org/#concept-url-origin
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }
