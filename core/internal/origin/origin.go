// Package origin parses origins and origin patterns, and matches origins against
// sets of patterns.
//
// It has three parts. This file has the serialised form of an origin. pattern.go
// has the entries that users write, and mistake.go explains invalid entries.
// set.go has sets of entries, and wildcard.go is for sets of a few patterns.
package origin

import (
	"net/netip"
	"strconv"
	"strings"
)

// MaxLen is the length of the longest valid origin. It has room for the longest
// scheme in use, the longest DNS name and a port.
const MaxLen = 300

// The lengths of the longest DNS name and label (RFC 1035, section 2.3.4).
const (
	maxHost  = 253
	maxLabel = 63
)

// Parts are the parts of a serialised origin. Port is empty for the default port
// of the scheme.
type Parts struct {
	Scheme, Host, Port string
}

// String returns the serialised origin.
func (p Parts) String() string { return p.Scheme + "://" + p.HostPort() }

// HostPort returns the host and, unless it is the default port, the port.
func (p Parts) HostPort() string {
	if p.Port == "" {
		return p.Host
	}
	return p.Host + ":" + p.Port
}

// Parse parses an origin in the serialised form that browsers send: lower case,
// no default port, no trailing slash, addresses in canonical form. It rejects
// everything else, and "null".
//
// https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
func Parse(s string) (Parts, bool) {
	p, ok := split(s)
	return p, ok && validScheme(p.Scheme) && validHost(p.Scheme, p.Host) &&
		(p.Port == "" || validPort(p.Scheme, p.Port))
}

// split splits an origin without validating its parts. It rejects an empty port.
func split(s string) (Parts, bool) {
	start, end, ok := hostBounds(s)
	if !ok {
		return Parts{}, false
	}
	p := Parts{Scheme: s[:start-len("://")], Host: s[start:end]}
	if end < len(s) {
		p.Port = s[end+len(":"):]
	}
	return p, true
}

// hostBounds is like split but returns only the bounds of the host.
func hostBounds(s string) (start, end int, ok bool) {
	if len(s) > MaxLen {
		return 0, 0, false
	}
	colon := strings.IndexByte(s, ':')
	if colon < 0 || !strings.HasPrefix(s[colon:], "://") {
		return 0, 0, false
	}
	start = colon + len("://")
	end = start + hostLen(s[start:])
	return start, end, end == len(s) || s[end] == ':' && end+1 < len(s)
}

// hostLen returns the length of the host in a host:port string. The brackets of
// an IPv6 address may contain colons.
func hostLen(hostPort string) int {
	if strings.HasPrefix(hostPort, "[") {
		if end := strings.IndexByte(hostPort, ']'); end >= 0 {
			return end + 1
		}
	}
	if end := strings.IndexByte(hostPort, ':'); end >= 0 {
		return end
	}
	return len(hostPort)
}

// validScheme reports whether browsers can send a scheme in an origin. URL
// parsers lower-case schemes.
//
// https://url.spec.whatwg.org/#url-scheme-string
func validScheme(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c && c <= 'z'
		other := '0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'
		if !letter && (!other || i == 0) {
			return false
		}
	}
	switch s {
	case "", "ws", "wss", "file", "ftp":
		// Browsers send the http or https origin of the page to a WebSocket,
		// and "null" for a page from a file. They load no pages by FTP.
		return false
	}
	return true
}

func validPort(scheme, port string) bool {
	if len(port) == 0 || len(port) > len("65535") || port[0] == '0' {
		return false
	}
	n := 0
	for i := range len(port) {
		if port[i] < '0' || port[i] > '9' {
			return false
		}
		n = 10*n + int(port[i]-'0')
	}
	return n <= 65535 && port != defaultPort(scheme)
}

func defaultPort(scheme string) string {
	switch scheme {
	case "http":
		return "80"
	case "https":
		return "443"
	}
	return ""
}

func isHTTP(scheme string) bool { return scheme == "http" || scheme == "https" }

func validHost(scheme, host string) bool {
	if !isHTTP(scheme) {
		return validOpaqueHost(host)
	}
	if strings.HasPrefix(host, "[") {
		inner, ok := strings.CutSuffix(host[1:], "]")
		return ok && isCanonicalIPv6(inner)
	}
	name := strings.TrimSuffix(host, ".")
	if EndsInNumber(name) {
		addr, err := netip.ParseAddr(host)
		return err == nil && addr.Is4()
	}
	return len(name) <= maxHost && validLabels(name)
}

// hostByte marks the bytes that are valid in a host label. Browsers accept a few
// more, but a pattern must not match a host such as "evil.example{.myapp.com".
var hostByte = func() (t [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyz0123456789-_") {
		t[c] = true
	}
	return t
}()

// validLabels reports whether s consists of one or more labels, separated by dots.
func validLabels(s string) bool {
	start := 0
	for i := range len(s) {
		if hostByte[s[i]] {
			continue
		}
		if s[i] != '.' || i == start || i-start > maxLabel {
			return false
		}
		start = i + 1
	}
	return start < len(s) && len(s)-start <= maxLabel
}

// validOpaqueHost reports whether s is a valid host of a scheme other than http
// and https. Such a host is not a domain name, and may have upper case:
// "moz-extension://<uuid>", "tauri://localhost".
func validOpaqueHost(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !hostByte[c] && c != '.' && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= maxHost
}

func isCanonicalIPv6(s string) bool {
	addr, err := netip.ParseAddr(s)
	if err != nil || !addr.Is6() || addr.Zone() != "" {
		return false
	}
	var buf [64]byte
	return string(appendIPv6(buf[:0], addr)) == s
}

// appendIPv6 appends an address as URLs serialise it: unlike netip, they write
// the last four bytes of an IPv4-mapped address in hexadecimal.
//
// https://url.spec.whatwg.org/#concept-ipv6-serializer
func appendIPv6(b []byte, addr netip.Addr) []byte {
	if !addr.Is4In6() {
		return addr.AppendTo(b)
	}
	b = append(b, "::ffff:"...)
	a := addr.As16()
	b = strconv.AppendUint(b, uint64(a[12])<<8|uint64(a[13]), 16)
	b = append(b, ':')
	return strconv.AppendUint(b, uint64(a[14])<<8|uint64(a[15]), 16)
}
