package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	gincontrib "github.com/gin-contrib/cors"
	gochi "github.com/go-chi/cors"
	builtin "github.com/gofiber/fiber/v2/middleware/cors"
	rs "github.com/rs/cors"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// BenchmarkEngine has a sub-benchmark for each of the [Measurements].
func BenchmarkEngine(b *testing.B) {
	for _, m := range Measurements() {
		b.Run(strings.TrimPrefix(m.Name, "/"), func(b *testing.B) {
			s := m.Build()
			b.ReportAllocs()
			for b.Loop() {
				s.Serve()
			}
		})
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

// constructors compile a list of origins. Echo is missing: it compiles a regular
// expression for each origin, which takes gigabytes.
var constructors = []struct {
	name  string
	build func(origins []string) any
}{
	{"polycors", func(origins []string) any { return allowing(origins) }},
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

// BenchmarkNew measures the time to compile a million origins, and the memory per
// origin in addition to the strings.
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

// heapOf returns the number of bytes that a value occupies on the heap.
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

// BenchmarkReconfigure measures decisions on all processors: alone, beside a loop
// that reconfigures the policy, and beside a loop that reconfigures another one,
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
				asker := newAsker(policy, []string{Tenant(50)})
				for pb.Next() {
					asker.Serve()
				}
			})
			b.StopTimer()
		})
	}
}

// reconfigureInLoop returns a function that ends the loop.
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

// Each response comes from one configuration, never from a mixture.
func TestReconfigure(t *testing.T) {
	configs := []cors.Config{
		{AllowOrigins: []string{origin}, AllowMethods: []string{"PUT"}, AllowHeaders: []string{"X-One"},
			AllowCredentials: true, MaxAge: 1e9},
		{AllowOrigins: []string{"*"}, AllowMethods: []string{"PUT", "DELETE"}, AllowHeaders: []string{"X-Two"},
			MaxAge: 2e9, Vary: []string{"X-Tenant"}, PreflightStatus: 200},
	}
	request := httptest.NewRequest(http.MethodOptions, path, nil)
	request.Header.Set("Origin", origin)
	request.Header.Set(requestMethod, "PUT")
	apply := func(p *cors.Policy) string {
		h := http.Header{}
		status, err := httpcors.Apply(p, h, request)
		return fmt.Sprint(status, err, h)
	}
	one, two := apply(mustNew(t, configs[0])), apply(mustNew(t, configs[1]))

	policy := mustNew(t, configs[0])
	stop := reconfigureInLoop(t, policy, configs...)
	defer stop()
	var deciders sync.WaitGroup
	for range 2 {
		deciders.Go(func() {
			for range 20_000 {
				if got := apply(policy); got != one && got != two {
					t.Errorf("the response mixes two configurations: %s", got)
					return
				}
			}
		})
	}
	deciders.Wait()
}
