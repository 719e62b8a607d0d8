package corstest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// A RoundTripperFunc is a transport. Fiber's (*App).Test makes one:
//
//	corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return app.Test(r) })
type RoundTripperFunc func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f RoundTripperFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// Handler returns a transport that gives requests to h, in this process and
// without a network. It does to a response what [http.Server] does, except that
// it is complete before it is returned, and has no trailers and no 1xx statuses.
// Requests that are canceled return at once, even if h does not. If h panics,
// the request fails.
func Handler(h http.Handler) http.RoundTripper {
	return RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		r := serverRequest(req)
		w := &responseWriter{method: r.Method, header: http.Header{}}
		done := make(chan error, 1)
		go func() {
			err := errors.New("corstest: the handler ended its goroutine")
			defer func() {
				if v := recover(); v != nil {
					err = fmt.Errorf("corstest: the handler panics: %v", v)
				}
				done <- err
			}()
			h.ServeHTTP(w, r)
			err = nil
		}()
		select {
		case <-req.Context().Done():
			return nil, req.Context().Err()
		case err := <-done:
			if err != nil {
				return nil, err
			}
			return w.response(req), nil
		}
	})
}

// serverRequest is what a server makes of a request.
func serverRequest(req *http.Request) *http.Request {
	r := req.Clone(req.Context())
	if r.Host == "" {
		r.Host = req.URL.Host
	}
	r.RequestURI = req.URL.RequestURI()
	r.URL = &url.URL{Path: req.URL.Path, RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery}
	if r.URL.Path == "" {
		r.URL.Path = "/"
	}
	r.RemoteAddr = "127.0.0.1:1234"
	if req.URL.Scheme == "https" {
		r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true, ServerName: req.URL.Hostname()}
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	return r
}

// responseWriter keeps a response. Unlike httptest's, it adds the headers that
// servers add, as scripts can read them.
type responseWriter struct {
	method  string
	header  http.Header // the handler's
	sent    http.Header // as it was at WriteHeader
	status  int         // 0 before
	flushed bool        // before the end
	length  int
	body    bytes.Buffer
}

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid status %d", status))
	}
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if !w.mayHaveBody() {
		return 0, http.ErrBodyNotAllowed
	}
	if w.length == 0 && len(p) > 0 && !w.flushed && !w.has("Content-Type") && !w.has("Content-Encoding") {
		w.sent.Set("Content-Type", http.DetectContentType(p))
	}
	w.length += len(p)
	if w.method != http.MethodHead {
		w.body.Write(p)
	}
	return len(p), nil
}

// Flush implements [http.Flusher].
func (w *responseWriter) Flush() {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.flushed = true
}

func (w *responseWriter) mayHaveBody() bool {
	return w.status >= 200 && w.status != http.StatusNoContent && w.status != http.StatusNotModified
}

func (w *responseWriter) has(name string) bool { return len(w.sent.Values(name)) > 0 }

// response is what a client gets.
func (w *responseWriter) response(req *http.Request) *http.Response {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.mayHaveBody() && !w.flushed && !w.has("Content-Length") && (w.length > 0 || w.method != http.MethodHead) {
		w.sent.Set("Content-Length", strconv.Itoa(w.length))
	}
	oneLine := strings.NewReplacer("\r", " ", "\n", " ")
	for name, values := range w.sent {
		if strings.HasPrefix(name, http.TrailerPrefix) {
			delete(w.sent, name)
		}
		for i := range values {
			values[i] = strings.Trim(oneLine.Replace(values[i]), " \t")
		}
	}
	return &http.Response{
		Status:     strconv.Itoa(w.status) + " " + http.StatusText(w.status),
		StatusCode: w.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        w.sent,
		Body:          io.NopCloser(bytes.NewReader(w.body.Bytes())),
		ContentLength: int64(w.body.Len()),
		Request:       req,
	}
}
