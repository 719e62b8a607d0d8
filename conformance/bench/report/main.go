// Command report runs the benchmarks of package bench and writes what they say:
// tables to the standard output and to RESULTS.md beside the package, the chart
// to docs/bench.svg.
//
//	go run ./conformance/bench/report [-n samples] [-benchtime d] [-only regexp] [-raw file]
//
// Each sample is a process of its own that runs all benchmarks, those of one
// scenario next to each other so that drift cancels out, and keeps the quickest
// of a few short runs of each, since other work on the machine only ever adds.
// What stands in a table is the median over the samples, of differences and
// ratios taken within a sample, with its 95 % confidence interval.
//
// With -raw the output of the benchmarks is kept, for benchstat. With -only
// nothing is written but the standard output.
package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/polycors/polycors/conformance/bench"
)

const pkg = "github.com/polycors/polycors/conformance/bench"

func main() {
	log.SetFlags(0)
	log.SetPrefix("report: ")
	n := flag.Int("n", 10, "how many samples to take; fewer than 6 have no confidence interval")
	benchtime := flag.String("benchtime", "4ms", "how long each short run of a benchmark takes")
	only := flag.String("only", "", "run the benchmarks /framework/scenario/stack that match this regexp, and write no files")
	raw := flag.String("raw", "", "keep the output of the benchmarks in this file")
	flag.Parse()

	if err := run(*n, *benchtime, *only, *raw); err != nil {
		log.Fatal(err)
	}
}

func run(n int, benchtime, only, raw string) error {
	dir, err := output("go", "list", "-f", "{{.Dir}}", pkg)
	if err != nil {
		return err
	}
	outputs, err := sample(n, benchtime, only)
	if err != nil {
		return err
	}
	if raw != "" {
		if err := os.WriteFile(raw, bytes.Join(outputs, nil), 0o644); err != nil {
			return err
		}
	}
	r, err := parse(outputs)
	if err != nil {
		return err
	}
	r.frameworks, r.scenarios, r.n, r.benchtime = bench.Frameworks(), bench.Scenarios(), n, benchtime
	var text bytes.Buffer
	r.writeTables(&text)
	if _, err := os.Stdout.Write(text.Bytes()); err != nil || only != "" {
		return err
	}
	docs := filepath.Join(dir, "..", "..", "docs")
	if err := os.MkdirAll(docs, 0o755); err != nil {
		return err
	}
	chart, err := r.chart()
	if err != nil {
		return err
	}
	return cmp.Or(
		os.WriteFile(filepath.Join(dir, "RESULTS.md"), text.Bytes(), 0o644),
		os.WriteFile(filepath.Join(docs, "bench.svg"), chart, 0o644))
}

// shortRuns is how many runs of a benchmark a sample is the quickest of.
const shortRuns = 4

// sample returns the output of n runs.
func sample(n int, benchtime, only string) ([][]byte, error) {
	tmp, err := os.MkdirTemp("", "polycors-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	binary := filepath.Join(tmp, "bench.test")
	if _, err := output("go", "test", "-c", "-o", binary, pkg); err != nil {
		return nil, err
	}
	// One processor for the middleware, so that the collector's work is paid by
	// those who cause it; all of them for what is about concurrency.
	runs := [][]string{
		{"-test.bench", "^Benchmark$", "-test.cpu", "1"},
		{"-test.bench", "^Benchmark.+$"},
	}
	if only != "" {
		runs = [][]string{{"-test.bench", "^Benchmark$/" + only, "-test.cpu", "1"}}
	}
	outputs := make([][]byte, n)
	for i := range n {
		fmt.Fprintf(os.Stderr, "sample %d of %d\n", i+1, n)
		for _, args := range runs {
			args = append(args, "-test.run", "^$", "-test.benchtime", benchtime, "-test.count", strconv.Itoa(shortRuns))
			out, err := output(binary, args...)
			if err != nil {
				return nil, err
			}
			outputs[i] = append(outputs[i], out+"\n"...)
		}
	}
	return outputs, nil
}

// output runs a command and returns what it prints.
func output(name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	// The heap of a benchmark is so small that the collector would run every few
	// milliseconds, and give back memory in between, to be faulted in anew. Let
	// it be as calm as in a server that has been up for a while.
	cmd.Env = append(os.Environ(), "GOGC=400", "GODEBUG=madvdontneed=0")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", cmd, err, &stdout, &stderr)
	}
	return strings.TrimSpace(stdout.String()), nil
}
