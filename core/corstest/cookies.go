package corstest

import (
	"net/http"
	"slices"
)

// storable returns the cookies of a response without those that browsers reject
// because of their site. This is the only place that looks at SameSite: a cookie
// jar does not return it.
//
// https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model
func (f *fetching) storable(res *http.Response) []*http.Cookie {
	if f.site != "cross-site" {
		return res.Cookies()
	}
	return slices.DeleteFunc(res.Cookies(), func(c *http.Cookie) bool {
		rejected := c.SameSite != http.SameSiteNoneMode || !c.Secure
		if rejected {
			f.page.warn(f.at.String(), WarnCookie)
		}
		return rejected
	})
}
