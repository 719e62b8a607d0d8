package terminal_test

import (
	"strings"
	"testing"

	"github.com/fatih/color"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/terminal"
)

func TestRow(t *testing.T) {
	color.NoColor = true // even if the test runs in a terminal
	const text = "No 'Access-Control-Allow-Origin' header is present"
	for _, tt := range []struct {
		name  string
		width int
		text  string
		want  string
	}{
		{"a terminal", 40, text, "why  No 'Access-Control-Allow-Origin'\n     header is present\n"},
		{"a terminal that is narrower than a word", 10, text, "why  No\n     'Access-Control-Allow-Origin'\n     header\n     is\n     present\n"},
		{"a pipe", 0, text, "why  No 'Access-Control-Allow-Origin' header is present\n"},
		{"a control character", 40, "a\x1b[31m", "why  a\\x1b[31m\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			terminal.Output{Writer: &out, Width: tt.width}.Row(terminal.Bold, "why", 5, tt.text)
			if out.String() != tt.want {
				t.Errorf("%q\nwant %q", out.String(), tt.want)
			}
		})
	}
}
