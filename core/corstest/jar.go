package corstest

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"sync"

	"golang.org/x/net/publicsuffix"

	"github.com/polycors/polycors/core/internal/origin"
)

// A Jar contains the cookies of a browser. Unlike a [cookiejar.Jar], it observes
// SameSite: a [Page] sends a cookie to another site only if the cookie was set
// with SameSite=None and Secure. A cookie without SameSite is Lax. Strict and
// Lax are the same here, because scripts do not navigate. Two hosts are one site
// if they have the same scheme and the same registrable domain.
//
// As in Chromium, a Secure cookie works on loopback over http, too.
//
// The zero value is an empty jar. The methods may be called concurrently.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis
type Jar struct {
	once sync.Once
	all  *cookiejar.Jar
	none *cookiejar.Jar // the cookies of all with SameSite=None
}

func (j *Jar) init() {
	j.once.Do(func() {
		options := &cookiejar.Options{PublicSuffixList: publicsuffix.List}
		j.all, _ = cookiejar.New(options) // the error is always nil
		j.none, _ = cookiejar.New(options)
	})
}

// SetCookies stores the cookies of a response from u. Like browsers, it ignores a
// cookie with SameSite=None that is not Secure, and a Secure cookie of a server
// that is neither on https nor on loopback.
func (j *Jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.init()
	u = trusted(u)
	kept := slices.DeleteFunc(slices.Clone(cookies), func(c *http.Cookie) bool {
		return c.Secure && u.Scheme != "https" || !c.Secure && c.SameSite == http.SameSiteNoneMode
	})
	j.all.SetCookies(u, kept)
	for _, c := range kept {
		if c.SameSite != http.SameSiteNoneMode {
			replaced := *c
			replaced.MaxAge = -1 // deletes an older cookie of the same name
			c = &replaced
		}
		j.none.SetCookies(u, []*http.Cookie{c})
	}
}

// Cookies returns the cookies that a page of the same site sends to u.
func (j *Jar) Cookies(u *url.URL) []*http.Cookie {
	j.init()
	return j.all.Cookies(trusted(u))
}

// crossSite returns the cookies that a page of another site sends to u.
func (j *Jar) crossSite(u *url.URL) []*http.Cookie {
	j.init()
	return j.none.Cookies(trusted(u))
}

// trusted returns a URL for which a [cookiejar.Jar] keeps and returns Secure cookies
// if a browser does so for u.
func trusted(u *url.URL) *url.URL {
	if u.Scheme != "http" || !origin.IsLoopback(u.Hostname()) {
		return u
	}
	secure := *u
	secure.Scheme = "https"
	return &secure
}

// cookies returns the cookies that the current hop sends. A jar that is not a [Jar]
// cannot tell the site for which a cookie is.
//
// Like Chromium, cookies considers only the site of the current URL, and not
// earlier redirects.
func (f *fetching) cookies() []*http.Cookie {
	jar := f.page.jar()
	if own, ok := jar.(*Jar); ok && siteOf(f.page.Origin, f.at) == "cross-site" {
		return own.crossSite(f.cookieURL())
	}
	return jar.Cookies(f.cookieURL())
}

// jar returns the jar of the page, or the one of its browser.
func (p *Page) jar() http.CookieJar {
	if p.Jar != nil {
		return p.Jar
	}
	return &p.shared().jar
}
