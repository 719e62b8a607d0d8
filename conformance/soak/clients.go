package main

import (
	"bufio"
	"context"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/polycors/polycors/conformance/internal/apps"
)

func goodHTTP1(ctx context.Context, app *apps.App, r *result, seed uint64) {
	good(ctx, app, r, seed, 1)
}
func goodHTTP2(ctx context.Context, app *apps.App, r *result, seed uint64) {
	good(ctx, app, r, seed, 2)
}

// good asks questions over one connection, and checks every answer.
func good(ctx context.Context, app *apps.App, r *result, seed uint64, major int) {
	transport := &http.Transport{DisableCompression: true, Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP1(major == 1)
	transport.Protocols.SetUnencryptedHTTP2(major == 2)
	defer transport.CloseIdleConnections()
	counter := &r.http1
	if major == 2 {
		counter = &r.http2
	}
	random := rand.New(rand.NewPCG(seed, uint64(major)))
	for ctx.Err() == nil {
		q := questions[random.IntN(len(questions))]
		if q.path == "/slow" && random.IntN(50) > 0 {
			continue // takes a thousand times as long as the others
		}
		req, err := q.request(context.Background(), app.Addr())
		if err != nil {
			r.report("%v", err)
			return
		}
		res, err := transport.RoundTrip(req)
		if err != nil {
			r.report("%s %s from %q: %v", q.method, q.path, q.origin, err)
			continue
		}
		n, err := io.Copy(io.Discard, res.Body)
		res.Body.Close()
		switch wrong := q.check(res.StatusCode, res.Header); {
		case wrong != "":
			r.report("HTTP/%d: %s", major, wrong)
		case err != nil:
			r.report("HTTP/%d: %s %s: after %d bytes: %v", major, q.method, q.path, n, err)
		case q.path == "/slow" && n != apps.SlowSize:
			r.report("HTTP/%d: %s has %d bytes", major, q.path, n)
		case res.ProtoMajor != major:
			r.report("HTTP/%d: the response is HTTP/%d", major, res.ProtoMajor)
		}
		counter.Add(1)
	}
}

// attacks are what hostile clients send. No answer may allow the attacker's origin
// or repeat a part of the request.
var attacks = []string{
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://evil-marker.example\r\nOrigin: https://x.b.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://x.b.example, https://evil-marker.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://evil-marker.example#.b.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://x.b.example\rX-Evil-Marker: 1\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://evil-marker\x00.b.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://" + strings.Repeat("evil-marker.", 500) + "b.example\r\n\r\n",
	"GET /items/1 HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("Origin: https://evil-marker.b.example\r\n", 100) + "\r\n",
	"OPTIONS /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://evil-marker.example\r\nAccess-Control-Request-Method: PUT\r\n" +
		"Access-Control-Request-Headers: " + strings.Repeat(",", 3000) + "\r\n\r\n",
	"POST /items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://evil-marker.example\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	"GET http://evil-marker.example/items/1 HTTP/1.1\r\nHost: a\r\nOrigin: https://evil-marker.example\r\n\r\n",
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\x00\x00\x00\x00\x01",
	"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
	strings.Repeat("X", 10_000),
	"GET /items/1 HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 100_000),
}

// hostile sends attacks, each over a connection of its own.
func hostile(ctx context.Context, app *apps.App, r *result, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 3))
	for ctx.Err() == nil {
		attack := attacks[random.IntN(len(attacks))]
		conn := dial(app)
		if conn == nil {
			continue
		}
		_ = conn.SetDeadline(time.Now().Add(100 * time.Millisecond))
		_, _ = io.WriteString(conn, attack)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err == nil {
			for name, values := range res.Header {
				for _, value := range values {
					if strings.Contains(strings.ToLower(name+value), "evil-marker") {
						r.report("%.100q is answered with %s: %s", attack, name, value)
					}
				}
			}
			if allowed := res.Header.Get("Access-Control-Allow-Origin"); allowed != "" {
				r.report("%.100q is answered with Access-Control-Allow-Origin: %s", attack, allowed)
			}
			res.Body.Close()
		}
		conn.Close()
		r.hostile.Add(1)
	}
}

// dial connects to an application. To close the connection resets it: the port is
// free again at once.
func dial(app *apps.App) *net.TCPConn {
	conn, err := net.Dial("tcp", app.Addr())
	if err != nil {
		time.Sleep(time.Millisecond)
		return nil
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	return conn.(*net.TCPConn)
}

// aborting goes away in the middle of a response, or cancels a request.
func aborting(ctx context.Context, app *apps.App, r *result, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 4))
	transport := &http.Transport{DisableCompression: true, Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP1(seed%2 == 0 || !app.HTTP2)
	transport.Protocols.SetUnencryptedHTTP2(seed%2 == 1 && app.HTTP2)
	defer transport.CloseIdleConnections()
	for ctx.Err() == nil {
		short, cancel := context.WithTimeout(ctx, time.Duration(random.IntN(3000))*time.Microsecond)
		q := question{method: "GET", path: "/slow", origin: "https://x.b.example", before: "200" + actualBefore, after: "200" + actualAfter}
		req, err := q.request(short, app.Addr())
		if err == nil {
			var res *http.Response
			if res, err = transport.RoundTrip(req); err == nil {
				if wrong := q.check(res.StatusCode, res.Header); wrong != "" {
					r.report("aborted: %s", wrong)
				}
				_, _ = io.CopyN(io.Discard, res.Body, int64(random.IntN(100_000)))
				res.Body.Close()
			}
		}
		cancel()
		r.aborted.Add(1)
	}
}

// slow sends a request byte by byte and reads the answer in the same way, or leaves
// the connection half open.
func slow(ctx context.Context, app *apps.App, r *result, seed uint64) {
	const request = "GET /slow HTTP/1.1\r\nHost: a\r\nOrigin: https://x.b.example\r\n\r\n"
	for i := seed; ctx.Err() == nil; i++ {
		conn := dial(app)
		if conn == nil {
			continue
		}
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		text := request
		if i%2 == 0 {
			text = request[:len(request)/2] // and nothing more
		}
		for j := 0; j < len(text) && ctx.Err() == nil; j++ {
			if _, err := conn.Write([]byte{text[j]}); err != nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		_ = conn.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
		for b := make([]byte, 1); ctx.Err() == nil; time.Sleep(time.Millisecond) {
			if _, err := conn.Read(b); err != nil {
				break
			}
		}
		stop()
		conn.Close()
		r.slow.Add(1)
	}
}
