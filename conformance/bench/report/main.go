// Command report runs the benchmarks of package bench. It writes tables to the
// standard output and to RESULTS.md beside the package, a chart to docs/bench.svg,
// and the figures of the README. With -readme, it measures nothing and writes the
// README alone.
//
//	go run ./conformance/bench/report [-n samples] [-only regexp] [-raw file] [-readme]
//
// Each sample is taken by a separate program, whose functions the linker has put
// in another order: the place of a function in memory can make it a fifth slower.
// Differences and ratios are computed within a sample; the tables show their
// median over the samples, with its 95 % confidence interval.
//
// With -raw the samples are written to a file for benchstat. With -only the
// report is written to the standard output alone.
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
	"regexp"
	"strings"

	"github.com/polycors/polycors/conformance/bench"
)

const pkg = "github.com/polycors/polycors/conformance/bench"

func main() {
	log.SetFlags(0)
	log.SetPrefix("report: ")
	n := flag.Int("n", 20, "number of samples; each takes half a minute, and fewer than 6 give no confidence interval")
	only := flag.String("only", "", "measure only cells whose name, framework/scenario, matches this regexp, and write no report files")
	raw := flag.String("raw", "", "write the samples to this file")
	one := flag.Bool("sample", false, "take one sample and write it to the standard output")
	readme := flag.Bool("readme", false, "measure nothing, and write the figures of RESULTS.md into the README")
	flag.Parse()

	cells, err := regexp.Compile(*only)
	switch {
	case err != nil:
	case *one:
		measure(os.Stdout, cells)
	case *readme:
		err = updateREADME()
	default:
		err = report(*n, *only, *raw)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// packageDir returns the directory of package bench.
func packageDir() (string, error) {
	dir, err := output("go", "list", "-f", "{{.Dir}}", pkg)
	return strings.TrimSpace(dir), err
}

func updateREADME() error {
	dir, err := packageDir()
	if err != nil {
		return err
	}
	return writeREADME(dir)
}

func report(n int, only, raw string) error {
	dir, err := packageDir()
	if err != nil {
		return err
	}
	samples, err := sampleAll(n, only)
	if err != nil {
		return err
	}
	if raw != "" {
		if err := os.WriteFile(raw, []byte(strings.Join(samples, "")), 0o644); err != nil {
			return err
		}
	}
	r, err := parse(samples)
	if err != nil {
		return err
	}
	r.frameworks, r.scenarios = bench.Frameworks(), bench.Scenarios()
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
		os.WriteFile(filepath.Join(docs, "bench.svg"), chart, 0o644),
		writeREADME(dir))
}

// writeREADME writes the figures of RESULTS.md into the README.
func writeREADME(dir string) error {
	results, err := os.ReadFile(filepath.Join(dir, "RESULTS.md"))
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "..", "..", "README.md")
	readme, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text, err := withFigures(string(readme), string(results))
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), 0o644)
}

// sampleAll returns n samples in Go's benchmark format.
func sampleAll(n int, only string) ([]string, error) {
	tmp, err := os.MkdirTemp("", "polycors-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	samples := make([]string, n)
	for i := range samples {
		fmt.Fprintf(os.Stderr, "sample %d of %d\n", i+1, n)
		layout := fmt.Sprintf("-ldflags=-randlayout=%d", i+1)
		samples[i], err = sampleCells(filepath.Join(tmp, "report"), layout, only)
		if err != nil {
			return nil, err
		}
		if only != "" {
			continue
		}
		rest, err := sampleRest(filepath.Join(tmp, "bench.test"), layout)
		if err != nil {
			return nil, err
		}
		samples[i] += rest
	}
	return samples, nil
}

func sampleCells(binary, layout, only string) (string, error) {
	if _, err := output("go", "build", layout, "-o", binary, pkg+"/report"); err != nil {
		return "", err
	}
	return output(binary, "-sample", "-only", only)
}

// sampleRest runs the benchmarks that take too long for bursts or need all
// processors.
func sampleRest(binary, layout string) (string, error) {
	if _, err := output("go", "test", "-c", layout, "-o", binary, pkg); err != nil {
		return "", err
	}
	return output(binary, "-test.run", "^$", "-test.bench", "^Benchmark(New|Reconfigure)$", "-test.benchtime", "20ms")
}

// output runs a command and returns what it prints.
func output(name string, args ...string) (string, error) {
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w\n%s%s", cmd, err, &stdout, &stderr)
	}
	return stdout.String(), nil
}
