// Package apps has the same small application in every framework, behind a policy.
package apps

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
	fiber3cors "github.com/polycors/polycors/fiber3adapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

// A Framework builds and serves the application. Its requests are:
//
//	ANY /items/7      an item of Methods, with an ETag; 304 for If-None-Match
//	GET /slow         a response that is larger than the buffers of a connection
//	GET /fail         a handler that returns an error
//	GET /panic        a handler that panics; recovered, as the callbacks of the policy are
//	GET /elsewhere    not found, by the framework itself
type Framework struct {
	Name string

	// HTTP2 says whether the server speaks HTTP/2 besides HTTP/1.1, without TLS.
	HTTP2 bool

	serve func(net.Listener, *App) (stop func())
}

// Frameworks returns all frameworks.
func Frameworks() []Framework {
	return []Framework{
		{"gin", true, netHTTP(ginApp)},
		{"echo4", true, netHTTP(echoApp)},
		{"echo5", true, netHTTP(echo5App)},
		{"chi", true, netHTTP(chiApp)},
		{"net/http", true, netHTTP(muxApp)},
		{"fiber2", false, serveFiber},
		{"fiber3", false, serveFiber3},
	}
}

// Methods are the methods of an item. The routers of some frameworks have no
// routes for the last one; they answer it as they answer an unknown method.
var Methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PURGE", "patch"}

// SlowSize is the size of the body of /slow.
const SlowSize = 4 << 20

// An App is an application that is served.
type App struct {
	Policy  *cors.Policy
	Handled atomic.Int64 // requests for items that reached the handler
	HTTP2   bool         // whether the server speaks HTTP/2
	addr    string
	stop    func()
}

// Start serves an application on loopback.
func (f Framework) Start(p *cors.Policy) (*App, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	return f.Serve(ln, p), nil
}

// Serve serves an application on a listener.
func (f Framework) Serve(ln net.Listener, p *cors.Policy) *App {
	a := &App{Policy: p, HTTP2: f.HTTP2, addr: ln.Addr().String()}
	a.stop = f.serve(ln, a)
	return a
}

// Addr returns the address, such as "127.0.0.1:41234".
func (a *App) Addr() string { return a.addr }

// Close stops the server and closes its connections.
func (a *App) Close() { a.stop() }

// Header returns a header of the request that a policy decides about, given the
// context of its callback.
func Header(ctx context.Context, name string) string {
	if r := httpcors.Request(ctx); r != nil {
		return r.Header.Get(name)
	}
	if c := fibercors.Ctx(ctx); c != nil {
		return c.Get(name)
	}
	if c := fiber3cors.Ctx(ctx); c != nil {
		return c.Get(name)
	}
	return ""
}

// A response is what the handler of an item sends.
type response struct {
	status int
	header [][2]string
	body   string
}

// MaxAge is the time in seconds for which shared caches may keep an item.
const MaxAge = 1

// item returns the response for an item. The responses of items with an even
// number depend on a header of the request, too.
func (a *App) item(method, id, ifNoneMatch string) response {
	a.Handled.Add(1)
	r := response{status: 200, header: [][2]string{
		{"Cache-Control", "public, max-age=" + strconv.Itoa(MaxAge)},
		{"Content-Type", "text/plain"},
		{"Etag", fmt.Sprintf("%q", "v"+id)},
		{"X-One", "1"}, {"X-Two", "2"},
	}}
	if n, _ := strconv.Atoi(id); n%2 == 0 {
		r.header = append(r.header, [2]string{"Vary", "Accept-Language"})
	}
	isRead := method == "GET" || method == "HEAD"
	if isRead && ifNoneMatch == r.header[2][1] {
		r.status = 304
		r.header = slices.Delete(r.header, 1, 2)
		return r
	}
	r.body = "item " + id
	return r
}

// slowBody is the body of /slow.
var slowBody = strings.Repeat("0123456789abcde\n", SlowSize/16)

// errHandler is the error of /fail, and the value of the panic of /panic.
var errHandler = fmt.Errorf("a handler fails")

// idOf returns the last segment of a path.
func idOf(path string) string { return cmp.Or(path[strings.LastIndexByte(path, '/')+1:], "0") }
