package origin

import (
	"slices"
	"strings"
)

// A Set answers whether any of its patterns allows an origin. Its cost depends
// neither on the number of patterns nor on the length of the origin. The zero
// Set is empty. A Set that is no longer added to may be used concurrently.
type Set struct {
	exact   map[string]struct{} // whole origins
	anyPort map[string]struct{} // origins less their port
	schemes map[string]struct{}
	shapes  []shape
}

// A shape says where to cut an origin so that what a pattern fixes lies in two
// pieces, to be looked up byte for byte, with the free part between them.
// Patterns of the same shape share one table: a hundred thousand tenants are
// one shape, and one look-up.
type shape struct {
	cut
	fixed map[string]heads // by tail
}

type cut struct {
	labels  int  // labels in the tail, after the one with the asterisk
	before  int  // bytes of the first label ahead of the asterisk
	after   int  // bytes of the first label behind it
	deep    bool // the asterisk may stand for several labels
	anyPort bool // the port is cut off
}

// heads are what may stand before the free part, "https://pr-", for one tail,
// ".myapp.dev:8443". For most tails there is only one.
type heads struct {
	one  string
	more map[string]struct{}
}

func (h heads) has(head string) bool {
	if head == h.one {
		return true
	}
	_, ok := h.more[head]
	return ok
}

// NewSet returns an empty set with room for n exact origins.
func NewSet(n int) *Set {
	return &Set{exact: make(map[string]struct{}, n)}
}

// Add adds the pattern that entry was parsed to, and reports whether it was
// new. The entry is kept.
func (s *Set) Add(p Pattern, entry string) bool {
	switch {
	case p.Wildcard == AnyHost:
		return add(&s.schemes, p.Scheme)
	case p.Wildcard != None:
		return s.addShape(p, entry)
	case p.Port == AnyPort:
		return add(&s.anyPort, strings.TrimSuffix(entry, ":"+AnyPort))
	default:
		return add(&s.exact, entry)
	}
}

func add[K comparable](m *map[K]struct{}, key K) bool {
	if *m == nil {
		*m = make(map[K]struct{})
	}
	n := len(*m)
	(*m)[key] = struct{}{}
	return len(*m) > n
}

func (s *Set) addShape(p Pattern, entry string) bool {
	c := cut{
		labels:  strings.Count(p.Host, ".") + 1,
		before:  len(p.Before),
		after:   len(p.After),
		deep:    p.Wildcard == Subdomains,
		anyPort: p.Port == AnyPort,
	}
	if c.anyPort {
		entry = strings.TrimSuffix(entry, ":"+AnyPort)
	}
	head, tail, _ := strings.Cut(entry, "*")
	i := slices.IndexFunc(s.shapes, func(sh shape) bool { return sh.cut == c })
	if i < 0 {
		i = len(s.shapes)
		s.shapes = append(s.shapes, shape{cut: c, fixed: make(map[string]heads)})
	}
	return s.shapes[i].add(head, tail)
}

func (sh *shape) add(head, tail string) bool {
	known, ok := sh.fixed[tail]
	switch {
	case !ok:
		sh.fixed[tail] = heads{one: head}
	case known.has(head):
		return false
	default:
		add(&known.more, head)
		sh.fixed[tail] = known
	}
	return true
}

// Contains reports whether a pattern of the set allows the origin.
//
// What a pattern fixes is compared byte for byte with text that was validated
// when it was added; only what it leaves free is checked here.
func (s *Set) Contains(origin string) bool {
	if len(origin) > MaxLen {
		return false
	}
	if _, ok := s.exact[origin]; ok {
		return true
	}
	if s.anyPort == nil && s.schemes == nil && s.shapes == nil {
		return false
	}
	start, end, ok := hostBounds(origin)
	if !ok {
		return false
	}
	scheme := origin[:start-len("://")]
	if end < len(origin) && !validPort(scheme, origin[end+len(":"):]) {
		return false
	}
	if _, ok := s.schemes[scheme]; ok && end == len(origin) && validOpaqueHost(origin[start:end]) {
		return true
	}
	if _, ok := s.anyPort[origin[:end]]; ok {
		return true
	}
	if end-start > maxHost {
		return false
	}
	for i := range s.shapes {
		if _, _, ok := s.shapes[i].match(origin, start, end); ok {
			return true
		}
	}
	return false
}

// Match returns a pattern of the set that allows the origin, or an empty
// string. It is for messages, and slower than Contains.
func (s *Set) Match(origin string) string {
	if !s.Contains(origin) {
		return ""
	}
	if _, ok := s.exact[origin]; ok {
		return origin
	}
	start, end, _ := hostBounds(origin)
	scheme := origin[:start-len("://")]
	if _, ok := s.schemes[scheme]; ok {
		return scheme + "://*"
	}
	for i := range s.shapes {
		sh := &s.shapes[i]
		if head, tail, ok := sh.match(origin, start, end); ok && sh.anyPort {
			return head + "*" + tail + ":" + AnyPort
		} else if ok {
			return head + "*" + tail
		}
	}
	return origin[:end] + ":" + AnyPort
}

// match returns the pieces around the free part of an origin that a pattern
// allows.
func (sh *shape) match(origin string, hostStart, hostEnd int) (head, tail string, ok bool) {
	dot := hostEnd
	for range sh.labels {
		if dot = hostStart + strings.LastIndexByte(origin[hostStart:dot], '.'); dot < hostStart {
			return "", "", false
		}
	}
	end := len(origin)
	if sh.anyPort {
		end = hostEnd
	}
	from, to := hostStart+sh.before, dot-sh.after
	if from >= to {
		return "", "", false
	}
	head, tail = origin[:from], origin[to:end]
	if !sh.fixed[tail].has(head) {
		return "", "", false
	}
	free := origin[from:to]
	if sh.deep {
		return head, tail, validLabels(free)
	}
	return head, tail, validLabels(origin[hostStart:dot]) && strings.IndexByte(free, '.') < 0
}
