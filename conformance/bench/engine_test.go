package bench

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	gincontrib "github.com/gin-contrib/cors"
	gochi "github.com/go-chi/cors"
	builtin "github.com/gofiber/fiber/v2/middleware/cors"
	rs "github.com/rs/cors"

	cors "github.com/polycors/polycors/core"
)

const million = 1_000_000

// patterns returns n wildcard entries. They fall into a few dozen shapes, by
// the number of labels and by what surrounds the asterisk, and share suffixes:
// the later ones lie below the earlier ones.
func patterns(n int) []string {
	list := make([]string, n)
	for i := range list {
		below := strings.Repeat("eu.", i%4)
		before := strings.Repeat("p", i%8)
		list[i] = fmt.Sprintf("https://%s*.%sgroup-%d.example.org", before, below, i/32)
	}
	return list
}

// BenchmarkDecide: what one decision costs, by the number of origins in the
// policy, and by how many of them take turns. Turns among a million show the
// machine's memory more than the policy: each origin, in the request and in the
// table, comes from where no cache has it.
func BenchmarkDecide(b *testing.B) {
	for _, with := range []struct {
		name     string
		patterns []string
	}{
		{"exact", nil},
		{"exact+10k-patterns", patterns(10_000)},
	} {
		for _, n := range []int{1, 100_000, million} {
			b.Run(fmt.Sprintf("policy=%s/origins=%d", with.name, n), func(b *testing.B) {
				tenants := Tenants(n)
				policy := mustNew(b, cors.Config{AllowOrigins: append(with.patterns, tenants...), AllowCredentials: true})
				for _, turns := range []int{1, 1000, million} {
					if turns > n {
						continue
					}
					asked := make([]string, turns)
					for i := range asked {
						asked[i] = strings.Clone(tenants[i*(n/turns)])
					}
					b.Run(fmt.Sprintf("turns=%d", turns), func(b *testing.B) { decide(b, policy, asked) })
				}
				if with.patterns != nil {
					b.Run("turns=pattern", func(b *testing.B) {
						decide(b, policy, []string{"https://ppp1.eu.eu.eu.group-200.example.org"})
					})
				}
			})
		}
	}
}

func decide(b *testing.B, policy *cors.Policy, asked []string) {
	b.ReportAllocs()
	ctx := context.Background()
	for i := 0; b.Loop(); i++ {
		if i == len(asked) {
			i = 0
		}
		d, err := policy.Decide(ctx, cors.Request{Method: "GET", Host: "api.example.com", Origin: asked[i]})
		if err != nil || d.AllowOrigin == "" {
			b.Fatalf("%q is not allowed: %v", asked[i], err)
		}
	}
}

func mustNew(tb testing.TB, cfg cors.Config) *cors.Policy {
	tb.Helper()
	p, err := cors.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// constructors of what decides about a list of origins. Echo compiles a regular
// expression for each, which takes gigabytes.
var constructors = []struct {
	name  string
	build func(origins []string) any
}{
	{"polycors", func(origins []string) any {
		p, err := cors.New(cors.Config{AllowOrigins: origins, AllowCredentials: true})
		if err != nil {
			panic(err)
		}
		return p
	}},
	{"gin-contrib", func(origins []string) any {
		return gincontrib.New(gincontrib.Config{AllowOrigins: origins, AllowCredentials: true})
	}},
	{"fiber-builtin", func(origins []string) any {
		return builtin.New(builtin.Config{AllowOrigins: strings.Join(origins, ","), AllowCredentials: true})
	}},
	{"go-chi", func(origins []string) any {
		return gochi.New(gochi.Options{AllowedOrigins: origins, AllowCredentials: true})
	}},
	{"rs", func(origins []string) any {
		return rs.New(rs.Options{AllowedOrigins: origins, AllowCredentials: true})
	}},
}

// BenchmarkNew: the time to make a policy for a million origins, and the memory
// it keeps per origin besides the strings that it was given.
func BenchmarkNew(b *testing.B) {
	origins := Tenants(million)
	for _, c := range constructors {
		b.Run(fmt.Sprintf("origins=%d/stack=%s", million, c.name), func(b *testing.B) {
			kept := heapOf(func() any { return c.build(origins) })
			for b.Loop() {
				c.build(origins)
			}
			b.ReportMetric(kept/million, "B/origin")
		})
	}
	runtime.KeepAlive(origins)
}

// heapOf returns the bytes that a value holds on the heap.
func heapOf(build func() any) float64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	value := build()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(value)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc)
}

// BenchmarkReconfigure: decisions on all processors, alone, beside a loop that
// reconfigures the policy, and beside one that reconfigures some other policy,
// which takes the same share of the machine.
func BenchmarkReconfigure(b *testing.B) {
	cfg := cors.Config{AllowOrigins: Tenants(100), AllowCredentials: true}
	for _, beside := range []string{"nothing", "another", "itself"} {
		b.Run("beside="+beside, func(b *testing.B) {
			policy := mustNew(b, cfg)
			stop := func() {}
			switch beside {
			case "another":
				stop = reconfigureInLoop(b, mustNew(b, cfg), cfg)
			case "itself":
				stop = reconfigureInLoop(b, policy, cfg)
			}
			defer stop()
			b.ReportAllocs()
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				ctx, asked := context.Background(), Tenant(50)
				for pb.Next() {
					if d, _ := policy.Decide(ctx, cors.Request{Method: "GET", Origin: asked}); d.AllowOrigin == "" {
						b.Error("refused")
						return
					}
				}
			})
			b.StopTimer()
		})
	}
}

// reconfigureInLoop returns the function that ends the loop.
func reconfigureInLoop(tb testing.TB, policy *cors.Policy, configs ...cors.Config) func() {
	done := make(chan struct{})
	var loop sync.WaitGroup
	loop.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
				if err := policy.Reconfigure(configs[i%len(configs)]); err != nil {
					tb.Error(err)
					return
				}
			}
		}
	})
	return func() { close(done); loop.Wait() }
}

func TestReconfigureTearsNoAnswer(t *testing.T) {
	configs := []cors.Config{
		{AllowOrigins: []string{origin}, AllowMethods: []string{"PUT"}, AllowHeaders: []string{"X-One"},
			AllowCredentials: true, MaxAge: 1e9},
		{AllowOrigins: []string{"*"}, AllowMethods: []string{"PUT", "DELETE"}, AllowHeaders: []string{"X-Two"},
			MaxAge: 2e9, Vary: []string{"X-Tenant"}, PreflightStatus: 200},
	}
	ask := func(p *cors.Policy) cors.Decision {
		d, _ := p.Decide(t.Context(), cors.Request{Method: "OPTIONS", Origin: origin, RequestMethod: "PUT"})
		return d
	}
	one, two := ask(mustNew(t, configs[0])), ask(mustNew(t, configs[1]))

	policy := mustNew(t, configs[0])
	stop := reconfigureInLoop(t, policy, configs...)
	defer stop()
	var deciders sync.WaitGroup
	for range 2 {
		deciders.Go(func() {
			for range 100_000 {
				if d := ask(policy); d != one && d != two {
					t.Errorf("torn: %+v", d)
					return
				}
			}
		})
	}
	deciders.Wait()
}
