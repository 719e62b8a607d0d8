// Package expr judges regular expressions: it finds out which origins they match,
// and what is dangerous about that.
//
// # The method
//
// Trying some origins shows what an expression does with those. This package
// tries all origins at once.
//
// The regexp package compiles an expression to a small program. Its instructions
// are of few kinds: "read one of these characters, then go on at instruction 7",
// "go on at 7 or at 9", "go on at 7 if this is a word boundary", "match". After the
// program has read a part of an origin, only the next instruction counts for the
// rest.
//
// The form of an origin is a program of the same kind: "https://", then labels
// with dots between them, and so on (shape.go). Put one finger on the first
// instruction of each program. Whenever both programs can read the same
// character, move both fingers. The number of origins has no limit, but the
// number of places where the two fingers can be has: the size of one program
// times the size of the other. These places are the nodes of a graph, and the
// moves between them its arcs (graph.go). A path from the beginning of both
// programs to the end of both spells an origin that the expression matches, and
// every origin that it matches is spelled by such a path.
//
// A question about infinitely many origins is now a question about a graph of a
// few hundred nodes. Is there a path at all? Does one begin with "http://"? The
// end of a name says who owns it, so hosts are read from right to left, against
// the arcs (walk.go): first the top-level domains, then the names below each one
// where anybody can register a name. A text that is not the end of any match
// leads to no node, so the walk has no dead ends. It stops where the owner is
// known, and where there are more names than anybody would list.
//
// A finding comes with a witness: an origin that shows the problem. It is a path,
// spelled out, and the regexp package has confirmed it (witness.go).
//
// # Bounds
//
// The work grows with the size of the expression's program. It is counted in
// steps, and an expression that needs more than [Steps] is not judged.
package expr

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"

	"github.com/polycors/polycors/core/internal/origin"
)

// Kind says what is wrong with an expression.
type Kind int

const (
	NoOrigin    Kind = iota // it matches no origin at all
	TooLarge                // it takes too many steps to judge, or no origin that shows a problem was found
	Schemes                 // it matches any number of custom schemes
	Domains                 // it matches any number of domains
	AnyHost                 // it matches any number of hosts of a custom scheme
	Insecure                // it matches origins of http beyond loopback
	BelowSuffix             // it matches any number of names right below a public suffix
)

// A Finding is one problem of an expression.
type Finding struct {
	Kind    Kind
	Witness string // an origin that shows the problem; empty for NoOrigin and TooLarge
	Scheme  string // for AnyHost
	Suffix  string // for BelowSuffix
	Listed  bool   // for Domains: the expression spells them out
	Address bool   // for Domains: the witness is an address
}

// Steps is the number of steps after which an expression counts as too large.
// Expressions that people write take some thousands.
const Steps = 1 << 19

// MatchesOrigin reports whether an expression, which must begin with \A and end
// with \z, matches any origin. If it takes more than steps to say, it returns true.
func MatchesOrigin(re *regexp.Regexp, steps *int) bool {
	j, ok := newJudge(re, steps)
	if !ok {
		return true
	}
	all := allShapes()
	for _, w := range all.web {
		if j.mayMatch(w.names) {
			return true
		}
		for _, a := range w.addresses {
			if j.mayMatch(a.rough) && j.mayMatch(a.exact()) {
				return true
			}
		}
	}
	return j.mayMatch(all.custom)
}

// Judge returns what is dangerous about an expression, which must begin with \A
// and end with \z, if the origins that it matches may act for users. The most
// serious finding comes first.
//
// Judge subtracts the steps that it takes from steps. If there are too few, the
// only finding is TooLarge.
func Judge(re *regexp.Regexp, steps *int) []Finding {
	j, ok := newJudge(re, steps)
	if !ok {
		return []Finding{{Kind: TooLarge}}
	}
	all := allShapes()
	for _, w := range all.web {
		j.web(w)
	}
	j.custom(all.custom)
	switch {
	case *steps < 0:
		return []Finding{{Kind: TooLarge}}
	case !j.matched:
		return []Finding{{Kind: NoOrigin}}
	}
	return j.findings()
}

// A judge collects what an expression matches.
type judge struct {
	re    *regexp.Regexp
	prog  *program
	steps *int
	spare *graph

	matched bool
	domains []domain // a few more than maxDomains, if there are more
	open    []opening
	found   []Finding
}

// A domain is a registrable domain or an address, or a custom scheme with its host.
type domain struct {
	name string
	ways ways
	host string // the host, or the end of all hosts
}

// An opening is a place in origins with too many names in front of it.
type opening struct {
	ways   ways
	suffix string // follows the names; "" if they are whole hosts
	from   []int32
	units
}

func newJudge(re *regexp.Regexp, steps *int) (j *judge, ok bool) {
	prog, err := compile(re.String(), syntax.Perl)
	if err != nil || len(prog.insts) > *steps {
		return nil, false
	}
	*steps -= len(prog.insts)
	return &judge{re: re, prog: prog, steps: steps, spare: new(graph)}, true
}

// mayMatch reports whether the expression matches an origin of a shape. It returns
// true if that takes too many steps to say.
func (j *judge) mayMatch(s *shape) bool {
	j.spare.clear()
	return !j.spare.build(j.prog, s, j.steps, true) || len(j.spare.ends) > 0
}

// graph returns the graph of the expression and a shape. It returns nil if the
// expression matches no origin of the shape, or there are too few steps.
func (j *judge) graph(s *shape) *graph {
	j.spare.clear()
	if !j.spare.build(j.prog, s, j.steps, false) || len(j.spare.ends) == 0 {
		return nil
	}
	g := j.spare
	j.spare = new(graph)
	j.matched = true
	return g
}

// web collects the domains of http or https.
func (j *judge) web(s webShapes) {
	if g := j.graph(s.names); g != nil {
		w, from := ways{g, s.scheme, inName}, g.hostEnds()
		tops := g.units(from, inName, g.shape.hostStart, maxDomains+len(origin.Reserved))
		j.names(w, "", from, tops)
		beyond := slices.ContainsFunc(tops.list, func(u unit) bool { return u.text != "localhost" })
		if s.scheme == "http" && (tops.tooMany || beyond) {
			j.find(j.stranger(Finding{Kind: Insecure}, opening{w, "", from, tops}))
		}
		if tops.tooMany {
			return // addresses cannot make it worse
		}
	}
	for _, a := range s.addresses {
		if !j.mayMatch(a.rough) {
			continue
		}
		if g := j.graph(a.exact()); g != nil {
			w := ways{g, s.scheme, a.part}
			j.hosts(w)
			if _, met := g.back(g.ends, everyPart); s.scheme == "http" && met.has(a.part) {
				j.find(Finding{Kind: Insecure, Witness: w.endingIn("")})
			}
		}
	}
}

// names collects the domains of the names that have labels in front of a suffix.
func (j *judge) names(w ways, suffix string, from []int32, labels units) {
	if labels.tooMany {
		j.open = append(j.open, opening{w, suffix, from, labels})
		return
	}
	for _, label := range labels.list {
		name := join(label.text, suffix)
		switch {
		case len(j.domains) > maxDomains:
			return
		case origin.IsReserved(name):
		case !anybodyRegisters(name):
			j.add(w, name, name)
			j.suffixesBelow(w, name, label.above)
		default:
			if label.first {
				j.add(w, name, name)
			}
			if label.above != nil {
				j.names(w, name, label.above, w.g.units(label.above, inName, w.g.shape.hostStart, maxDomains))
			}
		}
	}
}

// suffixesBelow looks below a registrable domain for public suffixes, up to the
// first with too many names in front of it.
func (j *judge) suffixesBelow(w ways, name string, from []int32) {
	open := len(j.open)
	for _, suffix := range origin.SuffixesBelow(name) {
		labels := strings.TrimSuffix(suffix, "."+name)
		if above := w.g.stepBack(from, inName, "."+labels); len(above) > 0 {
			j.names(w, suffix, above, w.g.units(above, inName, w.g.shape.hostStart, maxDomains))
		}
		if len(j.open) > open {
			return
		}
	}
}

// hosts collects hosts of which each counts as a domain.
func (j *judge) hosts(w ways) {
	from := w.g.hostEnds()
	hosts := w.g.units(from, w.part, w.g.shape.hostStart, maxDomains)
	if hosts.tooMany {
		j.open = append(j.open, opening{w, "", from, hosts})
		return
	}
	for _, host := range hosts.list {
		name := host.text
		if w.part == inOpaque {
			name = w.scheme + "://" + name
		}
		j.add(w, name, host.text)
	}
}

// custom collects the hosts of custom schemes.
func (j *judge) custom(s *shape) {
	g := j.graph(s)
	if g == nil {
		return
	}
	hosts, _ := g.back(g.ends, everyPart)
	hosts = slices.DeleteFunc(hosts, func(i int32) bool { return g.nodes[i].state != s.hostStart })
	schemes := g.units(g.stepBack(hosts, inScheme, "://"), inScheme, 0, maxDomains)
	if schemes.tooMany {
		j.find(j.strangeScheme(Finding{Kind: Schemes}, g, hosts, schemes))
		return
	}
	for _, scheme := range schemes.list {
		if g := j.graph(s.of(scheme.text)); g != nil {
			j.hosts(ways{g, scheme.text, inOpaque})
		}
	}
}

func (j *judge) add(w ways, name, host string) {
	if !slices.ContainsFunc(j.domains, func(d domain) bool { return d.name == name }) {
		j.domains = append(j.domains, domain{name, w, host})
	}
}

// find adds a finding. If its witness does not show it, the expression cannot be
// judged.
func (j *judge) find(f Finding) {
	if !j.shows(f) {
		f = Finding{Kind: TooLarge}
	}
	j.found = append(j.found, f)
}

// findings returns all findings, one of each kind.
func (j *judge) findings() []Finding {
	suffixes := map[string]bool{}
	for _, o := range j.open {
		switch {
		case o.ways.part == inOpaque:
			j.find(j.stranger(Finding{Kind: AnyHost, Scheme: o.ways.scheme}, o))
		case o.suffix == "", isICANN(o.suffix) && !o.ways.g.everyName(o.from):
			// An expression that matches some names below com, but not all of them,
			// is a mistake: "https://.*myapp\.com" lacks a dot.
			j.find(j.stranger(Finding{Kind: Domains, Listed: j.listed(o), Address: o.ways.part != inName}, o))
		default:
			suffixes[o.suffix] = true
			j.find(j.stranger(Finding{Kind: BelowSuffix, Suffix: o.suffix}, o))
		}
	}
	if n := len(j.domains); n > 0 && n+len(suffixes) > maxDomains {
		last := j.domains[n-1]
		j.find(Finding{Kind: Domains, Listed: true, Witness: last.ways.below(last.host)})
	}
	slices.SortStableFunc(j.found, func(a, b Finding) int { return int(a.Kind - b.Kind) })
	return slices.CompactFunc(j.found, func(a, b Finding) bool { return a.Kind == b.Kind && a.Suffix == b.Suffix })
}

// listed reports whether the expression spells out the names in front of an
// opening.
func (j *judge) listed(o opening) bool {
	const enough = 100
	all := o.ways.g.units(o.from, o.ways.part, o.ways.g.shape.hostStart, enough)
	return !all.tooMany && *j.steps >= 0 &&
		!slices.ContainsFunc(all.list, func(u unit) bool { return !j.spells(u.text) })
}

func join(label, suffix string) string {
	if suffix == "" {
		return label
	}
	return label + "." + suffix
}

// anybodyRegisters reports whether names right below this one, or further below,
// belong to different people.
func anybodyRegisters(name string) bool {
	for _, suffix := range []string{name, "any-label." + name} { // as the rule *.kawasaki.jp has it
		if found, _ := publicsuffix.PublicSuffix(suffix); found == suffix {
			return true
		}
	}
	return false
}

// isICANN reports whether a public suffix belongs to a registry, as com does, and
// not to a company that gives out names below its own, as github.io does.
func isICANN(suffix string) bool {
	_, icann := publicsuffix.PublicSuffix("any-label." + suffix)
	return icann
}
