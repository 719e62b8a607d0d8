package origin

import (
	"net/url"
	"strings"
)

// OfURL returns the origin of an http or https URL in its serialised form.
//
// https://url.spec.whatwg.org/#concept-url-origin
func OfURL(u *url.URL) string {
	host := strings.ToLower(u.Host)
	if port := defaultPort(u.Scheme); port != "" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	return u.Scheme + "://" + host
}
