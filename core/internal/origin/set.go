package origin

import "strings"

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
	fixed map[ends]struct{}
}

type cut struct {
	labels  int  // labels in the tail, after the one with the asterisk
	before  int  // bytes of the first label ahead of the asterisk
	after   int  // bytes of the first label behind it
	deep    bool // the asterisk may stand for several labels
	anyPort bool // the port is cut off
}

// ends are an origin's two fixed pieces: "https://pr-" and ".myapp.dev:8443".
type ends struct{ head, tail string }

// NewSet returns an empty set with room for n exact origins.
func NewSet(n int) *Set {
	return &Set{exact: make(map[string]struct{}, n)}
}

// Add adds a pattern, and reports whether it was new. The pattern's strings are
// kept.
func (s *Set) Add(p Pattern, entry string) bool {
	switch {
	case p.Wildcard == AnyHost:
		return add(&s.schemes, p.Scheme)
	case p.Wildcard != None:
		return s.addShape(p)
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

func (s *Set) addShape(p Pattern) bool {
	tail := p.After + "." + p.Host
	c := cut{
		labels:  strings.Count(p.Host, ".") + 1,
		before:  len(p.Before),
		after:   len(p.After),
		deep:    p.Wildcard == Subdomains,
		anyPort: p.Port == AnyPort,
	}
	if p.Port != "" && !c.anyPort {
		tail += ":" + p.Port
	}
	key := ends{head: p.Scheme + "://" + p.Before, tail: tail}
	for i := range s.shapes {
		if s.shapes[i].cut == c {
			return add(&s.shapes[i].fixed, key)
		}
	}
	s.shapes = append(s.shapes, shape{cut: c, fixed: map[ends]struct{}{key: {}}})
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
	p, ok := split(origin)
	if !ok || p.Port != "" && !validPort(p.Scheme, p.Port) {
		return false
	}
	if _, ok := s.schemes[p.Scheme]; ok && p.Port == "" && validOpaqueHost(p.Host) {
		return true
	}
	hostStart := len(p.Scheme) + len("://")
	hostEnd := hostStart + len(p.Host)
	if _, ok := s.anyPort[origin[:hostEnd]]; ok {
		return true
	}
	if len(p.Host) > maxHost {
		return false
	}
	for i := range s.shapes {
		if _, ok := s.shapes[i].match(origin, hostStart, hostEnd); ok {
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
	p, _ := split(origin)
	if _, ok := s.schemes[p.Scheme]; ok {
		return p.Scheme + "://*"
	}
	hostStart := len(p.Scheme) + len("://")
	hostEnd := hostStart + len(p.Host)
	for i := range s.shapes {
		sh := &s.shapes[i]
		if fixed, ok := sh.match(origin, hostStart, hostEnd); ok && sh.anyPort {
			return fixed.head + "*" + fixed.tail + ":" + AnyPort
		} else if ok {
			return fixed.head + "*" + fixed.tail
		}
	}
	return origin[:hostEnd] + ":" + AnyPort
}

// match returns the fixed pieces of an origin that a pattern allows.
func (sh *shape) match(origin string, hostStart, hostEnd int) (fixed ends, ok bool) {
	dot := hostEnd
	for range sh.labels {
		if dot = hostStart + strings.LastIndexByte(origin[hostStart:dot], '.'); dot < hostStart {
			return ends{}, false
		}
	}
	end := len(origin)
	if sh.anyPort {
		end = hostEnd
	}
	from, to := hostStart+sh.before, dot-sh.after
	if from >= to {
		return ends{}, false
	}
	fixed = ends{origin[:from], origin[to:end]}
	if _, ok := sh.fixed[fixed]; !ok {
		return ends{}, false
	}
	free := origin[from:to]
	if sh.deep {
		return fixed, validLabels(free)
	}
	return fixed, validLabels(origin[hostStart:dot]) && strings.IndexByte(free, '.') < 0
}
