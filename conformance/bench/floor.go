package bench

import (
	"net/http"
	"strconv"
	"strings"
)

// A floor is CORS written by hand for one setup: the simplest correct check, and
// then the headers that polycors sends, each response with values of its own. It
// does not delete the headers of earlier handlers, and has neither callbacks nor
// reconfiguration.
type floor struct {
	anyOrigin   bool
	credentials bool // with every listed origin here
	echo        bool // of the requested headers
	only        string
	listed      map[string]bool
	suffix      string

	methods, headers, maxAge string
}

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	maxAge           = "Access-Control-Max-Age"
	requestMethod    = "Access-Control-Request-Method"
	requestHeaders   = "Access-Control-Request-Headers"

	preflightVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
)

func newFloor(s *setup) *floor {
	f := &floor{
		anyOrigin:   s.anyOrigin(),
		credentials: s.credentials,
		echo:        s.anyHeader(),
		methods:     strings.Join(s.methods, ", "),
		headers:     strings.Join(s.headers, ", "),
		maxAge:      strconv.Itoa(s.seconds()),
	}
	origins := s.origins()
	switch {
	case f.anyOrigin:
	case s.hasPattern():
		f.suffix = strings.TrimPrefix(origins[0], "https://*")
	case len(origins) == 1:
		f.only = origins[0]
	default:
		f.listed = make(map[string]bool, len(origins))
		for _, o := range origins {
			f.listed[o] = true
		}
	}
	return f
}

func (f *floor) allows(origin string) bool {
	switch {
	case f.only != "":
		return origin == f.only
	case f.listed != nil:
		return len(origin) < 300 && f.listed[origin]
	default:
		return f.isSubdomain(origin)
	}
}

func (f *floor) isSubdomain(origin string) bool {
	const scheme = "https://"
	if len(origin) > 300 || len(origin) <= len(scheme)+len(f.suffix) ||
		!strings.HasPrefix(origin, scheme) || !strings.HasSuffix(origin, f.suffix) {
		return false
	}
	last := byte('.')
	for _, c := range []byte(origin[len(scheme) : len(origin)-len(f.suffix)]) {
		if !isNameByte(c) && (c != '.' || last == '.') {
			return false
		}
		last = c
	}
	return last != '.'
}

func isNameByte(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' }

// mayEcho reports whether a list has only header names in the lower case that
// browsers use, and not authorization, which "*" does not cover.
func mayEcho(headers string) bool {
	if len(headers) > 1024 {
		return false
	}
	for _, c := range []byte(headers) {
		if !isNameByte(c) && c != ',' {
			return false
		}
	}
	return !strings.Contains(headers, "authorization")
}

// serve sets the headers of a response on net/http. It returns the status that
// ends the request, or 0 if the request goes on.
func (f *floor) serve(h http.Header, r *http.Request) int {
	lines := r.Header["Origin"]
	if r.Method == http.MethodOptions && len(lines) == 1 {
		if method := r.Header[requestMethod]; len(method) == 1 {
			return f.preflight(h, lines[0], r)
		}
	}
	if f.anyOrigin {
		h[allowOrigin] = []string{"*"}
		return 0
	}
	if len(lines) != 1 || !f.allows(lines[0]) {
		vary(h, []string{"Origin"})
		return 0
	}
	values := []string{lines[0], "true", "Origin"}
	h[allowOrigin] = values[0:1:1]
	h[allowCredentials] = values[1:2:2]
	vary(h, values[2:3:3])
	return 0
}

func (f *floor) preflight(h http.Header, origin string, r *http.Request) int {
	if !f.allows(origin) {
		vary(h, []string{preflightVary})
		return http.StatusForbidden
	}
	headers := f.headers
	if f.echo {
		headers = ""
		if asked := r.Header[requestHeaders]; len(asked) == 1 && mayEcho(asked[0]) {
			headers = asked[0]
		}
	}
	values := []string{origin, "true", f.methods, f.maxAge, preflightVary, headers}
	h[allowOrigin] = values[0:1:1]
	h[allowCredentials] = values[1:2:2]
	h[allowMethods] = values[2:3:3]
	h[maxAge] = values[3:4:4]
	vary(h, values[4:5:5])
	if headers != "" {
		h[allowHeaders] = values[5:6:6]
	}
	return http.StatusNoContent
}

func vary(h http.Header, line []string) {
	if before := h["Vary"]; before != nil {
		line = append(before, line...)
	}
	h["Vary"] = line
}
