package cors_test

import (
	"fmt"
	"regexp"
	"testing"

	cors "github.com/polycors/polycors/core"
)

func BenchmarkNewRegexps(b *testing.B) {
	for _, tt := range []struct {
		name   string
		number int
		expr   string
	}{
		{"one", 1, `https://(.*\.)?tenant%04d\.com`},
		{"ten thousand", 10_000, `https://(.*\.)?tenant%04d\.com`},
		{"ten thousand that are refused", 10_000, `https://.*tenant%04d.com`},
		{"ten thousand that are large", 10_000, `https://.{400}tenant%04d(.{400}|.*)\.com`},
	} {
		b.Run(tt.name, func(b *testing.B) {
			cfg := cors.Config{AllowCredentials: true}
			for i := range tt.number {
				cfg.AllowOriginRegexps = append(cfg.AllowOriginRegexps, regexp.MustCompile(fmt.Sprintf(tt.expr, i)))
			}
			for b.Loop() {
				cors.New(cfg)
			}
		})
	}
}
