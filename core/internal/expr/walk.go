package expr

import (
	"fmt"
	"slices"
)

// most is how many domains an expression may have, and still count as a list of
// them.
const most = 9

// searching is how many steps a search for witnesses may take beyond those that
// are left.
const searching = Steps / 4

// order is that in which characters are tried, where several fit: what is made
// up of the first ones looks like a name.
const order = "xabcdefghijklmnopqrstuvwyz" + "1234567890" + "-_.:" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + "+/[]"

// back returns all nodes from which some nodes are reached by arcs of the given
// parts and by those that read nothing, and the parts of these arcs.
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

// hostEnds returns the nodes after which nothing but a port may follow. (Some
// of them are within the port, and have no host before them.)
func (g *graph) hostEnds() []int32 {
	nodes, _ := g.back(g.ends, setOf(inPort))
	return nodes
}

// before returns the arcs of a part that end at one of some nodes.
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

// step returns the nodes where those of some arcs begin that read c.
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

// has reports whether one of some nodes is in a state.
func (g *graph) has(nodes []int32, state int32) bool {
	return slices.ContainsFunc(nodes, func(i int32) bool { return g.nodes[i].state == state })
}

// A place is a text, and the nodes that it may begin at.
type place struct {
	text string
	at   []int32
}

// A unit is a label of a name, or a whole address, opaque host or scheme.
type unit struct {
	text  string
	first bool    // may be what its part begins with
	above []int32 // where the dot before it begins, if there may be one
}

// units are what a part may end in. If there are too many, they are only some, and
// rest has the ends of further ones.
type units struct {
	list    []unit
	rest    []place
	tooMany bool
}

// units reads a part from right to left, breadth first, up to a dot if the part
// is a name, or to the state that it begins in. Every end that it meets belongs
// to an origin, so that ends of which none is the end of another, and whole
// units, stand for as many different units at least. More than limit are too many.
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
			case !may.has(c):
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

// everyName reports whether each name of letters may stand in front of a place:
// as what the host begins with, or with a dot before it.
func (g *graph) everyName(at []int32) bool {
	const enough = 64
	seen := map[string]bool{}
	for todo := [][]int32{at}; len(todo) > 0; todo = todo[1:] {
		arcs := g.before(todo[0], inName)
		for i := range len(letters) {
			nodes := g.step(arcs, letters[i])
			slices.Sort(nodes)
			key := fmt.Sprint(nodes)
			if seen[key] {
				continue
			}
			seen[key] = true
			if len(seen) > enough || *g.steps < -searching || !g.has(nodes, g.shape.hostStart) && len(g.stepBack(nodes, inName, ".")) == 0 {
				return false
			}
			todo = append(todo, nodes)
		}
	}
	return true
}

// find returns the shortest text of a part that begins in a state, ends in tail
// (exactly: is tail), and leads to one of some nodes, over a port if need be, which
// is part of the result. It returns "" if there is none.
func (g *graph) find(to []int32, p part, begin int32, tail string, exactly bool) string {
	type at struct {
		node int32
		left int // what of tail has not been read
	}
	type way struct {
		at
		c    byte // what is read from here to the place at the index then
		then int
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
	for k := 0; k < len(ways) && *g.steps > -searching; k++ {
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
