// Package show makes values of requests, responses and files safe to show: on
// a terminal, in a log, in an error. They have a limited length, and no
// character that a terminal or a log would act on.
//
// Use [Quoted] for a value inside a sentence: the quotes separate the value
// from the words around it. Use [Plain] for a value that stands alone, such as
// the field of a log record or a line of a transcript, and for a text that has
// quotes of its own, such as a message of Chromium's console.
package show

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits on the bytes of a value.
const (
	inSentence = 120
	Field      = 120  // of a log record
	Line       = 300  // of a transcript
	Text       = 1200 // of a message that contains several values
)

// Quoted returns s as a Go string.
func Quoted(s string) string {
	start, rest := cut(s, inSentence)
	return strconv.Quote(start) + rest
}

// Plain returns the first limit bytes of s. It escapes what is not printable as
// Go does.
func Plain(s string, limit int) string {
	start, rest := cut(s, limit)
	quoted := strconv.Quote(start)
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(quoted[1:len(quoted)-1]) + rest
}

// cut returns the first limit bytes of s without half a character, and what to
// write in place of the others.
func cut(s string, limit int) (start, rest string) {
	if len(s) <= limit {
		return s, ""
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end], fmt.Sprintf("… (%d bytes)", len(s))
}
