package origin

import (
	"net/netip"
	"strings"
)

// Wildcard is the kind of asterisk in the host of a pattern.
type Wildcard int

const (
	None       Wildcard = iota // no asterisk: one host
	Subdomains                 // "https://*.myapp.com": one or more labels
	Label                      // "https://pr-*.myapp.dev": one or more characters of the first label
	AnyHost                    // "moz-extension://*": a whole host
)

// covers reports whether the asterisk can match text. It does not check that the
// whole host is short enough.
func (w Wildcard) covers(text string) bool {
	switch w {
	case Subdomains:
		return validLabels(text)
	case Label:
		return validLabels(text) && strings.IndexByte(text, '.') < 0
	case AnyHost:
		return validOpaqueHost(text)
	}
	return text == ""
}

// AnyPort is the port of a pattern that allows every port, such as
// "http://localhost:*". Every port includes the default port.
const AnyPort = "*"

// A Pattern is a parsed entry of a list of origins. It allows one or more
// origins.
type Pattern struct {
	// Parts are the parts of the entry. Host lacks the label that contains the
	// asterisk: it is "myapp.com" for "https://*.myapp.com".
	Parts
	Wildcard Wildcard
	// Before and After are the rest of that label if the Wildcard is Label.
	Before, After string
}

// ParsePattern parses an entry. The Mistake is nil if the entry is valid.
func ParsePattern(entry string) (Pattern, *Mistake) {
	if p, ok := parsePattern(entry); ok {
		return p, nil
	}
	m := explain(entry)
	return Pattern{}, &m
}

func parsePattern(entry string) (Pattern, bool) {
	parts, ok := split(entry)
	if !ok || !validScheme(parts.Scheme) || misspelled(parts.Scheme) != "" ||
		parts.Port != "" && parts.Port != AnyPort && !validPort(parts.Scheme, parts.Port) {
		return Pattern{}, false
	}
	p := Pattern{Parts: parts}
	if isHTTP(p.Scheme) && !validPunycode(p.Host) {
		return p, false
	}
	label, base, dotted := strings.Cut(parts.Host, ".")
	before, after, starred := strings.Cut(label, "*")
	switch {
	case !starred:
		return p, validHost(p.Scheme, p.Host)
	case parts.Host == "*":
		p.Wildcard, p.Host = AnyHost, ""
		return p, !isHTTP(p.Scheme) && p.Port == ""
	case label == "*":
		p.Wildcard = Subdomains
	default:
		p.Wildcard, p.Before, p.After = Label, before, after
		// The asterisk matches at least one byte.
		if !validLabels(before + "x" + after) {
			return p, false
		}
	}
	p.Host = base
	return p, dotted && validHost(p.Scheme, base) && p.room() > 0 && !p.variesDomain() &&
		!strings.HasPrefix(base, "[") && !EndsInNumber(strings.TrimSuffix(base, "."))
}

// room returns the length of the longest text that the asterisk can stand for.
func (p Pattern) room() int {
	label := len(p.Before) + len(p.After)
	switch p.Wildcard {
	case Subdomains:
		return maxHost - len(".") - len(p.Host)
	case Label:
		return min(maxHost-len(".")-len(p.Host), maxLabel) - label
	case AnyHost:
		return maxHost
	}
	return 0
}

// String returns the entry that was parsed.
func (p Pattern) String() string {
	parts := p.Parts
	switch p.Wildcard {
	case Subdomains:
		parts.Host = "*." + p.Host
	case Label:
		parts.Host = p.Before + "*" + p.After + "." + p.Host
	case AnyHost:
		parts.Host = "*"
	}
	return parts.String()
}

// IsInsecure reports whether an attacker on the network or an unknown application
// can have an origin that the pattern allows. This is so for http, except on
// loopback, and for every host of a custom scheme.
func (p Pattern) IsInsecure() bool {
	return p.Wildcard == AnyHost || p.Scheme == "http" && !IsLoopback(p.Host)
}

// IsLocal reports whether a host belongs to a local network: a private or
// link-local address, a name without dots, or a name below a top-level domain for
// local networks.
func IsLocal(host string) bool {
	if addr, ok := parseAddress(host); ok {
		return addr.IsPrivate() || addr.IsLinkLocalUnicast() || addr.IsLoopback()
	}
	name := strings.TrimSuffix(host, ".")
	switch tld := name[strings.LastIndexByte(name, '.')+1:]; tld {
	case name, "arpa", "home", "lan", "local", "localdomain":
		return true
	default:
		return IsReserved(tld)
	}
}

// IsUnspecified reports whether a host is the address on which servers listen on
// all networks.
func IsUnspecified(host string) bool { return host == "0.0.0.0" || host == "[::]" }

// IsLoopback reports whether a host is always the local machine. Browsers resolve
// localhost and its subdomains without asking the network.
//
// https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
func IsLoopback(host string) bool {
	name := strings.TrimSuffix(host, ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	addr, ok := parseAddress(host)
	return ok && addr.IsLoopback()
}

// parseAddress parses a host that is an IP address, with or without brackets.
// Most hosts are names, and it rejects them before netip has to allocate an
// error.
func parseAddress(host string) (addr netip.Addr, ok bool) {
	if host == "" || (host[0] < '0' || host[0] > '9') && !strings.Contains(host, ":") {
		return addr, false
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return addr, err == nil
}
