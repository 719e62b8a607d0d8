package main

import (
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/polycors/polycors/conformance/bench"
)

const intro = `# What CORS costs

Written by ` + "`go run ./conformance/bench/report`" + `, on %[1]s, %[2]s: %[3]d samples of everything, each by a
program whose functions lie in memory in an order of its own, as their place alone can make one a fifth
slower. Within a sample, the stacks of a cell serve in turn, in %[4]d bursts of %[5]v each, of
which the median counts; the collector runs in between. Times are nanoseconds **added over the bare
app**; each is a median over the samples with its 95 %% confidence interval, as are the ratios, which
are taken sample by sample. The best peer is the quickest one that gives browsers and caches the same
answer; where none does, there is no ratio. The floor is the same headers set by hand.

`

// writeTables writes all there is to say.
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
				different = append(different, fmt.Sprintf("| %s | %s | %s |\n", f.Name, c.scenario.Name, strings.Replace(d, ": ", " | ", 1)))
			}
		}
	}
	fmt.Fprintf(w, "## All frameworks\n\nGeometric mean over all cells: %s of the best peer, %s of the floor.\n\n",
		geomean(toPeer).format(2), geomean(toFloor).format(2))
	if slower == nil {
		slower = []string{"none"}
	}
	fmt.Fprintf(w, "Cells in which polycors is not below the best peer for certain: %s.\n\n", strings.Join(slower, ", "))
	writeList(w, "Hostile requests, beside the same request of normal size",
		"| framework | scenario | added, hostile | added, normal | ratio |\n|---|---|--:|--:|--:|\n", hostile)
	writeList(w, "Other answers, not compared",
		"What a peer gives browsers or caches where it is not what polycors gives.\n\n"+
			"| framework | scenario | peer | its answer |\n|---|---|---|---|\n", different)
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
	fmt.Fprint(w, "| scenario | bare app | floor | polycors | best peer | | polycors / peer | polycors / floor | allocations: floor, polycors, peer |\n")
	fmt.Fprint(w, "|---|--:|--:|--:|--:|---|--:|--:|--:|\n")
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
			ratio := hostile.combine(normal, func(a, b float64) float64 { return max(a, least) / max(b, least) })
			rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s |\n",
				f.Name, c.scenario.Name, hostile.format(0), normal.format(0), ratio.format(2)))
		}
	}
	return rows
}

// writeEngine writes what needs no framework.
func (r *results) writeEngine(w io.Writer) {
	var rows []string
	for _, d := range bench.Decisions() {
		ns, one := r.ns(d.Name), r.ns(d.One)
		if ns != nil {
			ratio := ns.combine(one, func(a, b float64) float64 { return a / b })
			rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", strings.TrimPrefix(d.Name, "/"), ns.format(0), ratio.format(2)))
		}
	}
	writeList(w, "The engine",
		"Decisions without a framework, as adapters ask for them, by the number of exact origins and by how many\n"+
			"requests take turns, each with an origin of its own, in nanoseconds; and as a multiple of what they take\n"+
			"of a policy with one entry. Memory is a read that no cache holds: with a million origins in turn, a\n"+
			"decision waits for two.\n\n"+
			"| decision | time | of one entry |\n|---|--:|--:|\n", rows)

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
		"Making a policy of a million origins, with the bytes that it keeps per origin besides the strings; and\n"+
			"decisions on all processors beside a loop of Reconfigure (of the same policy or, for what the loop alone\n"+
			"takes, another).\n\n"+
			"| benchmark | time | bytes per origin |\n|---|--:|--:|\n", rows)
}
