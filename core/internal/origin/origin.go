// Package origin knows what browsers send as Origin, and which patterns stand
// for several of them.
//
// Three ideas: the serialised form of an origin (this file), the entries that
// users write (pattern.go, and mistake.go for what they meant), and a set of
// entries that answers in constant time (set.go, which compares with a few
// entries itself, and has table.go and index.go for many).
package origin

import (
	"net/netip"
	"strconv"
	"strings"
)

// MaxLen bounds the origins that are looked at: the longest scheme in use, a
// DNS name of full length, and a port. Whatever is longer was not sent by a
// browser, and is refused unread.
const MaxLen = 300

// The lengths of the longest DNS name and label (RFC 1035, section 2.3.4).
const (
	maxHost  = 253
	maxLabel = 63
)

// Parts are the pieces of an origin, as they stand in its serialised form.
// Port is empty for a scheme's default port.
type Parts struct {
	Scheme, Host, Port string
}

// String puts the pieces together again.
func (p Parts) String() string {
	if p.Port == "" {
		return p.Scheme + "://" + p.Host
	}
	return p.Scheme + "://" + p.Host + ":" + p.Port
}

// Parse takes an origin apart if it is in the serialised form that browsers
// send, to the letter: lower case, no default port, no trailing slash, addresses
// in their canonical form. "null" is no such origin.
//
// https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
func Parse(s string) (Parts, bool) {
	p, ok := split(s)
	return p, ok && validScheme(p.Scheme) && validHost(p.Scheme, p.Host) &&
		(p.Port == "" || validPort(p.Scheme, p.Port))
}

// split finds the pieces of an origin without judging any of them, save that a
// colon must be followed by something.
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

// hostBounds is split for those who need no more than the place of the host:
// behind it is the end, or a colon and something.
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

// hostLen is how much of "host:port" is host. Colons inside the brackets of an
// IPv6 address belong to it.
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

// validScheme: RFC 3986, section 3.1, in the lower case that URLs are parsed to.
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
	case "", "ws", "wss", "file":
		// Browsers send the http or https origin of the page to a WebSocket,
		// and "null" for a page from a file.
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
	if endsInNumber(name) {
		addr, err := netip.ParseAddr(host)
		return err == nil && addr.Is4()
	}
	return len(name) <= maxHost && validLabels(name)
}

// hostByte marks what may stand in a host label. Browsers let some further
// bytes through; a strict reading is what keeps `evil.example{.myapp.com` out.
var hostByte = func() (t [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyz0123456789-_") {
		t[c] = true
	}
	return t
}()

// validLabels reports whether s is one or more labels with dots between them.
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

// validOpaqueHost: hosts of other schemes than http and https are no domain
// names, and keep their case: "moz-extension://<uuid>", "tauri://localhost".
func validOpaqueHost(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !hostByte[c] && c != '.' && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return s != "" && len(s) <= maxHost
}

// endsInNumber reports whether a URL parser would take host for an IPv4
// address (and refuse it when it is none).
//
// https://url.spec.whatwg.org/#ends-in-a-number-checker
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	digits := "0123456789"
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		last, digits = "0"+hex, "0123456789abcdef"
	}
	return last != "" && strings.Trim(last, digits) == ""
}

func isCanonicalIPv6(s string) bool {
	addr, err := netip.ParseAddr(s)
	if err != nil || !addr.Is6() || addr.Zone() != "" {
		return false
	}
	var buf [64]byte
	return string(appendIPv6(buf[:0], addr)) == s
}

// appendIPv6 serialises as URLs do, which write an IPv4-mapped address in
// hexadecimal where netip writes its last four bytes in decimal.
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
