package origin

import (
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// This file corrects the host of an entry.

// host returns the corrected host. It reports whether the entry is explained.
func (r *repair) host(scheme, host, port string) (fixed string, done bool) {
	switch {
	case host == "":
		return r.noHost(scheme, port)
	case !isHTTP(scheme):
		if strings.Contains(host, "*") && host != "*" {
			r.note("star-place", "has an asterisk that stands for a part of its host")
			r.expr = globExpression(scheme, host, strings.TrimPrefix(port, ":"))
			r.advice = fmt.Sprintf("list the hosts, or use %q for all", scheme+"://*")
			return "", true
		}
		if host == "*" && port != "" {
			r.note("port", "has a port after an asterisk that stands for every host")
			r.suggest(scheme + "://*")
			return "", true
		}
		return host, false
	case host == "*":
		r.everyHost()
		return "", true
	}
	if !isASCII(host) {
		ascii, err := punycode.ToASCII(host)
		if err != nil {
			r.note("host", "has an invalid host")
			return "", true
		}
		r.note("unicode", "has a host that is not ASCII, but browsers send Punycode")
		host = ascii
	}
	if lower := strings.ToLower(host); lower != host {
		r.note("upper-case", "has upper case in its host")
		host = lower
	}
	if strings.Contains(host, "*") {
		return r.wildcard(scheme, host, port)
	}
	if domain, ok := strings.CutPrefix(host, "."); ok && r.suggest(scheme+"://"+domain+port, scheme+"://*."+domain+port) {
		r.note("host", "has a dot before its host")
		return "", true
	}
	return r.address(host), false
}

func (r *repair) noHost(scheme, port string) (fixed string, done bool) {
	r.note("no-host", "has no host")
	switch {
	case isHTTP(scheme) && port != "":
		r.suggest("http://localhost" + port)
	case isHTTP(scheme):
	case scheme == "tauri" || scheme == "capacitor" || scheme == "ionic":
		r.suggest(scheme + "://localhost")
	default:
		r.suggest(scheme + "://*")
	}
	return "", true
}

// wildcard explains a host of http or https that has an asterisk.
func (r *repair) wildcard(scheme, host, port string) (fixed string, done bool) {
	t := strings.TrimRight(host, "*")
	if t != host && (IsLoopback(t) || strings.Contains(t, ".") && !strings.HasSuffix(t, ".")) {
		return r.starAtEnd(scheme, host, port)
	}
	label, base, dotted := strings.Cut(host, ".")
	before, after, _ := strings.Cut(label, "*")
	p := Pattern{Parts: Parts{Scheme: scheme, Host: base}, Wildcard: Label, Before: before, After: after}
	if label == "*" {
		p.Wildcard = Subdomains
	}
	rest := strings.TrimLeft(host, "*.")
	example := func(host string) string { return fmt.Sprintf("such as %q", scheme+"://"+host+port) }
	switch {
	case strings.Trim(host, "*.") == "":
		r.everyHost()
	case isAddressGlob(host):
		r.starInAddress(scheme, host, port)
	case starInDomain(host):
		r.note("star-place", "has an asterisk in place of a domain, which anyone can register")
		r.advice = "name the domains that are yours, " + example(exampleDomain(host))
	case strings.HasPrefix(host, "*.*.") || strings.HasPrefix(host, "**."):
		r.note("stars", "has several asterisks, but one at the front covers all depths")
		return "*." + rest, false
	case strings.Count(host, "*") > 1:
		r.note("stars", "has several asterisks, but only one is allowed")
		r.glob(scheme, host, port)
	case !strings.Contains(label, "*"):
		r.note("star-place", "has an asterisk outside its first label")
		r.glob(scheme, host, port)
	case !dotted:
		r.starAlone(scheme, before, after, port)
	case p.room() <= 0:
		r.note("star-room", "has a host so long that nothing fits in place of the asterisk: a host has at most %d bytes, a label %d", maxHost, maxLabel)
	case p.variesDomain():
		r.note("star-domain", "also allows %q, a domain that anyone can register", scheme+"://"+before+"evil"+after+"."+base)
		if before == "" && after[0] != '-' {
			return "*." + after + "." + base, false
		}
		r.advice = "write your own domain after it, " + example(label+".myapp."+base)
	default:
		r.badLabels(strings.Replace(host, "*", "x", 1))
		return host, false
	}
	return "", true
}

// isAddressGlob reports whether a host is an IPv4 address in part.
func isAddressGlob(host string) bool {
	_, base, _ := strings.Cut(host, ".")
	return strings.Trim(host, "0123456789.*-") == "" || EndsInNumber(base)
}

func (r *repair) starInAddress(scheme, host, port string) {
	r.note("star-address", "has an asterisk in an IP address")
	if r.suggest(scheme + "://" + strings.TrimLeft(host, "*.") + port) {
		return
	}
	if example := scheme + "://" + strings.ReplaceAll(host, "*", "1"); isEntry(example) {
		r.expr = globExpression(scheme, host, strings.TrimPrefix(port, ":"))
		r.advice = fmt.Sprintf("list the addresses, such as %q", example+port)
	}
}

// starAlone is for a host of one label: "pr-*", "*localhost".
func (r *repair) starAlone(scheme, before, after, port string) {
	r.note("star-place", "has an asterisk without a domain after it")
	if before == "" && r.suggest(scheme+"://"+after+port) {
		return
	}
	r.advice = fmt.Sprintf("write your own domain after it, such as %q", scheme+"://"+before+"*"+after+".myapp.com"+port)
}

// starAtEnd is for a host such as "myapp.com*", where other libraries compare
// only the beginning.
func (r *repair) starAtEnd(scheme, host, port string) (fixed string, done bool) {
	host = strings.TrimRight(host, "*")
	r.note("star-place", "has an asterisk after its host")
	if IsLoopback(host) && port == "" {
		return host + ":*", false
	}
	if strings.Contains(host, "*") {
		return r.wildcard(scheme, host, port)
	}
	return host, false
}

// glob proposes an expression.
func (r *repair) glob(scheme, host, port string) {
	r.expr = globExpression(scheme, host, strings.TrimPrefix(port, ":"))
	labels := strings.Split(strings.Trim(host, "."), ".")
	for i, label := range labels {
		if label = strings.ReplaceAll(label, "*", "x"); strings.Trim(label, "x") == "" {
			label = "app"
		}
		labels[i] = label
	}
	r.advice = fmt.Sprintf("list the hosts, such as %q", scheme+"://"+strings.Join(labels, ".")+port)
}

// starInDomain reports whether an asterisk is a part of a registrable domain, or
// of the suffix after it.
func starInDomain(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := len(labels) - 1
	for last >= 0 && !strings.Contains(labels[last], "*") {
		last--
	}
	if last == 0 {
		return false // the first label
	}
	base := strings.Join(labels[last+1:], ".")
	if base == "" {
		return true
	}
	suffix, icann := publicsuffix.PublicSuffix(base)
	return suffix == base && (icann || !strings.Contains(base, ".") && !IsReserved(base))
}

// exampleDomain replaces the asterisks of a host whose domain has some.
func exampleDomain(host string) string {
	labels := strings.Split(strings.Trim(host, "."), ".")
	last := len(labels) - 1
	for i, label := range labels {
		switch {
		case i == last && strings.Contains(label, "*"):
			labels[i] = "com"
		case i > 0 && strings.Contains(label, "*"):
			labels[i] = "myapp"
		}
	}
	return strings.Join(labels, ".")
}

// address checks a host without an asterisk, and converts IP addresses to their
// canonical form.
func (r *repair) address(host string) string {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		return r.ipv6(host, strings.TrimSuffix(inner, "]"))
	}
	name := strings.TrimSuffix(host, ".")
	if !EndsInNumber(name) {
		r.badLabels(name)
		return host
	}
	addr, ok := ParseIPv4(name)
	if !ok {
		r.note("ipv4", "has an invalid IPv4 address")
		return host
	}
	if addr.String() != host {
		r.note("ipv4", "has an IPv4 address that is not in canonical form")
	}
	return addr.String()
}

func (r *repair) ipv6(host, inner string) string {
	if zone := strings.IndexByte(inner, '%'); zone >= 0 {
		r.note("ipv6", "has an IPv6 address with a zone, which browsers do not accept")
		r.advice = adviceRemove
		return host
	}
	addr, err := netip.ParseAddr(inner)
	if err != nil || !addr.Is6() {
		r.note("ipv6", "has an invalid IPv6 address")
		return host
	}
	canonical := string(appendIPv6(nil, addr))
	if canonical != inner {
		r.note("ipv6", "has an IPv6 address that is not in canonical form")
	}
	return "[" + canonical + "]"
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
		case len(label) > maxLabel:
			r.note("host", "has a label of more than %d bytes in its host", maxLabel)
		default:
			continue
		}
		return
	}
}
