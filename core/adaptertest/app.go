package adaptertest

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// An app is the application that the cases use: a resource, one with a handler for
// OPTIONS, and two below prefixes.
type app struct {
	endpoints []Endpoint
	handled   atomic.Int64
}

func newApp(response Response) *app {
	if response.Status == 0 {
		response.Status = http.StatusOK
	}
	if response.Body == "" {
		response.Body = "handled"
	}
	a := new(app)
	for _, e := range []struct{ method, path string }{
		{"GET", "/items"}, {"PUT", "/items"}, {"POST", "/items"}, {"DELETE", "/items"},
		{"OPTIONS", "/own"}, {"GET", "/own"},
		{"GET", "/public/list"}, {"GET", "/api/list"},
	} {
		a.endpoints = append(a.endpoints, Endpoint{e.method, e.path, func() Response {
			a.handled.Add(1)
			return response
		}})
	}
	return a
}

// A request is a method and a path, and a header on each further line. It is sent
// byte for byte.
type request string

// A response is the part of an HTTP response that cases compare.
type response struct {
	status int
	cors   string // Access-Control-* and Vary, sorted, on a line each
	body   string
	raw    string
}

// send sends a request on a new connection.
func send(t *testing.T, addr string, r request) response {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.WriteString(conn, r.wire(addr)); err != nil {
		t.Fatal(err)
	}
	raw := new(strings.Builder)
	res, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, raw)), nil)
	if err != nil {
		t.Fatalf("reading the response: %v", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatalf("reading the response's body: %v", err)
	}
	return response{res.StatusCode, corsHeaders(res.Header), string(body), raw.String()}
}

// wire returns the bytes to send. A Host header of r replaces the address of the
// server.
func (r request) wire(addr string) string {
	line, headers, _ := strings.Cut(string(r), "\n")
	wire := line + " HTTP/1.1\r\n"
	if !strings.Contains(headers, "Host:") {
		wire += "Host: " + addr + "\r\n"
	}
	for header := range strings.SplitSeq(headers, "\n") {
		if header != "" {
			wire += header + "\r\n"
		}
	}
	return wire + "Connection: close\r\nContent-Length: 0\r\n\r\n"
}

// inOrder returns the names of a Vary header with those of CORS first. Adapters
// may write before or after the handler.
func inOrder(vary string) string {
	names := strings.Split(vary, ", ")
	slices.SortStableFunc(names, func(a, b string) int { return varyRank(a) - varyRank(b) })
	return strings.Join(names, ", ")
}

func varyRank(name string) int {
	i := slices.Index([]string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"}, name)
	if i < 0 {
		return 3
	}
	return i
}

// corsHeaders returns the headers of CORS, with the lines of Vary joined. Other
// repeated headers remain separate lines, so the comparison fails.
func corsHeaders(h http.Header) string {
	var lines []string
	for name, values := range h {
		switch {
		case name == "Vary":
			lines = append(lines, "Vary: "+inOrder(strings.Join(values, ", ")))
		case strings.HasPrefix(name, "Access-Control-"):
			for _, value := range values {
				lines = append(lines, name+": "+value)
			}
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
