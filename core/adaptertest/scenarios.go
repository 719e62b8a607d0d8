package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
)

// recovered returns the text of the panic of f, or the empty string.
func recovered(f func()) (text string) {
	defer func() {
		switch v := recover().(type) {
		case nil:
		case error:
			text = v.Error()
		default:
			text = fmt.Sprint(v)
		}
	}()
	f()
	return ""
}

func testNewPanics[M, C any](t *testing.T, a Adapter[M, C]) {
	invalid := cors.Config{
		AllowOrigins:     []string{"*", "https://myapp.com/"},
		AllowMethods:     []string{"TRACE"},
		AllowCredentials: true,
	}
	_, err := cors.New(invalid)
	var problem *cors.ConfigError
	if !errors.As(err, &problem) {
		t.Fatalf("cors.New: %v, want a ConfigError", err)
	}
	if got := recovered(func() { a.New(invalid) }); got != err.Error() {
		t.Errorf("New panics with:\n%s\nwant:\n%s", got, err)
	}
}

func testFromPanics[M, C any](t *testing.T, a Adapter[M, C]) {
	if got := recovered(func() { a.From(nil) }); !strings.Contains(got, "From") {
		t.Errorf("From(nil) panics with %q, want a message that names From", got)
	}
}

func testAllowAll[M, C any](t *testing.T, a Adapter[M, C]) {
	addr := a.Serve(t, []M{a.AllowAll()}, newApp(Response{}).endpoints)
	if got, want := send(t, addr, putFromEvil).cors, allowsAny; got != want {
		t.Errorf("CORS headers of a request:\n%s\nwant:\n%s", got, want)
	}
	want := "Access-Control-Allow-Headers: *, Authorization\nAccess-Control-Allow-Methods: *\n" + allowsAny + "\n" + preflightVary
	if got := send(t, addr, preflightFromEvil).cors; got != want {
		t.Errorf("CORS headers of a preflight:\n%s\nwant:\n%s", got, want)
	}
}

func testSelect[M, C any](t *testing.T, a Adapter[M, C]) {
	open, err := cors.New(cors.AllowAll())
	if err != nil {
		t.Fatal(err)
	}
	strict, err := cors.New(myApp())
	if err != nil {
		t.Fatal(err)
	}
	paths := cors.Paths{"/public/": open, "/api/": strict}
	mw := a.Select(func(c C) *cors.Policy { return paths.Policy(a.Path(c)) })
	outer := a.New(cors.Config{AllowOrigins: []string{"https://evil.example"}})
	for _, tt := range []struct {
		name, path, origin string
		middleware         []M
		want               string
	}{
		{"a policy", "/public/list", "https://evil.example", []M{mw}, allowsAny},
		{"another policy", "/api/list", "https://evil.example", []M{mw}, "Vary: Origin"},
		{"another policy, its origin", "/api/list", "https://myapp.com", []M{mw}, allowsMyApp + "\nVary: Origin"},
		{"no policy", "/items", "https://myapp.com", []M{mw}, ""},
		{"no policy, inside another", "/items", "https://evil.example", []M{outer, mw},
			"Access-Control-Allow-Origin: https://evil.example\nVary: Origin"},
	} {
		app := newApp(Response{})
		addr := a.Serve(t, tt.middleware, app.endpoints)
		got := send(t, addr, request("GET "+tt.path+"\nOrigin: "+tt.origin))
		if got.cors != tt.want || app.handled.Load() != 1 {
			t.Errorf("%s: handled %d times, CORS headers:\n%s\nwant:\n%s", tt.name, app.handled.Load(), got.cors, tt.want)
		}
	}
}

func testZero[M, C any](t *testing.T, a Adapter[M, C]) {
	policy := new(cors.Policy)
	addr := a.Serve(t, []M{a.From(policy)}, newApp(Response{}).endpoints)
	if got := send(t, addr, putFromMyApp); got.cors != "" || got.status != http.StatusOK {
		t.Errorf("before: status %d, CORS headers:\n%s\nwant 200 and none", got.status, got.cors)
	}
	if err := policy.Reconfigure(myApp()); err != nil {
		t.Fatal(err)
	}
	if got, want := send(t, addr, putFromMyApp).cors, allowsMyApp+"\nVary: Origin"; got != want {
		t.Errorf("after: CORS headers:\n%s\nwant:\n%s", got, want)
	}
	if err := policy.Reconfigure(cors.Config{}); err == nil {
		t.Error("Reconfigure accepts an empty Config")
	}
	if got, want := send(t, addr, putFromMyApp).cors, allowsMyApp+"\nVary: Origin"; got != want {
		t.Errorf("after a failed attempt: CORS headers:\n%s\nwant:\n%s", got, want)
	}
}

func testHostile[M, C any](t *testing.T, a Adapter[M, C]) {
	cfg := with(full(), func(c *cors.Config) {
		c.AllowMethods, c.AllowHeaders = []string{"*"}, []string{"*"}
		c.AllowOriginFunc = func(_ context.Context, origin string) (bool, error) {
			return !strings.Contains(origin, "evil"), nil
		}
	})
	addr := a.Serve(t, []M{a.New(cfg)}, newApp(Response{}).endpoints)
	const evil = "evil-marker"
	long := strings.Repeat(evil, 64<<10/len(evil))
	preflight := func(method, headers string) request {
		return request("OPTIONS /items\nOrigin: https://myapp.com\nAccess-Control-Request-Method: " + method +
			"\nAccess-Control-Request-Headers: " + headers)
	}
	for name, r := range map[string]request{
		"a long origin":                 request("GET /items\nOrigin: https://" + long + ".myapp.com"),
		"an origin of many labels":      request("GET /items\nOrigin: https://" + strings.Repeat(evil+".", 5000) + "myapp.com"),
		"a control byte in the origin":  "GET /items\nOrigin: https://evil-marker\x01.myapp.com",
		"a NUL in the origin":           "GET /items\nOrigin: https://evil-marker\x00.myapp.com",
		"a bare CR in the origin":       "GET /items\nOrigin: https://x.myapp.com\rX-evil-marker: 1",
		"a high byte in the origin":     "GET /items\nOrigin: https://evil-marker\xff.myapp.com",
		"a folded origin":               "GET /items\nOrigin: https://myapp.com\n\tevil-marker",
		"many Origin lines":             request("GET /items\n" + strings.Repeat("Origin: https://evil-marker.myapp.com\n", 500)),
		"a long list of headers":        preflight("PUT", long),
		"a list of commas":              preflight("PUT", strings.Repeat(",", 64<<10)+evil),
		"many header lines":             preflight("PUT", strings.Repeat(evil+"\nAccess-Control-Request-Headers: a", 1500)),
		"markup in the headers":         preflight("PUT", "x-a,<script>evil-marker"),
		"a control byte in the headers": preflight("PUT", "x-a\x01evil-marker"),
		"a long method":                 preflight(long, "x-a"),
		"a method that is not a token":  preflight("PUT evil-marker", "x-a"),
	} {
		got := send(t, addr, r)
		reflection := got.raw
		if head, _, _ := strings.Cut(got.raw, "\r\n\r\n"); got.status == http.StatusBadRequest && strings.Contains(head, "text/plain") {
			reflection = head // the server cannot parse the request, and may quote it in the body
		}
		if got.status >= 500 || strings.Contains(reflection, evil) {
			t.Errorf("%s: status %d, response:\n%.500q", name, got.status, got.raw)
		}
	}
	if got := send(t, addr, putFromMyApp); got.status != http.StatusOK {
		t.Errorf("afterwards: status %d, want 200", got.status)
	}
}

// testKeptOrigins fails if the strings of an adapter share memory with a buffer
// that the next request on the connection overwrites.
func testKeptOrigins[M, C any](t *testing.T, a Adapter[M, C]) {
	var mu sync.Mutex
	var kept []string
	client := newClient(t, a.Serve(t, []M{a.New(cors.Config{
		AllowOriginFunc: func(ctx context.Context, origin string) (bool, error) {
			mu.Lock()
			defer mu.Unlock()
			if ctx == nil {
				t.Error("the callback has no context")
			}
			kept = append(kept, origin)
			return true, nil
		},
	})}, newApp(Response{}).endpoints))
	var want []string
	for i := range 20 {
		origin := fmt.Sprintf("https://tenant-%d.example", i)
		want = append(want, origin)
		client.roundTrip(t, http.MethodGet, http.Header{"Origin": {origin}})
	}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(kept, want) {
		t.Errorf("the retained origins have changed to %q", kept)
	}
}

func testConcurrent[M, C any](t *testing.T, a Adapter[M, C]) {
	client := newClient(t, a.Serve(t, []M{a.New(full())}, newApp(Response{}).endpoints))
	var wg sync.WaitGroup
	for i := range 8 {
		origin := fmt.Sprintf("https://tenant-%d.myapp.com", i)
		want := withCredentials + "\nAccess-Control-Allow-Origin: " + origin + "\nAccess-Control-Expose-Headers: X-Total-Count\nVary: Origin"
		wg.Go(func() {
			for range 50 {
				if got := client.roundTrip(t, http.MethodPut, http.Header{"Origin": {origin}}); got != want {
					t.Errorf("CORS headers:\n%s\nwant:\n%s", got, want)
					return
				}
			}
		})
	}
	wg.Wait()
}

func testReconfigure[M, C any](t *testing.T, a Adapter[M, C]) {
	before := full()
	after := with(myApp(), func(c *cors.Config) { c.AllowMethods, c.MaxAge = []string{"PURGE"}, time.Minute })
	policy, err := cors.New(before)
	if err != nil {
		t.Fatal(err)
	}
	client := newClient(t, a.Serve(t, []M{a.From(policy)}, newApp(Response{}).endpoints))
	preflight := http.Header{"Origin": {"https://myapp.com"}, "Access-Control-Request-Method": {"PUT"}}
	wantBefore := client.roundTrip(t, http.MethodOptions, preflight)
	wantAfter := "Access-Control-Allow-Methods: PURGE\n" + allowsMyApp + "\nAccess-Control-Max-Age: 60\n" + preflightVary

	stop := make(chan struct{})
	var clients, swapper sync.WaitGroup
	swapper.Go(func() {
		for next, other := after, before; ; next, other = other, next {
			select {
			case <-stop:
				return
			default:
				if err := policy.Reconfigure(next); err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	for range 4 {
		clients.Go(func() {
			for range 100 {
				if got := client.roundTrip(t, http.MethodOptions, preflight); got != wantBefore && got != wantAfter {
					t.Errorf("the response mixes two policies:\n%s", got)
					return
				}
			}
		})
	}
	clients.Wait()
	close(stop)
	swapper.Wait()
	if err := policy.Reconfigure(after); err != nil {
		t.Fatal(err)
	}
	if got := client.roundTrip(t, http.MethodOptions, preflight); got != wantAfter {
		t.Errorf("CORS headers:\n%s\nwant:\n%s", got, wantAfter)
	}
}

// A client sends requests to /items over persistent connections.
type client struct {
	http.Client
	url string
}

// newClient returns a client that closes its connections before the test stops the
// server, because a server may wait for them.
func newClient(t *testing.T, addr string) *client {
	c := &client{http.Client{Transport: new(http.Transport)}, "http://" + addr + "/items"}
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// roundTrip returns the CORS headers of the response.
func (c *client) roundTrip(t *testing.T, method string, header http.Header) string {
	req, err := http.NewRequestWithContext(t.Context(), method, c.url, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	req.Header = header.Clone()
	res, err := c.Do(req)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer res.Body.Close()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		t.Error(err)
	}
	return corsHeaders(res.Header)
}
