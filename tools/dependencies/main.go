// Command dependencies prints docs/dependencies.md: the modules that each published
// module brings along, and their licences.
//
//	go run ./tools/dependencies >docs/dependencies.md
//
// The list has no versions, so that an update of a version changes nothing: what
// needs a look is a new module or a new licence.
package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"

	"github.com/polycors/polycors/tools/internal/workspace"
)

// permissive are the licences that a module may have.
var permissive = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT"}

// systems are those that the list covers. Some modules are for one of them only.
var systems = []string{"linux", "darwin", "windows"}

func main() {
	page, err := list(".")
	if err != nil {
		fmt.Fprintf(os.Stderr, "dependencies: %v\n", err)
		os.Exit(1)
	}
	os.Stdout.Write(page)
}

// list returns the page for the repository in root.
func list(root string) ([]byte, error) {
	modules, err := workspace.Published(root)
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	page.WriteString(`# Dependencies

The modules whose code is compiled into a program that uses a module of polycors, or into the tests of that
module, on Linux, macOS or Windows. It is printed by ` + "`go run ./tools/dependencies`" + `, and the gate fails
if it is out of date.
`)
	for _, m := range modules {
		dir := filepath.Join(root, m.Dir)
		programs := map[string]string{}
		for _, system := range systems {
			if err := addDependencies(programs, dir, system); err != nil {
				return nil, fmt.Errorf("%s: %w", m.Dir, err)
			}
		}
		tests := map[string]string{}
		if err := addDependencies(tests, dir, systems[0], "-test"); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Dir, err)
		}
		maps.DeleteFunc(tests, func(module, _ string) bool { return programs[module] != "" })

		fmt.Fprintf(&page, "\n## %s\n\n| module | licence | compiled into |\n|---|---|---|\n", m.Dir)
		for _, module := range slices.Sorted(maps.Keys(programs)) {
			fmt.Fprintf(&page, "| %s | %s | programs |\n", module, programs[module])
		}
		for _, module := range slices.Sorted(maps.Keys(tests)) {
			fmt.Fprintf(&page, "| %s | %s | tests |\n", module, tests[module])
		}
	}
	return page.Bytes(), nil
}

// addDependencies adds the modules that the packages in dir depend on, each with
// its licences.
func addDependencies(licences map[string]string, dir, system string, flags ...string) error {
	args := append([]string{"list", "-deps", "-f", "{{with .Module}}{{.Path}} {{.Dir}}{{end}}"}, flags...)
	cmd := exec.Command("go", append(args, "./...")...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "CGO_ENABLED=0", "GOOS="+system)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(out)) {
		module, source, ok := strings.Cut(strings.TrimSpace(line), " ")
		if !ok || licences[module] != "" || strings.HasPrefix(module, workspace.Root+"/") {
			continue
		}
		if licences[module], err = licence(source); err != nil {
			return fmt.Errorf("%s: %w", module, err)
		}
	}
	return nil
}

// licence returns the licences that the root of a module names.
func licence(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	found := map[string]bool{}
	for _, entry := range entries {
		name := strings.ToUpper(entry.Name())
		if entry.IsDir() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return "", err
		}
		for _, match := range licensecheck.Scan(text).Match {
			if !match.IsURL {
				found[match.ID] = true
			}
		}
	}
	names := slices.Sorted(maps.Keys(found))
	if len(names) == 0 {
		return "", fmt.Errorf("no licence found")
	}
	for _, name := range names {
		if !slices.Contains(permissive, name) {
			return "", fmt.Errorf("the licence %s is not one of %s", name, strings.Join(permissive, ", "))
		}
	}
	return strings.Join(names, ", "), nil
}
