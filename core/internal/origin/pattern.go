package origin

import (
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"
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
	if !ok || !validScheme(parts.Scheme) ||
		parts.Port != "" && parts.Port != AnyPort && !validPort(parts.Scheme, parts.Port) {
		return Pattern{}, false
	}
	p := Pattern{Parts: parts}
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
	return p, dotted && validHost(p.Scheme, base) && len(base) < maxHost &&
		!strings.HasPrefix(base, "[") && !endsInNumber(strings.TrimSuffix(base, "."))
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

// IsLoopback reports whether a host is always the local machine. Browsers resolve
// localhost and its subdomains without asking the network.
//
// https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
func IsLoopback(host string) bool {
	name := strings.TrimSuffix(host, ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// PublicSuffix returns the public suffix that follows the asterisk, or an empty
// string. Anyone can register a name below it. For "https://*.kawasaki.jp" it is
// "*.kawasaki.jp", because every name below kawasaki.jp is a public suffix.
func (p Pattern) PublicSuffix() string {
	if p.Wildcard != Subdomains && p.Wildcard != Label || !isHTTP(p.Scheme) {
		return ""
	}
	host := strings.TrimSuffix(p.Host, ".")
	switch {
	case isReserved(host):
		return ""
	case isPublicSuffix(host):
		return host
	case p.Wildcard == Subdomains && isPublicSuffix("any-label."+host):
		return "*." + host
	}
	return ""
}

func isPublicSuffix(host string) bool {
	suffix, _ := publicsuffix.PublicSuffix(host)
	return suffix == host
}

// isReserved reports whether a top-level domain will never be delegated (RFC 6761,
// and ICANN's resolution of July 2024 for .internal). Any other name may become a
// top-level domain, and counts as a public suffix.
func isReserved(tld string) bool {
	switch tld {
	case "localhost", "test", "example", "invalid", "internal":
		return true
	}
	return false
}
