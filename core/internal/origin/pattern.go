package origin

import (
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Wildcard says what the asterisk in a pattern's host stands for.
type Wildcard int

const (
	None       Wildcard = iota // no asterisk: one host
	Subdomains                 // "*.myapp.com": one or more labels
	Label                      // "pr-*.myapp.dev": one or more characters of the first label
	AnyHost                    // "moz-extension://*"
)

// AnyPort is the port of patterns such as "http://localhost:*". The default
// port is one of them.
const AnyPort = "*"

// A Pattern is one entry of a list of origins, taken apart.
type Pattern struct {
	// Parts holds the entry as it was written, less what the asterisk in the
	// host stands for: Host is "myapp.com" for "*.myapp.com".
	Parts
	Wildcard Wildcard
	// Before and After surround the asterisk of a Label pattern, within the
	// first label.
	Before, After string
}

// ParsePattern reads an entry. On failure the Mistake says what is wrong.
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
		// Any byte in the asterisk's place: the rest has to be a label.
		if !validLabels(before + "x" + after) {
			return p, false
		}
	}
	p.Host = base
	return p, dotted && validHost(p.Scheme, base) && len(base) < maxHost &&
		!strings.HasPrefix(base, "[") && !endsInNumber(strings.TrimSuffix(base, "."))
}

// String is the entry that the pattern was read from.
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

// IsInsecure reports whether somebody on the network, or an unknown
// application, can act as one of the pattern's origins: http beyond loopback,
// and every host of a scheme.
func (p Pattern) IsInsecure() bool {
	return p.Wildcard == AnyHost || p.Scheme == "http" && !IsLoopback(p.Host)
}

// IsLoopback reports whether a host is this machine, whatever the network
// says. Browsers resolve localhost and all names below it by themselves.
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

// PublicSuffix returns the suffix right below which the pattern has its
// asterisk, where anybody can register a name; empty if there is none. It is
// "*.kawasaki.jp" for a pattern that covers all the suffixes of such a rule.
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

// isReserved reports whether a top-level name can never be registered by
// anybody (RFC 6761, and .internal by ICANN's resolution of July 2024). All
// others count as public suffixes: what is no top-level domain today may be one
// tomorrow.
func isReserved(tld string) bool {
	switch tld {
	case "localhost", "test", "example", "invalid", "internal":
		return true
	}
	return false
}
