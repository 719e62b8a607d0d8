//go:build !race

// Under the race detector a sync.Pool drops items at random. The frameworks keep
// their contexts in one.

package bench

import (
	"context"
	"net/http"
	"testing"

	cors "github.com/polycors/polycors/core"
)

func TestAllocations(t *testing.T) {
	each(t, func(t *testing.T, framework Framework, scenario *Scenario) {
		allocs := func(stack Stack) float64 {
			return testing.AllocsPerRun(100, stack.Build(scenario).Serve)
		}
		added := allocs(framework.stack(Polycors)) - allocs(framework.stack(Bare))
		if added > framework.Allocs {
			t.Errorf("polycors adds %v allocations, want at most %v", added, framework.Allocs)
		}
	})
}

func TestDecideAllocations(t *testing.T) {
	for _, scenario := range Scenarios() {
		t.Run(scenario.Name, func(t *testing.T) {
			policy := mustNew(t, scenario.setup.config())
			allocs := testing.AllocsPerRun(100, func() {
				var d cors.Decision
				if err := policy.Decide(source{scenario.Request}, &d); err != nil {
					t.Fatal(err)
				}
			})
			if allocs != 0 {
				t.Errorf("got %v allocations", allocs)
			}
		})
	}
}

type source struct{ *http.Request }

func (source) Context() context.Context    { return context.Background() }
func (s source) Method() string            { return s.Request.Method }
func (source) TLS() bool                   { return false }
func (source) Host() string                { return "api.myapp.com" }
func (source) Path() string                { return path }
func (s source) Header(name string) string { return s.Request.Header.Get(name) }

func TestMemoryPerOrigin(t *testing.T) {
	origins := Tenants(million)
	kept := heapOf(func() any { return constructors[0].build(origins) }) / million
	t.Logf("%.1f bytes per origin", kept)
	if kept > 80 {
		t.Errorf("%.1f bytes per origin in addition to the strings, want at most 80", kept)
	}
}
