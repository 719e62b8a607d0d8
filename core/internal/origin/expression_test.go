package origin

import "testing"

func TestLiteralDots(t *testing.T) {
	for expr, want := range map[string]string{
		"https://(www.)?myapp.com":        "https://(www[.])?myapp[.]com",
		`https://.*\.myapp\.com`:          `https://.*\.myapp\.com`,
		"https://(a.+|b.{2}).myapp.com":   "https://(a.+|b.{2})[.]myapp[.]com",
		"https://[a-z.]+[.]myapp.com.":    "https://[a-z.]+[.]myapp[.]com[.]",
		`https://[\].]a.example` + `\`:    `https://[\].]a[.]example` + `\`,
		"https://x.?myapp.example:(3..8)": "https://x.?myapp[.]example:(3[.][.]8)",
	} {
		if got := literalDots(expr); got != want {
			t.Errorf("%s: %s, want %s", expr, got, want)
		}
	}
}
