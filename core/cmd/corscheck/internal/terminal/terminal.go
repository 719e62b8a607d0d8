// Package terminal writes text for people: in colour and as wide as the
// terminal. Text for a pipe has neither colours nor additional line breaks, and so
// can be searched.
package terminal

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/fatih/color"
	"golang.org/x/term"

	"github.com/polycors/polycors/core/internal/show"
)

// The styles. Package color omits them if the output is not a terminal, and by
// NO_COLOR and TERM=dumb.
var (
	Bold   = color.New(color.Bold)
	Dim    = color.New(color.Faint)
	Red    = color.New(color.FgRed)
	Green  = color.New(color.FgGreen)
	Yellow = color.New(color.FgYellow)
)

// Width returns the columns of the terminal that f is; 0 if it is not a
// terminal. The environment variable COLUMNS overrides it.
func Width(f *os.File) int {
	if n, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && n > 0 {
		return n
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// Output writes lines of at most Width columns, unless Width is 0.
type Output struct {
	io.Writer
	Width int
}

// Row writes a label and, beside it from the column indent on, a text.
func (o Output) Row(style *color.Color, label string, indent int, text string) {
	columns := max(indent, utf8.RuneCountInString(label)+1)
	o.Line(style.Sprint(label)+strings.Repeat(" ", columns-utf8.RuneCountInString(label)), columns, indent, text)
}

// Line writes a text behind a prefix, which takes some columns and may have styles.
// Further lines begin at the column indent. The text is broken only at spaces: the
// libraries that wrap text break header names and flags at their hyphens too.
func (o Output) Line(prefix string, columns, indent int, text string) {
	fmt.Fprint(o, prefix)
	column, first := columns, true
	for word := range strings.FieldsSeq(show.Plain(text, show.Text)) {
		size := utf8.RuneCountInString(word)
		space := 1
		if first {
			space = 0
		}
		switch {
		case o.Width > 0 && column+space+size > o.Width && column > indent:
			fmt.Fprint(o, "\n", strings.Repeat(" ", indent))
			column = indent
		case space > 0:
			fmt.Fprint(o, " ")
			column++
		}
		fmt.Fprint(o, word)
		column += size
		first = false
	}
	fmt.Fprintln(o)
}
