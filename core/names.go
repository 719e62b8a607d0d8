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

// add appends name, unless one with the same key is there.
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

// joinNames joins two lists, of which either may be empty.
func joinNames(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ", " + b
}

// missingNames returns the names of the list want that are in none of the lists
// present.
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
