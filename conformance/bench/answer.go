package bench

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// An Answer is what a client gets, as far as CORS goes.
type Answer struct {
	Status  int
	Handled bool        // the app's handler ran
	Header  http.Header // Vary and Access-Control-*
}

// corsOnly keeps the headers that an Answer is about.
func corsOnly(h http.Header) http.Header {
	kept := http.Header{}
	for name, lines := range h {
		if name == "Vary" || strings.HasPrefix(name, "Access-Control-") {
			kept[name] = slices.Clone(lines)
		}
	}
	return kept
}

// Equal reports whether two answers are the same, line by line.
func (a Answer) Equal(b Answer) bool {
	return a.Status == b.Status && a.Handled == b.Handled && maps.EqualFunc(a.Header, b.Header, slices.Equal)
}

// Difference says where a peer's answer differs, for a browser or a cache, from
// that of polycors; it is empty if the two can be compared. How a refusal looks
// does not matter, nor does the choice between the full list of headers and
// those asked for, nor a Vary that names more than it must (or anything, on a
// preflight, which no cache keeps: RFC 9110, section 9.3.7).
func (s *Scenario) Difference(polycors, peer Answer) string {
	if polycors.Handled != peer.Handled {
		return fmt.Sprintf("the handler runs: %t", peer.Handled)
	}
	ours, theirs := s.verdict(polycors), s.verdict(peer)
	if ours != theirs && !(strings.HasPrefix(ours, refused) && strings.HasPrefix(theirs, refused)) {
		return "a browser finds it " + theirs
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

// verdict is what a browser makes of an answer to a script that sends
// credentials if it may.
//
// https://fetch.spec.whatwg.org/#cors-check
func (s *Scenario) verdict(a Answer) string {
	origin := s.Header.Get("Origin")
	if origin == "" {
		return "no CORS"
	}
	get := a.Header.Get
	if o := get("Access-Control-Allow-Origin"); o != origin && (o != "*" || s.Policy.Credentials) {
		return refused + ", by origin"
	}
	if s.Policy.Credentials && get("Access-Control-Allow-Credentials") != "true" {
		return refused + ", by credentials"
	}
	if !s.isPreflight() {
		return fmt.Sprintf("allowed, exposing %q", get("Access-Control-Expose-Headers"))
	}
	allows := func(list, name string) bool {
		set := names(a.Header[list])
		return set[name] || set["*"] && !s.Policy.Credentials
	}
	if a.Status < 200 || a.Status > 299 {
		return refused + ", by status"
	}
	if !allows("Access-Control-Allow-Methods", strings.ToLower(s.Header.Get("Access-Control-Request-Method"))) {
		return refused + ", by method"
	}
	for name := range names(s.Header["Access-Control-Request-Headers"]) {
		if !allows("Access-Control-Allow-Headers", name) {
			return refused + ", by header"
		}
	}
	return fmt.Sprintf("allowed, for %q seconds", get("Access-Control-Max-Age"))
}

// names are the items of comma-separated lists, in lower case.
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
