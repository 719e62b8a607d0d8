package expr

import "regexp/syntax"

// A graph holds all ways in which an expression and a shape can read an origin
// together, from left to right. Each path from a first node to one of ends spells
// an origin that belongs to both, and each such origin is spelled by a path.
type graph struct {
	shape *shape
	nodes []node
	index [][]int32 // for each instruction and key, 1 + the node; 0 for none
	blank []int32   // memory for index
	kinds int32     // how many combinations of kinds there are
	arcs  []arc
	into  []int32 // for each node, its last incoming arc; -1 for none
	ends  []int32 // nodes that have read a whole origin

	steps *int
	seen  []int32 // for each node, the last round that has visited it
	round int32
}

// A node is a position in an origin: the expression's next instruction, the
// shape's state, and the kinds of the characters to the left and to the right,
// which assertions depend on. The kind to the right is a guess. There is a node for
// each guess, and a node with a wrong guess leads nowhere.
type node struct {
	pc          uint32
	state       int32
	left, right kind
}

type kind uint8

const (
	other  kind = iota
	edgeOf      // the beginning or the end of the origin
	word        // of \w; only where an expression has \b or \B
)

// An arc reads one of its characters or, if it has none, nothing.
type arc struct {
	from  int32
	next  int32 // the next arc into the same node, -1 for none
	chars chars
	part  part
}

var wordChars = charsOf(letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + digits + "_")

// build fills an empty graph, and reports whether there were enough steps. If
// first is true, it stops at the first end.
func (g *graph) build(p *program, s *shape, steps *int, first bool) bool {
	g.shape, g.steps, g.kinds = s, steps, 2
	if len(g.index) == 0 {
		g.index = make([][]int32, len(p.insts))
	}
	kinds := []kind{other}
	if p.words {
		kinds = append(kinds, word)
		g.kinds = 6
	}
	for _, right := range kinds {
		g.node(node{p.start, 0, edgeOf, right})
	}
	for i := int32(0); int(i) < len(g.nodes); i++ {
		n := g.nodes[i]
		in := &p.insts[n.pc]
		switch in.op {
		case opAlt:
			g.silent(i, node{in.out, n.state, n.left, n.right})
			g.silent(i, node{in.arg, n.state, n.left, n.right})
		case opEmpty:
			if n.holds(in.empty) {
				g.silent(i, node{in.out, n.state, n.left, n.right})
			}
		case opMatch:
			if n.right == edgeOf && s.accepts[n.state] {
				g.ends = append(g.ends, i)
				if first {
					return true
				}
			}
		case opChar:
			g.read(i, in, kinds)
		}
		if *g.steps -= 1; *g.steps < 0 {
			return false
		}
	}
	g.seen = make([]int32, len(g.nodes))
	return true
}

// clear empties a graph. It may be built again, for the same program.
func (g *graph) clear() {
	for _, n := range g.nodes {
		g.index[n.pc][g.key(n)] = 0
	}
	g.nodes, g.arcs, g.into, g.ends = g.nodes[:0], g.arcs[:0], g.into[:0], g.ends[:0]
}

// read adds the arcs of a node whose instruction reads a character.
func (g *graph) read(i int32, in *inst, kinds []kind) {
	n := g.nodes[i]
	if n.right == edgeOf {
		return
	}
	can := in.chars
	if len(kinds) > 1 {
		for b := range can {
			if n.right == word {
				can[b] &= wordChars[b]
			} else {
				can[b] &^= wordChars[b]
			}
		}
	}
	for _, e := range g.shape.edges[n.state] {
		*g.steps--
		both := can.and(e.chars)
		if both.isEmpty() {
			continue
		}
		if g.shape.accepts[e.to] {
			g.arc(i, node{in.out, e.to, n.right, edgeOf}, both, e.part)
		}
		if len(g.shape.edges[e.to]) > 0 {
			for _, right := range kinds {
				g.arc(i, node{in.out, e.to, n.right, right}, both, e.part)
			}
		}
	}
}

// holds reports whether an assertion is true at a node. Origins have no line
// breaks, so lines begin and end where the origin does.
func (n node) holds(empty syntax.EmptyOp) bool {
	var here syntax.EmptyOp
	if n.left == edgeOf {
		here |= syntax.EmptyBeginText | syntax.EmptyBeginLine
	}
	if n.right == edgeOf {
		here |= syntax.EmptyEndText | syntax.EmptyEndLine
	}
	if (n.left == word) != (n.right == word) {
		here |= syntax.EmptyWordBoundary
	} else {
		here |= syntax.EmptyNoWordBoundary
	}
	return empty&^here == 0
}

func (g *graph) node(n node) int32 {
	nodes := g.index[n.pc]
	if size := int(g.kinds) * len(g.shape.edges); len(nodes) < size {
		if len(g.blank) < size {
			g.blank = make([]int32, 16*size)
		}
		nodes, g.blank = g.blank[:size:size], g.blank[size:]
		g.index[n.pc] = nodes
	}
	k := g.key(n)
	if nodes[k] == 0 {
		g.nodes = append(g.nodes, n)
		g.into = append(g.into, -1)
		nodes[k] = int32(len(g.nodes))
	}
	return nodes[k] - 1
}

// key returns a number that differs from those of the other nodes of the same
// instruction. The beginning of an origin needs no number of its own: it is the
// left kind only in state 0.
func (g *graph) key(n node) int32 {
	k := n.state*g.kinds + int32(n.right)
	if n.left == word {
		k += 3
	}
	return k
}

func (g *graph) silent(from int32, to node) { g.arc(from, to, chars{}, 0) }

func (g *graph) arc(from int32, to node, c chars, p part) {
	i := g.node(to)
	g.arcs = append(g.arcs, arc{from, g.into[i], c, p})
	g.into[i] = int32(len(g.arcs) - 1)
	*g.steps--
}
