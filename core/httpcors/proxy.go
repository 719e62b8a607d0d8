package httpcors

import (
	"net/http"
	"strings"
)

// StripResponse deletes the CORS headers of a response. It fits
// [net/http/httputil.ReverseProxy.ModifyResponse]: the headers of an upstream
// server would stand beside those of the policy, and browsers refuse a response
// with two values of Access-Control-Allow-Origin. It always returns nil.
func StripResponse(res *http.Response) error {
	for name := range res.Header {
		if strings.HasPrefix(http.CanonicalHeaderKey(name), "Access-Control-") {
			delete(res.Header, name)
		}
	}
	return nil
}
