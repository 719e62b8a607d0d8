package bench

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// A Response is the part of an app's response that CORS is about.
type Response struct {
	Status  int
	Handled bool        // whether the app's handler ran
	Header  http.Header // Vary and Access-Control-*
}

// corsOnly returns the headers that a Response has.
func corsOnly(h http.Header) http.Header {
	kept := http.Header{}
	for name, lines := range h {
		if name == "Vary" || strings.HasPrefix(name, "Access-Control-") {
			kept[name] = slices.Clone(lines)
		}
	}
	return kept
}

// Equal reports whether two responses are the same, line by line.
func (r Response) Equal(other Response) bool {
	return r.Status == other.Status && r.Handled == other.Handled && maps.EqualFunc(r.Header, other.Header, slices.Equal)
}

// Difference says how the response of a peer differs, for a browser or a cache,
// from the response of polycors. It is empty if the two can be compared. These
// do not count as a difference: the form of a refusal; the full list of headers
// in place of the requested ones; further names in Vary; and any Vary of a
// preflight, because caches do not store responses to OPTIONS (RFC 9110, section
// 9.3.7).
func (s *Scenario) Difference(polycors, peer Response) string {
	if polycors.Handled != peer.Handled {
		return fmt.Sprintf("the handler runs: %t", peer.Handled)
	}
	ours, theirs := s.verdict(polycors), s.verdict(peer)
	if ours != theirs && !(strings.HasPrefix(ours, refused) && strings.HasPrefix(theirs, refused)) {
		return "to a browser it is " + theirs
	}
	if s.isPreflight() {
		return ""
	}
	named := names(peer.Header["Vary"])
	for name := range names(polycors.Header["Vary"]) {
		if !named[name] {
			return "Vary lacks " + name
		}
	}
	return ""
}

const refused = "refused"

// verdict says what a browser does with a response, if the script sends
// credentials where the setup allows them.
//
// https://fetch.spec.whatwg.org/#cors-check
func (s *Scenario) verdict(r Response) string {
	origin := s.Request.Header.Get("Origin")
	if origin == "" {
		return "no CORS"
	}
	get := r.Header.Get
	if o := get(allowOrigin); o != origin && (o != "*" || s.setup.credentials) {
		return refused + ", by origin"
	}
	if s.setup.credentials && get(allowCredentials) != "true" {
		return refused + ", by credentials"
	}
	if !s.isPreflight() {
		return fmt.Sprintf("allowed, exposing %q", get("Access-Control-Expose-Headers"))
	}
	allows := func(list, name string) bool {
		set := names(r.Header[list])
		return set[name] || set["*"] && !s.setup.credentials
	}
	if r.Status < 200 || r.Status > 299 {
		return refused + ", by status"
	}
	if !allows(allowMethods, strings.ToLower(s.Request.Header.Get(requestMethod))) {
		return refused + ", by method"
	}
	for name := range names(s.Request.Header[requestHeaders]) {
		if !allows(allowHeaders, name) {
			return refused + ", by header"
		}
	}
	return fmt.Sprintf("allowed, for %q seconds", get(maxAge))
}

// names returns the items of comma-separated lists, in lower case.
func names(lines []string) map[string]bool {
	set := map[string]bool{}
	for _, line := range lines {
		for item := range strings.SplitSeq(line, ",") {
			if item = strings.TrimSpace(item); item != "" {
				set[strings.ToLower(item)] = true
			}
		}
	}
	return set
}
