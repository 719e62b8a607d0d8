package main

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"github.com/polycors/polycors/core/corslive"
)

// List returns a source of the list of all origins, which it reads every so
// often. Requests never wait for the database, and do not notice when it is
// away: the last list stays in force.
func List(store *Store, every time.Duration) corslive.Source {
	return func(ctx context.Context) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			ticker := time.NewTicker(every)
			defer ticker.Stop()
			for yield(document(ctx, store)) {
				select {
				case <-ticker.C:
				case <-ctx.Done():
					return
				}
			}
		}
	}
}

// document returns the policy document of the present list.
func document(ctx context.Context, store *Store) ([]byte, error) {
	origins, err := store.All(ctx)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string][]string{"allowOrigins": origins})
}
