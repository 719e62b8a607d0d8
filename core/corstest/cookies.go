package corstest

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// This file is about the cookies that browsers store and send. A cookie jar does
// not know the page or Chromium's rules, and [http.Response.Cookies] drops
// cookies that browsers store.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis

// storable returns the cookies of a response that browsers store.
func (f *fetching) storable(res *http.Response) []*http.Cookie {
	var cookies []*http.Cookie
	for _, line := range res.Header["Set-Cookie"] {
		c := parseCookie(line)
		if c == nil {
			continue
		}
		if warning := f.rejects(c); warning != "" {
			f.page.warn(f.at.String(), warning)
			continue
		}
		cookies = append(cookies, c)
	}
	return cookies
}

// rejects returns the warning about a cookie that browsers do not store, or the
// empty string.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model
func (f *fetching) rejects(c *http.Cookie) (warning string) {
	name := strings.ToLower(c.Name)
	if name == "" {
		name = strings.ToLower(c.Value) // some servers read it as a name
	}
	domain := strings.ToLower(strings.TrimPrefix(c.Domain, "."))
	host := f.at.hostname()
	suffix, _ := publicsuffix.PublicSuffix(domain)
	switch {
	case siteOf(f.page.Origin, f.at) == "cross-site" && (c.SameSite != http.SameSiteNoneMode || !c.Secure):
		return WarnCookie
	case (c.SameSite == http.SameSiteNoneMode || c.Partitioned) && !c.Secure:
		return WarnCookieInsecure
	case c.Secure && !f.at.isTrustworthy():
		return WarnCookieTLS
	case strings.HasPrefix(name, "__secure-") && !c.Secure:
		return WarnCookiePrefix
	case strings.HasPrefix(name, "__host-") && (!c.Secure || c.Path != "/" || domain != ""):
		return WarnCookiePrefix
	case domain != "" && domain != host && (domain == suffix || !strings.HasSuffix(host, "."+domain)):
		return WarnCookieDomain
	}
	return ""
}

// parseCookie parses a Set-Cookie line. It returns nil if browsers ignore the line.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-the-set-cookie-header-field-2
func parseCookie(line string) *http.Cookie {
	if strings.ContainsFunc(line, func(c rune) bool { return c < ' ' && c != '\t' || c == 0x7f }) {
		return nil
	}
	pair, attributes, _ := strings.Cut(line, ";")
	name, value, ok := strings.Cut(pair, "=")
	if !ok {
		name, value = "", pair
	}
	c := &http.Cookie{Name: strings.Trim(name, " \t"), Value: strings.Trim(value, " \t"), Raw: line}
	if size := len(c.Name) + len(c.Value); size == 0 || size > 4096 {
		return nil
	}
	if n := len(c.Value); n > 1 && c.Value[0] == '"' && c.Value[n-1] == '"' {
		c.Value, c.Quoted = c.Value[1:n-1], true
	}
	for attribute := range strings.SplitSeq(attributes, ";") {
		name, value, _ := strings.Cut(attribute, "=")
		setAttribute(c, strings.ToLower(strings.Trim(name, " \t")), strings.Trim(value, " \t"))
	}
	return c
}

func setAttribute(c *http.Cookie, name, value string) {
	switch name {
	case "secure":
		c.Secure = true
	case "httponly":
		c.HttpOnly = true
	case "partitioned":
		c.Partitioned = true
	case "domain":
		c.Domain = value
	case "path":
		c.Path = value
	case "samesite":
		c.SameSite = map[string]http.SameSite{
			"none": http.SameSiteNoneMode, "lax": http.SameSiteLaxMode, "strict": http.SameSiteStrictMode,
		}[strings.ToLower(value)]
	case "max-age":
		if seconds, err := strconv.Atoi(value); err == nil && value[0] != '+' {
			c.MaxAge = seconds
			if seconds <= 0 {
				c.MaxAge = -1
			}
		}
	case "expires":
		for _, layout := range []string{http.TimeFormat, "Mon, 02-Jan-2006 15:04:05 GMT", time.RFC850, time.ANSIC} {
			if t, err := time.Parse(layout, value); err == nil {
				c.Expires = t.UTC()
			}
		}
	}
}

// setCookies sets the Cookie header. Unlike [http.Request.AddCookie], it keeps
// unusual names and values.
func setCookies(req *http.Request, cookies []*http.Cookie) {
	pairs := make([]string, len(cookies))
	for i, c := range cookies {
		value := c.Value
		if c.Quoted {
			value = `"` + value + `"`
		}
		if pairs[i] = c.Name + "=" + value; c.Name == "" {
			pairs[i] = value
		}
	}
	if len(pairs) > 0 {
		req.Header.Set("Cookie", strings.Join(pairs, "; "))
	}
}

// cookieURL returns the URL with which to look up the cookies of a hop in a jar.
// Chromium sends Secure cookies to loopback, too.
func (f *fetching) cookieURL() *url.URL {
	u := f.at.url()
	if f.at.isTrustworthy() {
		u.Scheme = "https"
	}
	return u
}
