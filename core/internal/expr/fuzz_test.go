package expr_test

import (
	"regexp"
	"testing"

	"github.com/polycors/polycors/core/internal/expr"
	"github.com/polycors/polycors/core/internal/origin"
)

// FuzzJudge checks that the work is bounded, that witnesses show their problem,
// and that the findings cover an origin that the expression matches.
func FuzzJudge(f *testing.F) {
	for _, text := range []string{
		`.*`, `https://.*\.myapp.com`, `https?://(.*\.)?myapp\.(com|co\.uk)(:\d+)?`, `(?i)\w+://LOCALHOST|null`, `(?m)^https://\b10\.0\.\d+\.1$`,
		`http://\[[0-9a-f:]+\]`, `https://pr-\d+--myapp\.netlify\.app`, `chrome-extension://[a-p]{32}`, `(a{1,100}){0,9}`, `https://(?:x{2,3}|\Sy?)*\B\.com`, `[^\x00-\x{10FFFF}]`,
	} {
		f.Add(text, "https://evil.com")
		f.Add(text, "http://[::2]:8080")
	}
	f.Fuzz(func(t *testing.T, text, o string) {
		_, invalid := regexp.Compile(text) // such as ")|(", which would close the group
		re, err := regexp.Compile(`\A(?:` + text + `)\z`)
		if invalid != nil || err != nil {
			return
		}
		left := expr.Steps
		findings := expr.Judge(re, &left)
		if left < -expr.Steps {
			t.Errorf("%q took %d steps", text, expr.Steps-left)
		}
		for _, finding := range findings {
			if err := checkWitness(re, finding); err != nil {
				t.Errorf("%q: %+v: %v", text, finding, err)
			}
		}
		parts, ok := origin.Parse(o)
		if !ok || !re.MatchString(o) {
			return
		}
		for _, finding := range findings {
			if finding.Kind == expr.NoOrigin {
				t.Errorf("%q matches %q, although it is said to match no origin", text, o)
			}
			if finding.Kind == expr.Insecure || finding.Kind == expr.TooLarge {
				return
			}
		}
		if insecure(parts) {
			t.Errorf("%q matches %q, but the findings are %+v", text, o, findings)
		}
	})
}
