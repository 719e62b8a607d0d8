package show_test

import (
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/show"
)

func TestShow(t *testing.T) {
	for _, tt := range []struct{ name, value, quoted, plain string }{
		{"a value that is safe", "https://myapp.com", `"https://myapp.com"`, `https://myapp.com`},
		{"quotes and backslashes", `a"b\c`, `"a\"b\\c"`, `a"b\c`},
		{"a line break", "a\nlevel=INFO", `"a\nlevel=INFO"`, `a\nlevel=INFO`},
		{"a terminal's escape sequence", "\x1b[31m", `"\x1b[31m"`, `\x1b[31m`},
		{"a change of direction", "a\u202eb", `"a\u202eb"`, `a\u202eb`},
		{"bytes that are not UTF-8", "a\xff\uFFFD", `"a\xff�"`, `a\xff�`},
		{"letters of other scripts", "bücher", `"bücher"`, `bücher`},
		{"a long value", strings.Repeat("a", 1000), `"` + strings.Repeat("a", 120) + `"… (1000 bytes)`, strings.Repeat("a", 120) + `… (1000 bytes)`},
		{"a character at the limit", strings.Repeat("a", 119) + "üb", `"` + strings.Repeat("a", 119) + `"… (122 bytes)`, strings.Repeat("a", 119) + `… (122 bytes)`},
		{"continuation bytes only", strings.Repeat("\x80", 200), `"` + strings.Repeat(`\x80`, 116) + `"… (200 bytes)`, strings.Repeat(`\x80`, 116) + `… (200 bytes)`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := show.Quoted(tt.value); got != tt.quoted {
				t.Errorf("quoted: %s\nwant %s", got, tt.quoted)
			}
			if got := show.Plain(tt.value, show.Field); got != tt.plain {
				t.Errorf("plain: %s\nwant %s", got, tt.plain)
			}
		})
	}
}

func TestAppendASCII(t *testing.T) {
	for value, want := range map[string]string{
		"":                          "",
		"https://myapp.com":         "https://myapp.com",
		"a\r\n\tb\x1b\x00":          `a\r\n\tb\x1b\x00`,
		"b\u00fccher":               `b\xc3\xbccher`,
		strings.Repeat("a", 200):    strings.Repeat("a", 120) + "\u2026 (200 bytes)",
		strings.Repeat("\xff", 200): strings.Repeat(`\xff`, 120) + "\u2026 (200 bytes)",
	} {
		if got := string(show.AppendASCII([]byte("="), value)); got != "="+want {
			t.Errorf("AppendASCII(%q) = %s, want =%s", value, got, want)
		}
	}
}
