package cors

import (
	"bytes"
	"strings"
)

// A finding is the result of looking up all readings of a path.
type finding struct {
	policy            *Policy
	shortest, longest int // the lengths of the keys, -1 without a key
	ambiguous         bool
}

// and combines the findings about the path that was sent and about another path.
func (f finding) and(routed finding, stripped bool) finding {
	switch {
	case routed.ambiguous:
		f.ambiguous = true
	case routed.policy == f.policy, stripped && routed.longest <= f.shortest:
	default:
		f.ambiguous = true
	}
	return f
}

// Limits on the paths that are read. Finding the readings takes time, and
// anybody can send such paths.
const (
	maxEscapedPath = 8192
	maxOddPath     = 512 // with empty or dot segments, or backslashes
)

// read considers all readings of a path. An invalid path is ambiguous in strict
// mode. Otherwise it is taken as it is: middleware may have decoded it.
func (s *selector) read(p string, strict bool) finding {
	if p == "" {
		p = "/" // RFC 9110, section 4.2.3
	}
	switch escaped := strings.IndexByte(p, '%') >= 0; {
	case !escaped:
		return s.readForm(p)
	case len(p) > maxEscapedPath:
		return finding{ambiguous: true}
	case !isEscapedPath(p) && strict:
		return finding{ambiguous: true}
	case !isEscapedPath(p):
		return s.readForm(p)
	}
	found := s.readForm(upperHex(p)).or(s.readForm(decode(p, false)))
	if strings.Contains(p, "%2F") || strings.Contains(p, "%2f") {
		found = found.or(s.readForm(decode(p, true)))
	}
	return found
}

// or adds the finding about another reading.
func (f finding) or(g finding) finding {
	f.ambiguous = f.ambiguous || g.ambiguous || f.policy != g.policy
	f.shortest, f.longest = min(f.shortest, g.shortest), max(f.longest, g.longest)
	return f
}

// readForm considers the readings of a path that is not decoded further.
func (s *selector) readForm(p string) finding {
	found := s.find(p)
	if !isOdd(p) {
		return found
	}
	if len(p) > maxOddPath {
		return finding{ambiguous: true}
	}
	if found = found.or(s.cleaned(p)); strings.Contains(p, `\`) {
		p = strings.ReplaceAll(p, `\`, "/")
		found = found.or(s.find(p)).or(s.cleaned(p))
	}
	return found
}

// cleaned considers a path without empty segments, dot segments, or both.
func (s *selector) cleaned(p string) finding {
	return s.find(clean(p, true, false)).or(s.find(clean(p, false, true))).or(s.find(clean(p, true, true)))
}

// isOdd reports whether routers read a decoded path in different ways. Such a
// path does not begin with a slash, or has a backslash, an empty segment or a
// dot segment.
func isOdd(p string) bool {
	if p == "" || p[0] != '/' {
		return true
	}
	start := 1 // of the segment
	for i := 1; i <= len(p); i++ {
		switch {
		case i < len(p) && p[i] == '\\':
			return true
		case i < len(p) && p[i] != '/':
			continue
		case i == len(p) && start == i: // a slash at the end
			return false
		}
		if segment := p[start:i]; segment == "" || segment == "." || segment == ".." {
			return true
		}
		start = i + 1
	}
	return false
}

// clean removes the empty segments of a path, the dot segments, or both, as
// [path.Clean] does.
func clean(p string, empty, dots bool) string {
	kept := make([]byte, 0, len(p)+1)
	for segment := range strings.SplitSeq(strings.TrimPrefix(p, "/"), "/") {
		switch {
		case empty && segment == "", dots && segment == ".":
		case dots && segment == "..":
			kept = kept[:max(bytes.LastIndexByte(kept, '/'), 0)]
		default:
			kept = append(append(kept, '/'), segment...)
		}
	}
	return string(kept)
}

// isEscapedPath reports whether each percent sign of a path escapes a byte.
func isEscapedPath(p string) bool {
	for i := 0; i < len(p); i++ {
		if p[i] != '%' {
			continue
		}
		if i+2 >= len(p) || !isHex(p[i+1]) || !isHex(p[i+2]) {
			return false
		}
		i += 2
	}
	return true
}

func isHex(c byte) bool {
	c = lowerASCII(c)
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f'
}

// upperHex returns an escaped path with its hexadecimal digits in upper case.
func upperHex(p string) string {
	b := []byte(p)
	for i := 0; i < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:], strings.ToUpper(p[i:i+3]))
			i += 2
		}
	}
	return string(b)
}

// decode decodes an escaped path. Some routers split the path before they decode
// it: with keepSlashes, escaped slashes remain.
func decode(p string, keepSlashes bool) string {
	decoded := make([]byte, 0, len(p))
	for i := 0; i < len(p); i++ {
		if p[i] != '%' {
			decoded = append(decoded, p[i])
			continue
		}
		c := unhex(p[i+1])<<4 | unhex(p[i+2])
		if c == '/' && keepSlashes {
			decoded = append(decoded, "%2F"...)
		} else {
			decoded = append(decoded, c)
		}
		i += 2
	}
	return string(decoded)
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return lowerASCII(c) - 'a' + 10
}

// isStripped reports whether a path lacks only a prefix of the path that was
// sent.
func isStripped(sent, routed string) bool {
	return strings.HasSuffix(decodedOrAsIs(sent), decodedOrAsIs(routed))
}

func decodedOrAsIs(p string) string {
	if strings.IndexByte(p, '%') < 0 || !isEscapedPath(p) {
		return p
	}
	return decode(p, false)
}

// equalFoldASCII compares two strings of the same length. Unlike
// [strings.EqualFold], and like routers, it does not match a Kelvin sign with a
// k.
func equalFoldASCII(a, b string) bool {
	for i := range len(a) {
		if lowerASCII(a[i]) != lowerASCII(b[i]) {
			return false
		}
	}
	return true
}

func lowerASCII(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}
