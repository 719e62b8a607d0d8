// An API whose front ends are rows of a table, in PostgreSQL or SQLite:
//
//	go run ./examples/database
//	go run ./examples/database add https://myapp.com
//	curl -si http://127.0.0.1:8080/items -H 'Origin: https://myapp.com'
//
// It reads the list of origins every second or, with -exact, asks about each
// origin.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
	"github.com/polycors/polycors/core/httpcors"
)

// base is the policy without its origins.
func base() cors.Config {
	return cors.Config{
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
		OnReject:         cors.LogRejections(nil),
	}
}

// A program is what the command line says.
type program struct {
	addr, database string
	exact          bool
	perSecond      int // look-ups of unknown origins
}

func main() {
	var p program
	flag.StringVar(&p.addr, "addr", "127.0.0.1:8080", "address to listen on")
	flag.StringVar(&p.database, "db", filepath.Join(os.TempDir(), "polycors-example.db"), "postgres://… or a file of SQLite")
	flag.BoolVar(&p.exact, "exact", false, "ask the database about each origin, instead of reading the list every second")
	flag.IntVar(&p.perSecond, "rate", 50, "with -exact, how many unknown origins to look up per second")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := p.run(ctx, flag.Args()); err != nil {
		log.Fatal(err)
	}
}

func (p program) run(ctx context.Context, args []string) error {
	store, err := Open(ctx, p.database)
	if err != nil {
		return err
	}
	defer store.Close()
	switch {
	case len(args) == 0:
		return p.serve(ctx, store)
	case len(args) == 2 && args[0] == "add":
		return store.Add(ctx, args[1])
	case len(args) == 2 && args[0] == "remove":
		return store.Remove(ctx, args[1])
	}
	return fmt.Errorf("unknown arguments %q; use add ORIGIN, remove ORIGIN, or none", args)
}

func (p program) serve(ctx context.Context, store *Store) error {
	policy, status, err := p.policy(ctx, store)
	if err != nil {
		return err
	}
	log.Printf("listening on http://%s", p.addr)
	server := &http.Server{Addr: p.addr, Handler: handler(policy, status), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// policy returns the policy, and what to say about it at /status.
func (p program) policy(ctx context.Context, store *Store) (*cors.Policy, func() any, error) {
	if p.exact {
		exact, cfg := NewExact(store.Has, p.perSecond), base()
		cfg.AllowOriginFunc = exact.Allow
		policy, err := cors.New(cfg)
		return policy, func() any {
			lookUps, overLimit := exact.Counts()
			return map[string]int64{"lookUps": lookUps, "overLimit": overLimit}
		}, err
	}
	policy := new(cors.Policy)
	follower, err := corslive.Follow(ctx, policy, List(store, time.Second), corslive.Options{Base: base(), OnEvent: corslive.LogEvents(nil)})
	if err != nil {
		return nil, nil, err
	}
	return policy, func() any {
		s := follower.Status()
		fields := map[string]any{"revision": s.Revision, "applied": s.Applied, "checked": s.Checked}
		if s.Err != nil {
			fields["error"] = s.Err.Error()
		}
		return fields
	}, nil
}

func handler(policy *cors.Policy, status func() any) http.Handler {
	api := http.NewServeMux()
	api.HandleFunc("GET /items", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, []string{"Apple", "Pear"}) })
	api.HandleFunc("PUT /items/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux := http.NewServeMux()
	mux.Handle("/", httpcors.From(policy)(api))
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, status()) })
	return mux
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}
