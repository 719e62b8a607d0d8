package origin

import (
	"strings"

	"golang.org/x/net/idna"
)

// punycode converts hosts as URL parsers do, which do not require them to be valid
// DNS names.
//
// https://url.spec.whatwg.org/#concept-domain-to-ascii
var punycode = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false), idna.CheckHyphens(false))

// validPunycode reports whether browsers accept all labels of a host that are in
// Punycode. They have no page with any other label, so an entry with one is a
// mistake. Labels of requests are not checked: they cannot match such an entry.
func validPunycode(host string) bool {
	for label := range strings.SplitSeq(host, ".") {
		if !strings.HasPrefix(label, "xn--") {
			continue
		}
		text, err := punycode.ToUnicode(label)
		if err != nil {
			return false
		}
		if ascii, err := punycode.ToASCII(text); err != nil || ascii != label {
			return false
		}
	}
	return true
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(c rune) bool { return c >= 0x80 }) < 0
}
