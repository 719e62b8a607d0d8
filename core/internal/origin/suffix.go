package origin

import (
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

//go:generate go run ./gensuffixes

// PublicSuffix returns the public suffix below which anyone can register a name
// that the pattern allows, or an empty string. It is the domain after the
// asterisk, or a name below that domain: "up.railway.app" for
// "https://*.railway.app". For "https://*.kawasaki.jp" it is "*.kawasaki.jp",
// because every name below kawasaki.jp is a public suffix.
func (p Pattern) PublicSuffix() string {
	if p.Wildcard != Subdomains && p.Wildcard != Label || !isHTTP(p.Scheme) {
		return ""
	}
	host := strings.TrimSuffix(p.Host, ".")
	switch {
	case IsReserved(host):
		return ""
	case isPublicSuffix(host):
		return host
	case isPublicSuffix("any-label." + host):
		return "*." + host
	case p.Wildcard == Subdomains:
		return SuffixBelow(host)
	}
	return ""
}

// SuffixBelow returns a public suffix below a domain, or an empty string if
// there is none. The domain must not be a public suffix itself.
func SuffixBelow(domain string) string {
	i, found := slices.BinarySearchFunc(aboveSuffixes[:], domain, func(pair [2]string, domain string) int {
		return strings.Compare(pair[0], domain)
	})
	if !found {
		return ""
	}
	return aboveSuffixes[i][1]
}

// SuffixesBelow returns public suffixes below a domain, which must not be a
// public suffix itself: the shortest one below the domain, and the shortest one
// below each of its subdomains. Short suffixes come first.
func SuffixesBelow(domain string) []string {
	if SuffixBelow(domain) == "" {
		return nil
	}
	var list []string
	for _, pair := range aboveSuffixes {
		below := pair[0] == domain || strings.HasSuffix(pair[0], "."+domain)
		if below && !strings.HasPrefix(pair[1], "*") && !slices.Contains(list, pair[1]) {
			list = append(list, pair[1])
		}
	}
	slices.SortStableFunc(list, func(a, b string) int { return len(a) - len(b) })
	return list
}

// variesDomain reports whether the asterisk is a part of a registrable domain, as
// in "https://*example.com". Nobody owns all of these domains.
func (p Pattern) variesDomain() bool {
	if p.Wildcard != Label || !isHTTP(p.Scheme) {
		return false
	}
	host := strings.TrimSuffix(p.Host, ".")
	suffix, icann := publicsuffix.PublicSuffix(host)
	return icann && suffix == host
}

func isPublicSuffix(host string) bool {
	suffix, _ := publicsuffix.PublicSuffix(host)
	return suffix == host
}

// Reserved lists the top-level domains that will never be delegated (RFC 6761, and
// ICANN's resolution of July 2024 for .internal): nobody can register a name below
// them.
var Reserved = [...]string{"localhost", "test", "example", "invalid", "internal"}

// IsReserved reports whether a top-level domain is reserved. Any other name may
// become a top-level domain, and counts as a public suffix.
func IsReserved(tld string) bool { return slices.Contains(Reserved[:], tld) }
