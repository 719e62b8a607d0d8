// Command versions tests what docs/versions.md says.
//
//	go run ./tools/versions                     # each adapter with the oldest framework
//	go run ./tools/versions -latest             # … with the newest that is published
//	go run ./tools/versions -toolchain go1.26.0 # all released modules with that Go
//
// The newest version in the table has to be the one that the go.mod file of the
// adapter requires, with which the adapter's usual tests run.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/polycors/polycors/tools/internal/workspace"
)

const table = "docs/versions.md"

func main() {
	latest := flag.Bool("latest", false, "test the newest version that is published, instead of the oldest in the table")
	toolchain := flag.String("toolchain", "", "test all released modules with this `version` of Go, such as go1.26.0")
	flag.Parse()
	modules, err := workspace.Published(".")
	switch {
	case err != nil:
	case *toolchain != "":
		err = testToolchain(modules, *toolchain)
	default:
		err = testFrameworks(modules, *latest)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "versions: %v\n", err)
		os.Exit(1)
	}
}

// A framework is a row of the table.
type framework struct {
	adapter        string // the directory
	path           string // of the framework's module
	oldest, newest string
}

var row = regexp.MustCompile("(?m)^\\| \\[(\\w+)\\]\\S+ \\| `(\\S+)` \\| (v\\S+) \\| (v\\S+) \\|$")

// readTable returns the rows of the table. There must be one for each adapter.
func readTable(modules []workspace.Module) ([]framework, error) {
	page, err := os.ReadFile(table)
	if err != nil {
		return nil, err
	}
	rows := map[string]framework{}
	for _, cells := range row.FindAllStringSubmatch(string(page), -1) {
		rows[cells[1]] = framework{cells[1], cells[2], cells[3], cells[4]}
	}
	var frameworks []framework
	for _, m := range modules {
		if !strings.HasSuffix(m.Dir, "adapter") {
			continue
		}
		f, ok := rows[m.Dir]
		if !ok {
			return nil, fmt.Errorf("%s has no row for %s", table, m.Dir)
		}
		if required := m.Requires[f.path]; required != f.newest {
			return nil, fmt.Errorf("%s: the newest %s is %s, but %s requires %q", table, f.path, f.newest, m.Dir, required)
		}
		frameworks = append(frameworks, f)
	}
	return frameworks, nil
}

func testFrameworks(modules []workspace.Module, latest bool) error {
	frameworks, err := readTable(modules)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range frameworks {
		version := f.oldest
		if latest {
			version = "latest"
		}
		start := time.Now()
		if err := testFramework(f, version); err != nil {
			errs = append(errs, fmt.Errorf("%s with %s %s: %w", f.adapter, f.path, version, err))
			continue
		}
		fmt.Printf("ok   %s with %s %s (%.0fs)\n", f.adapter, f.path, version, time.Since(start).Seconds())
	}
	return errors.Join(errs...)
}

// testFramework runs the tests of an adapter in a copy that requires a version
// of the framework.
func testFramework(f framework, version string) error {
	tmp, err := os.MkdirTemp("", "versions-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	core, err := filepath.Abs("core")
	if err != nil {
		return err
	}
	if err := os.CopyFS(tmp, os.DirFS(f.adapter)); err != nil {
		return err
	}
	env := []string{"GOWORK=off", "GOFLAGS=-trimpath"} // -trimpath shares the build cache between directories
	for _, args := range [][]string{
		{"mod", "edit", "-replace=" + workspace.Root + "/core=" + core},
		{"get", f.path + "@" + version},
		{"mod", "tidy"},
		{"vet", "./..."},
		{"test", "./..."},
	} {
		if err := run(tmp, env, args...); err != nil {
			return err
		}
	}
	return nil
}

func testToolchain(modules []workspace.Module, version string) error {
	for _, m := range modules {
		start := time.Now()
		if err := run(m.Dir, []string{"GOWORK=off", "GOTOOLCHAIN=" + version}, "test", "./..."); err != nil {
			return fmt.Errorf("%s: %w", m.Dir, err)
		}
		fmt.Printf("ok   %s with %s (%.0fs)\n", m.Dir, version, time.Since(start).Seconds())
	}
	return nil
}

// run runs the go command. Its output is a part of the error.
func run(dir string, env []string, args ...string) error {
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}
