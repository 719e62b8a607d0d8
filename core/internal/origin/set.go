package origin

import (
	"slices"
	"strings"
)

// A Set answers whether any of its patterns allows an origin. The zero Set is
// empty. A Set that is no longer added to may be used concurrently.
//
// The time it takes depends neither on the number of patterns nor on the length
// of the origin: a few are compared one by one, which is the quickest, and more
// are looked up.
type Set struct {
	all bool

	few   []string // whole origins
	exact *table   // the same, if there are many

	wildcards []wildcard // patterns that stand for several origins
	index     *index     // the same, if there are many
}

// maxFew is how many are compared sooner than one is looked up.
const maxFew = 4

// NewSet returns an empty set that is prepared for the patterns of some entries.
// No others may be added, as there may be no room for them.
func NewSet(entries []string) *Set {
	exact, size := 0, 0
	for _, entry := range entries {
		if !strings.Contains(entry, "*") {
			exact++
			size += len(entry)
		}
	}
	s := new(Set)
	if exact > maxFew {
		s.exact = newTable(exact, size)
	}
	if len(entries)-exact > maxFew {
		s.index = new(index)
	}
	return s
}

// Add adds the pattern that entry was parsed to. The entry is kept.
func (s *Set) Add(p Pattern, entry string) {
	exact := p.Wildcard == None && p.Port != AnyPort
	switch {
	case exact && s.exact != nil:
		s.exact.add(entry)
	case exact:
		s.few = append(s.few, entry)
	case s.index != nil:
		s.index.add(p, entry)
	default:
		s.wildcards = append(s.wildcards, newWildcard(p, entry))
	}
}

// AddAll makes the set one of all origins, also of schemes that this package
// does not know.
func (s *Set) AddAll() { s.all = true }

// Contains reports whether a pattern of the set allows the origin.
//
// What a pattern fixes is compared byte for byte with text that was validated
// when it was added; only what it leaves free is checked here.
func (s *Set) Contains(origin string) bool {
	if len(origin) > MaxLen {
		return false
	}
	for _, entry := range s.few {
		if entry == origin {
			return true
		}
	}
	if s.exact != nil && s.exact.has(origin) {
		return true
	}
	for i := range s.wildcards {
		if s.wildcards[i].allows(origin) {
			return true
		}
	}
	if s.index != nil {
		if _, ok := s.index.match(origin); ok {
			return true
		}
	}
	// Several origins are none, but anything else may be one.
	return s.all && strings.IndexByte(origin, ',') < 0
}

// Match returns a pattern of the set that allows the origin, or an empty
// string. It is for messages, and slower than Contains.
func (s *Set) Match(origin string) string {
	if !s.Contains(origin) {
		return ""
	}
	if slices.Contains(s.few, origin) || s.exact != nil && s.exact.has(origin) {
		return origin
	}
	for _, w := range s.wildcards {
		if w.allows(origin) {
			return w.entry
		}
	}
	if s.index != nil {
		if entry := s.index.entry(origin); entry != "" {
			return entry
		}
	}
	return "*"
}
