package main

import (
	"strings"
	"testing"

	"github.com/polycors/polycors/tools/internal/workspace"
)

func TestLatest(t *testing.T) {
	tags := []string{"core/v0.9.0", "core/v0.10.0", "core/v0.2.1", "core/cmd/corscheck/v0.11.0", "core/next", "v0.12.0"}
	tests := map[string]struct{ dir, want string }{
		"versions are compared by their numbers":       {"core", "v0.10.0"},
		"a module in a directory below has other tags": {"core/cmd/corscheck", "v0.11.0"},
		"a new module has no version":                  {"ginadapter", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := latest(tags, test.dir); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	modules := []workspace.Module{{Dir: "core"}, {Dir: "ginadapter"}}
	released := []string{"core/v0.2.0"}
	tests := map[string]struct{ version, want string }{ // what the error says; "": no error
		"the next version is fine":                {"v0.3.0", ""},
		"a pre-release is fine":                   {"v0.3.0-rc.1", ""},
		"a version that is tagged is refused":     {"v0.2.0", "core/v0.2.0 is not later than core/v0.2.0"},
		"an earlier version is refused":           {"v0.1.9", "is not later"},
		"a version without its v is refused":      {"0.3.0", "is not a version"},
		"a version with two numbers is refused":   {"v0.3", "is not a version"},
		"a version with build data is refused":    {"v0.3.0+linux", "is not a version"},
		"a version that changes paths is refused": {"v2.0.0", "needs other module paths"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := check(".", test.version, modules, released, false)
			switch {
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
