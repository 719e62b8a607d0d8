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

// Row writes a label and, beside it from the column indent on, a text. The text
// is broken only at spaces: the libraries that wrap text break header names and
// flags at their hyphens too.
func (o Output) Row(style *color.Color, label string, indent int, text string) {
	fmt.Fprint(o, style.Sprint(label), strings.Repeat(" ", max(indent-utf8.RuneCountInString(label), 1)))
	column := indent
	for word := range strings.FieldsSeq(show.Plain(text, show.Text)) {
		size := utf8.RuneCountInString(word)
		switch {
		case column == indent:
		case o.Width > 0 && column+1+size > o.Width:
			fmt.Fprint(o, "\n", strings.Repeat(" ", indent))
			column = indent
		default:
			fmt.Fprint(o, " ")
			column++
		}
		fmt.Fprint(o, word)
		column += size
	}
	fmt.Fprintln(o)
}
