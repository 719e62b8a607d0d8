package expr_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/expr"
)

// TestBounds checks that expressions of any size are judged, or not, within the
// steps that there are.
func TestBounds(t *testing.T) {
	words := func(n int, between string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteString(between)
			}
			b.WriteString(strings.Map(func(r rune) rune { return 'a' + r%26 }, strings.Repeat(string(rune(1000+i*7919)), 1+i%7)))
		}
		return b.String()
	}
	for name, text := range map[string]string{
		"many alternatives":            `https://(` + words(5_000, "|") + `)\.myapp\.com`,
		"many domains":                 `https://(` + words(5_000, "|") + `)\.com`,
		"many alternatives, repeated":  `https://(?:(?:` + words(2_000, "|") + `)-?)+\.myapp\.com`,
		"many optional parts":          `https://` + strings.Repeat(`(?:a|b)?`, 3_000) + `\.myapp\.com`,
		"counted repeats":              `https://` + strings.Repeat(`.{500}`, 100) + `\.myapp\.com`,
		"repeats of repeats":           `https://` + strings.Repeat(`(?:(?:a{1,9}){0,9}){1,9}`, 20) + `.*`,
		"guesses":                      `https://.*` + strings.Repeat(`a.{0,100}`, 50) + `\.com`,
		"guesses at word boundaries":   `https://` + strings.Repeat(`\b.*\B.*`, 500) + `\.com`,
		"no origin, at length":         `https://` + strings.Repeat(`a?`, 10_000) + `/`,
		"a long text":                  `https://` + strings.Repeat(`a`, 100_000),
		"many schemes":                 `(` + words(2_000, "|") + `)://.*`,
		"many schemes with many hosts": `(aa|bb|cc|dd|ee|ff|gg|hh|ii)://(` + words(1_000, "|") + `)`,
		"many addresses":               `http://(` + strings.Repeat(`1?\d?\d\.`, 1000) + `|\[[0-9a-f:]*\])`,
	} {
		t.Run(name, func(t *testing.T) {
			re := regexp.MustCompile(`\A(?:` + text + `)\z`)
			for _, given := range []int{0, 100, 10_000, expr.Steps} {
				left := given
				findings := expr.Judge(re, &left)
				if left < -expr.Steps {
					t.Errorf("%d steps were given, and %d taken", given, given-left)
				}
				for _, f := range findings {
					if err := checkWitness(re, f); err != nil {
						t.Errorf("%+v: %v", f, err)
					}
				}
				if left < 0 && len(findings) == 0 {
					t.Error("found to be safe without enough steps")
				}
				left = given
				if expr.MatchesOrigin(re, &left); left < -expr.Steps {
					t.Errorf("%d steps were given, and MatchesOrigin took %d", given, given-left)
				}
			}
		})
	}
}
