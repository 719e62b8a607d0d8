package spelling_test

import (
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/spelling"
)

func TestNearest(t *testing.T) {
	keys := []string{"allowOrigins", "allowMethods", "exposeHeaders", "maxAge", "vary"}
	for word, want := range map[string]string{
		"allowOrigin":                   "allowOrigins",
		"allow_origins":                 "allowOrigins",
		"origins":                       "allowOrigins",
		"Access-Control-Allow-Methods":  "allowMethods",
		"exposedHeaders":                "exposeHeaders",
		"maxage":                        "maxAge",
		"max-age":                       "maxAge",
		"credentialsOfSomebody":         "",
		"":                              "",
		strings.Repeat("allow", 10_000): "",
	} {
		if got := spelling.Nearest(keys, word); got != want {
			t.Errorf("Nearest(%.40q) = %q, want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"myapp", "myapp", 0}, {"myapp", "myap", 1}, {"myapp", "mvapp", 1}, {"myapp", "ymapp", 2}, {"", "ab", 2},
	} {
		if got, back := spelling.Distance(tt.a, tt.b), spelling.Distance(tt.b, tt.a); got != tt.want || back != got {
			t.Errorf("Distance(%q, %q) = %d, and back %d; want %d", tt.a, tt.b, got, back, tt.want)
		}
	}
	if spelling.Distance("a", "abcd") <= 3 || spelling.Distance(strings.Repeat("a", 100), strings.Repeat("a", 100)) <= 3 {
		t.Error("words of different length, and long ones, are not far apart")
	}
}
