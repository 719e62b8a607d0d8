package expr_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/expr"
	"github.com/polycors/polycors/core/internal/origin"
)

func TestBeyond(t *testing.T) {
	for _, tt := range []struct{ name, a, b, witness string }{
		{"the same", `https://a\.com`, `https://a\.com`, ""},
		{"another text of the same", `https://(?:a|b)\.com`, `https://[ab]\.com`, ""},
		{"no old expression", `https://a\.com`, "", "https://a.com"},
		{"a part", `https://pr-[0-9]+\.a\.com`, `https://.*\.a\.com`, ""},
		{"more", `https://.*\.a\.com`, `https://[a-z]+\.a\.com`, "https://1.a.com"},
		{"a dot that matches any character", `https://a.com`, `https://a\.com`, "https://axcom"},
		{"a port", `https://a\.com(:[0-9]+)?`, `https://a\.com`, "https://a.com:1"},
		{"ports that are not valid", `https://a\.com(:[0-9]+)?`, `https://a\.com(:[1-9][0-9]{0,4})?`, ""},
		{"a scheme", `https?://a\.com`, `https://a\.com`, "http://a.com"},
		{"a custom scheme", `[a-z]+://a`, `https?://a`, "x://a"},
		{"origins that are not valid", `https://A\.com|https://a\.com`, `https://a\.com`, ""},
		{"an address", `https://[0-9.]+`, `https://10[0-9.]+`, "https://1.1.1.1"},
		{"word boundaries", `https://\bab?\b\.com`, `https://a\.com`, "https://ab.com"},
		{"word boundaries on the other side", `https://a-?b?\.com`, `https://a\b-?b?\.com`, "https://ab.com"},
		{"a group of old ones", `https://[abc]\.com`, `https://a\.com\z|\Ahttps://[bc]\.com`, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := regexp.MustCompile(`\A(?:` + tt.a + `)\z`)
			var b *regexp.Regexp
			if tt.b != "" {
				b = regexp.MustCompile(`\A(?:` + tt.b + `)\z`)
			}
			steps := expr.Steps
			witness, ok := expr.Beyond(a, b, func(o string) bool {
				_, valid := origin.Parse(o)
				return valid && a.MatchString(o) && (b == nil || !b.MatchString(o))
			}, &steps)
			if witness != tt.witness || !ok {
				t.Errorf("%q, %v, want %q", witness, ok, tt.witness)
			}
		})
	}
}

func TestBeyondCannotTell(t *testing.T) {
	yes := func(string) bool { return true }
	long := strings.Repeat("[ab]", 40)
	for _, tt := range []struct {
		name, a, b string
		accept     func(string) bool
	}{
		{"too many sets", `https://[ab]*a[ab]{30}\.com`, `https://[ab]*a[ab]{29}b?\.com|https://[ab]*b` + long, yes},
		{"no witness is accepted", `https://a\.com`, `https://b\.com`, func(string) bool { return false }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			steps := expr.Steps
			if witness, ok := expr.Beyond(regexp.MustCompile(`\A(?:`+tt.a+`)\z`), regexp.MustCompile(`\A(?:`+tt.b+`)\z`), tt.accept, &steps); ok {
				t.Errorf("%q", witness)
			}
		})
	}
}
