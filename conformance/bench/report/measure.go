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

// Runners that are compared take turns, in short bursts: noise then affects all of
// them equally.
type turns struct {
	rounds int
	burst  time.Duration
}

var (
	ofStacks = turns{100, 25 * time.Microsecond}
	ofEngine = turns{10, 2 * time.Millisecond} // enough to bring a thousand origins into the caches
)

// measure takes one sample of each cell that matches only and, if only is empty,
// of the engine. It writes them in Go's benchmark format.
func measure(w io.Writer, only *regexp.Regexp) {
	// The collector runs between the samples. The heap of a benchmark is so small
	// that the collector would run most of the time.
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
	for _, m := range bench.Measurements() {
		engine = append(engine, &runner{name: m.Name, server: m.Build()})
	}
	ofEngine.sample(w, engine)
}

// A runner measures one server.
type runner struct {
	name   string
	server bench.Server
	n      int       // requests in a burst
	times  []float64 // nanoseconds for a request, by round
}

// sample takes one sample: for each runner, the median of the rounds.
func (t turns) sample(w io.Writer, all []*runner) {
	for _, s := range all {
		s.calibrate(t.burst)
	}
	for range 2 { // the first time is a warm-up, which also allocates the slices
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

// calibrate sets the number of requests in a burst. It uses the best of several
// runs, because the first request is slow and any run can be interrupted.
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

// serve runs one burst and returns the nanoseconds for each request.
func (s *runner) serve() float64 {
	start := time.Now()
	for range s.n {
		s.server.Serve()
	}
	return float64(time.Since(start)) / float64(s.n)
}
