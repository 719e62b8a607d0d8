package httpcors

import (
	"net/http"
	"strings"
)

// StripResponse deletes the CORS headers of a response. Use it as
// [net/http/httputil.ReverseProxy.ModifyResponse]. Otherwise the response has the
// headers of both the upstream server and the policy, and browsers refuse two
// values of Access-Control-Allow-Origin. StripResponse always returns nil.
func StripResponse(res *http.Response) error {
	for name := range res.Header {
		if strings.HasPrefix(http.CanonicalHeaderKey(name), "Access-Control-") {
			delete(res.Header, name)
		}
	}
	return nil
}
