package caches

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A request is what one of the readers of a cache asks for.
type request struct {
	method, path string
	header       map[string]string
}

func (r request) String() string {
	s := r.method + " " + r.path
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		s += "\n\t" + name + ": " + r.header[name]
	}
	return s
}

func (r request) isPreflight() bool { return r.header["Access-Control-Request-Method"] != "" }

// origins are those of the readers: allowed, allowed for a tenant, refused, and
// none.
var origins = []string{
	"https://a.example", "https://x.b.example", "https://y.b.example", "https://t1.example", "https://t2.example",
	"https://evil.example", "https://a.example.evil.example", "http://a.example", "null", "",
}

func randomRequest(random *rand.Rand) request {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	item := fmt.Sprint(random.IntN(4))
	r := request{method: "GET", path: "/items/" + item, header: map[string]string{}}
	set := func(name, value string) {
		if value != "" {
			r.header[name] = value
		}
	}
	set("Origin", pick(origins...))
	set("X-Tenant", pick("", "", "t1", "t2"))
	set("Accept-Language", pick("", "", "de"))
	switch random.IntN(10) {
	case 0:
		r.method = "HEAD"
	case 1:
		set("If-None-Match", fmt.Sprintf("%q", "v"+item))
	case 2:
		r.path = "/absent/" + item
	case 3:
		r.method = "OPTIONS"
		set("Access-Control-Request-Method", pick("GET", "PUT", "DELETE"))
		set("Access-Control-Request-Headers", pick("", "x-a", "x-b"))
	}
	return r
}

// A seen response is what a reader sees: the status, the body, the headers of CORS
// and those that a page may read, and Vary, which later caches obey.
type seen struct {
	status                   int
	cors, vary, body, xCache string
}

func (s seen) String() string {
	return fmt.Sprintf("%d %q\n\t%s\n\tVary: %s", s.status, s.body, s.cors, s.vary)
}

// send sends a request to a server.
func send(t *testing.T, transport http.RoundTripper, addr, host string, r request) seen {
	req, err := http.NewRequestWithContext(t.Context(), r.method, "http://"+addr+r.path, nil)
	if err != nil {
		t.Error(err)
		return seen{}
	}
	req.Host = host
	for name, value := range r.header {
		req.Header.Set(name, value)
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		t.Error(err)
		return seen{}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Error(err)
	}
	s := seen{status: res.StatusCode, body: string(body), xCache: res.Header.Get("X-Cache")}
	for _, name := range []string{
		"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Access-Control-Allow-Methods",
		"Access-Control-Allow-Headers", "Access-Control-Max-Age", "X-One", "Etag",
	} {
		s.cors += fmt.Sprintf("%q ", res.Header[name])
	}
	names := strings.Split(strings.ReplaceAll(strings.Join(res.Header["Vary"], ","), " ", ""), ",")
	slices.Sort(names)
	s.vary = strings.Join(slices.Compact(names), ", ")
	return s
}

// compare sends a request through a cache, and to the server itself.
func compare(t *testing.T, cache, direct http.RoundTripper, b backend, r request) (got seen, isPreflight bool, wrong string) {
	got = send(t, cache, b.host, b.host, r)
	want := send(t, direct, b.addr, b.host, r)
	want.xCache = got.xCache
	if got != want {
		wrong = fmt.Sprintf("%s: %v\ngives (%s) %v\nwant %v", b.host, r, got.xCache, got, want)
	}
	return got, r.isPreflight(), wrong
}

// A tally counts the responses from a cache.
type tally struct {
	mu               sync.Mutex
	sent, preflights int
	from             map[string]int // by X-Cache
	status           map[int]int
	wrong            []string
}

func (c *tally) add(got seen, isPreflight bool, wrong string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent++
	c.from[got.xCache]++
	c.status[got.status]++
	if isPreflight {
		c.preflights++
	}
	if wrong != "" {
		c.wrong = append(c.wrong, wrong)
	}
}

// wants reports whether the tally needs more requests.
func (c *tally) wants(n int, renewed string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sent < n || renewed != "" && c.from[renewed] == 0
}

// copies returns the number of responses that the server did not send.
func (c *tally) copies() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.from["HIT"] + c.from["STALE"] + c.from["REVALIDATED"]
}
