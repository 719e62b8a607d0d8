package corstest

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

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
		lower := strings.ToLower(name)
		for _, line := range h[name] {
			value, ok := toLatin1(strings.Trim(line, " \t\r\n"))
			if !ok || strings.ContainsAny(value, "\x00\r\n") {
				return nil, fmt.Errorf("corstest: TypeError: %q is not a header value", line)
			}
			if isForbidden(lower, value, p.Browser) {
				continue
			}
			if before := kept.Values(name); before != nil {
				value = before[0] + ", " + value
			}
			if p.Mode != NoCORS || isNoCORSSafelisted(lower, value) {
				kept.Set(name, value)
			}
		}
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

// toLatin1 returns the bytes that browsers send for a string of a script. It fails if
// a character does not fit in a byte. A string that is not UTF-8 remains as it is.
//
// https://webidl.spec.whatwg.org/#es-ByteString
func toLatin1(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for _, c := range s {
		if c > 0xff {
			return "", false
		}
		b = append(b, byte(c))
	}
	return string(b), true
}

// overridesMethod reports whether a header overrides the method with a forbidden
// method. Such a header is forbidden, too.
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
	return err == nil && from <= to && to < math.MaxInt64 // the standard has no limit
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
