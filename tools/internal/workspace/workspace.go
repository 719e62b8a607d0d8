// Package workspace describes the modules of this repository, as go.work lists
// them.
package workspace

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Root is the path of the repository. The path of each module begins with it.
const Root = "github.com/polycors/polycors"

// unpublished are the rooms that get no version: nobody imports them.
var unpublished = []string{"conformance", "examples", "tools"}

// A Module is a module of the repository.
type Module struct {
	Dir      string            // from the root of the repository, with slashes
	Path     string            // the import path
	Requires map[string]string // the versions of all required modules, by path
	Replaces []string          // the paths of all replaced modules
}

// Tag returns the tag of a version of m.
func (m Module) Tag(version string) string { return m.Dir + "/" + version }

// Published reports whether m is released.
func (m Module) Published() bool {
	return !slices.ContainsFunc(unpublished, func(room string) bool {
		return m.Dir == room || strings.HasPrefix(m.Dir, room+"/")
	})
}

// Siblings returns the paths of the modules of the repository that m requires.
func (m Module) Siblings() []string {
	var siblings []string
	for p := range m.Requires {
		if strings.HasPrefix(p, Root+"/") {
			siblings = append(siblings, p)
		}
	}
	slices.Sort(siblings)
	return siblings
}

// Read returns the modules of the go.work file in the directory root.
func Read(root string) ([]Module, error) {
	name := filepath.Join(root, "go.work")
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork(name, data, nil)
	if err != nil {
		return nil, err
	}
	var modules []Module
	for _, use := range work.Use {
		m, err := readModule(root, path.Clean(use.Path))
		if err != nil {
			return nil, err
		}
		modules = append(modules, m)
	}
	return modules, nil
}

func readModule(root, dir string) (Module, error) {
	name := filepath.Join(root, dir, "go.mod")
	data, err := os.ReadFile(name)
	if err != nil {
		return Module{}, err
	}
	file, err := modfile.Parse(name, data, nil)
	if err != nil {
		return Module{}, err
	}
	m := Module{Dir: dir, Path: file.Module.Mod.Path, Requires: map[string]string{}}
	if want := Root + "/" + dir; m.Path != want {
		return Module{}, fmt.Errorf("%s: the module is %q, but its directory needs %q", name, m.Path, want)
	}
	for _, r := range file.Require {
		m.Requires[r.Mod.Path] = r.Mod.Version
	}
	for _, r := range file.Replace {
		m.Replaces = append(m.Replaces, r.Old.Path)
	}
	return m, nil
}

// Published returns the released modules of the repository in root.
func Published(root string) ([]Module, error) {
	modules, err := Read(root)
	return slices.DeleteFunc(modules, func(m Module) bool { return !m.Published() }), err
}

// Layers sorts modules into the order of a release: each requires only modules of
// earlier layers. A module that requires one which is not among them is an error.
func Layers(modules []Module) ([][]Module, error) {
	var layers [][]Module
	tagged := map[string]bool{}
	for rest := modules; len(rest) > 0; {
		var layer, later []Module
		for _, m := range rest {
			if slices.ContainsFunc(m.Siblings(), func(p string) bool { return !tagged[p] }) {
				later = append(later, m)
			} else {
				layer = append(layer, m)
			}
		}
		if layer == nil {
			return nil, fmt.Errorf("%s requires %s: these are not published, or require each other",
				rest[0].Path, strings.Join(rest[0].Siblings(), ", "))
		}
		for _, m := range layer {
			tagged[m.Path] = true
		}
		layers, rest = append(layers, layer), later
	}
	return layers, nil
}
