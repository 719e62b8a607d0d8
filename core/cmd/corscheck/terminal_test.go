//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/creack/pty"
)

// TestTerminal runs the command in terminals. Lines are no wider than the terminal,
// and words are whole.
func TestTerminal(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	policy := filepath.Join(t.TempDir(), "p.yaml")
	const problems = "allowOrigins: [https://myapp.com/, http://myapp.com, 'https://*.github.io']\nallowCredentials: true"
	if err := os.WriteFile(policy, []byte(problems), 0o600); err != nil {
		t.Fatal(err)
	}
	url := serve(t, servers()["other"])
	for _, args := range [][]string{
		{"lint", policy}, {"explain", "-origin", "https://a.example", policy}, {"lint", filepath.Join(t.TempDir(), "no file")},
		{"probe", "-method", "PUT", "-header", "X-Api-Key", url + "/items/1"}, {"probe", "-frobnicate"},
	} {
		words := strings.Fields(inTerminal(t, 10_000, program, args))
		for _, width := range []uint16{80, 120} {
			text := inTerminal(t, width, program, args)
			for line := range strings.Lines(text) {
				if n := utf8.RuneCountInString(strings.TrimRight(line, "\r\n")); n > int(width) && len(strings.Fields(line)) > 1 && !strings.Contains(line, t.TempDir()[:5]) {
					t.Errorf("%q: %d columns: %q", args, n, line)
				}
			}
			if !slices.Equal(strings.Fields(text), words) {
				t.Errorf("%q: the words differ in %d columns:\n%s", args, width, text)
			}
		}
	}
}

var style = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// inTerminal runs the command in a terminal, and returns what the terminal shows.
func inTerminal(t *testing.T, width uint16, program string, args []string) string {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "COLUMNS=") || strings.HasPrefix(v, "NO_COLOR=") || strings.HasPrefix(v, "TERM=")
	}), asCommand+"=1", "TERM=xterm")
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 25, Cols: width})
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	var out bytes.Buffer
	_, _ = io.Copy(&out, terminal) // ends with an error when the command has ended
	_ = cmd.Wait()
	if !style.Match(out.Bytes()) && cmd.ProcessState.ExitCode() != exitUnknown {
		t.Errorf("%q: no colour in a terminal: %q", args, out.String())
	}
	return style.ReplaceAllString(out.String(), "")
}
