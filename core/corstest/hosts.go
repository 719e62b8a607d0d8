package corstest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// Hosts returns a transport for several servers. Each handler is served as by
// [Handler]. A key is a host as in a URL, with a port if it is not the default
// port of the scheme:
//
//	corstest.Hosts(map[string]http.Handler{"api.myapp.com": api, "login.myapp.com": login, "localhost:3000": front})
//
// Pages follow redirects between the hosts. A request to another host fails.
func Hosts(hosts map[string]http.Handler) http.RoundTripper {
	transports := make(map[string]http.RoundTripper, len(hosts))
	for host, h := range hosts {
		transports[strings.ToLower(host)] = Handler(h)
	}
	known := strings.Join(slices.Sorted(maps.Keys(transports)), ", ")
	return RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		transport := transports[strings.ToLower(req.URL.Host)]
		if transport == nil {
			return nil, fmt.Errorf("corstest: Hosts has no handler for %q: it has %s", req.URL.Host, known)
		}
		return transport.RoundTrip(req)
	})
}
