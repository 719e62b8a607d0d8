package raw

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp/fasthttputil"

	cors "github.com/polycors/polycors/core"

	"github.com/polycors/polycors/conformance/internal/apps"
	"github.com/polycors/polycors/conformance/model"
)

// configs are the policies: one with lists, and one that echoes what a preflight
// asks for.
func configs() []cors.Config {
	list := cors.Config{
		AllowOrigins: []string{"https://a.example", "https://*.b.example:*", "https://pr-*.c.example"},
		AllowOriginFunc: func(_ context.Context, origin string) (bool, error) {
			return strings.HasSuffix(origin, ".d.example"), nil
		},
		AllowMethods:     []string{"PUT"},
		AllowHeaders:     []string{"X-A"},
		AllowCredentials: true,
		RejectDisallowed: true,
	}
	echoing := list
	echoing.AllowMethods, echoing.AllowHeaders, echoing.RejectDisallowed = []string{"*"}, []string{"*"}, false
	return []cors.Config{list, echoing, cors.AllowAll()}
}

// A server is an application on a listener in memory.
type server struct {
	name string
	ln   *fasthttputil.InmemoryListener
	cfg  cors.Config
}

func startAll(f *testing.F) (servers []server) {
	f.Helper()
	for _, cfg := range configs() {
		for _, framework := range apps.Frameworks() {
			p, err := cors.New(cfg)
			if err != nil {
				f.Fatal(err)
			}
			ln := fasthttputil.NewInmemoryListener()
			app := framework.Serve(ln, p)
			f.Cleanup(app.Close)
			servers = append(servers, server{framework.Name, ln, cfg})
		}
	}
	return servers
}

// requests are the bytes of requests to begin with.
var requests = []string{
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\norigin:https://x.b.example:8080 \r\nSec-Fetch-Site: same-origin\r\n\r\n",
	"OPTIONS /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-a,x-b\r\n\r\n",
	"OPTIONS /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://pr-1.c.example\r\nAccess-Control-Request-Method: PURGE\r\nAccess-Control-Request-Headers: x-a\r\nAccess-Control-Request-Headers:\tx-b , authorization\r\n\r\n",
	"OPTIONS * HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\nAccess-Control-Request-Method: PUT\r\n\r\n",
	"GET http://a.example/items/1?x HTTP/1.1\r\nHost: A.EXAMPLE:80\r\nOrigin: http://a.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\nOrigin: https://a.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example, https://x.b.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\rX: y\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\n\tb\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://\x00.b.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://\xff.b.example\r\nOrigin : https://a.example\r\n\r\n",
	"POST /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.d.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"GET /items/1 HTTP/1.0\r\nOrigin: https://a.d.example\r\nConnection: keep-alive\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: null\r\n\r\nGET /items/2 HTTP/1.1\r\nHost: a\r\nOrigin: https://a.example\r\n\r\n",
	"POST /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://x.b.example\r\nContent-Length: 3\r\n\r\nabc",
}

// FuzzRequest checks the responses of all frameworks to arbitrary bytes.
func FuzzRequest(f *testing.F) {
	for _, r := range requests {
		f.Add([]byte(r))
	}
	servers := startAll(f)
	f.Fuzz(func(t *testing.T, request []byte) {
		if bytes.HasPrefix(bytes.TrimLeft(request, "\r\n"), []byte("PRI ")) {
			return // HTTP/2: waits for frames
		}
		var wg sync.WaitGroup
		for _, s := range servers {
			wg.Go(func() { s.check(t, request) })
		}
		wg.Wait()
	})
}

// check sends a request, and checks the first response, if there is one. Some
// servers wait for the rest of a body before they answer, and for longer than check.
func (s server) check(t *testing.T, request []byte) {
	t.Helper()
	conn, err := s.ln.Dial()
	if err != nil {
		t.Error(err)
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(300 * time.Millisecond))
	go func() {
		// What follows ends a request that is not complete, and the connection.
		_, _ = conn.Write(append(request[:len(request):len(request)], "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"...))
	}()
	res, err := http.ReadResponse(bufio.NewReader(io.LimitReader(conn, 1<<20)), nil)
	if err != nil {
		return // the server closes the connection
	}
	res.Body.Close()
	for _, fault := range s.faults(res) {
		t.Errorf("%s: %q is answered with %d %v: %s", s.name, request, res.StatusCode, res.Header, fault)
	}
}

// faults returns what no response may be, whatever the request.
func (s server) faults(res *http.Response) (faults []string) {
	check := func(ok bool, fault string) {
		if !ok {
			faults = append(faults, fault)
		}
	}
	h := res.Header
	for name, values := range h {
		check(!strings.HasPrefix(name, "Access-Control-") || len(values) == 1, name+" is there twice")
	}
	origin := h.Get("Access-Control-Allow-Origin")
	anyOrigin := s.cfg.AllowOrigins[0] == "*"
	if origin != "" && !(origin == "*" && anyOrigin) {
		allowed, err := model.Policy{Config: s.cfg}.AllowsOrigin(origin)
		check(allowed && err == nil && !anyOrigin, "the origin is not one that the policy allows")
	}
	variesByOrigin := strings.Contains(strings.Join(h["Vary"], ","), "Origin")
	isItem := h.Get("X-One") != "" // and not from the server itself
	check(!isItem || variesByOrigin || origin == "*", "no Vary: Origin")
	check(origin != "" || h.Get("Access-Control-Allow-Methods")+h.Get("Access-Control-Allow-Headers") == "", "permissions without an origin")
	check(h.Get("Access-Control-Allow-Credentials") == "" || origin != "" && s.cfg.AllowCredentials, "credentials")
	for _, name := range []string{"Access-Control-Allow-Methods", "Access-Control-Allow-Headers"} {
		bad := strings.ContainsFunc(h.Get(name), func(c rune) bool {
			return c <= ' ' && c != ' ' || c >= 0x7f || strings.ContainsRune(`"():;<>?@[\]{}`, c)
		})
		check(!bad, name+" has what is not a token")
		check(len(h.Get(name)) < 2000, name+" is too long")
	}
	return faults
}
