package corstest

import (
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/idna"

	"github.com/polycors/polycors/core/internal/origin"
)

// A location is a URL in the form that browsers send. [url.URL] keeps the
// spelling of a URL, and rejects some URLs that browsers accept.
//
// https://url.spec.whatwg.org/#url-representation
type location struct {
	scheme   string
	userinfo string // in percent-encoding; empty for "@" and ":@", too
	host     string // with a port, unless it is the scheme's default
	path     string // begins with a slash if the scheme is special
	query    string // with its question mark
	fragment string // with its number sign
}

// String returns the URL as browsers send and show it.
//
// https://url.spec.whatwg.org/#concept-url-serializer
func (l *location) String() string { return l.withoutFragment() + l.fragment }

func (l *location) withoutFragment() string {
	authority := ""
	switch {
	case l.userinfo != "":
		authority = "//" + l.userinfo + "@" + l.host
	case isSpecial(l.scheme):
		authority = "//" + l.host
	}
	return l.scheme + ":" + authority + l.path + l.query
}

// origin returns the origin of the URL.
//
// https://url.spec.whatwg.org/#concept-url-origin
func (l *location) origin() string { return l.scheme + "://" + l.host }

// hostname returns the host without its port and brackets.
func (l *location) hostname() string { return (&url.URL{Host: l.host}).Hostname() }

func (l *location) isHTTP() bool { return l.scheme == "http" || l.scheme == "https" }

// isTrustworthy reports whether Chromium treats a server as if it used TLS.
//
// https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
func (l *location) isTrustworthy() bool {
	return l.scheme == "https" || origin.IsLoopback(l.hostname()) && !strings.HasPrefix(l.host, "[::ffff:")
}

// url returns the URL for a transport. Its Opaque is set if only this makes
// [http.Request] send the path as browsers do.
func (l *location) url() *url.URL {
	u := &url.URL{Scheme: l.scheme, Host: l.host, Path: l.path, RawPath: l.path}
	u.RawQuery = strings.TrimPrefix(l.query, "?")
	u.ForceQuery = l.query == "?"
	if path, err := url.PathUnescape(l.path); err == nil {
		u.Path = path
	}
	if u.EscapedPath() != l.path && !strings.HasPrefix(l.path, "//") {
		u.Opaque = l.path
	}
	return u
}

// spelling returns the text that u was parsed from.
func spelling(u *url.URL) string {
	var b strings.Builder
	if u.Scheme != "" {
		b.WriteString(u.Scheme + ":")
	}
	b.WriteString(u.Opaque)
	if u.Host != "" || u.User != nil || u.Scheme != "" && u.Path != "" && !u.OmitHost {
		b.WriteString("//")
	}
	if u.User != nil {
		b.WriteString(u.User.String() + "@")
	}
	b.WriteString(u.Host)
	path, fragment := u.RawPath, u.RawFragment
	if path == "" {
		path = u.EscapedPath()
	}
	if fragment == "" {
		fragment = u.EscapedFragment()
	}
	b.WriteString(path)
	if u.RawQuery != "" || u.ForceQuery {
		b.WriteString("?" + u.RawQuery)
	}
	if fragment != "" {
		b.WriteString("#" + fragment)
	}
	return b.String()
}

// isSpecial reports whether a scheme has URLs with a host and a path.
//
// https://url.spec.whatwg.org/#special-scheme
func isSpecial(scheme string) bool {
	return slices.Contains([]string{"http", "https", "ws", "wss", "ftp", "file"}, scheme)
}

// parseURL parses a URL as browsers do. A relative one needs a base.
//
// https://url.spec.whatwg.org/#concept-basic-url-parser
func parseURL(text string, base *location) (*location, bool) {
	text = strings.TrimFunc(text, func(c rune) bool { return c <= ' ' })
	text = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(text)
	text, fragment, hasFragment := strings.Cut(text, "#")
	if hasFragment {
		fragment = "#" + percentEncode(fragment, "\"<>`")
	}
	l := &location{fragment: fragment}
	scheme, rest, ok := cutScheme(text)
	switch {
	case ok && !isSpecial(scheme):
		l.scheme, l.path = scheme, percentEncode(rest, "\"<>")
		return l, true
	case ok && (base == nil || scheme != base.scheme), ok && startsWithSlashes(rest):
		l.scheme = scheme
		return l, l.parseAuthority(strings.TrimLeft(rest, `/\`))
	case ok:
		text = rest // "https:items", relative to a URL with the same scheme
	}
	if base == nil {
		return nil, false
	}
	l.scheme, l.host, l.userinfo = base.scheme, base.host, base.userinfo
	switch {
	case startsWithSlashes(text):
		l.host, l.userinfo = "", ""
		return l, l.parseAuthority(strings.TrimLeft(text, `/\`))
	case text == "":
		l.path, l.query = base.path, base.query
		return l, true
	case text[0] == '?':
		l.path = base.path
		l.parsePath("", text)
		return l, true
	case text[0] != '/' && text[0] != '\\':
		l.parsePath(base.path[:strings.LastIndexByte(base.path, '/')], "/"+text)
		return l, true
	}
	l.parsePath("", text)
	return l, true
}

func startsWithSlashes(s string) bool {
	return len(s) >= 2 && strings.Trim(s[:2], `/\`) == ""
}

// cutScheme separates the scheme, in lower case.
func cutScheme(s string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(s, ":")
	scheme = strings.ToLower(scheme)
	if !ok || scheme == "" || scheme[0] < 'a' || scheme[0] > 'z' ||
		strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz0123456789+-.") != "" {
		return "", "", false
	}
	return scheme, rest, true
}

// parseAuthority parses a URL from its user name on.
func (l *location) parseAuthority(s string) bool {
	end := strings.IndexAny(s, `/\?`)
	if end < 0 {
		end = len(s)
	}
	authority, rest := s[:end], s[end:]
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, password, _ := strings.Cut(authority[:at], ":")
		const unsafe = "\"#<>?`{}/:;=@[\\]^|"
		l.userinfo = percentEncode(user, unsafe)
		if password != "" {
			l.userinfo += ":" + percentEncode(password, unsafe)
		}
		authority = authority[at+1:]
	}
	host, port := authority, ""
	if colon := strings.LastIndexByte(authority, ':'); colon > strings.LastIndexByte(authority, ']') {
		host, port = authority[:colon], authority[colon+1:]
	}
	host, ok := parseHost(host)
	if !ok && l.scheme != "file" {
		return false
	}
	l.host = host
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || !isDigits(port) {
			return false
		}
		if defaults := map[string]uint64{"http": 80, "ws": 80, "https": 443, "wss": 443, "ftp": 21}; defaults[l.scheme] != n {
			l.host += ":" + strconv.FormatUint(n, 10)
		}
	}
	if rest == "" || rest[0] == '?' {
		rest = "/" + rest
	}
	l.parsePath("", rest)
	return true
}

// parsePath parses a path and a query. parent is the path that the path is relative
// to.
func (l *location) parsePath(parent, s string) {
	path, query, hasQuery := strings.Cut(s, "?")
	if hasQuery {
		l.query = "?" + percentEncode(query, `"<>'`)
	}
	if path == "" {
		return
	}
	segments := strings.Split(parent, "/")[1:]
	if parent == "" {
		segments = nil
	}
	parts := strings.Split(strings.ReplaceAll(path, `\`, "/"), "/")[1:]
	for i, part := range parts {
		last := i == len(parts)-1
		switch dots := strings.ReplaceAll(strings.ToLower(part), "%2e", "."); dots {
		case "..":
			segments = segments[:max(len(segments)-1, 0)]
			if last {
				segments = append(segments, "")
			}
		case ".":
			if last {
				segments = append(segments, "")
			}
		default:
			segments = append(segments, percentEncode(part, "\"<>?`{|}^"))
		}
	}
	l.path = "/" + strings.Join(segments, "/")
}

// percentEncode encodes control characters, spaces, bytes beyond ASCII and those in
// unsafe.
//
// https://url.spec.whatwg.org/#percent-encoded-bytes
func percentEncode(s, unsafe string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(unsafe, c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// domains converts domains as URL parsers do, which do not require them to be valid
// DNS names.
//
// https://url.spec.whatwg.org/#concept-domain-to-ascii
var domains = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.CheckHyphens(false))

// parseHost returns the form of a host that browsers send.
//
// https://url.spec.whatwg.org/#concept-host-parser
func parseHost(s string) (string, bool) {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		return parseIPv6(inner)
	}
	ascii := strings.ToLower(percentDecode(s))
	if strings.ContainsFunc(ascii, func(c rune) bool { return c >= 0x80 }) {
		var err error
		if ascii, err = domains.ToASCII(ascii); err != nil {
			return "", false
		}
	}
	if ascii == "" || strings.ContainsFunc(ascii, isForbiddenInDomain) {
		return "", false
	}
	// The standard forbids spaces, and keeps asterisks.
	ascii = strings.NewReplacer(" ", "%20", "*", "%2A").Replace(ascii)
	name := strings.TrimSuffix(ascii, ".")
	if !origin.EndsInNumber(name) {
		return ascii, true
	}
	addr, ok := origin.ParseIPv4(name)
	return addr.String(), ok
}

// isForbiddenInDomain reports whether no domain has c.
//
// https://url.spec.whatwg.org/#forbidden-domain-code-point
func isForbiddenInDomain(c rune) bool {
	return c < ' ' || c >= 0x7f || strings.ContainsRune(`#/:<>?@[\]^|%`, c)
}

func parseIPv6(inner string) (string, bool) {
	inner, ok := strings.CutSuffix(inner, "]")
	addr, err := netip.ParseAddr(inner)
	if !ok || err != nil || !addr.Is6() || addr.Zone() != "" {
		return "", false
	}
	if addr.Is4In6() {
		b := addr.As16()
		group := func(i int) string { return strconv.FormatUint(uint64(b[i])<<8|uint64(b[i+1]), 16) }
		return "[::ffff:" + group(12) + ":" + group(14) + "]", true
	}
	return "[" + addr.String() + "]", true
}

// percentDecode decodes percent-encoded bytes, and keeps invalid sequences.
func percentDecode(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(n))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
