package main

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"

	"github.com/polycors/polycors/conformance/bench"
)

// results hold the samples of every benchmark.
type results struct {
	frameworks []bench.Framework
	scenarios  []bench.Scenario
	n          int

	machine string
	samples map[string]samples // by name without the number of processors
	names   []string           // in the order of running
}

// samples of a benchmark, by unit.
type samples map[string]series

// A series has a value for each sample.
type series []float64

// parse reads the output of each sample.
func parse(outputs []string) (*results, error) {
	res := &results{n: len(outputs), samples: map[string]samples{}, machine: runtime.GOOS + "/" + runtime.GOARCH}
	for _, output := range outputs {
		reader := benchfmt.NewReader(strings.NewReader(output), "")
		for reader.Scan() {
			switch rec := reader.Result().(type) {
			case *benchfmt.SyntaxError:
				return nil, rec
			case *benchfmt.Result:
				res.add(rec)
			}
		}
		if err := reader.Err(); err != nil {
			return nil, err
		}
	}
	return res, nil
}

// add adds one sample of one benchmark.
func (r *results) add(rec *benchfmt.Result) {
	if cpu := rec.GetConfig("cpu"); cpu != "" {
		r.machine = fmt.Sprintf("%s, %s/%s", cpu, runtime.GOOS, runtime.GOARCH)
	}
	name := withoutProcs(rec)
	if r.samples[name] == nil {
		r.samples[name] = samples{}
		r.names = append(r.names, name)
	}
	for _, v := range rec.Values {
		r.samples[name][v.Unit] = append(r.samples[name][v.Unit], v.Value)
	}
}

func withoutProcs(rec *benchfmt.Result) string {
	base, parts := rec.Name.Parts()
	name := string(base)
	for _, part := range parts {
		if part[0] != '-' {
			name += string(part)
		}
	}
	return name
}

// ns returns the nanoseconds per operation of a benchmark.
func (r *results) ns(name string) series {
	return r.samples[name]["sec/op"].map1(func(s float64) float64 { return s * 1e9 })
}

// cellName returns the name of the benchmark of a stack.
func cellName(f bench.Framework, scenario *bench.Scenario, stack string) string {
	return fmt.Sprintf("/framework=%s/scenario=%s/stack=%s", f.Name, scenario.Name, stack)
}

// A cell is a scenario in a framework.
type cell struct {
	scenario    *bench.Scenario
	bare        series
	added       map[string]series // over bare, by stack
	allocs      map[string]float64
	peer        string // the fastest with the same response; empty if there is none
	differences []string
}

// cells returns the cells of a framework that were measured.
func (r *results) cells(f bench.Framework) []cell {
	var cells []cell
	for i := range r.scenarios {
		if c, ok := r.cell(f, &r.scenarios[i]); ok {
			cells = append(cells, c)
		}
	}
	return cells
}

func (r *results) cell(f bench.Framework, scenario *bench.Scenario) (cell, bool) {
	name := func(stack string) string {
		return cellName(f, scenario, stack)
	}
	c := cell{scenario: scenario, bare: r.ns(name(bench.Bare)), added: map[string]series{}, allocs: map[string]float64{}}
	if c.bare == nil {
		return c, false
	}
	differences := f.Differences(scenario)
	for _, stack := range f.Stacks {
		ns := r.ns(name(stack.Name))
		if ns == nil {
			continue
		}
		c.added[stack.Name] = ns.combine(c.bare, func(a, b float64) float64 { return a - b })
		allocs := func(stack string) float64 { return r.samples[name(stack)]["allocs/op"].median() }
		c.allocs[stack.Name] = allocs(stack.Name) - allocs(bench.Bare)
		switch difference := differences[stack.Name]; {
		case !stack.IsPeer():
		case difference != "":
			c.differences = append(c.differences, stack.Name+": "+difference)
		case c.peer == "" || c.added[stack.Name].median() < c.added[c.peer].median():
			c.peer = stack.Name
		}
	}
	return c, c.added[bench.Polycors] != nil && c.added[bench.Floor] != nil
}

// least is the least number of nanoseconds that a middleware counts as adding:
// ratios need a positive number, even if the time is too short to measure.
const least = 1

func ratio(a, b float64) float64 { return max(a, least) / max(b, least) }

// to returns the time that polycors adds, relative to a stack.
func (c *cell) to(stack string) series { return c.added[bench.Polycors].combine(c.added[stack], ratio) }

func (s series) map1(f func(float64) float64) series {
	var t series
	for _, v := range s {
		t = append(t, f(v))
	}
	return t
}

// combine applies f sample by sample.
func (s series) combine(t series, f func(a, b float64) float64) series {
	u := make(series, min(len(s), len(t)))
	for i := range u {
		u[i] = f(s[i], t[i])
	}
	return u
}

// geomean returns the geometric mean of each sample.
func geomean(all []series) series {
	if len(all) == 0 {
		return nil
	}
	var sum series
	for _, s := range all {
		logs := s.map1(math.Log)
		if sum == nil {
			sum = logs
			continue
		}
		sum = sum.combine(logs, func(a, b float64) float64 { return a + b })
	}
	return sum.map1(func(v float64) float64 { return math.Exp(v / float64(len(all))) })
}

func (s series) summary() benchmath.Summary {
	sample := benchmath.NewSample(slices.Clone(s), &benchmath.DefaultThresholds)
	return benchmath.AssumeNothing.Summary(sample, 0.95)
}

func (s series) median() float64 {
	if len(s) == 0 {
		return math.NaN()
	}
	return s.summary().Center
}

// format formats the median with its confidence interval.
func (s series) format(digits int) string {
	if len(s) == 0 {
		return "–"
	}
	sum := s.summary()
	number := func(v float64) string { return fmt.Sprintf("%.*f", digits, v) }
	if math.IsInf(sum.Lo, 0) || math.IsInf(sum.Hi, 0) {
		return number(sum.Center)
	}
	return strings.Join([]string{number(sum.Center), " (", number(sum.Lo), "–", number(sum.Hi), ")"}, "")
}
