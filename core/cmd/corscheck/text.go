package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most of a value that is shown. Servers choose what they send.
const (
	maxValue = 300  // of a header or URL
	maxText  = 1200 // of a message, in which there are several
)

// printable returns a text that a terminal shows and does not obey, however a
// server made it: without control characters, and of limited length.
func printable(s string) string { return bounded(s, maxText) }

// value is printable for a single value.
func value(s string) string { return bounded(s, maxValue) }

func bounded(s string, most int) string {
	size := len(s)
	if size > most {
		s = s[:most]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
		}
	}
	if size > most {
		fmt.Fprintf(&b, "… (%d bytes)", size)
	}
	return b.String()
}

// A style is a colour of the terminal, as ECMA-48 numbers them.
type style string

const (
	bold   style = "1"
	red    style = "31"
	green  style = "32"
	yellow style = "33"
	dim    style = "2"
)

// paint colours a text, if the output shows colours.
func (s streams) paint(c style, text string) string {
	if !s.colour || text == "" {
		return text
	}
	return "\x1b[" + string(c) + "m" + text + "\x1b[0m"
}

// paragraph writes a label, and beside it a text that may need several lines.
func (s streams) paragraph(c style, label string, width int, text string) {
	const most = 100
	fmt.Fprint(s.out, s.paint(c, label), strings.Repeat(" ", max(width-utf8.RuneCountInString(label), 1)))
	column, first := width, true
	for word := range strings.FieldsSeq(printable(text)) {
		size := utf8.RuneCountInString(word)
		switch {
		case first:
		case column+1+size > most:
			fmt.Fprint(s.out, "\n", strings.Repeat(" ", width))
			column = width
		default:
			fmt.Fprint(s.out, " ")
			column++
		}
		fmt.Fprint(s.out, word)
		column, first = column+size, false
	}
	fmt.Fprintln(s.out)
}

// answer writes a verdict, why it is so, and what to do about it.
func (s streams) answer(v verdict, reason, message, hint string) {
	colour := map[verdict]style{allowed: green, refused: red, unknown: yellow}[v]
	line := s.paint(colour, map[verdict]string{allowed: "allowed", refused: "refused", unknown: "could not tell"}[v])
	if reason != "" {
		line += " (" + reason + ")"
	}
	fmt.Fprintln(s.out, line)
	s.paragraph(bold, "  why", 10, message)
	if hint != "" {
		s.paragraph(bold, "  change", 10, hint)
	}
}

// writeJSON writes v for machines.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

// A verdict is the answer to whether a browser goes through with a request.
type verdict string

const (
	allowed verdict = "allowed"
	refused verdict = "refused"
	unknown verdict = "unknown"
)

// exit turns a verdict into what the command returns.
func (v verdict) exit() error {
	switch v {
	case allowed:
		return nil
	case refused:
		return exitError(exitRefused)
	}
	return exitError(exitUnknown)
}
