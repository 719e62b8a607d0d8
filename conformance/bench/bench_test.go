package bench

import (
	"testing"
)

// Benchmark has a sub-benchmark for each framework, scenario and stack.
func Benchmark(b *testing.B) {
	for _, framework := range Frameworks() {
		b.Run("framework="+framework.Name, func(b *testing.B) {
			for _, scenario := range Scenarios() {
				b.Run("scenario="+scenario.Name, func(b *testing.B) {
					for _, stack := range framework.Stacks {
						b.Run("stack="+stack.Name, func(b *testing.B) { benchmark(b, stack, &scenario) })
					}
				})
			}
		})
	}
}

func benchmark(b *testing.B, stack Stack, scenario *Scenario) {
	app := stack.Build(scenario)
	if app == nil {
		b.SkipNow()
	}
	b.ReportAllocs()
	for b.Loop() {
		app.Serve()
	}
}

// The floor does the same work as polycors.
func TestFloor(t *testing.T) {
	each(t, func(t *testing.T, framework Framework, scenario *Scenario) {
		floor, polycors := response(framework, Floor, scenario), response(framework, Polycors, scenario)
		if !floor.Equal(polycors) {
			t.Errorf("floor    %+v\npolycors %+v", floor, polycors)
		}
	})
}

// The same policy has the same effect in every framework.
func TestFrameworks(t *testing.T) {
	want := map[string]Response{}
	each(t, func(t *testing.T, framework Framework, scenario *Scenario) {
		got := response(framework, Polycors, scenario)
		if want, ok := want[scenario.Name]; ok && !got.Equal(want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		want[scenario.Name] = got
	})
}

// In every common scenario some peer has the same response as polycors: speeds
// can be compared only then.
func TestPeers(t *testing.T) {
	comparable := map[string]bool{}
	each(t, func(t *testing.T, framework Framework, scenario *Scenario) {
		differences := framework.Differences(scenario)
		for _, stack := range framework.Stacks {
			difference, ok := differences[stack.Name]
			switch {
			case !ok:
				t.Logf("%s cannot express it", stack.Name)
			case difference != "":
				t.Logf("%s differs: %s", stack.Name, difference)
			case stack.IsPeer():
				comparable[scenario.Name] = true
			}
		}
	})
	for _, scenario := range Scenarios() {
		if !comparable[scenario.Name] && scenario.Common {
			t.Errorf("no peer can be compared in %s", scenario.Name)
		}
	}
}

func each(t *testing.T, test func(*testing.T, Framework, *Scenario)) {
	for _, framework := range Frameworks() {
		for _, scenario := range Scenarios() {
			t.Run(framework.Name+"/"+scenario.Name, func(t *testing.T) { test(t, framework, &scenario) })
		}
	}
}

func (f Framework) stack(name string) Stack {
	for _, stack := range f.Stacks {
		if stack.Name == name {
			return stack
		}
	}
	panic("bench: no stack " + name)
}

func response(framework Framework, stack string, scenario *Scenario) Response {
	return framework.stack(stack).Build(scenario).Response()
}
