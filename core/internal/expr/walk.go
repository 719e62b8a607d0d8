package expr

import (
	"fmt"
	"slices"
)

// maxDomains is the number of domains up to which an expression counts as a list of
// domains.
const maxDomains = 9

// searchSteps is the number of steps that the search for witnesses may take beyond
// those that are left.
const searchSteps = Steps / 4

// order is the order in which characters are tried where several fit. The first
// ones make texts that look like names.
const order = "xabcdefghijklmnopqrstuvwyz" + "1234567890" + "-_.:" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "+/[]"

// back returns all nodes from which the nodes in to can be reached by arcs of the
// given parts and by arcs that read nothing. It also returns the parts of these
// arcs.
func (g *graph) back(to []int32, parts partSet) (nodes []int32, met partSet) {
	g.round++
	for _, i := range to {
		g.seen[i] = g.round
	}
	nodes = slices.Clone(to)
	for k := 0; k < len(nodes); k++ {
		for a := g.into[nodes[k]]; a >= 0; a = g.arcs[a].next {
			arc := &g.arcs[a]
			*g.steps--
			if !arc.chars.isEmpty() {
				if !parts.has(arc.part) {
					continue
				}
				met |= setOf(arc.part)
			}
			if g.seen[arc.from] != g.round {
				g.seen[arc.from] = g.round
				nodes = append(nodes, arc.from)
			}
		}
	}
	return nodes, met
}

type partSet uint16

const everyPart = ^partSet(0)

func setOf(list ...part) (s partSet) {
	for _, p := range list {
		s |= 1 << p
	}
	return s
}

func (s partSet) has(p part) bool { return s>>p&1 != 0 }

// hostEnds returns the nodes that are followed by the end of the origin, or by a
// port and the end. Those within the port have no arc of a host into them.
func (g *graph) hostEnds() []int32 {
	nodes, _ := g.back(g.ends, setOf(inPort))
	return nodes
}

// before returns the arcs of a part that lead to the given nodes.
func (g *graph) before(nodes []int32, p part) (arcs []int32) {
	nodes, _ = g.back(nodes, 0)
	for _, i := range nodes {
		for a := g.into[i]; a >= 0; a = g.arcs[a].next {
			if arc := &g.arcs[a]; arc.part == p && !arc.chars.isEmpty() {
				arcs = append(arcs, a)
			}
		}
	}
	return arcs
}

// step returns the nodes at which those of the arcs begin that read c.
func (g *graph) step(arcs []int32, c byte) (nodes []int32) {
	g.round++
	for _, a := range arcs {
		*g.steps--
		arc := &g.arcs[a]
		if arc.chars.has(c) && g.seen[arc.from] != g.round {
			g.seen[arc.from] = g.round
			nodes = append(nodes, arc.from)
		}
	}
	return nodes
}

// stepBack goes back over a text, from its end to its beginning.
func (g *graph) stepBack(nodes []int32, p part, text string) []int32 {
	for i := len(text) - 1; i >= 0 && len(nodes) > 0; i-- {
		nodes = g.step(g.before(nodes, p), text[i])
	}
	return nodes
}

// has reports whether one of the nodes is in a state.
func (g *graph) has(nodes []int32, state int32) bool {
	return slices.ContainsFunc(nodes, func(i int32) bool { return g.nodes[i].state == state })
}

// A place is a text that ends a unit, and the nodes at which it can begin.
type place struct {
	text string
	at   []int32
}

// A unit is a label of a name, or a whole address, opaque host or scheme.
type unit struct {
	text  string
	first bool    // it can begin its part
	above []int32 // the nodes at which the dot before it begins; nil if there can be none
}

// units are the units that a part can end in. If there are too many, list has only
// some of them, and rest the ends of others.
type units struct {
	list    []unit
	rest    []place
	tooMany bool
}

// units reads a part from right to left, breadth first: up to a dot if the part is
// a name, and up to the state begin. Every text that it meets is the end of a unit
// of an origin. The texts in rest are of different lengths or letters, and none of
// them is a unit in list, so there are at least as many units as list and rest have
// entries. If that is more than limit, units stops.
func (g *graph) units(from []int32, p part, begin int32, limit int) (u units) {
	longest := 253
	if p == inName {
		longest = 63
	}
	for u.rest = []place{{"", from}}; len(u.rest) > 0 && !u.tooMany && *g.steps >= 0; {
		end := u.rest[0]
		u.rest = u.rest[1:]
		done := unit{text: end.text, first: end.text != "" && g.has(end.at, begin)}
		arcs := g.before(end.at, p)
		var may chars
		for _, a := range arcs {
			may = may.or(g.arcs[a].chars)
		}
		for i := range len(order) {
			c := order[i]
			switch {
			case !may.has(c) || *g.steps < 0:
			case p == inName && c == '.':
				done.above = g.step(arcs, c)
			case len(end.text) < longest:
				u.rest = append(u.rest, place{string(c) + end.text, g.step(arcs, c)})
			}
		}
		if done.first || done.above != nil {
			u.list = append(u.list, done)
		}
		u.tooMany = len(u.list)+len(u.rest) > limit
	}
	return u
}

// everyName reports whether every label of letters can be in front of the given
// nodes, at the beginning of the host or after a dot.
func (g *graph) everyName(at []int32) bool {
	const enough = 64
	seen := map[string]bool{}
	for todo := [][]int32{at}; len(todo) > 0; todo = todo[1:] {
		arcs := g.before(todo[0], inName)
		for i := range len(letters) {
			if *g.steps < -searchSteps {
				return false
			}
			nodes := g.step(arcs, letters[i])
			slices.Sort(nodes)
			key := fmt.Sprint(nodes)
			if seen[key] {
				continue
			}
			seen[key] = true
			if len(seen) > enough || !g.has(nodes, g.shape.hostStart) && len(g.stepBack(nodes, inName, ".")) == 0 {
				return false
			}
			todo = append(todo, nodes)
		}
	}
	return true
}

// find returns a short text of a part, and of the port if one has to follow, that
// leads from the state begin to one of the given nodes. The text of the part ends
// in tail, or is tail if exactly is true. It returns "" if there is none.
func (g *graph) find(to []int32, p part, begin int32, tail string, exactly bool) string {
	type at struct {
		node int32
		left int // how much of tail has not been read
	}
	type way struct {
		at
		c    byte // read from here, 0 for nothing
		then int  // the index of the way that follows
	}
	var ways []way
	seen := map[at]bool{}
	visit := func(a at, c byte, then int) {
		if !seen[a] {
			seen[a] = true
			ways = append(ways, way{a, c, then})
		}
	}
	for _, i := range to {
		visit(at{i, len(tail)}, 0, -1)
	}
	for k := 0; k < len(ways) && *g.steps > -searchSteps; k++ {
		*g.steps--
		w := ways[k]
		if w.left == 0 && g.nodes[w.node].state == begin {
			var text []byte
			for ; k >= 0; k = ways[k].then {
				if ways[k].c != 0 {
					text = append(text, ways[k].c)
				}
			}
			return string(text)
		}
		for a := g.into[w.node]; a >= 0; a = g.arcs[a].next {
			arc := &g.arcs[a]
			switch {
			case arc.chars.isEmpty():
				visit(at{arc.from, w.left}, 0, k)
			case arc.part == inPort && w.left == len(tail):
				visit(at{arc.from, w.left}, preferred(arc.chars), k)
			case arc.part != p:
			case w.left > 0 && arc.chars.has(tail[w.left-1]):
				visit(at{arc.from, w.left - 1}, tail[w.left-1], k)
			case w.left == 0 && !exactly:
				visit(at{arc.from, 0}, preferred(arc.chars), k)
			}
		}
	}
	return ""
}

func preferred(c chars) byte {
	for i := range len(order) {
		if c.has(order[i]) {
			return order[i]
		}
	}
	return 0
}
