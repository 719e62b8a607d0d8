package main

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const (
	figuresBegin = "<!-- from RESULTS.md by conformance/bench/report -->\n"
	figuresEnd   = "<!-- end -->\n"
)

// withFigures returns the README with the figures of RESULTS.md.
func withFigures(readme, results string) (string, error) {
	before, rest, ok := strings.Cut(readme, figuresBegin)
	_, after, ended := strings.Cut(rest, figuresEnd)
	if !ok || !ended {
		return "", fmt.Errorf("README.md has no lines %q and %q", figuresBegin, figuresEnd)
	}
	text, err := figures(results)
	return before + figuresBegin + text + figuresEnd + after, err
}

// figures returns what the README says about the results.
func figures(results string) (string, error) {
	_, engine, _ := strings.Cut(results, "\n## The engine\n")
	_, compiled, _ := strings.Cut(results, "\n## New and Reconfigure\n")
	names := []string{"framework", "polycors", "fastest peer", "of the peer", "of headers set by hand"}
	var rows strings.Builder
	fmt.Fprintf(&rows, "| %s |\n|---%s|\n", strings.Join(names, " | "), strings.Repeat("|--:", len(names)-1))
	for _, section := range strings.Split(results, "\n## ") {
		framework, table, _ := strings.Cut(section, "\n")
		allowed := cellsOf(table, "allowed-1")
		mean := cellsOf(table, "**geometric mean**")
		if len(allowed) < 8 || len(mean) < 8 {
			continue
		}
		fmt.Fprintf(&rows, "| %s | %s ns | %s ns (%s) | %s | %s |\n", framework,
			short(allowed[3]), short(allowed[4]), allowed[5], short(allowed[6]), short(mean[7]))
	}
	one := number(cellsOf(engine, "decide/policy=exact/origins=1/turns=1"), 1)
	million := number(cellsOf(engine, "decide/policy=exact/origins=1000000/turns=1"), 1)
	turns := number(cellsOf(engine, "decide/policy=exact/origins=1000000/turns=1000000"), 1)
	compile := number(cellsOf(compiled, "New/origins=1000000/stack=polycors"), 1)
	bytes := number(cellsOf(compiled, "New/origins=1000000/stack=polycors"), 2)
	for _, v := range []float64{one, million, turns, compile, bytes} {
		if v == 0 {
			return "", fmt.Errorf("RESULTS.md lacks a figure: one origin %v, a million %v, in turn %v, New %v ms, %v bytes", one, million, turns, compile, bytes)
		}
	}
	return fmt.Sprintf(`A decision takes %.0f ns with one origin and %.0f ns with a million; %.1f µs if each request comes from another of the million, because
memory is slow. Long hostile headers cost no more than short ones. New compiles a million origins in %.1f s, with %.0f bytes each.

This is what CORS adds to a request from an allowed origin; the last column is a mean of all scenarios:

%s`, one, million, turns/1000, compile/1000, bytes, rows.String()), nil
}

// cellsOf returns the cells of the first row that begins with name.
func cellsOf(table, name string) []string {
	for line := range strings.Lines(table) {
		if cells := strings.Split(strings.Trim(line, "|\n"), "|"); strings.TrimSpace(cells[0]) == name {
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			return cells
		}
	}
	return nil
}

// short returns a figure without its confidence interval.
func short(cell string) string {
	value, _, _ := strings.Cut(strings.Trim(cell, "*"), " ")
	return value
}

func number(cells []string, i int) float64 {
	if i >= len(cells) {
		return 0
	}
	v, _ := strconv.ParseFloat(regexp.MustCompile(`[\d.]+`).FindString(cells[i]), 64)
	return v
}
