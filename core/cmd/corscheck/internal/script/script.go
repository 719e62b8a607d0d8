// Package script describes the request of a script on a page, which corscheck
// sends to a server or checks against a policy.
package script

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/show"
)

// A Fetch is a call of fetch, without its URL.
type Fetch struct {
	Origin      string // of the page
	Method      string
	Header      http.Header
	Credentials bool
}

// Parse reads a Fetch from flags. The headers have the form "Name: value".
func Parse(origin, method string, headers []string, credentials bool) (Fetch, error) {
	f := Fetch{Origin: origin, Method: fetch.NormalizeMethod(method), Header: http.Header{}, Credentials: credentials}
	if err := checkOrigin(origin); err != nil {
		return f, err
	}
	if !fetch.IsToken(f.Method) || fetch.IsForbiddenMethod(f.Method) {
		return f, fmt.Errorf("-method %s: browsers do not send this method", show.Quoted(method))
	}
	for _, h := range headers {
		name, content, _ := strings.Cut(h, ":")
		name, content = strings.TrimSpace(name), strings.TrimSpace(content)
		if !fetch.IsToken(name) || strings.ContainsAny(content, "\r\n\x00") {
			return f, fmt.Errorf("-header %s: write %q", show.Quoted(h), "Name: value")
		}
		f.Header.Add(name, content)
	}
	return f, nil
}

// checkOrigin rejects origins that browsers do not send, and suggests the origin
// that they send.
func checkOrigin(origin string) error {
	if strings.Contains(origin, "*") {
		return fmt.Errorf("-origin %s: give the origin of one page, such as %q", show.Quoted(origin), "https://myapp.com")
	}
	_, err := cors.New(cors.Config{AllowOrigins: []string{origin}, Unsafe: cors.Unsafe{NullOrigin: true}})
	if err == nil {
		return nil
	}
	return fmt.Errorf("-origin: %s", strings.TrimPrefix(err.Error(), "cors: AllowOrigins[0]: "))
}

// ParseURL reads the URL to fetch.
func ParseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		if full, err := url.Parse("http://" + raw); err == nil && full.Hostname() != "" && !strings.Contains(raw, "://") {
			return nil, fmt.Errorf("%s has no scheme: write %s or %s", show.Quoted(raw), show.Quoted("http://"+raw), show.Quoted("https://"+raw))
		}
		return nil, fmt.Errorf("%s is not an http or https URL", show.Quoted(raw))
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
			return nil, fmt.Errorf("%s has the port %s, which is not between 1 and 65535", show.Quoted(raw), show.Quoted(port))
		}
	}
	if u.User != nil {
		return nil, errors.New("browsers do not fetch URLs that contain a user name: use -header 'Authorization: …'")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

// Dropped returns the headers that browsers do not let scripts set.
func (f Fetch) Dropped() []string {
	var names []string
	for name := range f.Header {
		if fetch.IsForbiddenRequestHeader(strings.ToLower(name)) {
			names = append(names, name)
		}
	}
	return names
}

// String returns f in one line, without header values, which may be secret.
func (f Fetch) String() string {
	s := f.Method + " from " + f.Origin
	if f.Credentials {
		s += ", with credentials"
	}
	return s
}

// A Summary is a Fetch for machines.
type Summary struct {
	URL         string   `json:"url,omitempty"`
	Origin      string   `json:"origin"`
	Method      string   `json:"method"`
	Headers     []string `json:"headers,omitempty"` // names only: values may be secret
	Credentials bool     `json:"credentials"`
}

// Summary returns what a report says about f.
func (f Fetch) Summary() Summary {
	return Summary{Origin: f.Origin, Method: f.Method, Headers: slices.Sorted(maps.Keys(f.Header)), Credentials: f.Credentials}
}

// FirstRequest returns the request that a browser sends first: the preflight,
// if it sends one.
func (f Fetch) FirstRequest(ctx context.Context) (*http.Request, error) {
	const server = "https://server.invalid" // no page can have this origin
	var first *http.Request
	page := &corstest.Page{Origin: f.Origin, Transport: corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		first = r
		return nil, errors.New("not sent")
	})}
	req, err := http.NewRequestWithContext(ctx, f.Method, server, nil)
	if err != nil {
		return nil, err
	}
	req.Header = f.Header.Clone()
	if _, err := page.Fetch(req); first == nil {
		return nil, err
	}
	return first, nil
}
