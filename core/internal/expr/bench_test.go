package expr_test

import (
	"regexp"
	"testing"

	"github.com/polycors/polycors/core/internal/expr"
)

func BenchmarkJudge(b *testing.B) {
	for _, bench := range []struct{ name, expr string }{
		{"one origin", `^https://myapp\.com$`},
		{"subdomains", `https://(.*\.)?myapp\.com(:\d+)?`},
		{"several", `https://(app|admin)\.myapp\.(com|de)`},
		{"loopback", `https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?`},
		{"previews", `https://pr-\d+--myapp\.netlify\.app`},
		{"everything", `.*`},
		{"the worst", `https://(.{0,20}a.{0,20}b){1,12}\.myapp\.com`},
	} {
		re := regexp.MustCompile(`\A(?:` + bench.expr + `)\z`)
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			steps := 0
			for b.Loop() {
				left := expr.Steps
				expr.Judge(re, &left)
				steps = expr.Steps - left
			}
			b.ReportMetric(float64(steps), "steps")
		})
	}
}
