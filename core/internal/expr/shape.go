package expr

import (
	"cmp"
	"encoding/binary"
	"maps"
	"net/netip"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// A part says where in an origin a character is. Each kind of host is a part,
// because each is walked by its own rules.
type part uint8

const (
	inScheme   part = iota
	inName          // a domain name
	inIPv4          // an IPv4 address beyond 127.0.0.0/8
	inIPv6          // an IPv6 address other than [::1]
	inLoopback      // the other addresses
	inOpaque        // the host of a custom scheme
	inPort          // the colon and the port, and the dot that may end a name
)

// A shape describes a set of serialized origins. To check an origin, begin in
// state 0 and follow, for each character, an edge that has it. The origin is in
// the set if a state that accepts can be reached. Several edges of one state may
// have the same character.
type shape struct {
	edges     [][]edge
	accepts   []bool
	hostStart int32 // the state in which the scheme and "://" have been read
}

type edge struct {
	chars chars
	to    int32
	part  part
}

// A piece is an expression for one part of an origin, without assertions.
type piece struct {
	part part
	expr string
}

// newShape returns the shape of a scheme, one of the hosts, and a port.
func newShape(scheme string, hosts []piece, port string) *shape {
	s := new(shape)
	ends := []int32{s.newState()}
	ends = s.extend(ends, piece{inScheme, scheme + "://"})
	s.hostStart = ends[0]
	var hostEnds []int32
	for _, host := range hosts {
		last := s.extend(ends, host)
		if host.part == inName {
			last = s.extend(last, piece{inPort, `\.?`})
		}
		hostEnds = append(hostEnds, last...)
	}
	for _, q := range s.extend(hostEnds, piece{inPort, port}) {
		s.accepts[q] = true
	}
	s.merge()
	return s
}

// merge makes one state of all states from which the same texts can be read.
// There are many such states, because the expressions of the pieces repeat
// themselves.
func (s *shape) merge() {
	for {
		first := map[string]int32{}
		merged := make([]int32, len(s.edges))
		var edges [][]edge
		var accepts []bool
		for q := range s.edges {
			key := s.key(q)
			if _, ok := first[key]; !ok {
				first[key] = int32(len(edges))
				edges = append(edges, s.edges[q])
				accepts = append(accepts, s.accepts[q])
			}
			merged[q] = first[key]
		}
		if len(edges) == len(s.edges) {
			return
		}
		for q := range edges {
			edges[q] = redirect(edges[q], merged)
		}
		s.edges, s.accepts, s.hostStart = edges, accepts, merged[s.hostStart]
	}
}

// key returns the same text for states with the same edges, except the states in
// which the origin or its host begins.
func (s *shape) key(q int) string {
	var key []byte
	switch {
	case q == 0 || q == int(s.hostStart):
		key = append(key, 'b', byte(q))
	case s.accepts[q]:
		key = append(key, 'a')
	}
	for _, e := range s.edges[q] {
		key = binary.BigEndian.AppendUint64(key, e.chars[0])
		key = binary.BigEndian.AppendUint64(key, e.chars[1])
		key = binary.BigEndian.AppendUint32(key, uint32(e.to))
		key = append(key, byte(e.part))
	}
	return string(key)
}

// redirect returns the edges with their targets replaced, one for each target.
func redirect(edges []edge, to []int32) (redirected []edge) {
	for _, e := range edges {
		e.to = to[e.to]
		i := slices.IndexFunc(redirected, func(r edge) bool { return r.to == e.to && r.part == e.part })
		if i < 0 {
			redirected = append(redirected, e)
		} else {
			redirected[i].chars = redirected[i].chars.or(e.chars)
		}
	}
	slices.SortFunc(redirected, func(a, b edge) int { return cmp.Or(cmp.Compare(a.to, b.to), cmp.Compare(a.part, b.part)) })
	return redirected
}

// of returns a shape with the same hosts and ports, and with one scheme.
func (s *shape) of(scheme string) *shape {
	prefix := scheme + "://"
	n := int32(len(prefix))
	t := &shape{hostStart: s.hostStart + n}
	for i := range n {
		to := i + 1
		if to == n {
			to = t.hostStart
		}
		t.edges = append(t.edges, []edge{{charsOf(prefix[i : i+1]), to, inScheme}})
	}
	for _, edges := range s.edges {
		moved := slices.Clone(edges)
		for i := range moved {
			moved[i].to += n
		}
		t.edges = append(t.edges, moved)
	}
	t.accepts = append(make([]bool, n), s.accepts...)
	return t
}

func (s *shape) newState() int32 {
	s.edges = append(s.edges, nil)
	s.accepts = append(s.accepts, false)
	return int32(len(s.edges) - 1)
}

// extend appends a piece to the states in ends, and returns the states in which
// the piece ends. Each character class of the expression becomes a state, which
// means that the class has been read.
func (s *shape) extend(ends []int32, p piece) []int32 {
	prog := mustCompile(p.expr)
	states := make([]int32, len(prog.insts))
	for pc := range prog.insts {
		if prog.insts[pc].op == opChar {
			states[pc] = s.newState()
		}
	}
	edges := func(list []uint32) (edges []edge) {
		for _, pc := range list {
			edges = append(edges, edge{prog.insts[pc].chars, states[pc], p.part})
		}
		return edges
	}
	first, empty := prog.next(prog.start)
	var last []int32
	if empty {
		last = append(last, ends...)
	}
	for _, q := range ends {
		s.edges[q] = append(s.edges[q], edges(first)...)
	}
	for pc, in := range prog.insts {
		if in.op != opChar {
			continue
		}
		then, done := prog.next(in.out)
		s.edges[states[pc]] = edges(then)
		if done {
			last = append(last, states[pc])
		}
	}
	return last
}

func mustCompile(expr string) *program {
	prog, err := compile(expr, syntax.Perl)
	if err != nil {
		panic(err)
	}
	return prog
}

// next returns the character instructions that are reached from pc without reading
// a character, and whether the end of the expression is.
func (p *program) next(pc uint32) (list []uint32, done bool) {
	seen := map[uint32]bool{}
	var visit func(pc uint32)
	visit = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch in := p.insts[pc]; in.op {
		case opAlt:
			visit(in.out)
			visit(in.arg)
		case opChar:
			list = append(list, pc)
		case opMatch:
			done = true
		}
	}
	visit(pc)
	return list, done
}

// shapes describe the origins that [origin.Parse] accepts, and those that would
// be accepted if labels, names and opaque hosts could be of any length.
type shapes struct {
	web    []webShapes
	custom *shape
}

// webShapes are the shapes of http or https.
type webShapes struct {
	scheme    string
	names     *shape // and [::1]
	addresses []addressShapes
}

// addressShapes are the shapes of a kind of address. The exact shape has many
// states. The rough shape has few, and excludes most expressions.
type addressShapes struct {
	part  part
	rough *shape
	exact func() *shape
}

var allShapes = sync.OnceValue(func() shapes {
	return shapes{
		web: []webShapes{
			newWebShapes("https", `(?::(?:[1-35][0-9]{0,4}|4(?:[0-35-9][0-9]{0,3}|4(?:[0-24-9][0-9]{0,2}|3[0-9]{1,2})?)?|[7-9][0-9]{0,3}|`+from6+`))?`),
			newWebShapes("http", `(?::(?:[1-5][0-9]{0,4}|[79][0-9]{0,3}|8(?:[1-9][0-9]{0,2}|0[0-9]{1,2})?|`+from6+`))?`),
		},
		custom: newShape(except(letters, letters+digits+"+.-", "ws", "wss", "file", "http", "https"),
			[]piece{{inOpaque, `[A-Za-z0-9_.-]+`}}, `(?::(?:[1-5][0-9]{0,4}|[7-9][0-9]{0,3}|`+from6+`))?`),
	}
})

func newWebShapes(scheme, port string) webShapes {
	address := func(p part, rough string, hosts func() []piece) addressShapes {
		return addressShapes{
			part:  p,
			rough: newShape(scheme, []piece{{p, rough}}, port),
			exact: sync.OnceValue(func() *shape { return newShape(scheme, hosts(), port) }),
		}
	}
	return webShapes{
		scheme: scheme,
		names:  newShape(scheme, []piece{{inName, names}, {inLoopback, `\[::1\]`}}, port),
		addresses: []addressShapes{
			address(inIPv4, `[0-9]+\.[0-9.]+`, ipv4),
			address(inIPv6, `\[`+except(hex+":", hex+":", "::1")+`\]`, ipv6),
		},
	}
}

// from6 are the ports that begin with 6, up to 65535.
const from6 = `6(?:[0-4][0-9]{0,3}|5(?:[0-4][0-9]{0,2}|5(?:[0-2][0-9]?|3[0-5]?|[4-9])?|[6-9][0-9]?)?|[6-9][0-9]{0,2})?`

const (
	letters = "abcdefghijklmnopqrstuvwxyz"
	digits  = "0123456789"
	hex     = digits + "abcdef"
)

// names matches labels with dots between them. The last label must not be a
// number, decimal or hexadecimal: browsers take such a host for an address.
const names = `(?:[a-z0-9_-]+\.)*(?:` +
	`[a-z_-][a-z0-9_-]*` +
	`|[0-9]+[a-wyz_-][a-z0-9_-]*` +
	`|(?:[1-9]|[0-9]{2,})x[a-z0-9_-]*` +
	`|0x[0-9a-f]*[g-z_-][a-z0-9_-]*)`

func ipv4() []piece {
	const (
		octets = `(?:\.(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])){3}`
		not127 = `(?:25[0-5]|2[0-4][0-9]|1[013-9][0-9]|12[0-689]|[1-9]?[0-9])`
	)
	return []piece{{inIPv4, not127 + octets}, {inLoopback, `127` + octets}}
}

// ipv6 returns an expression for all addresses but ::1 in their canonical form,
// which depends only on which of the eight groups are zero.
func ipv6() []piece {
	var forms []string
	for zeros := range 256 {
		var bytes [16]byte
		for group := range 8 {
			if zeros>>group&1 == 0 {
				bytes[2*group+1] = 1
			}
		}
		form := netip.AddrFrom16(bytes).String()
		if form == "::1" {
			form = "::2"
		}
		forms = append(forms, form)
	}
	beyond := strings.NewReplacer(
		"1", `[1-9a-f][0-9a-f]{0,3}`, // any group that is not zero
		"2", `(?:[2-9a-f]|[1-9a-f][0-9a-f]{1,3})`, // nor one
	).Replace(factored(forms))
	return []piece{{inIPv6, `\[` + beyond + `\]`}}
}

// factored returns an expression for some words, in which words that begin alike
// share their beginning.
func factored(words []string) string {
	rest := map[byte][]string{}
	end := ""
	for _, word := range words {
		if word == "" {
			end = "|"
		} else {
			rest[word[0]] = append(rest[word[0]], word[1:])
		}
	}
	var alternatives []string
	for _, c := range slices.Sorted(maps.Keys(rest)) {
		alternatives = append(alternatives, string(c)+factored(rest[c]))
	}
	if len(alternatives) == 1 && end == "" {
		return alternatives[0]
	}
	return `(?:` + strings.Join(alternatives, "|") + end + `)`
}

// except returns an expression for all words that begin with a character of first,
// continue with characters of rest, and are not among words.
func except(first, rest string, words ...string) string {
	after := map[string][]string{}
	var alternatives []string
	for _, word := range words {
		if word != "" {
			after[word[:1]] = append(after[word[:1]], word[1:])
		}
	}
	other := strings.Map(func(c rune) rune {
		if after[string(c)] != nil {
			return -1
		}
		return c
	}, first)
	class := func(s string) string { return `[` + strings.ReplaceAll(s, "-", `\-`) + `]` }
	alternatives = append(alternatives, class(other)+class(rest)+`*`)
	for _, c := range first {
		if list := after[string(c)]; list != nil {
			more := except(rest, rest, list...)
			if !slices.Contains(list, "") {
				more += "|"
			}
			alternatives = append(alternatives, string(c)+`(?:`+more+`)`)
		}
	}
	return `(?:` + strings.Join(alternatives, "|") + `)`
}
