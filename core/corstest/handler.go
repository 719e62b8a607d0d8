package corstest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing/iotest"
)

// A RoundTripperFunc is a transport. Fiber's (*App).Test makes one:
//
//	corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return app.Test(r) })
type RoundTripperFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Handler returns a transport that serves each request with h, in this process,
// by an [http.Server] on a connection in memory. It returns a response when the
// response is complete and h has returned. If the request is canceled first, it
// returns the part of the body that was sent, or the error of the context if
// there is no response. To read a response that never ends, use httptest.Server.
// If h panics, the request fails with an error that contains the panic's value.
// The context that h gets is a child of the request's context.
func Handler(h http.Handler) http.RoundTripper {
	return RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		done := make(chan error, 2) // receives from the handler, then from ConnState
		srv := &http.Server{
			Handler:                      watch(h, req, done),
			DisableGeneralOptionsHandler: true,
			BaseContext:                  func(net.Listener) context.Context { return req.Context() },
			ConnState: func(_ net.Conn, state http.ConnState) {
				if state == http.StateClosed {
					done <- nil // h is not called if the server rejects the request
				}
			},
		}
		client, server := net.Pipe()
		_ = srv.Serve(&listener{server}) // returns at once, because there is only one connection to accept
		dial := func(context.Context, string, string) (net.Conn, error) { return client, nil }
		transport := &http.Transport{DialContext: dial, DialTLSContext: dial, DisableCompression: true}
		res, err := transport.RoundTrip(req)
		if err = cmp.Or(req.Context().Err(), err); err == nil && res.StatusCode == http.StatusSwitchingProtocols {
			return res, nil // the body is the connection
		}
		if err != nil {
			client.Close()
		} else {
			defer client.Close()
			body, err := io.ReadAll(res.Body)
			res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), iotest.ErrReader(cmp.Or(err, io.EOF))))
		}
		select {
		case failure := <-done:
			if req.Context().Err() == nil {
				err = cmp.Or(failure, err)
			}
		case <-req.Context().Done():
		}
		if err != nil {
			return nil, err
		}
		return res, nil
	})
}

// watch returns a handler that calls h with a request like one from a network. When
// h returns, it sends the error of h to done, or nil.
func watch(h http.Handler, req *http.Request, done chan<- error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := errors.New("corstest: the handler ended its goroutine")
		defer func() {
			v := recover()
			if v != nil {
				err = fmt.Errorf("corstest: the handler panics: %v", v)
			}
			done <- err
			if v != nil {
				panic(v) // the server logs the stack, and closes the connection
			}
		}()
		r.RemoteAddr = "127.0.0.1:1234" // instead of "pipe"
		if req.URL.Scheme == "https" {
			r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: req.URL.Hostname()}
		}
		h.ServeHTTP(w, r)
		err = nil
	})
}

// A listener accepts one connection.
type listener struct{ conn net.Conn }

func (l *listener) Accept() (net.Conn, error) {
	if l.conn == nil {
		return nil, io.EOF
	}
	conn := l.conn
	l.conn = nil
	return conn, nil
}

func (l *listener) Close() error   { return nil }
func (l *listener) Addr() net.Addr { return nil }
