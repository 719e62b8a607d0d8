package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/polycors/polycors/conformance/bench"
)

const intro = `# What CORS costs

Written by ` + "`go run ./conformance/bench/report`" + `, on %[1]s, %[2]s: %[3]d samples. Each sample
is taken by a separate program whose functions lie in memory in another order, because their place can
make one a fifth slower. Within a sample, the stacks of a cell take turns, in %[4]d bursts of %[5]v each;
the sample is the median of the bursts. The garbage collector does not run meanwhile. Times are
nanoseconds **added to the bare app**. Times and ratios are medians over the samples, with their 95 %%
confidence intervals; ratios are computed within a sample. The best peer is the fastest one with the same
response for browsers and caches; without such a peer, there is no ratio. The floor is the same headers,
set by hand.

`

// writeTables writes all tables.
func (r *results) writeTables(w io.Writer) {
	fmt.Fprintf(w, intro, r.machine, runtime.Version(), r.n, ofStacks.rounds, ofStacks.burst)
	var toPeer, toFloor []series
	var slower, hostile, different []string
	for _, f := range r.frameworks {
		cells := r.cells(f)
		if len(cells) == 0 {
			continue
		}
		peer, floor := r.writeFramework(w, f, cells)
		toPeer, toFloor = append(toPeer, peer...), append(toFloor, floor...)
		slower = append(slower, slowerCells(f, cells)...)
		hostile = append(hostile, hostileCells(f, cells)...)
		for _, c := range cells {
			for _, d := range c.differences {
				row := fmt.Sprintf("| %s | %s | %s |\n", f.Name, c.scenario.Name, strings.Replace(d, ": ", " | ", 1))
				different = append(different, row)
			}
		}
	}
	fmt.Fprintf(w, "## All frameworks\n\nGeometric mean over all cells: %s of the best peer, %s of the floor.\n\n",
		geomean(toPeer).format(2), geomean(toFloor).format(2))
	if slower == nil {
		slower = []string{"none"}
	}
	fmt.Fprintf(w, "Cells in which polycors is not certainly faster than the best peer: %s.\n\n", strings.Join(slower, ", "))
	writeList(w, "Hostile requests, compared with normal ones",
		"| framework | scenario | added, hostile | added, normal | ratio |\n|---|---|--:|--:|--:|\n", hostile)
	writeList(w, "Peers with another response, not compared",
		"How the response of a peer differs from the response of polycors, for browsers or caches.\n\n"+
			"| framework | scenario | peer | its response |\n|---|---|---|---|\n", different)
	r.writeEngine(w)
}

func writeList(w io.Writer, title, head string, rows []string) {
	if len(rows) > 0 {
		fmt.Fprintf(w, "## %s\n\n%s%s\n", title, head, strings.Join(rows, ""))
	}
}

// writeFramework writes a framework's table, and returns the ratios in it.
func (r *results) writeFramework(w io.Writer, f bench.Framework, cells []cell) (toPeer, toFloor []series) {
	fmt.Fprintf(w, "## %s\n\n", f.Name)
	fmt.Fprint(w, "| scenario | bare app | floor | polycors | best peer | | polycors / peer | polycors / floor | "+
		"allocations: floor, polycors, peer |\n|---|--:|--:|--:|--:|---|--:|--:|--:|\n")
	for _, c := range cells {
		floor := c.to(bench.Floor)
		toFloor = append(toFloor, floor)
		var peer series
		allocs := "–"
		if c.peer != "" {
			peer = c.to(c.peer)
			toPeer = append(toPeer, peer)
			allocs = fmt.Sprint(c.allocs[c.peer])
		}
		fmt.Fprintf(w, "| %s | %.0f | %s | %s | %s | %s | %s | %s | %v, %v, %s |\n", c.scenario.Name, c.bare.median(),
			c.added[bench.Floor].format(0), c.added[bench.Polycors].format(0), c.added[c.peer].format(0), c.peer,
			peer.format(2), floor.format(2), c.allocs[bench.Floor], c.allocs[bench.Polycors], allocs)
	}
	fmt.Fprintf(w, "| **geometric mean** | | | | | | **%s** | **%s** | |\n\n",
		geomean(toPeer).format(2), geomean(toFloor).format(2))
	return toPeer, toFloor
}

func slowerCells(f bench.Framework, cells []cell) (names []string) {
	for _, c := range cells {
		if c.peer != "" && c.to(c.peer).summary().Hi >= 1 {
			names = append(names, f.Name+"/"+c.scenario.Name)
		}
	}
	return names
}

func hostileCells(f bench.Framework, cells []cell) (rows []string) {
	added := map[string]series{}
	for _, c := range cells {
		added[c.scenario.Name] = c.added[bench.Polycors]
	}
	for _, c := range cells {
		if normal := added[c.scenario.Normal]; normal != nil {
			hostile := added[c.scenario.Name]
			rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
				f.Name, c.scenario.Name, hostile.format(0), normal.format(0), hostile.combine(normal, ratio).format(2)))
		}
	}
	return rows
}

// writeEngine writes the tables of the engine alone.
func (r *results) writeEngine(w io.Writer) {
	var rows []string
	for _, m := range bench.Measurements() {
		if ns := r.ns(m.Name); ns != nil {
			relative := ns.combine(r.ns(m.Baseline), ratio)
			rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", strings.TrimPrefix(m.Name, "/"), ns.format(0), relative.format(2)))
		}
	}
	writeList(w, "The engine",
		"The time of one decision without a framework, in nanoseconds, by the number of exact origins in the\n"+
			"policy, and by how many requests take turns, each with another origin; and relative to a policy with\n"+
			"one entry. Memory is one read of memory that no cache holds: with a million origins in turn, a decision\n"+
			"waits for two such reads.\n\n"+
			"| decision | time | relative to one entry |\n|---|--:|--:|\n", rows)

	rows = nil
	for _, name := range r.names {
		if strings.HasPrefix(name, "/") {
			continue
		}
		time := r.ns(name).format(0) + " ns"
		if r.ns(name).median() > 1e6 {
			time = r.ns(name).map1(func(v float64) float64 { return v / 1e6 }).format(0) + " ms"
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", name, time, r.samples[name]["B/origin"].format(1)))
	}
	writeList(w, "New and Reconfigure",
		"New compiles a million origins; the bytes per origin are in addition to the strings. Reconfigure is the\n"+
			"time of one decision on all processors, beside a loop that reconfigures nothing, another policy (which\n"+
			"takes the same share of the machine) or the policy itself.\n\n"+
			"| benchmark | time | bytes per origin |\n|---|--:|--:|\n", rows)
}
