package main

import (
	"fmt"
	"io"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"github.com/polycors/polycors/conformance/bench"
)

// What is to be compared takes turns, in bursts so short that whatever else the
// machine does lasts for many of them, and slows all alike.
type turns struct {
	rounds int
	burst  time.Duration
}

var (
	ofStacks = turns{100, 25 * time.Microsecond}
	ofEngine = turns{10, 2 * time.Millisecond} // so long that a thousand origins find their way into the caches
)

// measure takes one sample of every cell that matches only and, if that is all of
// them, of the engine. It writes them as Go writes benchmarks.
func measure(w io.Writer, only *regexp.Regexp) {
	// The collector runs between the samples: in a heap as small as that of a
	// benchmark it would be at work for much of the time.
	debug.SetGCPercent(-1)
	runtime.GOMAXPROCS(1)
	for _, f := range bench.Frameworks() {
		for _, s := range bench.Scenarios() {
			if !only.MatchString(f.Name + "/" + s.Name) {
				continue
			}
			var cell []*runner
			for _, stack := range f.Stacks {
				if app := stack.Build(&s); app != nil {
					cell = append(cell, &runner{name: cellName(f, &s, stack.Name), server: app})
				}
			}
			ofStacks.sample(w, cell)
		}
	}
	if only.String() != "" {
		return
	}
	var engine []*runner
	for _, d := range bench.Decisions() {
		engine = append(engine, &runner{name: d.Name, server: d.Build()})
	}
	ofEngine.sample(w, engine)
}

// A runner is one of those who take turns.
type runner struct {
	name   string
	server bench.Server
	n      int       // requests in a burst
	times  []float64 // of a request, round by round
}

// sample takes one sample: for each runner, the median of the rounds.
func (t turns) sample(w io.Writer, all []*runner) {
	for _, s := range all {
		s.calibrate(t.burst)
	}
	for range 2 { // first to warm up, and to have the memory that is used again
		runtime.GC()
		t.run(all)
	}
	for _, s := range all {
		slices.Sort(s.times)
		fmt.Fprintf(w, "Benchmark%s %d %.2f ns/op %v allocs/op\n",
			s.name, t.rounds*s.n, s.times[t.rounds/2], testing.AllocsPerRun(10, s.server.Serve))
	}
}

func (t turns) run(all []*runner) {
	for _, s := range all {
		s.times = s.times[:0]
	}
	for i := range t.rounds {
		for j := range all {
			s := all[(i+j)%len(all)]
			s.times = append(s.times, s.serve())
		}
	}
}

// calibrate finds out how many requests make a burst. The best of several runs
// counts: a first request is slow, and any run can be interrupted.
func (s *runner) calibrate(burst time.Duration) {
	for s.n = 1; ; s.n *= 2 {
		best := s.serve()
		for range 4 {
			best = min(best, s.serve())
		}
		if best*float64(s.n) >= float64(burst) {
			return
		}
	}
}

// serve serves for one burst, and returns the nanoseconds that a request takes.
func (s *runner) serve() float64 {
	start := time.Now()
	for range s.n {
		s.server.Serve()
	}
	return float64(time.Since(start)) / float64(s.n)
}
