// Package show makes values of requests, responses and files safe to show: on
// a terminal, in a log, in an error. They have a limited length, and no
// character that a terminal or a log would act on.
//
// Use [Quoted] for a value inside a sentence: the quotes separate the value from
// the words around it. Use [Plain] for a value without words around it, such as
// the field of a log record or a line of a transcript. Use it also for a text
// that contains quotes, such as a message of Chromium's console.
package show

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits on the bytes of a value.
const (
	inSentence = 120
	Field      = 120  // of a log record
	Line       = 300  // of a transcript
	Text       = 1200 // of a message that contains several values
)

// IsShown reports whether reports contain the header with this canonical name: a
// header that matters for CORS, but not Authorization, Cookie or Set-Cookie.
func IsShown(name string) bool {
	switch name {
	case "Origin", "Vary", "Location", "Allow":
		return true
	}
	return strings.HasPrefix(name, "Access-Control-")
}

// Quoted returns s as a Go string.
func Quoted(s string) string { return QuotedPrefix(s, len(s)) }

// QuotedPrefix returns s as a Go string, where s may be only the start of a
// value of n bytes.
func QuotedPrefix(s string, n int) string {
	start, rest := cut(s, n, inSentence)
	return strconv.Quote(start) + rest
}

// Plain returns the first limit bytes of s. It escapes characters that are not
// printable, as Go does.
func Plain(s string, limit int) string {
	start, rest := cut(s, len(s), limit)
	var room [512]byte // for most values, however they are escaped
	b := room[:0]
	for i := 0; i < len(start); {
		c := start[i]
		if ' ' <= c && c <= '~' {
			b = append(b, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(start[i:])
		b = appendRune(b, r, start[i:i+size])
		i += size
	}
	return string(append(b, rest...))
}

// AppendASCII appends the first Field bytes of s to b, for a value that is ASCII
// except in attacks. It escapes all other bytes, which is faster than finding
// the printable characters: anybody can cause thousands of calls a second.
func AppendASCII(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	start, rest := cut(s, len(s), Field)
	for _, c := range []byte(start) {
		switch {
		case ' ' <= c && c <= '~':
			b = append(b, c)
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		default:
			b = append(b, '\\', 'x', hex[c>>4], hex[c&15])
		}
	}
	return append(b, rest...)
}

// appendRune appends a rune outside printable ASCII.
func appendRune(b []byte, r rune, bytes string) []byte {
	const hex = "0123456789abcdef"
	switch {
	case r == '\n':
		return append(b, `\n`...)
	case r == '\r':
		return append(b, `\r`...)
	case r == '\t':
		return append(b, `\t`...)
	case r < utf8.RuneSelf, r == utf8.RuneError && len(bytes) == 1:
		return append(b, '\\', 'x', hex[bytes[0]>>4], hex[bytes[0]&15])
	case unicode.IsPrint(r):
		return append(b, bytes...)
	case r > 0xFFFF:
		b = append(b, `\U00`...)
		b = append(b, hex[r>>20&15], hex[r>>16&15])
	default:
		b = append(b, `\u`...)
	}
	return append(b, hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

// cut returns the first limit bytes of s without half a character, and the text
// that replaces the others. The value has n bytes; s may be only its start.
func cut(s string, n, limit int) (start, rest string) {
	if n <= limit {
		return s, ""
	}
	end := min(limit, len(s))
	for end > limit-utf8.UTFMax && end < len(s) && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end], "… (" + strconv.Itoa(n) + " bytes)"
}
