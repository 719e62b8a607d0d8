package cors_test

import (
	"fmt"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

func BenchmarkDecide(b *testing.B) {
	for _, s := range append(scenarios(), longLists()...) {
		b.Run(s.name, func(b *testing.B) {
			p, src := mustPolicy(b, s.cfg), &source{b.Context(), s.req}
			b.ReportAllocs()
			for b.Loop() {
				_ = p.Decide(src, new(cors.Decision))
			}
		})
	}
}

// manyOrigins returns n origins of tenants.
func manyOrigins(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("https://tenant-%07d.example", i)
	}
	return list
}

// manyPatterns returns n patterns of tenants.
func manyPatterns(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprintf("https://*.tenant-%07d.example", i)
	}
	return list
}

func longLists() []scenario {
	const hundredThousand, million = 100_000, 1_000_000
	return []scenario{
		{"100 000 origins, allowed", origins(manyOrigins(hundredThousand)...), get("https://tenant-0050000.example")},
		{"100 000 origins, refused", origins(manyOrigins(hundredThousand)...), get("https://tenant-9999999.example")},
		{"1 000 000 origins, allowed", origins(manyOrigins(million)...), get("https://tenant-0500000.example")},
		{"1 000 000 origins, refused", origins(manyOrigins(million)...), get("https://tenant-9999999.example")},
		{"100 000 patterns, allowed", origins(manyPatterns(hundredThousand)...), get("https://www.tenant-0050000.example")},
		{"100 000 patterns, refused", origins(manyPatterns(hundredThousand)...), get("https://www.tenant-9999999.example")},
	}
}

func BenchmarkNew(b *testing.B) {
	for _, tt := range []struct {
		name string
		cfg  cors.Config
	}{
		{"few", full()},
		{"1 000 000 origins", origins(manyOrigins(1_000_000)...)},
		{"1 000 000 patterns", origins(manyPatterns(1_000_000)...)},
	} {
		b.Run(tt.name, func(b *testing.B) {
			before := heap()
			var p *cors.Policy
			for b.Loop() {
				p = mustPolicy(b, tt.cfg)
			}
			b.ReportMetric(float64(heap()-before)/float64(len(tt.cfg.AllowOrigins)), "bytes/origin")
			runtime.KeepAlive(p)
		})
	}
}

// heap returns the number of bytes in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkReject measures the cost of a refusal that LogRejections does not log,
// for origins that an attacker may choose.
func BenchmarkReject(b *testing.B) {
	entries := manyOrigins(1000)
	for _, o := range []struct{ name, origin string }{
		{"usual", "https://evil.example"},
		{"similar to entries", "https://tenant-99999999.example"},
		{"longest", "https://" + strings.Repeat(strings.Repeat("a", 60)+".", 4) + "example"},
		{"control characters", strings.Repeat("\x1b\n", 200)},
		{"invalid UTF-8", strings.Repeat("\xff", 400)},
		{"characters that are not printable", strings.Repeat("\U000e0001", 400)},
		{"commas", strings.Repeat("https://a.example,", 1000)},
		{"addresses", "https://[" + strings.Repeat(":", 280) + "]"},
	} {
		benchmarkReject(b, o.name, origins(entries...), get(o.origin))
	}
	strict := reporting(origins(entries...))
	benchmarkReject(b, "ReportOnly", strict, get("https://evil.example"))
	benchmarkReject(b, "ReportOnly, preflight", strict, preflight("https://evil.example", "PUT", "content-type"))
}

func benchmarkReject(b *testing.B, name string, cfg cors.Config, req cors.Request) {
	b.Run(name, func(b *testing.B) {
		cfg.OnReject = cors.LogRejections(slog.New(slog.DiscardHandler))
		p := mustPolicy(b, cfg)
		src := &source{b.Context(), req}
		b.ReportAllocs()
		for b.Loop() {
			_ = p.Decide(src, new(cors.Decision))
		}
	})
}
