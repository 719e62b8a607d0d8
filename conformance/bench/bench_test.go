package bench

import (
	"testing"
)

// Benchmark has a sub-benchmark for each framework, scenario and stack, in
// that order.
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

// What is measured of polycors and the floor has to be the same work.
func TestPolycorsAndFloorAnswerAlike(t *testing.T) {
	each(t, func(t *testing.T, framework Framework, scenario *Scenario) {
		floor, polycors := answer(framework, Floor, scenario), answer(framework, Polycors, scenario)
		if !floor.Equal(polycors) {
			t.Errorf("floor    %+v\npolycors %+v", floor, polycors)
		}
	})
}

// The same policy has the same effect in every framework.
func TestFrameworksAnswerAlike(t *testing.T) {
	want := map[string]Answer{}
	each(t, func(t *testing.T, framework Framework, scenario *Scenario) {
		got := answer(framework, Polycors, scenario)
		if want, ok := want[scenario.Name]; ok && !got.Equal(want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		want[scenario.Name] = got
	})
}

// A scenario that no peer answers like polycors says nothing about speed.
func TestPeersAreComparable(t *testing.T) {
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

func answer(framework Framework, stack string, scenario *Scenario) Answer {
	return framework.stack(stack).Build(scenario).Answer()
}
