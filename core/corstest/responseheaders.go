package corstest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
)

// readable returns the headers of a response that a script of another origin
// may read.
//
// https://fetch.spec.whatwg.org/#concept-filtered-response-cors
func readable(h http.Header, include bool) http.Header {
	exposed, ok := tokens(h, "Access-Control-Expose-Headers")
	if !ok {
		exposed = nil // browsers ignore a list with an invalid name
	}
	if slices.Contains(exposed, "*") && !include {
		return h
	}
	kept := http.Header{}
	for name, values := range h {
		if fetch.IsSafelistedResponseHeader(strings.ToLower(name)) ||
			slices.ContainsFunc(exposed, func(e string) bool { return strings.EqualFold(e, name) }) {
			kept[name] = values
		}
	}
	return kept
}

// tokens returns the elements of a header that lists methods or header names. It
// skips empty elements, and fails if an element is not a token.
func tokens(h http.Header, name string) (list []string, ok bool) {
	for item := range strings.SplitSeq(strings.Join(h.Values(name), ","), ",") {
		item = strings.Trim(item, " \t")
		if item == "" {
			continue
		}
		if !fetch.IsToken(item) {
			return nil, false
		}
		list = append(list, item)
	}
	return list, true
}
