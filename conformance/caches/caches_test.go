package caches

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"

	"github.com/polycors/polycors/conformance/internal/apps"
)

var requests = flag.Int("requests", 3000, "the requests to send through each cache")

// A backend is a server behind a cache, by the host that its readers ask for.
type backend struct{ host, addr string }

// policies returns the policies of the applications, by name.
func policies() map[string]cors.Config {
	list := cors.Config{
		AllowOrigins: []string{"https://a.example", "https://*.b.example"}, AllowMethods: []string{"GET", "PUT"}, AllowHeaders: []string{"X-A"},
		ExposeHeaders: []string{"X-One", "ETag"}, AllowCredentials: true, MaxAge: time.Minute,
	}
	rejecting, tenants, open := list, list, cors.AllowAll()
	rejecting.RejectDisallowed = true
	tenants.Vary = []string{"X-Tenant"}
	tenants.AllowOriginFunc = func(ctx context.Context, origin string) (bool, error) {
		return origin == "https://"+apps.Header(ctx, "X-Tenant")+".example", nil
	}
	open.ExposeHeaders = []string{"*"}
	return map[string]cors.Config{"list": list, "rejecting": rejecting, "tenants": tenants, "open": open}
}

// startAll starts every framework with every policy.
func startAll(t *testing.T) (backends []backend) {
	t.Helper()
	for i, f := range apps.Frameworks() {
		for _, name := range slices.Sorted(maps.Keys(policies())) {
			p, err := cors.New(policies()[name])
			if err != nil {
				t.Fatal(err)
			}
			app, err := f.Start(p)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(app.Close)
			backends = append(backends, backend{fmt.Sprintf("%s.%d.test", name, i), app.Addr()})
		}
	}
	return backends
}

// caches are the caches that are tested.
var caches = map[string]struct {
	start   func(*testing.T, []backend) (socket string)
	renewed string // X-Cache where a copy is too old, and the cache asks whether it has changed
}{
	"nginx":   {startNginx, "REVALIDATED"},
	"Varnish": {startVarnish, "STALE"},
}

// TestCaches compares what readers get through a cache with the response of the
// server itself.
func TestCaches(t *testing.T) {
	backends := startAll(t)
	for name, cache := range caches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			socket := cache.start(t, backends)
			tally := readAll(t, socket, backends, *requests, cache.renewed)
			for _, wrong := range tally.wrong[:min(len(tally.wrong), 10)] {
				t.Error(wrong)
			}
			if tally.copies() < tally.sent/4 {
				t.Errorf("only %d of %d responses are copies: %v", tally.copies(), tally.sent, tally.from)
			}
			t.Logf("%d requests, %d wrong; preflights: %d; responses by X-Cache: %v; by status: %v",
				tally.sent, len(tally.wrong), tally.preflights, tally.from, tally.status)
		})
	}
}

// TestMistakes shows that the comparison finds servers that caches break.
func TestMistakes(t *testing.T) {
	mistakes := map[string]func(h http.Header, origin string){
		"without Vary": func(http.Header, string) {},
		"with Vary where Origin came": func(h http.Header, origin string) {
			h.Set("Vary", strings.Repeat("Origin", len(origin[:min(len(origin), 1)])))
		},
	}
	for name, cache := range caches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for mistake, vary := range mistakes {
				srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					origin := r.Header.Get("Origin")
					if origin == "https://a.example" || origin == "https://x.b.example" {
						w.Header().Set("Access-Control-Allow-Origin", origin)
					}
					w.Header().Set("Cache-Control", "max-age=1")
					vary(w.Header(), origin)
				}))
				defer srv.Close()
				backends := []backend{{"mistake.test", strings.TrimPrefix(srv.URL, "http://")}}
				tally := readAll(t, cache.start(t, backends), backends, 300, "")
				if len(tally.wrong) == 0 {
					t.Errorf("%s: no response is wrong: %v", mistake, tally.from)
				}
			}
		})
	}
}

// readAll sends requests through a cache. It goes on until the cache has renewed a
// copy.
func readAll(t *testing.T, socket string, backends []backend, n int, renewed string) *tally {
	t.Helper()
	dialer := new(net.Dialer)
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "unix", socket)
		},
		MaxIdleConnsPerHost: 4,
		DisableCompression:  true,
	}
	direct := &http.Transport{MaxIdleConnsPerHost: 4, DisableCompression: true}
	defer transport.CloseIdleConnections()
	defer direct.CloseIdleConnections()
	total := &tally{from: map[string]int{}, status: map[int]int{}}
	deadline := time.Now().Add(5 * time.Minute) // for a cache that hangs
	var wg sync.WaitGroup
	for seed := range uint64(4) {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(seed, 0))
			for total.wants(n, renewed) && time.Now().Before(deadline) {
				b := backends[random.IntN(len(backends))]
				total.add(compare(t, transport, direct, b, randomRequest(random)))
			}
		})
	}
	wg.Wait()
	if total.wants(n, renewed) {
		t.Errorf("after five minutes: %d responses of %d, from %v", total.sent, n, total.from)
	}
	return total
}
