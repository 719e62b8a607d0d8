package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// lookUpTimeout bounds a look-up, for which requests are waiting.
const lookUpTimeout = 2 * time.Second

// How long Exact keeps what the database has said.
const (
	keepAnswer = time.Second            // yes or no: a change takes effect within this time
	keepError  = 100 * time.Millisecond // so a database in trouble is not asked by every request
	keepKnown  = time.Hour              // that an origin was allowed
)

// Exact asks the database about each origin, at most once a second. Use it where
// a list is too large, or too late.
//
// Anyone can make up origins, and each of them is new to every cache. Therefore
// origins that the database has not allowed within the last hour share a limit,
// and reach the database no more often than that. A look-up over the limit
// refuses the origin, is not cached, and is counted. The others are never limited:
// there are no more of them than rows.
type Exact struct {
	has     func(ctx context.Context, origin string) (bool, error)
	limit   *rate.Limiter
	answers *otter.Cache[string, answer]
	known   *otter.Cache[string, struct{}]

	lookUps, overLimit atomic.Int64
}

// An answer is what the database has said about an origin.
type answer struct {
	allowed bool
	err     error
}

var errOverLimit = errors.New("over the limit of look-ups")

// NewExact returns an Exact that asks has. Unknown origins reach it at most
// perSecond times a second.
func NewExact(has func(ctx context.Context, origin string) (bool, error), perSecond int) *Exact {
	return &Exact{
		has:   has,
		limit: rate.NewLimiter(rate.Limit(perSecond), perSecond),
		answers: otter.Must(&otter.Options[string, answer]{
			MaximumSize: 100_000,
			ExpiryCalculator: otter.ExpiryWritingFunc(func(e otter.Entry[string, answer]) time.Duration {
				if e.Value.err != nil {
					return keepError
				}
				return keepAnswer
			}),
		}),
		known: otter.Must(&otter.Options[string, struct{}]{
			MaximumSize:      100_000,
			ExpiryCalculator: otter.ExpiryWriting[string, struct{}](keepKnown),
		}),
	}
}

// Allow is for Config.AllowOriginFunc. Requests that ask about the same origin at
// the same time share a look-up, which does not end with the request that began it.
func (e *Exact) Allow(ctx context.Context, origin string) (bool, error) {
	a, err := e.answers.Get(context.WithoutCancel(ctx), origin, otter.LoaderFunc[string, answer](e.lookUp))
	if errors.Is(err, errOverLimit) {
		e.overLimit.Add(1)
		return false, nil
	}
	return a.allowed, cmp.Or(err, a.err)
}

func (e *Exact) lookUp(ctx context.Context, origin string) (answer, error) {
	if _, known := e.known.GetIfPresent(origin); !known && !e.limit.Allow() {
		return answer{}, errOverLimit // an error is not cached
	}
	e.lookUps.Add(1)
	ctx, done := context.WithTimeout(ctx, lookUpTimeout)
	defer done()
	allowed, err := e.has(ctx, origin)
	switch {
	case err != nil:
		return answer{err: fmt.Errorf("looking up an origin: %w", err)}, nil
	case allowed:
		e.known.Set(origin, struct{}{})
	default:
		e.known.Invalidate(origin)
	}
	return answer{allowed: allowed}, nil
}

// Counts says how many look-ups have reached the database, and how many requests
// were refused because of the limit.
func (e *Exact) Counts() (lookUps, overLimit int64) { return e.lookUps.Load(), e.overLimit.Load() }

// Close ends the goroutines of the caches.
func (e *Exact) Close() {
	e.answers.StopAllGoroutines()
	e.known.StopAllGoroutines()
}
