package origin

import (
	"slices"
	"strings"
)

// An index finds a pattern for an origin in steps that do not depend on how many
// there are: by a look-up for each number of labels that the patterns' domains
// have (three, say: a.example, b.c.example, d.e.f.example). For patterns that
// have their asterisk inside a label there are more look-ups once the domain is
// found, one for each length of what they have before and after it.
type index struct {
	anyPort map[string]struct{} // origins less their port
	schemes map[string]struct{}

	// What follows the label with the asterisk: ".myapp.dev:8443".
	tails        map[string]tail
	anyPortTails map[string]tail // the same, less the port
	labels       []int           // how many labels tails have
}

// A tail holds what may stand before it. Most have a single subdomain pattern,
// and need no more than its head, "https://".
type tail struct {
	deep string
	more *heads
}

type heads struct {
	deep  []string          // further heads of subdomain patterns: other schemes
	label map[string]afters // heads of label patterns, "https://pr-"
	sizes []int             // of those, less their scheme
}

// afters are what may follow the asterisk of a label pattern with one head.
type afters struct {
	set   map[string]struct{}
	sizes []int
}

// add adds a pattern that stands for several origins.
func (x *index) add(p Pattern, entry string) {
	fixed := strings.TrimSuffix(entry, ":"+AnyPort)
	switch {
	case p.Wildcard == AnyHost:
		add(&x.schemes, p.Scheme)
	case p.Wildcard == None:
		add(&x.anyPort, fixed)
	case p.Port == AnyPort:
		x.addTail(&x.anyPortTails, p, fixed)
	default:
		x.addTail(&x.tails, p, entry)
	}
}

func add(m *map[string]struct{}, key string) {
	if *m == nil {
		*m = make(map[string]struct{})
	}
	(*m)[key] = struct{}{}
}

func (x *index) addTail(tails *map[string]tail, p Pattern, entry string) {
	if *tails == nil {
		*tails = make(map[string]tail)
	}
	x.labels = with(x.labels, strings.Count(p.Host, ".")+1)
	head, rest, _ := strings.Cut(entry, "*")
	key := rest[len(p.After):]
	t := (*tails)[key]
	if p.Wildcard == Subdomains && t.deep == "" {
		t.deep = head
	} else {
		if t.more == nil {
			t.more = new(heads)
		}
		t.more.add(p, head)
	}
	(*tails)[key] = t
}

func (h *heads) add(p Pattern, head string) {
	if p.Wildcard == Subdomains {
		h.deep = append(h.deep, head)
		return
	}
	if h.label == nil {
		h.label = make(map[string]afters)
	}
	a := h.label[head]
	add(&a.set, p.After)
	a.sizes = with(a.sizes, len(p.After))
	h.label[head] = a
	h.sizes = with(h.sizes, len(p.Before))
}

// with adds n to a sorted list, unless it is there.
func with(list []int, n int) []int {
	i, found := slices.BinarySearch(list, n)
	if found {
		return list
	}
	return slices.Insert(list, i, n)
}

// entry returns the pattern that allows an origin, as users write it.
func (x *index) entry(origin string) string {
	m, ok := x.match(origin)
	if !ok {
		return ""
	}
	entry := origin[:m.end]
	if m.to > 0 {
		entry = origin[:m.from] + "*" + origin[m.to:m.end]
	}
	if m.anyPort {
		entry += ":" + AnyPort
	}
	return entry
}

// A matched is how an origin is allowed by a pattern: an asterisk stands for
// the bytes between from and to, unless to is 0, and for the port after end if
// that is any.
type matched struct {
	from, to, end int
	anyPort       bool
}

func (x *index) match(origin string) (m matched, ok bool) {
	start, end, ok := hostBounds(origin)
	if !ok {
		return m, false
	}
	scheme := origin[:start-len("://")]
	if end < len(origin) && !validPort(scheme, origin[end+len(":"):]) {
		return m, false
	}
	if _, ok := x.schemes[scheme]; ok && end == len(origin) && validOpaqueHost(origin[start:]) {
		return matched{start, end, end, false}, true
	}
	if _, ok := x.anyPort[origin[:end]]; ok {
		return matched{end: end, anyPort: true}, true
	}
	if end-start > maxHost {
		return m, false
	}
	dot, labels := end, 0
	for _, n := range x.labels {
		for ; labels < n; labels++ {
			if dot = start + strings.LastIndexByte(origin[start:dot], '.'); dot < start {
				return m, false
			}
		}
		if t, ok := x.tails[origin[dot:]]; ok {
			if from, to, ok := t.match(origin, start, dot); ok {
				return matched{from, to, len(origin), false}, true
			}
		}
		if t, ok := x.anyPortTails[origin[dot:end]]; ok {
			if from, to, ok := t.match(origin, start, dot); ok {
				return matched{from, to, end, true}, true
			}
		}
	}
	return m, false
}

// match reports what an asterisk stands for in an origin whose host begins at
// start, and whose tail begins at dot.
func (t tail) match(origin string, start, dot int) (from, to int, ok bool) {
	if !validLabels(origin[start:dot]) {
		return 0, 0, false
	}
	if origin[:start] == t.deep {
		return start, dot, true
	}
	if t.more == nil {
		return 0, 0, false
	}
	if slices.Contains(t.more.deep, origin[:start]) {
		return start, dot, true
	}
	if strings.IndexByte(origin[start:dot], '.') >= 0 {
		return 0, 0, false
	}
	for _, size := range t.more.sizes {
		from = start + size
		if from >= dot {
			break
		}
		a := t.more.label[origin[:from]]
		for _, size := range a.sizes {
			to = dot - size
			if to <= from {
				break
			}
			if _, ok := a.set[origin[to:dot]]; ok {
				return from, to, true
			}
		}
	}
	return 0, 0, false
}
