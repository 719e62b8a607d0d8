package expr

import (
	"math/bits"
	"regexp"
	"strings"
)

// Rewrite returns a good expression that text was probably meant to be, or "" if it
// has none to propose.
func Rewrite(text string, good func(string) bool) string {
	const long = 1000
	if len(text) > long {
		return ""
	}
	// Few corrections before many.
	for count := 1; count <= 4; count++ {
		for set := range uint(1) << len(corrections) {
			if bits.OnesCount(set) != count {
				continue
			}
			if corrected, ok := correct(text, set); ok && good(corrected) {
				return corrected
			}
		}
	}
	return ""
}

// correct applies a set of corrections. It fails if one of them changes nothing.
func correct(text string, set uint) (corrected string, ok bool) {
	for i, c := range corrections {
		if set>>i&1 == 0 {
			continue
		}
		corrected = c(text)
		if corrected == text {
			return "", false
		}
		text = corrected
	}
	return text, true
}

// corrections of common mistakes, in the order in which they are applied.
var corrections = []func(string) string{
	// A JavaScript literal: /^https:\/\/myapp\.com$/i
	func(s string) string {
		if m := literal.FindStringSubmatch(s); m != nil {
			s = m[1]
		}
		return strings.ReplaceAll(s, `\/`, `/`)
	},
	// A glob: https://*.myapp.com
	func(s string) string { return strings.Replace(s, `://*.`, `://.*\.`, 1) },
	// A path, or a slash.
	replace(`/(?:\.?[*+?])?(\$?)$`, `$1`),
	// ".*" at the end, meant for ports.
	replace(`(localhost|\.[a-z0-9-]+|\])\.\*(\$?)$`, `$1(:\d+)?$2`),
	// The default port.
	replace(`:443(\$?)$`, `$1`),
	// A scheme other than https, or none.
	func(s string) string {
		anchor := anchors.FindString(s)
		rest := s[len(anchor):]
		if _, after, ok := strings.Cut(rest, `://`); ok {
			return anchor + `https://` + after
		}
		rest = strings.TrimPrefix(rest, `//`)
		if strings.HasPrefix(rest, `\.`) {
			rest = `.*` + rest
		}
		return anchor + `https://` + rest
	},
	// A dot that is not escaped.
	func(s string) string {
		escape := replace(`([a-z0-9*+?)\]}-])\.([a-z0-9(])`, `$1\.$2`)
		return escape(escape(s)) // labels of one letter are between two
	},
	// No dot in front of the domain: https://.*myapp\.com
	replace(`(^|[^\\])(\.|\\w|\\S|\[[^\]]+\])\*([a-z0-9(])`, `$1($2*\.)?$3`),
	replace(`(^|[^\\])(\.|\\w|\\S|\[[^\]]+\])\+([a-z0-9(])`, `$1$2+\.$3`),
	// Upper case, which origins do not have.
	func(s string) string { return `(?i)` + s },
}

var (
	literal = regexp.MustCompile(`^/(.+)/[a-z]*$`)
	anchors = regexp.MustCompile(`^(?:\^|\\A|\(\?[a-z]+\))*`)
)

func replace(pattern, by string) func(string) string {
	re := regexp.MustCompile(pattern)
	return func(s string) string { return re.ReplaceAllString(s, by) }
}
