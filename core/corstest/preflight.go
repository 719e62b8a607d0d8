package corstest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/polycors/polycors/core/internal/fetch"
)

// preflight sends a preflight for the current hop, unless the cache permits it.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
func (f *fetching) preflight(unsafe []string) error {
	key := cacheKey{f.origin(), f.at.String()}
	if !f.revalidates() && f.page.cached(key, f.req.Method, unsafe, f.include()) {
		return nil
	}
	req := (&http.Request{Method: http.MethodOptions, URL: f.at.url(), Header: http.Header{}}).WithContext(f.req.Context())
	req.Header.Set("Accept", "*/*")
	req.Header.Set("Origin", f.origin())
	req.Header.Set("Access-Control-Request-Method", f.req.Method)
	if len(unsafe) > 0 {
		req.Header.Set("Access-Control-Request-Headers", strings.Join(unsafe, ","))
	}
	if f.revalidates() {
		req.Header.Set("Cache-Control", "max-age=0")
	}
	f.setFetchMetadata(req, true)

	res, err := f.page.roundTrip(req, key.url, true)
	if err != nil {
		return err
	}
	res.Body.Close() // browsers do not wait for it
	g := grant{include: f.include()}
	if issue, value := f.checkPreflight(res, &g, unsafe); issue != "" {
		return f.blocked(StagePreflight, issue, value, res)
	}
	f.page.remember(key, g, res.Header)
	return nil
}

// checkPreflight checks the response to a preflight, in Chromium's order, and
// stores its permissions in g.
func (f *fetching) checkPreflight(res *http.Response, g *grant, unsafe []string) (issue Issue, value string) {
	if isRedirect(res) {
		return IssuePreflightRedirect, ""
	}
	if issue, value := checkOrigin(res.Header, f.origin(), g.include); issue != "" {
		return issue, value
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return IssuePreflightStatus, ""
	}
	var ok bool
	if g.methods, ok = tokens(res.Header, "Access-Control-Allow-Methods"); !ok {
		return IssueInvalidAllowMethods, ""
	}
	if g.headers, ok = tokens(res.Header, "Access-Control-Allow-Headers"); !ok {
		return IssueInvalidAllowHeaders, ""
	}
	if !g.allowsMethod(f.req.Method) {
		return IssueMethodDisallowed, f.req.Method
	}
	for _, name := range unsafe {
		switch {
		case g.allowsHeader(name):
		case name == "authorization" && g.allowsAnyHeader() && f.page.Browser == Chromium:
			// The standard requires Authorization in the list. Chromium accepts
			// *, with a deprecation warning, but sends a preflight for each
			// request.
			f.page.warn(f.at.String(), WarnAuthorizationWildcard)
		default:
			return IssueHeaderDisallowed, name
		}
	}
	return "", ""
}

// A grant has the permissions of a preflight response.
type grant struct {
	methods, headers []string
	include          bool // * is a name, not a wildcard
}

func (g *grant) allowsMethod(method string) bool {
	return fetch.IsSafelistedMethod(method) || slices.Contains(g.methods, method) ||
		!g.include && slices.Contains(g.methods, "*")
}

func (g *grant) allowsHeader(name string) bool {
	return slices.ContainsFunc(g.headers, func(h string) bool { return strings.EqualFold(h, name) }) ||
		g.allowsAnyHeader() && name != "authorization"
}

func (g *grant) allowsAnyHeader() bool { return !g.include && slices.Contains(g.headers, "*") }

// A cacheKey identifies an entry of the preflight cache. As in Chromium, there is
// one entry for each origin and URL, and a new response replaces it, while the
// standard merges them.
//
// https://fetch.spec.whatwg.org/#cors-preflight-cache
type cacheKey struct{ origin, url string }

type cacheEntry struct {
	grant
	expires time.Time
}

// cached reports whether the cache permits a request. It deletes an entry that
// does not.
func (p *Page) cached(key cacheKey, method string, unsafe []string, include bool) bool {
	now := p.now()
	b := p.shared()
	b.mu.Lock()
	defer b.mu.Unlock()
	e, ok := b.preflights[key]
	if !ok {
		return false
	}
	// A response to a preflight with credentials also permits requests without,
	// but not vice versa.
	ok = now.Before(e.expires) && (e.include || !include) && e.allowsMethod(method)
	for _, name := range unsafe {
		ok = ok && e.allowsHeader(name)
	}
	if !ok {
		delete(b.preflights, key)
	}
	return ok
}

// remember caches the response to a preflight.
func (p *Page) remember(key cacheKey, g grant, h http.Header) {
	age := maxAge(h)
	if limit := p.Browser.MaxAge(); age > limit {
		p.warn(key.url, WarnMaxAge)
		age = limit
	}
	if age <= 0 || key.origin == "null" {
		return
	}
	expires := p.now().Add(age)
	b := p.shared()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.preflights[key] = cacheEntry{g, expires}
}

func (p *Page) now() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

// maxAge returns the value of Access-Control-Max-Age, or five seconds if it is
// missing or not a number.
func maxAge(h http.Header) time.Duration {
	const unset = 5 * time.Second
	values := h.Values("Access-Control-Max-Age")
	if len(values) != 1 {
		return unset
	}
	seconds, err := strconv.ParseInt(strings.Trim(values[0], " \t"), 10, 64)
	if err != nil {
		return unset
	}
	return time.Duration(min(max(seconds, 0), 1<<32)) * time.Second
}
