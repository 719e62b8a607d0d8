package expr

import (
	"encoding/binary"
	"regexp"
	"regexp/syntax"
	"slices"
)

// Beyond looks for an origin that the expression a matches, and b does not. Both
// must begin with \A and end with \z. A nil b matches nothing.
//
// The witness is such an origin, a short one that accept confirms, or empty if
// there is none. Beyond returns false if it cannot tell: it takes too many
// steps, or accept confirms none of the witnesses. It subtracts the steps that
// it takes from steps.
func Beyond(a, b *regexp.Regexp, accept func(origin string) bool, steps *int) (witness string, ok bool) {
	s := search{accept: accept, steps: steps, complete: true}
	for _, re := range []*regexp.Regexp{a, b} {
		p := &program{insts: make([]inst, 1)} // fails
		if re != nil {
			var err error
			if p, err = compile(re.String(), syntax.Perl); err != nil || len(p.insts) > *steps {
				return "", false
			}
		}
		*steps -= len(p.insts)
		s.programs = append(s.programs, p)
	}
	all := allShapes()
	for _, w := range all.web {
		s.in(w.names)
	}
	s.in(all.custom)
	for _, w := range all.web {
		for _, address := range w.addresses {
			if s.mayMatch(a, address.rough) {
				s.in(address.exact())
			}
		}
	}
	return s.witness, s.witness != "" || s.complete && *steps >= 0
}

// A search reads origins from left to right with two programs and a shape at
// once, as a [graph] does. It must follow all paths of a program together,
// because the second program matches an origin if any of its paths does. A node
// is therefore a set of places.
type search struct {
	programs []*program
	shape    *shape
	accept   func(string) bool
	steps    *int

	witness  string
	complete bool // whether accept has confirmed every witness
}

// A position is all places where a search can be after some text.
type position struct {
	states []int32     // of the shape
	pcs    [2][]uint32 // of the programs
	left   kind        // of the last character
	text   *letter
}

// A letter is the last character of a text, with the letter before it.
type letter struct {
	c      byte
	before *letter
}

func (s *search) mayMatch(re *regexp.Regexp, shape *shape) bool {
	j, ok := newJudge(re, s.steps)
	return ok && j.mayMatch(shape)
}

// in searches the origins of a shape, the shortest first.
func (s *search) in(shape *shape) {
	s.shape = shape
	first := position{states: []int32{0}, left: edgeOf}
	for i, p := range s.programs {
		first.pcs[i] = []uint32{p.start}
	}
	queue := []position{first}
	seen := map[string]bool{first.key(): true}
	for len(queue) > 0 && s.witness == "" && *s.steps >= 0 {
		at := queue[0]
		queue = queue[1:]
		readers := map[kind][2][]uint32{other: s.readers(&at, other), word: s.readers(&at, word)}
		for k := range len(order) {
			next, ok := s.read(&at, order[k], readers[kindOf(order[k])])
			if !ok {
				continue
			}
			key := next.key()
			if *s.steps -= len(key); seen[key] {
				continue
			}
			seen[key] = true
			s.check(&next)
			queue = append(queue, next)
		}
	}
}

// check takes the text of a position for the witness, if it is one.
func (s *search) check(at *position) {
	end := func(i int) bool {
		_, matches := s.programs[i].after(at.pcs[i], at.left, edgeOf)
		return matches
	}
	whole := slices.ContainsFunc(at.states, func(q int32) bool { return s.shape.accepts[q] })
	if s.witness != "" || !whole || !end(0) || end(1) {
		return
	}
	var text []byte
	for l := at.text; l != nil; l = l.before {
		text = append(text, l.c)
	}
	slices.Reverse(text)
	if s.accept(string(text)) {
		s.witness = string(text)
	} else {
		s.complete = false
	}
}

// readers returns the instructions of both programs that read a character of a kind.
func (s *search) readers(at *position, right kind) (list [2][]uint32) {
	for i, p := range s.programs {
		list[i], _ = p.after(at.pcs[i], at.left, right)
		*s.steps -= len(list[i])
	}
	return list
}

// read returns the position after one more character, which one of the readers
// reads. It reports false if no origin that the first program matches continues
// with it.
func (s *search) read(at *position, c byte, readers [2][]uint32) (next position, ok bool) {
	next.left = kindOf(c)
	next.text = &letter{c, at.text}
	for _, q := range at.states {
		for _, e := range s.shape.edges[q] {
			if e.chars.has(c) {
				next.states = append(next.states, e.to)
			}
		}
	}
	if next.states == nil {
		return next, false
	}
	for i, p := range s.programs {
		for _, pc := range readers[i] {
			if p.insts[pc].chars.has(c) {
				next.pcs[i] = append(next.pcs[i], p.insts[pc].out)
			}
		}
		if i == 0 && next.pcs[0] == nil {
			return next, false
		}
		slices.Sort(next.pcs[i])
		next.pcs[i] = slices.Compact(next.pcs[i])
	}
	slices.Sort(next.states)
	next.states = slices.Compact(next.states)
	return next, true
}

func kindOf(c byte) kind {
	if wordChars.has(c) {
		return word
	}
	return other
}

// after returns the instructions that read the next character, and whether the
// expression ends here. Assertions look at the characters to the left and right.
func (p *program) after(from []uint32, left, right kind) (list []uint32, matches bool) {
	seen := make(map[uint32]bool, len(from))
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
		case opEmpty:
			if (node{left: left, right: right}).holds(in.empty) {
				visit(in.out)
			}
		case opChar:
			list = append(list, pc)
		case opMatch:
			matches = true
		}
	}
	for _, pc := range from {
		visit(pc)
	}
	return list, matches
}

// key returns the same text for positions from which the same texts can be read.
func (at *position) key() string {
	key := []byte{byte(at.left)}
	for _, q := range at.states {
		key = binary.AppendUvarint(key, uint64(q))
	}
	for _, pcs := range at.pcs {
		key = append(key, 0xff, 0xff, 0xff) // not a part of a number that small
		for _, pc := range pcs {
			key = binary.AppendUvarint(key, uint64(pc))
		}
	}
	return string(key)
}
