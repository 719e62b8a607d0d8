package origin

import (
	"strings"

	"github.com/polycors/polycors/core/internal/spelling"
)

// A Relation says how an origin that no entry allows differs from one.
type Relation int

// The closest come first.
const (
	OtherScheme  Relation = iota + 1 // http instead of https, or the other way round
	OtherPort                        // the same but for the port
	LoopbackName                     // another of localhost, 127.0.0.1 and [::1]
	WWW                              // with "www." or without
	Apex                             // the domain itself, where its subdomains are allowed
	Subdomain                        // below an allowed host
	Lookalike                        // a similar spelling: a slip, or an attack
	Unrelated
)

// Nearest returns the entry that is closest to an origin, and how they differ.
// It looks at no more than most entries, since it costs time for each.
func Nearest(entries []string, o Parts, most int) (entry string, r Relation) {
	r = Unrelated
	for _, candidate := range entries[:min(len(entries), most)] {
		p, ok := parsePattern(candidate)
		if !ok {
			continue
		}
		if found := p.relation(o); found < r {
			entry, r = candidate, found
		}
	}
	return entry, r
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

// hasHost reports whether a pattern of http or https covers a host.
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
