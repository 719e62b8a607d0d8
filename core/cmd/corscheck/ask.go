package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/internal/fetch"
)

// An ask is what a script of a page wants to fetch.
type ask struct {
	origin      string
	method      string
	header      http.Header
	credentials bool
}

// parseAsk reads the flags that probe and explain share.
func parseAsk(origin, method string, headers []string, credentials bool) (ask, error) {
	a := ask{origin: origin, method: fetch.NormalizeMethod(method), header: http.Header{}, credentials: credentials}
	if err := checkOrigin(origin); err != nil {
		return a, err
	}
	if !fetch.IsToken(a.method) || fetch.IsForbiddenMethod(a.method) {
		return a, fmt.Errorf("-method %q: no browser sends such a method", value(method))
	}
	for _, h := range headers {
		name, content, _ := strings.Cut(h, ":")
		name, content = strings.TrimSpace(name), strings.TrimSpace(content)
		if !fetch.IsToken(name) || strings.ContainsAny(content, "\r\n\x00") {
			return a, fmt.Errorf("-header %q: write %q", value(h), "Name: value")
		}
		a.header.Add(name, content)
	}
	return a, nil
}

// checkOrigin refuses what no browser sends, with what it sends instead.
func checkOrigin(origin string) error {
	if origin == "null" {
		return nil
	}
	if strings.Contains(origin, "*") {
		return fmt.Errorf("-origin %q: give the origin of one page, such as %q", value(origin), "https://myapp.com")
	}
	_, err := cors.New(cors.Config{AllowOrigins: []string{origin}})
	if err == nil {
		return nil
	}
	reason, _ := strings.CutPrefix(err.Error(), "cors: AllowOrigins[0]: ")
	return fmt.Errorf("-origin: %s", reason)
}

// dropped returns the headers that browsers do not let scripts set.
func (a ask) dropped() []string {
	var names []string
	for name := range a.header {
		if fetch.IsForbiddenRequestHeader(strings.ToLower(name)) {
			names = append(names, name)
		}
	}
	return names
}

// String says what is asked in one line, without values that may be secret.
func (a ask) String() string {
	s := a.method + " from " + a.origin
	if a.credentials {
		s += ", with credentials"
	}
	return s
}

// parseTarget reads the URL to probe.
func parseTarget(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		if full, err := url.Parse("http://" + raw); err == nil && full.Hostname() != "" && !strings.Contains(raw, "://") {
			return nil, fmt.Errorf("%q has no scheme: write %q or %q", value(raw), "http://"+value(raw), "https://"+value(raw))
		}
		return nil, fmt.Errorf("%q is no URL of http or https", value(raw))
	}
	if u.User != nil {
		return nil, fmt.Errorf("browsers fetch no URL with a user name in it: give it as -header 'Authorization: …'")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}
