package corstest

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
)

// scriptHeaders returns the headers in h that a script can set, each on one line.
// Browsers drop the others silently.
func scriptHeaders(h http.Header, p *Page) (http.Header, error) {
	kept := http.Header{}
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if !fetch.IsToken(name) {
			return nil, fmt.Errorf("corstest: TypeError: %q is not a header name", name)
		}
		value := joined(h[name])
		if strings.ContainsAny(value, "\x00\r\n") {
			return nil, fmt.Errorf("corstest: TypeError: %q is not a header value", value)
		}
		lower := strings.ToLower(name)
		switch {
		case len(h[name]) == 0:
		case isForbidden(lower, value, p.Browser):
		case kept.Get(name) != "":
			kept.Set(name, kept.Get(name)+", "+value)
		default:
			kept.Set(name, value)
		}
	}
	if p.Mode == NoCORS {
		maps.DeleteFunc(kept, func(name string, values []string) bool {
			return !isNoCORSSafelisted(strings.ToLower(name), values[0])
		})
	}
	return kept, nil
}

// isForbidden reports whether a script cannot set a header. By the standard, it can
// set User-Agent.
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func isForbidden(lower, value string, browser Browser) bool {
	return fetch.IsForbiddenRequestHeader(lower) || overridesMethod(lower, value) || lower == "user-agent" && browser == Chromium
}

// joined returns the value of a header that has several lines.
func joined(lines []string) string {
	trimmed := make([]string, len(lines))
	for i, line := range lines {
		trimmed[i] = strings.Trim(line, " \t\r\n")
	}
	return strings.Join(trimmed, ", ")
}

// overridesMethod reports whether a header overrides the method by a forbidden
// one. Such a header is forbidden, too.
//
// https://fetch.spec.whatwg.org/#forbidden-request-header
func overridesMethod(lower, value string) bool {
	switch lower {
	case "x-http-method", "x-http-method-override", "x-method-override":
		return slices.ContainsFunc(strings.Split(value, ","), func(s string) bool {
			return fetch.IsForbiddenMethod(strings.TrimSpace(s))
		})
	}
	return false
}

// isNoCORSSafelisted reports whether a request of mode no-cors may have a header.
//
// https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
func isNoCORSSafelisted(lower, value string) bool {
	return lower != "range" && isSafelisted(lower, value)
}

// unsafeHeaders returns the names of the headers that need permission, as a
// preflight lists them: in lower case and sorted.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
func unsafeHeaders(h http.Header, browser Browser) []string {
	var unsafe, safe []string
	size := 0
	for name := range h {
		lower, value := strings.ToLower(name), h.Get(name)
		if isSafelisted(lower, value) || browser == Chromium && isClientHint(lower, value) {
			safe = append(safe, lower)
			size += len(value)
		} else {
			unsafe = append(unsafe, lower)
		}
	}
	if size > 1024 {
		unsafe = append(unsafe, safe...)
	}
	slices.Sort(unsafe)
	return unsafe
}

// maxSafelistedValue is the length of the longest value that is safelisted.
const maxSafelistedValue = 128

// isSafelisted reports whether a header needs no permission.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-request-header
func isSafelisted(lower, value string) bool {
	if len(value) > maxSafelistedValue {
		return false
	}
	switch lower {
	case "accept":
		return !strings.ContainsFunc(value, isUnsafeByte)
	case "accept-language", "content-language":
		return !strings.ContainsFunc(value, func(c rune) bool {
			letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
			return !letter && !strings.ContainsRune(" *,-.;=", c)
		})
	case "content-type":
		essence, _, _ := strings.Cut(value, ";")
		switch strings.ToLower(strings.Trim(essence, " \t")) {
		case "application/x-www-form-urlencoded", "multipart/form-data", "text/plain":
			return !strings.ContainsFunc(value, isUnsafeByte)
		}
	case "range":
		return isSimpleRange(value)
	}
	return false
}

// isUnsafeByte reports whether c makes a value unsafe.
//
// https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
func isUnsafeByte(c rune) bool {
	return c < 0x20 && c != '\t' || c == 0x7f || strings.ContainsRune(`"():<>?@[\]{}`, c)
}

// isSimpleRange reports whether value is one range with a start, as media elements
// send it.
//
// https://fetch.spec.whatwg.org/#simple-range-header-value
func isSimpleRange(value string) bool {
	spec, isBytes := strings.CutPrefix(value, "bytes=")
	start, end, dashed := strings.Cut(spec, "-")
	if !isBytes || !dashed || strings.Trim(start+end, "0123456789") != "" {
		return false
	}
	from, err := strconv.ParseUint(start, 10, 63)
	if err != nil || end == "" {
		return err == nil
	}
	to, err := strconv.ParseUint(end, 10, 63)
	return err == nil && from <= to
}

// isClientHint reports whether a header is a valid client hint, for which
// Chromium requires no permission.
func isClientHint(lower, value string) bool {
	if len(value) > maxSafelistedValue {
		return false
	}
	switch lower {
	case "width", "viewport-width", "rtt":
		return isDigits(value)
	case "dpr", "device-memory", "downlink":
		whole, fraction, point := strings.Cut(value, ".")
		return isDigits(whole) && (!point || isDigits(fraction))
	case "ect":
		return slices.Contains([]string{"slow-2g", "2g", "3g", "4g"}, value)
	case "save-data":
		return strings.EqualFold(value, "on")
	}
	return false
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
