package corstest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
)

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

// locate returns the target of the redirect in res, or nil if res is not a
// redirect. It fails if the target is not a URL.
//
// https://fetch.spec.whatwg.org/#concept-response-location-url
func (f *fetching) locate(res *http.Response) (*location, error) {
	if !isRedirect(res) {
		return nil, nil
	}
	text := res.Header.Get("Location")
	to, ok := parseURL(text, f.at)
	if !ok {
		return nil, fmt.Errorf("corstest: redirect to %q, which is not a URL", clean(text))
	}
	if to.fragment == "" {
		to.fragment = f.at.fragment
	}
	return to, nil
}

// isUnsafeTarget reports whether Chromium's network stack refuses redirects to a
// scheme. Such redirects fail without a CORS error.
func isUnsafeTarget(scheme string) bool {
	return slices.Contains([]string{"about", "blob", "chrome", "chrome-extension", "data", "file", "filesystem",
		"isolated-app", "view-source"}, scheme)
}

// follow changes the request as a redirect with a status says.
//
// https://fetch.spec.whatwg.org/#http-redirect-fetch
func (f *fetching) follow(status int, to *location) error {
	from := f.at
	crossing := from.origin() != to.origin()
	follows := f.page.Mode == CORS && (f.foreign || crossing) // the CORS protocol
	switch {
	case to.userinfo != "" && follows:
		return f.blocked(StageResponse, IssueRedirectContainsCredentials, "", nil)
	case to.userinfo != "":
		return errors.New("corstest: redirect to a URL with a user name or password, which Chromium does not follow")
	case to.isHTTP():
	case isUnsafeTarget(to.scheme) || !follows:
		return fmt.Errorf("corstest: redirect to %q, which is not an http or https URL", clean(to.String()))
	default:
		f.at = to
		return f.blocked(StageResponse, IssueDisabledScheme, "", nil)
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
		// In mode no-cors, Chromium's network stack replaces the origin.
		if from.origin() != f.page.Origin || f.page.Mode == NoCORS && f.page.Browser == Chromium {
			f.tainted = true
		}
	}
	f.turn(to)
	return nil
}
