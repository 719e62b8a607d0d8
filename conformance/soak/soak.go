package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	cors "github.com/polycors/polycors/core"

	"github.com/polycors/polycors/conformance/internal/apps"
)

// A result is what came of one framework.
type result struct {
	name                                 string
	took                                 time.Duration
	http1, http2, hostile, aborted, slow atomic.Int64
	changes                              atomic.Int64 // of the policy
	heapBefore, heapAfter                uint64       // in use, after a garbage collection
	goroutinesBefore, goroutinesAfter    int
	mu                                   sync.Mutex
	wrong                                int64
	examples                             []string
}

// report records a wrong response.
func (r *result) report(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrong++
	if len(r.examples) < 5 {
		r.examples = append(r.examples, fmt.Sprintf(format, args...))
	}
}

func (r *result) String() string {
	all := r.http1.Load() + r.http2.Load()
	return fmt.Sprintf("%-8s %9d requests (%d by HTTP/2), %6.0f/s, %d wrong; %d hostile, %d aborted, %d slow; %d changes of the policy; "+
		"heap %.1f to %.1f MiB, goroutines %d to %d", r.name, all, r.http2.Load(), float64(all)/r.took.Seconds(), r.wrong,
		r.hostile.Load(), r.aborted.Load(), r.slow.Load(), r.changes.Load(),
		mib(r.heapBefore), mib(r.heapAfter), r.goroutinesBefore, r.goroutinesAfter)
}

func mib(n uint64) float64 { return float64(n) / (1 << 20) }

// The heap may grow by the buffers that pools keep. A few goroutines of fiber stay
// for some seconds, or for ever.
const (
	maxGrowth     = 8 << 20
	maxGoroutines = 3
)

// faults returns what is wrong with a result.
func (r *result) faults() []string {
	faults := r.examples
	if r.heapAfter > r.heapBefore+maxGrowth {
		faults = append(faults, fmt.Sprintf("the heap grows by %.1f MiB", mib(r.heapAfter-r.heapBefore)))
	}
	if r.goroutinesAfter > r.goroutinesBefore+maxGoroutines {
		faults = append(faults, fmt.Sprintf("%d goroutines are left", r.goroutinesAfter-r.goroutinesBefore))
	}
	return faults
}

// soak runs one framework. The heap is measured when its clients have gone, after a
// fifth of the time and at the end.
func soak(f apps.Framework, d time.Duration) (*result, error) {
	r := &result{name: f.Name, goroutinesBefore: runtime.NumGoroutine()}
	policy, err := cors.New(before())
	if err != nil {
		return nil, err
	}
	app, err := f.Start(policy)
	if err != nil {
		return nil, err
	}
	warm := new(result)
	load(f, app, warm, d/5)
	r.wrong, r.examples = warm.wrong, warm.examples
	r.heapBefore = heap()
	start := time.Now()
	load(f, app, r, d-d/5)
	r.took = time.Since(start)
	r.heapAfter = settledHeap(r.heapBefore)
	app.Close()
	r.goroutinesAfter = settled(r.goroutinesBefore)
	return r, nil
}

// heap returns the size of the heap in use. What pools keep survives one garbage
// collection.
func heap() uint64 {
	for range 3 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// settledHeap waits until the heap is about as large as before, or until it is clear
// that it stays larger: servers need a while to notice that clients have gone.
func settledHeap(before uint64) uint64 {
	size := heap()
	for deadline := time.Now().Add(15 * time.Second); size > before+maxGrowth && time.Now().Before(deadline); size = heap() {
		time.Sleep(100 * time.Millisecond)
	}
	return size
}

// settled waits until few goroutines are left besides n, or until it is clear that
// they stay.
func settled(n int) int {
	for deadline := time.Now().Add(15 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if runtime.NumGoroutine() <= n+maxGoroutines {
			break
		}
	}
	return runtime.NumGoroutine()
}

// load runs all clients for a while, and waits for them.
func load(f apps.Framework, app *apps.App, r *result, d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	var wg sync.WaitGroup
	start := func(n int, client func(context.Context, *apps.App, *result, uint64)) {
		for i := range n {
			wg.Go(func() { client(ctx, app, r, uint64(i)) })
		}
	}
	start(4, goodHTTP1)
	if f.HTTP2 {
		start(4, goodHTTP2)
	}
	start(2, hostile)
	start(2, aborting)
	start(8, slow)
	start(1, changing)
	wg.Wait()
}

// changing swaps two policies, and tries an invalid one now and then.
func changing(ctx context.Context, app *apps.App, r *result, _ uint64) {
	policies := []cors.Config{after(), before()}
	for i := 0; ctx.Err() == nil; i++ {
		if err := app.Policy.Reconfigure(policies[i%2]); err != nil {
			r.report("Reconfigure: %v", err)
		}
		if i%100 == 0 && app.Policy.Reconfigure(cors.Config{AllowOrigins: []string{"*", "x"}}) == nil {
			r.report("Reconfigure accepts an invalid Config")
		}
		r.changes.Add(1)
		time.Sleep(50 * time.Microsecond)
	}
}
