package museum

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/corstest"
)

// accepted is the harm of a policy that nobody can mean: that nothing is said.
func accepted(*visit) string { return "the policy is accepted" }

// reads is the harm that a browser lets scripts of these origins read a response,
// or send a PUT.
func reads(origins ...string) harm {
	return func(v *visit) string {
		for _, origin := range origins {
			for _, request := range []string{"GET /items", "PUT /items"} {
				if _, err := fetch(v.page(origin), request); err == nil {
					return fmt.Sprintf("%s may %s", origin, request)
				}
			}
		}
		return ""
	}
}

// names is the harm that the server allows these values of Origin, which no usual
// browser sends.
func names(origins ...string) harm {
	return func(v *visit) string {
		for _, origin := range origins {
			for _, res := range []*http.Response{v.get("/items", origin), v.preflight("/items", origin, "PUT")} {
				if got := res.Header.Values(allowOrigin); slices.Contains(got, origin) {
					return fmt.Sprintf("%.80q is allowed", origin)
				}
			}
		}
		return ""
	}
}

// blocked is the harm that a browser blocks scripts of an origin that the policy
// is meant to allow. The request has the form "GET /items".
func blocked(origin, request string, headers ...string) harm {
	return blockedBy(corstest.Chromium, origin, request, headers...)
}

func blockedBy(browser corstest.Browser, origin, request string, headers ...string) harm {
	return func(v *visit) string {
		p := v.page(origin)
		p.Browser = browser
		if _, err := fetch(p, request, headers...); err != nil {
			return fmt.Sprintf("%s may not %s: %v", origin, request, err)
		}
		return ""
	}
}

// any is the first of some harms.
func either(harms ...harm) harm {
	return func(v *visit) string {
		for _, h := range harms {
			if seen := h(v); seen != "" {
				return seen
			}
		}
		return ""
	}
}

// hidden is the harm that a script cannot read a response header.
func hidden(origin, header string) harm {
	return func(v *visit) string {
		res, err := fetch(v.page(origin), "GET /items")
		switch {
		case err != nil:
			return err.Error()
		case res.Header.Get(header) == "":
			return header + " cannot be read"
		}
		return ""
	}
}

// respelt is blocked behind a gateway that spells Access-Control-Request-Headers
// in another way.
func respelt(lines func(asked string) []string, origin, request string, headers ...string) harm {
	const name = "Access-Control-Request-Headers"
	return func(v *visit) string {
		p := v.page(origin)
		p.Transport = corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			if asked := r.Header.Get(name); asked != "" {
				r = r.Clone(r.Context())
				r.Header[name] = lines(asked)
			}
			return v.transport.RoundTrip(r)
		})
		if _, err := fetch(p, request, headers...); err != nil {
			return err.Error()
		}
		return ""
	}
}

// told is the harm that a response has one of these headers.
func told(send func(*visit) *http.Response, names ...string) harm {
	return func(v *visit) string {
		res := send(v)
		for _, name := range names {
			if values := res.Header.Values(name); len(values) > 0 {
				return fmt.Sprintf("%s: %s", name, strings.Join(values, ", "))
			}
		}
		return ""
	}
}

// varies reports whether Vary names a header.
func varies(h http.Header, name string) (times int) {
	for _, line := range h.Values("Vary") {
		for field := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(field), name) {
				times++
			}
		}
	}
	return times
}

// unvaried is the harm that Vary does not name these headers.
func unvaried(send func(*visit) *http.Response, names ...string) harm {
	return func(v *visit) string {
		res := send(v)
		for _, name := range names {
			if varies(res.Header, name) == 0 {
				return fmt.Sprintf("Vary %q lacks %s", res.Header.Values("Vary"), name)
			}
		}
		return ""
	}
}

// From returns functions that send a request from an origin.
func getFrom(origin string, headers ...string) func(*visit) *http.Response {
	return func(v *visit) *http.Response { return v.get("/items", origin, headers...) }
}

func preflightFrom(origin string, headers ...string) func(*visit) *http.Response {
	return func(v *visit) *http.Response { return v.preflight("/items", origin, "PUT", headers...) }
}
