package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
	"github.com/polycors/polycors/core/corstest"
)

// eventually waits for a condition, for as long as even a slow machine needs.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not happen that %s", what)
		}
	}
}

func allows(t *testing.T, p *cors.Policy, origin string) bool {
	t.Helper()
	ok, err := p.AllowsOrigin(t.Context(), origin)
	if err != nil {
		t.Error(err)
	}
	return ok
}

// Both modes of the program give browsers what the table says.
func TestProgram(t *testing.T) {
	for _, exact := range []bool{false, true} {
		t.Run(fmt.Sprintf("exact: %t", exact), func(t *testing.T) {
			forEach(t, func(t *testing.T, url string) {
				p := program{database: url, exact: exact, perSecond: 1000}
				command := func(args ...string) {
					t.Helper()
					if err := p.run(t.Context(), args); err != nil {
						t.Error(err)
					}
				}
				command("add", "https://myapp.com")
				policy, status, err := p.policy(t.Context(), open(t, url))
				if err != nil {
					t.Fatal(err)
				}
				api := corstest.Handler(handler(policy, status))
				page := func(origin string) *corstest.Page {
					return &corstest.Page{Origin: origin, Transport: api, Credentials: corstest.Include}
				}
				corstest.Allows(t, page("https://myapp.com"), "PUT", "/items/1")
				corstest.Refuses(t, page("https://new.example"), "PUT", "/items/1")
				command("add", "https://new.example")
				eventually(t, "the new origin is allowed", func() bool { return allows(t, policy, "https://new.example") })
				corstest.Allows(t, page("https://new.example"), "PUT", "/items/1")
				command("remove", "https://new.example")
				eventually(t, "the removed origin is refused", func() bool { return !allows(t, policy, "https://new.example") })
				corstest.Refuses(t, page("https://new.example"), "GET", "/items")
				corstest.Allows(t, page("https://myapp.com"), "GET", "/items")

				req, err := http.NewRequestWithContext(t.Context(), "GET", "https://api.example/status", nil)
				if err != nil {
					t.Fatal(err)
				}
				res, err := api.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				var fields map[string]any
				if err := json.NewDecoder(res.Body).Decode(&fields); err != nil || fields["revision"] == nil && fields["lookUps"] == nil {
					t.Errorf("status %v, %v", fields, err)
				}
			})
		})
	}
}

func TestProgramErrors(t *testing.T) {
	file := t.TempDir() + "/origins.db"
	for _, tt := range []struct {
		database string
		args     []string
		err      string
	}{
		{file, []string{"add", "https://myapp.com/"}, `use "https://myapp.com"`},
		{file, []string{"add"}, "unknown arguments"},
		{file, []string{"allow", "https://myapp.com"}, "unknown arguments"},
		{t.TempDir(), []string{"add", "https://myapp.com"}, "creating the table"},
		{"postgres://postgres@127.0.0.1:1/postgres", nil, "creating the table"},
	} {
		if err := (program{database: tt.database}).run(t.Context(), tt.args); err == nil || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s %q: %v, want %q", tt.database, tt.args, err, tt.err)
		}
	}
}

// While the database is away, the last list stays in force.
func TestListOutage(t *testing.T) {
	pg := newPostgres(t)
	t.Cleanup(func() {
		if err := cmp.Or(pg.stop(), os.RemoveAll(pg.dir)); err != nil {
			t.Error(err)
		}
	})
	store := open(t, pg.url("postgres"))
	if err := store.Add(t.Context(), "https://myapp.com"); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	kinds := map[corslive.EventKind]int{}
	policy := new(cors.Policy)
	follower, err := corslive.Follow(t.Context(), policy, List(store, 20*time.Millisecond), corslive.Options{
		Base: base(),
		OnEvent: func(e corslive.Event) {
			mu.Lock()
			defer mu.Unlock()
			kinds[e.Kind]++
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := func(kind corslive.EventKind) func() bool {
		return func() bool {
			mu.Lock()
			defer mu.Unlock()
			return kinds[kind] > 0
		}
	}
	if err := pg.stop(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the outage is reported", seen(corslive.Failed))
	if !allows(t, policy, "https://myapp.com") || follower.Status().Err == nil {
		t.Errorf("during the outage: status %+v", follower.Status())
	}
	pg.start(t)
	eventually(t, "the end of the outage is reported", seen(corslive.Following))
	if err := store.Add(t.Context(), "https://new.example"); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the new origin is allowed", func() bool { return allows(t, policy, "https://new.example") })
}

func TestListAtStart(t *testing.T) {
	forEach(t, func(t *testing.T, url string) {
		store := open(t, url)
		policy := new(cors.Policy)
		if _, err := corslive.Follow(t.Context(), policy, List(store, time.Second), corslive.Options{Base: base()}); err != nil {
			t.Errorf("an empty table is an error: %v", err)
		}
		if allows(t, policy, "https://myapp.com") {
			t.Error("an empty table allows an origin")
		}
		store.Close()
		_, err := corslive.Follow(t.Context(), new(cors.Policy), List(store, time.Second), corslive.Options{Base: base()})
		if err == nil {
			t.Error("a database that is away at the start is not an error")
		}
	})
}

// BenchmarkReload is the time from a list of 10,000 origins to the policy.
func BenchmarkReload(b *testing.B) {
	origins := make([]string, 10_000)
	for i := range origins {
		origins[i] = fmt.Sprintf("https://customer%d.example", i)
	}
	document, err := json.Marshal(map[string][]string{"allowOrigins": origins})
	if err != nil {
		b.Fatal(err)
	}
	policy := new(cors.Policy)
	b.Run("compile", func(b *testing.B) {
		cfg := base()
		cfg.AllowOrigins = origins
		for b.Loop() {
			if err := policy.Reconfigure(cfg); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("decode and compile", func(b *testing.B) {
		for b.Loop() {
			cfg := base()
			if err := json.Unmarshal(document, &cfg); err != nil {
				b.Fatal(err)
			}
			if err := policy.Reconfigure(cfg); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("select", func(b *testing.B) {
		store, err := Open(b.Context(), b.TempDir()+"/origins.db")
		if err != nil {
			b.Fatal(err)
		}
		defer store.Close()
		tx, err := store.db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		for _, origin := range origins {
			if _, err := tx.Exec("INSERT INTO cors_origins VALUES ($1)", origin); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if all, err := store.All(b.Context()); err != nil || len(all) != len(origins) {
				b.Fatal(len(all), err)
			}
		}
	})
}
