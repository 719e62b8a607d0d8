package model

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A Script is a script of a page that calls fetch.
type Script struct {
	Origin  string // of the page
	Method  string
	Header  map[string]string
	Include bool // send cookies
	Lenient bool // what the standard refuses and Chromium accepts: * for Authorization
}

func (s Script) String() string {
	text := fmt.Sprintf("%s from %s", s.Method, s.Origin)
	if s.Include {
		text += ", with credentials"
	}
	for _, name := range slices.Sorted(maps.Keys(s.Header)) {
		text += fmt.Sprintf(", %s: %s", name, s.Header[name])
	}
	return text
}

// Fetch does what a browser does for a script that fetches a URL of a server. It
// also returns the names of all headers of the response, which are nil if the
// browser does not send the request.
//
// https://fetch.spec.whatwg.org/#http-cors-protocol
func Fetch(transport http.RoundTripper, s Script, server, path string) (out Outcome, sent []string, err error) {
	method := normalize(s.Method)
	if s.Origin != server {
		names := s.unsafeHeaders()
		if !isSafelistedMethod(method) || len(names) > 0 {
			ok, err := s.preflight(transport, server+path, method, names)
			if !ok {
				return out, nil, err
			}
		}
	}
	req, err := http.NewRequest(method, server+path, nil)
	if err != nil {
		return out, nil, err
	}
	for name, value := range s.Header {
		if !isForbidden(name) {
			req.Header.Set(name, value)
		}
	}
	if s.Origin != server || s.sendsOwnOrigin() {
		req.Header.Set("Origin", s.Origin)
	}
	res, err := send(transport, req)
	if err != nil {
		return out, nil, err
	}
	sent = namesOf(res.Header)
	switch {
	case s.Origin == server:
		return Outcome{Reads: true, Exposed: sent}, sent, nil
	case !s.passes(res.Header):
		return out, sent, nil
	}
	out.Reads = true
	exposed, _ := list(res.Header, "Access-Control-Expose-Headers") // nothing more than usual if it is not a list
	for _, name := range sent {
		all := !s.Include && slices.Contains(exposed, "*")
		if all || isSafelistedResponse(name) || slices.ContainsFunc(exposed, func(e string) bool { return strings.EqualFold(e, name) }) {
			out.Exposed = append(out.Exposed, name)
		}
	}
	return out, sent, nil
}

// preflight asks for permission, and reports whether the browser may send the
// request.
//
// https://fetch.spec.whatwg.org/#cors-preflight-fetch
func (s Script) preflight(transport http.RoundTripper, url, method string, names []string) (bool, error) {
	req, err := http.NewRequest("OPTIONS", url, nil)
	if err != nil {
		return false, err
	}
	req.Header.Set("Origin", s.Origin)
	req.Header.Set("Access-Control-Request-Method", method)
	if len(names) > 0 {
		req.Header.Set("Access-Control-Request-Headers", strings.Join(names, ","))
	}
	res, err := send(transport, req)
	if err != nil || !s.passes(res.Header) || res.StatusCode < 200 || res.StatusCode > 299 {
		return false, err
	}
	methods, methodsOK := list(res.Header, "Access-Control-Allow-Methods")
	headers, headersOK := list(res.Header, "Access-Control-Allow-Headers")
	if !methodsOK || !headersOK {
		return false, nil
	}
	anyMethod, anyHeader := !s.Include && slices.Contains(methods, "*"), !s.Include && slices.Contains(headers, "*")
	if !isSafelistedMethod(method) && !anyMethod && !slices.Contains(methods, method) {
		return false, nil
	}
	for _, name := range names {
		listed := slices.ContainsFunc(headers, func(h string) bool { return strings.EqualFold(h, name) })
		if !listed && (!anyHeader || name == "authorization" && !s.Lenient) {
			return false, nil
		}
	}
	return true, nil
}

// passes is the CORS check.
//
// https://fetch.spec.whatwg.org/#concept-cors-check
func (s Script) passes(h http.Header) bool {
	allowed := strings.Join(h["Access-Control-Allow-Origin"], ", ")
	if allowed == "*" && !s.Include {
		return true
	}
	return allowed == s.Origin && (!s.Include || strings.Join(h["Access-Control-Allow-Credentials"], ", ") == "true")
}

// list returns the elements of a header that is a list of tokens. It fails if one of
// them is not a token.
func list(h http.Header, name string) (elements []string, ok bool) {
	for _, e := range strings.Split(strings.Join(h[name], ","), ",") {
		e = strings.Trim(e, " \t")
		if e == "" {
			continue
		}
		if !isToken(e) {
			return nil, false
		}
		elements = append(elements, e)
	}
	return elements, true
}

// send sends a request, and reads and closes the body of the response.
func send(transport http.RoundTripper, req *http.Request) (*http.Response, error) {
	res, err := transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res, err
}

func namesOf(h http.Header) []string {
	names := slices.Sorted(maps.Keys(h))
	return slices.DeleteFunc(names, func(name string) bool { return name == "Set-Cookie" || name == "Set-Cookie2" })
}
