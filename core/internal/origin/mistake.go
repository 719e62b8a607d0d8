package origin

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// A Mistake says why an entry is not a valid pattern.
type Mistake struct {
	// Code is the kind of mistake, one of the codes of package cors. If there
	// are several, it is the kind of the first.
	Code string
	// Reason is phrased to follow the entry: "has a trailing slash".
	Reason string
	// Suggestion is the entry that was probably meant, several such entries in
	// quotes, or advice. It is empty if there is no obvious correction.
	Suggestion string
}

// explain finds everything that is wrong with an invalid entry. It corrects the
// entry step by step, as a lenient URL parser does, notes a reason for each step,
// and suggests the result if it is a valid pattern.
func explain(entry string) Mistake {
	if scheme, _, ok := strings.Cut(entry, ":"); ok && strings.EqualFold(scheme, "file") {
		return Mistake{"origin-file", `is not what browsers send for a page from a file: that is "null", or "file://" in some app shells`,
			`remove it, or write "file://" and set Unsafe.NullOrigin to true`}
	}
	if several := severalOrigins(entry); several != "" {
		return Mistake{"origin-several", "holds several origins, but each needs a string of its own", several}
	}
	var r repair
	fixed := r.entry(entry)
	if _, ok := parsePattern(fixed); !ok && fixed != "null" && fixed != "*" {
		fixed = r.advice
	}
	if len(r.reasons) == 0 {
		r.note("invalid", "is not an origin: expected scheme://host or scheme://host:port")
	}
	return Mistake{r.code, strings.Join(r.reasons, " and "), fixed}
}

// severalOrigins splits an entry such as "https://a.com, https://b.com". It
// returns the origins in Go syntax, or an empty string if there are not several.
func severalOrigins(entry string) string {
	list := strings.FieldsFunc(entry, func(c rune) bool {
		return c == ',' || c == ';' || c == '|' || c == ' ' || c == '\t' || c == '\n'
	})
	if len(list) < 2 {
		return ""
	}
	for i, one := range list {
		if _, m := ParsePattern(one); m != nil {
			if m.Suggestion == "" {
				return ""
			}
			one = m.Suggestion
		}
		list[i] = strconv.Quote(one)
	}
	return strings.Join(list, ", ")
}

// A repair corrects an entry and collects the reasons.
type repair struct {
	code    string // of the first reason
	advice  string // what to do, where no value is right for everyone
	reasons []string
}

func (r *repair) note(code, format string, args ...any) {
	r.code = cmp.Or(r.code, "origin-"+code)
	r.reasons = append(r.reasons, fmt.Sprintf(format, args...))
}

func (r *repair) entry(s string) string {
	if strings.TrimSpace(s) == "" {
		r.note("empty", "is empty")
		return ""
	}
	if t := strings.TrimSpace(s); t != s {
		r.note("blanks", "has blanks around it")
		s = t
	}
	if t := strings.Trim(s, "\"'`"); t != s {
		r.note("quotes", "has quotes inside the string")
		s = t
	}
	if strings.EqualFold(s, "null") || s == "*" {
		return strings.ToLower(s)
	}
	if strings.ContainsAny(s, `^$()\`) {
		r.note("regexp", "looks like a regular expression, which belongs in AllowOriginRegexps")
		return ""
	}
	scheme, rest := r.scheme(s)
	host, port := r.hostPort(r.authority(rest))
	if scheme == "" {
		scheme = "https"
		if IsLoopback(strings.ToLower(host)) {
			scheme = "http"
		}
	}
	if port = r.port(scheme, port); port != "" {
		port = ":" + port
	}
	return scheme + "://" + r.host(scheme, host) + port
}

// scheme splits off the scheme. The scheme is empty if the entry has none.
func (r *repair) scheme(s string) (scheme, rest string) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		r.note("no-scheme", "has no scheme such as https://")
		for _, typo := range []string{"https//", "http//", "https:", "http:", "//", "/"} {
			s = strings.TrimPrefix(s, typo)
		}
		return "", s
	}
	lower := strings.ToLower(scheme)
	if lower != scheme {
		r.note("upper-case", "has upper case in its scheme")
	}
	switch lower {
	case "ws", "wss":
		r.note("websocket", "is a WebSocket URL, but browsers send the http or https origin of the page")
		lower = "http" + lower[len("ws"):]
	case "*":
		r.note("scheme-star", "has an asterisk as its scheme, which must be spelled out")
		lower = "https"
	default:
		if !validScheme(lower) {
			r.note("scheme", "has an invalid scheme")
		}
	}
	return lower, rest
}

// authority removes everything but the host and the port.
func (r *repair) authority(s string) string {
	if i := strings.IndexAny(s, `/?#`); i >= 0 {
		switch tail := s[i:]; {
		case tail == "/":
			r.note("trailing-slash", "has a trailing slash")
		case tail[0] == '/':
			r.note("path", "has a path")
		case tail[0] == '?':
			r.note("query", "has a query")
		default:
			r.note("fragment", "has a fragment")
		}
		s = s[:i]
	}
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		r.note("user", "has a user name")
		s = s[i+1:]
	}
	return s
}

// hostPort splits host and port. The port is ":" if there is only a colon.
func (r *repair) hostPort(s string) (host, port string) {
	if addr, err := netip.ParseAddr(s); err == nil && addr.Is6() {
		r.note("ipv6", "has an IPv6 address without brackets")
		return "[" + s + "]", ""
	}
	end := hostLen(s)
	host, port = s[:end], s[end:]
	if port == "" || port == ":" {
		return host, port
	}
	return host, port[1:]
}

func (r *repair) port(scheme, port string) string {
	switch {
	case port == "" || port == AnyPort || validPort(scheme, port):
		return port
	case port == ":":
		r.note("no-port", "has a colon without a port")
		return ""
	case strings.Contains(port, "*"):
		r.note("port-star", "has an asterisk inside its port: only :* stands for any port")
		return AnyPort
	case port == defaultPort(scheme):
		r.note("default-port", "names the default port of %s, which browsers leave out", scheme)
		return ""
	}
	n, err := strconv.ParseUint(port, 10, 64)
	if err != nil || n == 0 || n > 65535 {
		r.note("port", "has the port %.10q, which is not between 1 and 65535", port)
		return port
	}
	r.note("port", "has a port with leading zeros")
	if canonical := strconv.FormatUint(n, 10); canonical != defaultPort(scheme) {
		return canonical
	}
	return ""
}

func (r *repair) host(scheme, host string) string {
	if host == "" {
		r.note("no-host", "has no host")
		return ""
	}
	if host == "*" && isHTTP(scheme) {
		r.note("every-host", `allows every host: list the hosts, or allow every origin with "*"`)
		return host
	}
	if !isHTTP(scheme) {
		return host
	}
	if !isASCII(host) {
		ascii, err := punycode.ToASCII(host)
		if err != nil {
			r.note("host", "has an invalid host")
			return host
		}
		r.note("unicode", "has a host that is not ASCII, but browsers send Punycode")
		host = ascii
	}
	if lower := strings.ToLower(host); lower != host {
		r.note("upper-case", "has upper case in its host")
		host = lower
	}
	if strings.Contains(host, "*") {
		return r.wildcard(scheme, host)
	}
	return r.address(host)
}

// wildcard checks a host that has an asterisk.
func (r *repair) wildcard(scheme, host string) string {
	label, base, _ := strings.Cut(host, ".")
	before, after, _ := strings.Cut(label, "*")
	p := Pattern{Parts: Parts{Scheme: scheme, Host: base}, Wildcard: Label, Before: before, After: after}
	if label == "*" {
		p.Wildcard = Subdomains
	}
	switch {
	case strings.HasPrefix(host, "*.*."):
		r.note("stars", "has several asterisks, but one at the front covers all depths")
		return "*." + strings.TrimLeft(host, "*.")
	case strings.Count(host, "*") > 1:
		r.note("stars", "has several asterisks, but only one is allowed")
	case !strings.Contains(label, "*"):
		r.note("star-place", "has an asterisk outside its first label")
	case base == "":
		r.note("every-host", "has an asterisk without a domain after it")
	case endsInNumber(base):
		r.note("star-address", "has an asterisk in an IP address")
	case p.room() <= 0:
		r.note("star-room", "has a host so long that nothing fits in place of the asterisk: a host has at most %d bytes, a label %d", maxHost, maxLabel)
	case p.variesDomain():
		r.note("star-domain", "also allows %q, a domain that anyone can register", scheme+"://"+before+"evil"+after+"."+base)
		if before == "" && after[0] != '-' {
			return "*." + after + "." + base
		}
		r.advice = fmt.Sprintf("write your own domain after it, such as %q", scheme+"://"+label+".myapp."+base)
	default:
		r.badLabels(strings.Replace(host, "*", "x", 1))
	}
	return host
}

// address checks a host without an asterisk, and converts IP addresses to their
// canonical form.
func (r *repair) address(host string) string {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner = strings.TrimSuffix(inner, "]")
		addr, err := netip.ParseAddr(inner)
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			r.note("ipv6", "has an invalid IPv6 address")
			return host
		}
		canonical := string(appendIPv6(nil, addr))
		if canonical != inner {
			r.note("ipv6", "has an IPv6 address that is not in canonical form")
		}
		return "[" + canonical + "]"
	}
	name := strings.TrimSuffix(host, ".")
	if !endsInNumber(name) {
		r.badLabels(name)
		return host
	}
	addr, ok := parseIPv4(name)
	if !ok {
		r.note("ipv4", "has an invalid IPv4 address")
		return host
	}
	if addr.String() != host {
		r.note("ipv4", "has an IPv4 address that is not in canonical form")
	}
	return addr.String()
}

// badLabels notes the first thing that is wrong with a domain name.
func (r *repair) badLabels(name string) {
	if len(name) > maxHost {
		r.note("host", "has a host of more than %d bytes", maxHost)
	}
	for label := range strings.SplitSeq(name, ".") {
		bad := strings.IndexFunc(label, func(c rune) bool { return c >= 0x80 || !hostByte[c] })
		switch {
		case label == "":
			r.note("host", "has an empty label in its host")
		case bad >= 0:
			r.note("host", "has %q in its host", label[bad])
		case !validPunycode(label):
			r.note("punycode", "has %q in its host, which is not valid Punycode", label)
		case len(label) > 63:
			r.note("host", "has a label of more than 63 bytes in its host")
		default:
			continue
		}
		return
	}
}

// parseIPv4 parses an IPv4 address as URL parsers do: one to four numbers, each
// decimal, octal or hexadecimal. The last number fills the remaining bytes.
//
// https://url.spec.whatwg.org/#concept-ipv4-parser
func parseIPv4(s string) (netip.Addr, bool) {
	numbers := strings.Split(s, ".")
	if len(numbers) > 4 {
		return netip.Addr{}, false
	}
	var sum uint64
	for i, text := range numbers {
		n, err := strconv.ParseUint(text, 0, 64)
		if err != nil {
			return netip.Addr{}, false
		}
		limit := uint64(256)
		if i == len(numbers)-1 {
			limit = 1 << (8 * (5 - len(numbers)))
			sum += n
		} else {
			sum += n << (8 * (3 - i))
		}
		if n >= limit {
			return netip.Addr{}, false
		}
	}
	return netip.AddrFrom4([4]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}), true
}
