package origin

import (
	"math/bits"
	"slices"
	"strings"
)

// A Set answers whether any of its entries allows an origin. The zero Set is
// empty. A Set may be used concurrently once all entries are added.
//
// The cost of an answer depends neither on the number of entries nor on the
// length of the origin. A few entries are compared one by one, which is fastest.
// More entries are in maps: Match looks up the text of each pattern that could
// allow the origin.
type Set struct {
	all bool

	few       []string   // whole origins
	wildcards []wildcard // patterns

	// If there are more than a few:
	exact    map[string]struct{}
	patterns map[string]string // key and value are the entry
	shapes   []shape           // of patterns, sorted by labels

	// The lengths of the texts before and after the asterisk of label patterns:
	// bit n is set for n bytes. "https://a-*-b.myapp.dev" sets bits for "a-" at
	// "https://*.myapp.dev" in befores, and for "-b" at "https://a-*.myapp.dev"
	// in afters.
	befores, afters map[string]uint64
}

// The numbers of entries up to which a linear scan beats a lookup.
const (
	maxFew       = 4
	maxWildcards = 8
)

// A shape is what patterns have in common if the same lookup finds them.
type shape struct {
	wildcard Wildcard
	labels   int // after the label with the asterisk
	anyPort  bool
}

// NewSet returns an empty set with room for some entries.
func NewSet(entries []string) *Set {
	patterns := 0
	for _, entry := range entries {
		if strings.Contains(entry, "*") {
			patterns++
		}
	}
	s := new(Set)
	if exact := len(entries) - patterns; exact > maxFew {
		s.exact = make(map[string]struct{}, exact)
	}
	if patterns > maxWildcards {
		s.patterns = make(map[string]string, patterns)
		s.befores = make(map[string]uint64)
		s.afters = make(map[string]uint64)
	}
	return s
}

// Add adds an entry and the pattern that it was parsed to.
func (s *Set) Add(p Pattern, entry string) {
	exact := p.Wildcard == None && p.Port != AnyPort
	switch {
	case exact && s.exact != nil:
		s.exact[entry] = struct{}{}
	case exact:
		s.few = append(s.few, entry)
	case s.patterns != nil:
		s.addPattern(p, entry)
	default:
		s.wildcards = append(s.wildcards, newWildcard(p, entry))
	}
}

// AddAll makes the set allow every origin, including origins of schemes that
// this package does not know.
func (s *Set) AddAll() { s.all = true }

func (s *Set) addPattern(p Pattern, entry string) {
	s.patterns[entry] = entry
	sh := shape{wildcard: p.Wildcard, anyPort: p.Port == AnyPort}
	if p.Wildcard == Subdomains || p.Wildcard == Label {
		sh.labels = strings.Count(p.Host, ".") + 1
	}
	if !slices.Contains(s.shapes, sh) {
		s.shapes = append(s.shapes, sh)
		slices.SortFunc(s.shapes, func(a, b shape) int { return a.labels - b.labels })
	}
	if p.Wildcard == Label {
		head, rest, _ := strings.Cut(entry, "*")
		base := "*" + rest[len(p.After):]
		s.befores[p.Scheme+"://"+base] |= 1 << len(p.Before)
		if p.After != "" {
			s.afters[head+base] |= 1 << len(p.After)
		}
	}
}

// Contains reports whether an entry of the set allows the origin.
func (s *Set) Contains(origin string) bool { return s.Match(origin) != "" }

// Match returns an entry of the set that allows the origin, or an empty string.
//
// The text of an entry was validated when the entry was parsed. Match compares
// it byte for byte, and validates only the text that an asterisk matches.
func (s *Set) Match(origin string) string {
	if len(origin) > MaxLen {
		return ""
	}
	for _, entry := range s.few {
		if entry == origin {
			return entry
		}
	}
	if _, ok := s.exact[origin]; ok {
		return origin
	}
	for i := range s.wildcards {
		if s.wildcards[i].allows(origin) {
			return s.wildcards[i].entry
		}
	}
	if s.patterns != nil {
		if entry := s.matchPattern(origin); entry != "" {
			return entry
		}
	}
	if s.all && strings.IndexByte(origin, ',') < 0 { // a comma separates several origins
		return "*"
	}
	return ""
}

func (s *Set) matchPattern(origin string) string {
	start, end, ok := hostBounds(origin)
	// An asterisk in the origin could be mistaken for the asterisk of a pattern.
	if !ok || strings.IndexByte(origin, '*') >= 0 ||
		end < len(origin) && !validPort(origin[:start-len("://")], origin[end+len(":"):]) {
		return ""
	}
	c := candidate{origin: origin, start: start, end: end}
	tail, labels := end, 0 // origin[tail:end] has this many labels
	for _, sh := range s.shapes {
		for ; labels < sh.labels; labels++ {
			if tail = start + strings.LastIndexByte(origin[start:tail], '.'); tail < start {
				return ""
			}
		}
		c.anyPort = sh.anyPort
		if entry := s.matchShape(&c, sh.wildcard, tail); entry != "" {
			return entry
		}
	}
	return ""
}

func (s *Set) matchShape(c *candidate, w Wildcard, tail int) string {
	switch {
	case w == None:
		return s.patterns[string(c.text(c.end, c.end))]
	case c.end-c.start > maxHost:
		return ""
	case w == Label:
		return s.matchLabel(c, tail)
	}
	entry := s.patterns[string(c.text(c.start, tail))]
	if entry == "" || !w.covers(c.origin[c.start:tail]) {
		return ""
	}
	return entry
}

// matchLabel tries all lengths that occur. The asterisk matches at least one byte.
func (s *Set) matchLabel(c *candidate, tail int) string {
	label := c.origin[c.start:tail]
	if strings.IndexByte(label, '.') >= 0 {
		return ""
	}
	befores := s.befores[string(c.text(c.start, tail))]
	if befores == 0 || !validLabels(label) {
		return ""
	}
	for ; befores != 0; befores &= befores - 1 {
		from := c.start + bits.TrailingZeros64(befores)
		if from >= tail {
			break
		}
		head := c.text(from, tail)
		if entry := s.patterns[string(head)]; entry != "" {
			return entry
		}
		for afters := s.afters[string(head)]; afters != 0; afters &= afters - 1 {
			to := tail - bits.TrailingZeros64(afters)
			if to <= from {
				break
			}
			if entry := s.patterns[string(c.text(from, to))]; entry != "" {
				return entry
			}
		}
	}
	return ""
}

// A candidate is the text of a pattern that may allow an origin.
type candidate struct {
	origin     string
	start, end int // of the host
	anyPort    bool
	buf        [MaxLen + len("*:"+AnyPort)]byte
}

// text returns the origin with an asterisk in place of the bytes between from
// and to, if there are any. It is valid until the next call.
func (c *candidate) text(from, to int) []byte {
	b := append(c.buf[:0], c.origin[:from]...)
	if from < to {
		b = append(b, '*')
	}
	if !c.anyPort {
		return append(b, c.origin[to:]...)
	}
	b = append(b, c.origin[to:c.end]...)
	return append(b, ":"+AnyPort...)
}
