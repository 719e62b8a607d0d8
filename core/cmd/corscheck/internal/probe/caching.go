package probe

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// checkVary compares the responses for several origins and for none. If they
// differ, each must say so, for caches.
//
// https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches
func checkVary(samples []sample) []Finding {
	var missing []string
	differ := false
	for _, s := range samples {
		differ = differ || allowOrigin(s.header) != allowOrigin(samples[0].header)
		if !fetch.HasName(s.header["Vary"], "Origin") {
			missing = append(missing, s.of)
		}
	}
	const problem = "the response depends on Origin, but %s: caches will serve one origin's response to another"
	switch {
	case !differ && len(samples) > 0 && allowOrigin(samples[0].header) != "":
		return []Finding{{OK, "vary", "the response is the same for all origins, so Vary is not needed", nil}}
	case !differ:
		return nil // nothing to compare
	case len(missing) == 0:
		return []Finding{{OK, "vary", "Vary contains Origin, so caches keep the responses for different origins apart", nil}}
	case len(missing) == len(samples):
		return []Finding{{Warning, "vary", fmt.Sprintf(problem, "no response has Vary: Origin"), nil}}
	}
	where := "Vary: Origin is missing in the response to " + strings.Join(missing, " and to ")
	return []Finding{{Warning, "vary", fmt.Sprintf(problem, where), nil}}
}

// checkStoredHeaders reports a response to a stranger that names the origin of the
// page, although its preflight does not: it is the page's own response, from a
// cache. A server with one origin in all responses has it in preflights, too.
func checkStoredHeaders(ctx context.Context, p *prober) *Finding {
	stored := slices.ContainsFunc(p.samples, func(s sample) bool {
		return s.of == "a request from "+anyStranger && allowOrigin(s.header) == p.fetch.Origin
	})
	if !stored || p.fetch.Origin == anyStranger {
		return nil
	}
	f := script.Fetch{Origin: anyStranger, Method: http.MethodGet, Credentials: true}
	v := p.visit(ctx, f, how{preflightOnly: true, forcePreflight: true})
	if preflight := v.preflight(); preflight == nil || preflight.Err != nil || allowOrigin(preflight.ResponseHeader) == p.fetch.Origin {
		return nil
	}
	return &Finding{Warning, "stored-headers", fmt.Sprintf("the response to %s names %s, but its preflight does not: %s",
		anyStranger, p.fetch.Origin, advice.StoredHeaders), []string{anyStranger}}
}

// checkPreflightCache says how long browsers cache a preflight that passed.
func checkPreflightCache(h http.Header) Finding {
	lines := h.Values("Access-Control-Max-Age")
	const unset = "this preflight is " + defaultCaching
	if len(lines) == 0 {
		return Finding{Note, "preflight-cache", unset + ": set Access-Control-Max-Age to cache it for longer", nil}
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(lines[0]), 10, 64)
	switch maxAge := time.Duration(min(max(seconds, 0), 1<<32)) * time.Second; {
	case err != nil || len(lines) > 1:
		return Finding{Warning, "preflight-cache", fmt.Sprintf("%s: Access-Control-Max-Age is %s, which is not a number of seconds",
			unset, show.Quoted(strings.Join(lines, ", "))), nil}
	case maxAge == 0:
		return Finding{Note, "preflight-cache", "this preflight is not cached: every request needs two round trips", nil}
	default:
		return Finding{OK, "preflight-cache", "this preflight is cached for " + age(maxAge), nil}
	}
}

// Caching says how long browsers cache preflights under a policy with this
// MaxAge.
func Caching(maxAge time.Duration) string {
	switch {
	case maxAge == 0:
		return defaultCaching
	case maxAge < 0:
		return "not cached"
	}
	return "cached for " + age(maxAge)
}

const defaultCaching = "cached for 5s, the browsers' default"

// age says how long browsers cache a preflight with this Access-Control-Max-Age.
func age(d time.Duration) string {
	text := short(d)
	conjunction := ", but by "
	for _, b := range []corstest.Browser{corstest.Firefox, corstest.Chromium, corstest.Safari} {
		if d > b.MaxAge() {
			text += conjunction + b.String() + " for " + short(b.MaxAge())
			conjunction = " and by "
		}
	}
	if conjunction == " and by " {
		text += " at most"
	}
	return text
}

// short returns a duration without the parts that are zero.
func short(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}
