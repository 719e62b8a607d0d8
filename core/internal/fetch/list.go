package fetch

import "strings"

// HasName reports whether any list contains a header name, or "*", which covers
// all names.
func HasName(lists []string, name string) bool {
	for _, list := range lists {
		for list != "" {
			var item string
			item, list, _ = strings.Cut(list, ",")
			item = TrimBlanks(item)
			if item == "*" || len(item) == len(name) && strings.EqualFold(item, name) {
				return true
			}
		}
	}
	return false
}

// TrimBlanks returns s without the blanks around it: spaces and tabs, as between
// the names of a list (RFC 9110, section 5.6.3).
func TrimBlanks(s string) string {
	for len(s) > 0 && IsBlank(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && IsBlank(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// IsBlank reports whether c is a space or a tab.
func IsBlank(c byte) bool { return c == ' ' || c == '\t' }
