package corstest_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/polycors/polycors/core/corstest"
)

// The same response, in process and by a real server, must look the same.
func TestHandlersAnswerAsByAServer(t *testing.T) {
	for name, respond := range map[string]func(http.ResponseWriter){
		"nothing":             func(http.ResponseWriter) {},
		"text":                func(w http.ResponseWriter) { _, _ = io.WriteString(w, "hello") },
		"HTML, in two parts":  func(w http.ResponseWriter) { _, _ = io.WriteString(w, "<html>"); _, _ = io.WriteString(w, "</html>") },
		"an encoded body":     func(w http.ResponseWriter) { w.Header().Set("Content-Encoding", "br"); _, _ = io.WriteString(w, "x") },
		"a status only":       func(w http.ResponseWriter) { w.WriteHeader(404) },
		"no content":          func(w http.ResponseWriter) { w.WriteHeader(204); _, _ = io.WriteString(w, "x") },
		"not modified":        func(w http.ResponseWriter) { w.WriteHeader(304) },
		"early hints":         func(w http.ResponseWriter) { w.WriteHeader(103); w.WriteHeader(201) },
		"headers set late":    func(w http.ResponseWriter) { w.WriteHeader(200); w.Header().Set("X-Late", "1"); w.WriteHeader(500) },
		"odd header names":    func(w http.ResponseWriter) { w.Header()["x-odd"] = []string{"1"} },
		"line breaks":         func(w http.ResponseWriter) { w.Header().Set("X-A", " a\r\nb ") },
		"its own Type":        func(w http.ResponseWriter) { w.Header().Set("Content-Type", "a/b"); _, _ = io.WriteString(w, "<html>") },
		"its own Length":      func(w http.ResponseWriter) { w.Header().Set("Content-Length", "1"); _, _ = io.WriteString(w, "x") },
		"in flushed portions": func(w http.ResponseWriter) { w.(http.Flusher).Flush(); _, _ = io.WriteString(w, "x") },
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
		srv.Config.ErrorLog = log.New(io.Discard, "", 0) // of WriteHeader called twice
		srv.Start()
		defer srv.Close()
		for _, method := range []string{"GET", "HEAD", "PUT", "patch"} {
			var headers []http.Header
			var bodies []string
			for _, transport := range []http.RoundTripper{nil, corstest.Handler(h)} {
				p := &corstest.Page{Origin: app, Server: srv.URL, Transport: transport}
				res := corstest.Allows(t, p, method, "/x", "Accept-Encoding: identity")
				body, _ := io.ReadAll(res.Body)
				res.Header.Del("Date")
				headers, bodies = append(headers, res.Header), append(bodies, res.Status+string(body))
			}
			if !reflect.DeepEqual(headers[0], headers[1]) || bodies[0] != bodies[1] {
				t.Errorf("%s, %s: the page sees\n%v %q, from a server\n%v %q", name, method, headers[1], bodies[1], headers[0], bodies[0])
			}
		}
	}
}

func TestTrailersOfHandlersAreDropped(t *testing.T) {
	res, err := corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(http.TrailerPrefix+"X", "1")
	})).RoundTrip(request(t, "HEAD", api))
	if err != nil || len(res.Header) != 0 {
		t.Errorf("%v %v", res.Header, err)
	}
}

func TestHandlersThatFail(t *testing.T) {
	for want, h := range map[string]http.HandlerFunc{
		"the handler panics: oh no":            func(http.ResponseWriter, *http.Request) { panic("oh no") },
		"the handler panics: invalid status 7": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(7) },
		"the handler panics: net/http: abort":  func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"the handler ended its goroutine":      func(http.ResponseWriter, *http.Request) { runtime.Goexit() }, // as t.FailNow does
	} {
		if _, err := pageOf(h).Fetch(request(t, "GET", "/x")); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: want %q", err, want)
		}
	}
}

func TestCanceledRequestsReturnBeforeTheHandler(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		select {
		case <-release:
		case <-time.After(time.Minute):
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := pageOf(h).Fetch(request(t, "PUT", "/x").WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestTransportsThatReturnLittle(t *testing.T) {
	p := pageOf(nil)
	p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return nil, nil })
	if _, err := p.Fetch(request(t, "GET", "/x")); err == nil {
		t.Error("neither a response nor an error")
	}
	p.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{"access-control-allow-origin": {"*"}}}, nil
	})
	if res := corstest.Allows(t, p, "GET", "/x"); res.Request == nil {
		t.Error("the response has no request")
	}
}
