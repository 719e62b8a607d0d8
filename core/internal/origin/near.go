package origin

import (
	"strings"

	"github.com/polycors/polycors/core/internal/spelling"
)

// A Relation says how an origin differs from an entry that does not allow it.
type Relation int

// Closer relations come first.
const (
	OtherScheme  Relation = iota + 1 // http instead of https, or the other way round
	OtherPort                        // only the port differs
	LoopbackName                     // two of localhost, 127.0.0.1 and [::1]
	WWW                              // only one of them begins with "www."
	Apex                             // the entry allows only the subdomains of the domain
	Subdomain                        // a subdomain of an allowed host
	OtherDevice                      // another address, or another name in a local network
	SameSite                         // another host below the same registrable domain
	Lookalike                        // a similar spelling: a typo or an attack
	Unrelated
)

// Nearest returns the entry that is closest to an origin, and how they differ.
// It examines every entry.
func Nearest(entries []Pattern, o Parts) (entry string, r Relation) {
	r = Unrelated
	nearest, device := Pattern{}, isDevice(o.Host)
	for _, p := range entries {
		if found := p.relation(o, device); found < r {
			nearest, r = p, found
		}
	}
	if r == Unrelated {
		return "", r
	}
	return nearest.String(), r
}

// relation is quick, because anybody can make it run for each entry. The argument
// device is isDevice(o.Host).
func (p Pattern) relation(o Parts, device bool) Relation {
	sameScheme := p.Scheme == o.Scheme
	samePort := p.Port == o.Port || p.Port == AnyPort
	switch {
	case p.Wildcard == AnyHost || !isHTTP(p.Scheme) || !isHTTP(o.Scheme):
		return Unrelated
	case p.hasHost(o.Host) && !sameScheme:
		return OtherScheme
	case p.hasHost(o.Host) && !samePort:
		return OtherPort
	case p.Wildcard == None && IsLoopback(p.Host) && IsLoopback(o.Host):
		return LoopbackName
	case p.Wildcard == None && (p.Host == "www."+o.Host || o.Host == "www."+p.Host):
		return WWW
	case p.Wildcard == Subdomains && p.Host == o.Host:
		return Apex
	case strings.HasSuffix(o.Host, "."+p.Host):
		return Subdomain
	case device && p.Wildcard == None && isDevice(p.Host):
		return OtherDevice
	case sameSite(p.Host, o.Host):
		return SameSite
	case strings.Contains(o.Host, p.Host), resembles(o.Host, p.Host):
		return Lookalike
	}
	return Unrelated
}

// isDevice reports whether a host is an IP address or a name in a local network,
// but not this machine. A host with a similar name is probably another device,
// not an imitation.
func isDevice(host string) bool {
	if IsLoopback(host) {
		return false
	}
	_, ok := parseAddress(host)
	return ok || IsLocal(host) && !IsReserved(host[strings.LastIndexByte(host, '.')+1:])
}

// sameSite reports whether two hosts are below the same registrable domain.
//
// https://html.spec.whatwg.org/#same-site
func sameSite(a, b string) bool {
	domain := commonDomain(a, b)
	return strings.Contains(domain, ".") && !isPublicSuffix(domain)
}

// commonDomain returns the labels at the end that two hosts have in common.
func commonDomain(a, b string) string {
	n := 0
	for n < min(len(a), len(b)) && a[len(a)-n-1] == b[len(b)-n-1] {
		n++
	}
	common := a[len(a)-n:]
	if endsLabel(a[:len(a)-n]) && endsLabel(b[:len(b)-n]) {
		return common
	}
	_, domain, _ := strings.Cut(common, ".") // without half a label
	return domain
}

// endsLabel reports whether a new label can follow.
func endsLabel(before string) bool { return before == "" || strings.HasSuffix(before, ".") }

// resembles reports whether a host may be a misspelling of another. Most short
// names differ from each other by two letters.
func resembles(a, b string) bool {
	return spelling.Distance(a, b) <= min(2, len(b)/4)
}

// hasHost reports whether a pattern of http or https allows a host.
func (p Pattern) hasHost(host string) bool {
	switch p.Wildcard {
	case None:
		return p.Host == host
	case Subdomains:
		return strings.HasSuffix(host, "."+p.Host)
	default:
		label, base, _ := strings.Cut(host, ".")
		return base == p.Host && len(label) > len(p.Before)+len(p.After) &&
			strings.HasPrefix(label, p.Before) && strings.HasSuffix(label, p.After)
	}
}
