package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	cors "github.com/polycors/polycors/core"
)

const honest = "https://honest.example"

// A fakeTable is a table that counts its queries.
type fakeTable struct {
	mu      sync.Mutex
	rows    map[string]bool
	err     error
	hangs   bool          // until the context of the query ends
	latency time.Duration // of a query
	queries int
	strange int // queries for origins that have never been rows
}

func newFakeTable(rows ...string) *fakeTable {
	f := &fakeTable{rows: map[string]bool{}}
	for _, row := range rows {
		f.rows[row] = true
	}
	return f
}

func (f *fakeTable) set(change func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change()
}

func (f *fakeTable) Has(ctx context.Context, origin string) (bool, error) {
	f.mu.Lock()
	f.queries++
	if _, ok := f.rows[origin]; !ok {
		f.strange++
	}
	hangs, latency := f.hangs, f.latency
	f.mu.Unlock()
	if hangs {
		<-ctx.Done()
		return false, ctx.Err()
	}
	time.Sleep(latency)
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rows[origin], f.err
}

// testExact runs a test with an Exact in a bubble with its own clock.
func testExact(t *testing.T, name string, perSecond int, test func(t *testing.T, table *fakeTable, exact *Exact)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			table := newFakeTable(honest)
			exact := NewExact(table.Has, perSecond)
			defer exact.Close()
			test(t, table, exact)
		})
	})
}

func checkExact(t *testing.T, exact *Exact, origin string, want bool) {
	t.Helper()
	if ok, err := exact.Allow(t.Context(), origin); ok != want || err != nil {
		t.Errorf("%s: allowed %t (%v), want %t", origin, ok, err, want)
	}
}

func TestExact(t *testing.T) {
	testExact(t, "an answer is kept for a second", 100, func(t *testing.T, table *fakeTable, exact *Exact) {
		for range 1000 {
			checkExact(t, exact, honest, true)
			checkExact(t, exact, "https://stranger.example", false)
		}
		if table.queries != 2 {
			t.Errorf("%d queries, want one for each origin", table.queries)
		}
		table.set(func() { table.rows[honest], table.rows["https://stranger.example"] = false, true })
		time.Sleep(999 * time.Millisecond)
		checkExact(t, exact, honest, true)
		time.Sleep(2 * time.Millisecond)
		checkExact(t, exact, honest, false)
		checkExact(t, exact, "https://stranger.example", true)
	})
	testExact(t, "requests at the same time share a look-up", 100, func(t *testing.T, table *fakeTable, exact *Exact) {
		table.latency = 100 * time.Millisecond
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() { checkExact(t, exact, honest, true) })
		}
		wg.Wait()
		if table.queries != 1 {
			t.Errorf("%d queries, want 1", table.queries)
		}
	})
	testExact(t, "a client that leaves does not end the look-up for the others", 100, func(t *testing.T, table *fakeTable, exact *Exact) {
		table.latency = 100 * time.Millisecond
		ctx, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = exact.Allow(ctx, honest) })
		synctest.Wait()
		wg.Go(func() { checkExact(t, exact, honest, true) })
		leave()
		wg.Wait()
	})
	testExact(t, "a look-up has a time-out", 100, func(t *testing.T, table *fakeTable, exact *Exact) {
		table.hangs = true
		began := time.Now()
		ok, err := exact.Allow(t.Context(), honest)
		if ok || !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != lookUpTimeout {
			t.Errorf("%t, %v after %s, want a time-out after %s", ok, err, time.Since(began), lookUpTimeout)
		}
	})
	testExact(t, "an error is kept for a moment", 100, func(t *testing.T, table *fakeTable, exact *Exact) {
		table.err = errors.New("the database is away")
		for range 100 {
			if ok, err := exact.Allow(t.Context(), honest); ok || !errors.Is(err, table.err) {
				t.Errorf("%t, %v; want the error of the database", ok, err)
			}
		}
		if table.queries != 1 {
			t.Errorf("%d queries, want 1", table.queries)
		}
		table.set(func() { table.err = nil })
		time.Sleep(keepError + time.Millisecond)
		checkExact(t, exact, honest, true)
	})
}

// Under a flood of made-up origins, the database gets the stated rate, and known
// origins are not refused.
func TestExactFlood(t *testing.T) {
	const perSecond, seconds, flood = 10, 60, 500 // the flood has 500 origins per second
	testExact(t, "the database gets the stated rate", perSecond, func(t *testing.T, table *fakeTable, exact *Exact) {
		checkExact(t, exact, honest, true)
		for i := range seconds * flood {
			checkExact(t, exact, fmt.Sprintf("https://x%d.example", i), false) // and no error
			if i%100 == 0 {
				checkExact(t, exact, honest, true)
			}
			time.Sleep(time.Second / flood)
		}
		if most := perSecond * (seconds + 1); table.strange > most || table.strange < most/2 {
			t.Errorf("%d queries for made-up origins, want up to %d", table.strange, most)
		}
		lookUps, overLimit := exact.Counts()
		if lookUps != int64(table.queries) || overLimit != int64(seconds*flood-table.strange) {
			t.Errorf("counted %d look-ups and %d over the limit, want %d and %d", lookUps, overLimit, table.queries, seconds*flood-table.strange)
		}
		if n := exact.answers.EstimatedSize(); n > 10*perSecond {
			t.Errorf("%d answers are cached, want no more than the last ones", n)
		}
	})
	testExact(t, "an origin over the limit is looked up when there is room", perSecond, func(t *testing.T, table *fakeTable, exact *Exact) {
		for i := range 2 * perSecond {
			checkExact(t, exact, fmt.Sprintf("https://x%d.example", i), false)
		}
		checkExact(t, exact, honest, false)   // not known yet
		time.Sleep(time.Second/perSecond + 1) // less than an answer is kept
		checkExact(t, exact, honest, true)
	})
	testExact(t, "an origin that was idle for minutes is still known", perSecond, func(t *testing.T, table *fakeTable, exact *Exact) {
		checkExact(t, exact, honest, true)
		time.Sleep(keepKnown - time.Minute)
		for i := range 2 * perSecond {
			checkExact(t, exact, fmt.Sprintf("https://x%d.example", i), false)
		}
		checkExact(t, exact, honest, true)
	})
	testExact(t, "a removed origin is limited like any other", perSecond, func(t *testing.T, table *fakeTable, exact *Exact) {
		checkExact(t, exact, honest, true)
		table.set(func() { table.rows[honest] = false })
		time.Sleep(2 * keepAnswer)
		checkExact(t, exact, honest, false)
		if _, known := exact.known.GetIfPresent(honest); known {
			t.Error("it is still known")
		}
	})
}

// The same with databases, and with requests at the same time.
func TestExactFloodOfDatabase(t *testing.T) {
	forEach(t, func(t *testing.T, url string) {
		const perSecond = 20
		store := open(t, url)
		if err := store.Add(t.Context(), honest); err != nil {
			t.Fatal(err)
		}
		var strange atomic.Int64
		exact := NewExact(func(ctx context.Context, origin string) (bool, error) {
			if origin != honest {
				strange.Add(1)
			}
			return store.Has(context.WithoutCancel(ctx), origin) // however slow the machine is
		}, perSecond)
		defer exact.Close()
		cfg := base()
		cfg.AllowOriginFunc = exact.Allow
		policy, err := cors.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		check := func(origin string, want bool) {
			if ok, err := policy.AllowsOrigin(t.Context(), origin); ok != want || err != nil {
				t.Errorf("%s: allowed %t (%v), want %t", origin, ok, err, want)
			}
		}
		check(honest, true)
		var wg sync.WaitGroup
		for worker := range 8 {
			wg.Go(func() {
				for i := range 1000 {
					check(fmt.Sprintf("https://x%d-%d.example", worker, i), false)
					check(honest, true)
				}
			})
		}
		wg.Wait()
		if most := perSecond * (time.Since(began).Seconds() + 1); float64(strange.Load()) > most {
			t.Errorf("%d queries for made-up origins, want up to %.0f", strange.Load(), most)
		}
		if _, overLimit := exact.Counts(); overLimit != 8000-strange.Load() {
			t.Errorf("%d counted over the limit, want %d", overLimit, 8000-strange.Load())
		}
	})
}
