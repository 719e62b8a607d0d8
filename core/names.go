package cors

import (
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
)

// A nameList is a list of methods or header names without repetitions.
type nameList struct {
	names []string
	seen  map[string]bool
}

// add appends name, unless the list has a name with the same key.
func (l *nameList) add(key, name string) {
	if l.seen[key] {
		return
	}
	if l.seen == nil {
		l.seen = make(map[string]bool)
	}
	l.seen[key] = true
	l.names = append(l.names, name)
}

func (l *nameList) has(key string) bool { return l.seen[key] }

func (l *nameList) String() string { return strings.Join(l.names, ", ") }

// joinNames joins two lists. Either may be empty.
func joinNames(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// missingNames returns the names in want that no list in present contains.
func missingNames(want string, present []string) string {
	if !hasAny(present, want) { // the common case, without allocation
		return want
	}
	var missing string
	for name := range strings.SplitSeq(want, ",") {
		if name = strings.TrimSpace(name); !fetch.HasName(present, name) {
			missing = joinNames(missing, name)
		}
	}
	return missing
}

// hasAny reports whether any list contains any of the names.
func hasAny(lists []string, names string) bool {
	for names != "" {
		var name string
		name, names, _ = strings.Cut(names, ",")
		if fetch.HasName(lists, strings.TrimSpace(name)) {
			return true
		}
	}
	return false
}

// addUseless adds a problem if a header name in AllowHeaders has no effect,
// although its author probably expects one. It reports whether it added a
// problem.
//
// Entries for cookies, proxies and CORS itself look like permissions, and
// servers trust headers that begin with Sec-. The other headers that scripts
// cannot set, such as Origin and Content-Length, do no harm: lists that are
// copied from elsewhere often have them.
func (p *problems) addUseless(field string, index int, name string, credentials bool) bool {
	code, reason, suggestion := CodeHeaderForbidden, "", "remove it"
	switch lower := strings.ToLower(name); {
	case strings.HasPrefix(lower, "cookie") && fetch.IsForbiddenRequestHeader(lower), lower == "set-cookie":
		code, suggestion = CodeHeaderCookie, removeForCookies(credentials)
		reason = "is a header that scripts cannot set: browsers send cookies themselves, with AllowCredentials"
	case strings.HasPrefix(lower, "access-control-request-"):
		reason = "is a header of preflights, which browsers set, and scripts cannot"
	case strings.HasPrefix(lower, "proxy-"):
		reason = "is a header for proxies, which scripts cannot set"
	case strings.HasPrefix(lower, "sec-"):
		reason = "is a header that browsers set, and scripts cannot"
	default:
		return false
	}
	p.addAt(code, field, index, name, reason, suggestion)
	return true
}

// removeForCookies returns the suggestion for Cookie or Set-Cookie in a list.
func removeForCookies(credentials bool) string {
	if credentials {
		return "remove it"
	}
	return "remove it, and set AllowCredentials to true if you use cookies"
}
