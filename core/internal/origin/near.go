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
	Lookalike                        // a similar spelling: a typo or an attack
	Unrelated
)

// Nearest returns the entry that is closest to an origin, and how they differ.
// It examines every entry.
func Nearest(entries []Pattern, o Parts) (entry string, r Relation) {
	r = Unrelated
	nearest := Pattern{}
	for _, p := range entries {
		if found := p.relation(o); found < r {
			nearest, r = p, found
		}
	}
	if r == Unrelated {
		return "", r
	}
	return nearest.String(), r
}

func (p Pattern) relation(o Parts) Relation {
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
	case strings.Contains(o.Host, p.Host), spelling.Distance(o.Host, p.Host) <= 2:
		return Lookalike
	}
	return Unrelated
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
