package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// corscheck runs the command, and returns what a terminal would show: the
// command line, both outputs and the status.
func corscheck(t *testing.T, stdin string, args ...string) (transcript string, status int) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(t.Context(), streams{in: strings.NewReader(stdin), out: &out, err: &err}, append([]string{"corscheck"}, args...))
	return fmt.Sprintf("$ %s\n%s%s[exit status %d]\n", commandLine(args), out.String(), err.String(), status), status
}

// commandLine quotes arguments as a shell wants them.
func commandLine(args []string) string {
	words := []string{"corscheck"}
	for _, a := range args {
		if strings.ContainsAny(a, " *'\"") {
			a = "'" + a + "'"
		}
		words = append(words, a)
	}
	return strings.Join(words, " ")
}

// golden compares a transcript with the one on file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("testdata", file)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed (go test -update writes it anew):\n%s\nwant:\n%s", file, got, want)
	}
	if i := strings.IndexFunc(got, func(r rune) bool { return r < ' ' && r != '\n' }); i >= 0 {
		t.Errorf("the output has the control character %q", got[i])
	}
}
