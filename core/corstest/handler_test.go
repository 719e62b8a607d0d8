package corstest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/polycors/polycors/core/corstest"
)

// write writes the body of a response.
func write(w io.Writer, body string) { _, _ = io.WriteString(w, body) }

// A page must not see whether a handler is in this process or on a server.
func TestHandlerResponse(t *testing.T) {
	for name, respond := range map[string]func(http.ResponseWriter){
		"nothing":              func(http.ResponseWriter) {},
		"HTML, in two parts":   func(w http.ResponseWriter) { write(w, "<html>"); write(w, "</html>") },
		"a megabyte":           func(w http.ResponseWriter) { write(w, strings.Repeat("a", 1<<20)) },
		"a status only":        func(w http.ResponseWriter) { w.WriteHeader(404) },
		"no content":           func(w http.ResponseWriter) { w.WriteHeader(204); write(w, "x") },
		"early hints":          func(w http.ResponseWriter) { w.WriteHeader(103); w.WriteHeader(201) },
		"flushed parts":        func(w http.ResponseWriter) { w.(http.Flusher).Flush(); write(w, "x") },
		"its own length":       func(w http.ResponseWriter) { w.Header().Set("Content-Length", "1"); write(w, "x") },
		"an incomplete body":   func(w http.ResponseWriter) { w.Header().Set("Content-Length", "2"); write(w, "x") },
		"a trailer":            func(w http.ResponseWriter) { write(w, "x"); w.Header().Set(http.TrailerPrefix+"X", "1") },
		"a write after a date": func(w http.ResponseWriter) { w.Header().Set("Date", "today"); write(w, "x") },
		"a response before its deadline": func(w http.ResponseWriter) {
			if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Hour)); err != nil {
				t.Error(err)
			}
		},
		"a response after the deadline to read": func(w http.ResponseWriter) {
			if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(-time.Hour)); err != nil {
				t.Error(err)
			}
			write(w, "x")
		},
		"a hijacked connection": func(w http.ResponseWriter) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			write(conn, "HTTP/1.1 201 Created\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n")
		},
		"a response to a client that has not left": func(w http.ResponseWriter) {
			//lint:ignore SA1019 c.Stream of gin calls it
			left := w.(http.CloseNotifier).CloseNotify()
			select {
			case <-left:
				t.Error("the client has left")
			default:
				write(w, "x")
			}
		},
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Access-Control-Allow-Origin", "*")
			w.Header().Set("Access-Control-Allow-Methods", "*")
			w.Header().Set("Access-Control-Expose-Headers", "*")
			if r.Header.Get("Access-Control-Request-Method") == "" {
				respond(w)
			}
		})
		srv := httptest.NewUnstartedServer(h)
		srv.Config.ErrorLog = log.New(io.Discard, "", 0)
		srv.Start()
		defer srv.Close()
		for _, method := range []string{"GET", "HEAD", "PUT", "patch"} {
			var seen []string
			for _, transport := range []http.RoundTripper{nil, corstest.Handler(h)} {
				p := &corstest.Page{Origin: app, Server: srv.URL, Transport: transport}
				res, err := p.Fetch(request(t, method, "/x", "Accept-Encoding: identity"))
				if err != nil {
					t.Fatalf("%s, %s: %v", name, method, err)
				}
				body, err := io.ReadAll(res.Body)
				res.Body.Close()
				res.Header.Del("Date")
				seen = append(seen, fmt.Sprintf("%d %v %v %v %s", res.StatusCode, res.Header, res.Trailer, err, body))
			}
			if seen[0] != seen[1] {
				t.Errorf("%s, %s: the page sees\n%.300s, with a server\n%.300s", name, method, seen[1], seen[0])
			}
		}
	}
}

func TestHandlerRequest(t *testing.T) {
	var got *http.Request
	var body []byte
	h := corstest.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
	}))
	for _, tt := range []struct{ url, uri, path, host string }{
		{"http://api.test:7002/a%2Fb?x=1", "/a%2Fb?x=1", "/a/b", "api.test:7002"},
		{"http://api.test", "/", "/", "api.test"},
		{"https://api.test/x", "/x", "/x", "api.test"},
	} {
		req := httptest.NewRequestWithContext(t.Context(), "POST", tt.url, strings.NewReader("hello"))
		req.Host = ""
		res, err := h.RoundTrip(req)
		if err != nil || res.StatusCode != 200 || res.Request != req {
			t.Fatalf("%v, %v", res, err)
		}
		if got.RequestURI != tt.uri || got.URL.Path != tt.path || got.Host != tt.host || got.URL.Host != "" || string(body) != "hello" ||
			got.ContentLength != 5 || got.RemoteAddr == "" || got.Proto != "HTTP/1.1" || (got.TLS != nil) != strings.HasPrefix(tt.url, "https") {
			t.Errorf("%s: handler saw %+v with the body %q", tt.url, got, body)
		}
	}
	req := request(t, "GET", "http://named.test/")
	req.Host, req.Body = "other.test", nil
	if _, err := h.RoundTrip(req); err != nil || got.Host != "other.test" || got.Body == nil {
		t.Errorf("handler saw the host %s and the body %v, %v", got.Host, got.Body, err)
	}
}

func TestHandlerFailure(t *testing.T) {
	for want, h := range map[string]http.HandlerFunc{
		"corstest: the handler panics: oh no": func(w http.ResponseWriter, _ *http.Request) {
			http.NewResponseController(w).Flush()
			panic("oh no")
		},
		"corstest: the handler ended its goroutine": func(http.ResponseWriter, *http.Request) { runtime.Goexit() }, // as t.FailNow does
	} {
		p := pageOf(h)
		if _, err := p.Fetch(request(t, "GET", "/x")); err == nil || err.Error() != want {
			t.Errorf("got %v, want %q", err, want)
		}
		if sent := p.Exchanges(); len(sent) != 1 || sent[0].Err == nil || sent[0].Status != 0 {
			t.Errorf("%s: recorded %+v", want, sent)
		}
	}
}

// A bubble of synctest fails if a goroutine is left in it.
func TestHandlerGoroutines(t *testing.T) {
	big := strings.Repeat("a", 1<<20)
	for name, h := range map[string]http.HandlerFunc{
		"the handler reads nothing": func(http.ResponseWriter, *http.Request) {},
		"the handler answers first": func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).EnableFullDuplex()
			write(w, big)
			_, _ = io.Copy(io.Discard, r.Body)
		},
		"the handler repeats the body": func(w http.ResponseWriter, r *http.Request) {
			_ = http.NewResponseController(w).EnableFullDuplex()
			_, _ = io.Copy(w, r.Body)
		},
		"the server rejects the request":                   nil,
		"the handler panics":                               func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"the request is canceled":                          func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
		"the handler ignores that the request is canceled": func(http.ResponseWriter, *http.Request) { time.Sleep(time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				req := httptest.NewRequestWithContext(ctx, "POST", api, strings.NewReader(big))
				if h == nil {
					req = httptest.NewRequestWithContext(ctx, "GET", api, nil)
					req.Header.Set("Expect", "the impossible")
				}
				res, err := corstest.Handler(h).RoundTrip(req)
				if canceled := strings.Contains(name, "canceled"); canceled != errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("%v, %v", res, err)
				}
				time.Sleep(2 * time.Hour) // takes no time in the bubble
				if h == nil && (err != nil || res.StatusCode != http.StatusExpectationFailed) {
					t.Errorf("%v, %v", res, err)
				}
			})
		})
	}
}

func TestHandlerUpgrade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, buffered, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			write(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
			line, _ := buffered.ReadString('\n')
			write(conn, line)
		}))
		res, err := h.RoundTrip(request(t, "GET", api, "Connection: Upgrade", "Upgrade: echo"))
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		write(res.Body.(io.Writer), "hello\n")
		if line, err := bufio.NewReader(res.Body).ReadString('\n'); err != nil || line != "hello\n" {
			t.Errorf("read %q, %v", line, err)
		}
	})
}
