package expr

import (
	"regexp/syntax"
	"unicode"
)

// chars is a set of the characters that occur in origins, all of them ASCII.
type chars [2]uint64

func (c *chars) add(lo, hi rune) {
	for r := max(lo, 0); r <= min(hi, unicode.MaxASCII); r++ {
		c[r>>6] |= 1 << (r & 63)
	}
}

func (c chars) has(b byte) bool   { return b < 128 && c[b>>6]>>(b&63)&1 != 0 }
func (c chars) and(d chars) chars { return chars{c[0] & d[0], c[1] & d[1]} }
func (c chars) or(d chars) chars  { return chars{c[0] | d[0], c[1] | d[1]} }
func (c chars) isEmpty() bool     { return c[0]|c[1] == 0 }

// charsOf returns the set of the characters of a string.
func charsOf(s string) (c chars) {
	for _, r := range s {
		c.add(r, r)
	}
	return c
}

// A program is the program that the regexp package runs for an expression, reduced
// to what matters for origins.
type program struct {
	insts []inst
	start uint32
	words bool // has \b or \B
}

type inst struct {
	op       op
	out, arg uint32
	empty    syntax.EmptyOp
	chars    chars
}

type op uint8

const (
	opFail  op = iota
	opAlt      // go on at out or at arg
	opEmpty    // go on at out if the assertion holds here
	opChar     // read one of chars, and go on at out
	opMatch
)

func compile(expr string, flags syntax.Flags) (*program, error) {
	re, err := syntax.Parse(expr, flags)
	if err != nil {
		return nil, err
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil, err
	}
	p := &program{insts: make([]inst, len(prog.Inst)), start: skip(prog, uint32(prog.Start))}
	for i := range prog.Inst {
		in := &prog.Inst[i]
		switch in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			p.insts[i] = inst{op: opAlt, out: skip(prog, in.Out), arg: skip(prog, in.Arg)}
		case syntax.InstEmptyWidth:
			empty := syntax.EmptyOp(in.Arg)
			p.words = p.words || empty&(syntax.EmptyWordBoundary|syntax.EmptyNoWordBoundary) != 0
			p.insts[i] = inst{op: opEmpty, out: skip(prog, in.Out), empty: empty}
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			p.insts[i] = inst{op: opChar, out: skip(prog, in.Out), chars: readable(in)}
		case syntax.InstMatch:
			p.insts[i] = inst{op: opMatch}
		}
	}
	return p, nil
}

// skip returns the first instruction from pc on that does something here.
func skip(prog *syntax.Prog, pc uint32) uint32 {
	for {
		in := &prog.Inst[pc]
		if in.Op != syntax.InstNop && in.Op != syntax.InstCapture {
			return pc
		}
		pc = in.Out
	}
}

// readable returns the ASCII characters that an instruction reads.
func readable(in *syntax.Inst) (c chars) {
	switch {
	case in.Op == syntax.InstRuneAny || in.Op == syntax.InstRuneAnyNotNL:
		c.add(0, unicode.MaxASCII)
	case len(in.Rune) == 1:
		r := in.Rune[0]
		c.add(r, r)
		if syntax.Flags(in.Arg)&syntax.FoldCase != 0 {
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				c.add(f, f)
			}
		}
	default: // ranges, which have both cases where case does not matter
		for i := 0; i+1 < len(in.Rune); i += 2 {
			c.add(in.Rune[i], in.Rune[i+1])
		}
	}
	return c
}
