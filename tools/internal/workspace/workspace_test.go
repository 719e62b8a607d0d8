package workspace_test

import (
	"slices"
	"testing"

	"github.com/polycors/polycors/tools/internal/workspace"
)

func module(dir string, siblings ...string) workspace.Module {
	m := workspace.Module{Dir: dir, Path: workspace.Root + "/" + dir, Requires: map[string]string{"golang.org/x/net": "v0.62.0"}}
	for _, s := range siblings {
		m.Requires[workspace.Root+"/"+s] = "v0.0.0"
	}
	return m
}

func TestLayers(t *testing.T) {
	tests := map[string]struct {
		modules []workspace.Module
		want    [][]string // directories; nil: an error
	}{
		"no modules have no layers": {nil, [][]string{}},
		"what requires core follows core": {
			[]workspace.Module{module("chiadapter", "core"), module("core"), module("corsnats", "core")},
			[][]string{{"core"}, {"chiadapter", "corsnats"}},
		},
		"a module follows the last of its requirements": {
			[]workspace.Module{module("a", "b", "core"), module("b", "core"), module("core")},
			[][]string{{"core"}, {"b"}, {"a"}},
		},
		"a requirement outside of the release is an error": {[]workspace.Module{module("a", "examples")}, nil},
		"a circle is an error":                             {[]workspace.Module{module("a", "b"), module("b", "a")}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			layers, err := workspace.Layers(test.modules)
			if (err != nil) != (test.want == nil) {
				t.Fatalf("err = %v", err)
			}
			if len(layers) != len(test.want) {
				t.Fatalf("got %d layers, want %d", len(layers), len(test.want))
			}
			for i, layer := range layers {
				var dirs []string
				for _, m := range layer {
					dirs = append(dirs, m.Dir)
				}
				if !slices.Equal(dirs, test.want[i]) {
					t.Errorf("layer %d: got %q, want %q", i, dirs, test.want[i])
				}
			}
		})
	}
}

// The repository itself is the test data: every published module can be released.
func TestRepository(t *testing.T) {
	published, err := workspace.Published("../../..")
	if err != nil {
		t.Fatal(err)
	}
	layers, err := workspace.Layers(published)
	if err != nil {
		t.Fatal(err)
	}
	if len(layers) == 0 || len(layers[0]) != 1 || layers[0][0].Dir != "core" {
		t.Errorf("core is not released first: %v", layers)
	}
}
