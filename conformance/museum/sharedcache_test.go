package museum

import (
	"bytes"
	"io"
	"net/http"
	"strings"
)

// A sharedCache is a cache between browsers and a server, as a CDN is. It keeps
// every response to a GET, and sends it to whom Vary allows.
//
// https://www.rfc-editor.org/rfc/rfc9111#section-4.1
type sharedCache struct {
	next   http.RoundTripper
	stored []stored
}

type stored struct {
	request  *http.Request
	response *http.Response
	body     []byte
}

func (c *sharedCache) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		return c.next.RoundTrip(r)
	}
	for _, s := range c.stored {
		if s.serves(r) {
			return s.copy(r), nil
		}
	}
	res, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.Body.Close()
	s := stored{r.Clone(r.Context()), res, body}
	c.stored = append(c.stored, s)
	return s.copy(r), nil
}

// serves reports whether a stored response may be the response to r.
func (s stored) serves(r *http.Request) bool {
	if s.request.URL.String() != r.URL.String() {
		return false
	}
	for _, line := range s.response.Header.Values("Vary") {
		for name := range strings.SplitSeq(line, ",") {
			name = strings.TrimSpace(name)
			if name == "*" || strings.Join(s.request.Header.Values(name), ",") != strings.Join(r.Header.Values(name), ",") {
				return false
			}
		}
	}
	return true
}

func (s stored) copy(r *http.Request) *http.Response {
	res := *s.response
	res.Header = s.response.Header.Clone()
	res.Request = r
	res.Body = io.NopCloser(bytes.NewReader(s.body))
	return &res
}

// A reader is somebody behind a cache: a page, or a program if it has no origin.
// Header lines go with its request.
type reader struct {
	origin  string
	headers []string
}

// poisons is the harm that the last of some readers gets, from a cache, another
// verdict than without one.
func poisons(readers ...reader) harm {
	return func(v *visit) string {
		last := readers[len(readers)-1]
		_, alone := last.read(v, v.transport)
		cache := &sharedCache{next: v.transport}
		var err error
		for _, r := range readers {
			_, err = r.read(v, cache)
		}
		switch {
		case alone == nil && err != nil:
			return "from the cache: " + err.Error()
		case alone != nil && err == nil:
			return last.origin + " may read what is in the cache"
		}
		return ""
	}
}

func (r reader) read(v *visit, transport http.RoundTripper) (*http.Response, error) {
	if r.origin == "" {
		req, err := http.NewRequest("GET", "https://api.example/items", nil)
		if err != nil {
			return nil, err
		}
		addTo(req.Header, r.headers)
		res, err := transport.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		return res, drain(res)
	}
	p := v.page(r.origin)
	p.Transport = withHeaders{transport, r.headers}
	return fetch(p, "GET /items")
}

// withHeaders adds headers that a gateway adds.
type withHeaders struct {
	next  http.RoundTripper
	lines []string
}

func (t withHeaders) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	addTo(r.Header, t.lines)
	return t.next.RoundTrip(r)
}
