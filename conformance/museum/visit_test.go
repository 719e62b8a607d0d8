package museum

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"

	"github.com/polycors/polycors/core/corstest"
)

// A visit is a running site, and how to send requests to it.
type visit struct {
	*testing.T
	address   string
	transport *http.Transport
	exhibit   exhibit

	mu    sync.Mutex
	calls map[string]int
}

// start serves an app on loopback until the test ends.
func start(t *testing.T, e exhibit, build func(*visit) any) *visit {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	v := &visit{T: t, address: listener.Addr().String(), exhibit: e, calls: map[string]int{}}
	dial := func(context.Context, string, string) (net.Conn, error) { return net.Dial("tcp", v.address) }
	v.transport = &http.Transport{DialContext: dial, DialTLSContext: dial, DisableCompression: true}
	done := make(chan struct{})
	t.Cleanup(func() {
		v.transport.CloseIdleConnections()
		_ = listener.Close()
		<-done
	})
	switch app := build(v).(type) {
	case *fiber.App:
		go func() { _ = app.Listener(listener); close(done) }()
	case *fiber3.App:
		go func() { _ = app.Listener(listener, fiber3.ListenConfig{DisableStartupMessage: true}); close(done) }()
	case http.Handler:
		server := &http.Server{Handler: app, ErrorLog: log.New(io.Discard, "", 0)} // some handlers panic
		go func() { _ = server.Serve(listener); close(done) }()
	default:
		t.Fatalf("no server for a %T", app)
	}
	return v
}

// count counts the calls of a handler.
func (v *visit) count(route string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls[route]++
}

// ran reports whether the handler of a route ran.
func (v *visit) ran(route string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.calls[route] > 0
}

// page returns a page that is open in a browser. The site is https://api.example.
// Requests have credentials if the policy allows them.
func (v *visit) page(origin string) *corstest.Page {
	p := &corstest.Page{Origin: origin, Transport: v.transport}
	if v.exhibit.policy.AllowCredentials {
		p.Credentials = corstest.Include
	}
	return p
}

// fetch sends a request from a page, as fetch does in a script.
func fetch(p *corstest.Page, request string, headers ...string) (*http.Response, error) {
	method, path, _ := strings.Cut(request, " ")
	req, err := http.NewRequest(method, path, nil)
	if err != nil {
		return nil, err
	}
	addTo(req.Header, headers)
	res, err := p.Fetch(req)
	if err != nil {
		return nil, err
	}
	return res, drain(res)
}

// drain reads a response to its end, so that the connection is used again.
func drain(res *http.Response) error {
	_, err := io.Copy(io.Discard, res.Body)
	return errors.Join(err, res.Body.Close())
}

func addTo(h http.Header, lines []string) {
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		h.Add(name, value)
	}
}

// send sends "METHOD /path" with headers as they are, as programs do that are not
// browsers. The path is sent byte for byte.
func (v *visit) send(request string, headers ...string) *http.Response {
	v.Helper()
	text := request + " HTTP/1.1\r\nContent-Length: 0\r\n"
	if !strings.HasPrefix(strings.Join(headers, "\n"), "Host: ") {
		text += "Host: api.example\r\n"
	}
	for _, line := range headers {
		text += line + "\r\n"
	}
	return v.raw(text + "Connection: close\r\n\r\n")
}

// raw sends a request byte for byte, on a connection of its own. The response to
// a connection that the server drops has the status 0.
func (v *visit) raw(text string) *http.Response {
	v.Helper()
	conn, err := net.Dial("tcp", v.address)
	if err != nil {
		v.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		v.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: text[:strings.IndexByte(text, ' ')]})
	if err != nil {
		return new(http.Response)
	}
	_ = drain(res)
	return res
}

// The names of headers.
const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowCredentials = "Access-Control-Allow-Credentials"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	exposeHeaders    = "Access-Control-Expose-Headers"
	maxAge           = "Access-Control-Max-Age"
)

// get sends a GET from an origin, without a browser.
func (v *visit) get(path, origin string, headers ...string) *http.Response {
	v.Helper()
	return v.send("GET "+path, append(headers, "Origin: "+origin)...)
}

// preflight sends a preflight from an origin, without a browser.
func (v *visit) preflight(path, origin, method string, headers ...string) *http.Response {
	v.Helper()
	return v.send("OPTIONS "+path, append(headers, "Origin: "+origin, "Access-Control-Request-Method: "+method)...)
}
