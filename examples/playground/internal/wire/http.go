package wire

import "net/http"

// HTTP records what a handler receives and answers.
func (l *Log) HTTP(framework string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := &recorder{ResponseWriter: w, log: l, exchange: Exchange{
			Framework: framework, Method: r.Method, Path: r.URL.Path,
			Request: append(headerLines(r.Header), Line{"Host", r.Host}),
			visit:   r.URL.Query().Get(Visit),
		}}
		next.ServeHTTP(rec, r)
		rec.record(http.StatusOK)
	})
}

// A recorder records the exchange before the response is sent: the page asks for
// the record as soon as it has the response.
type recorder struct {
	http.ResponseWriter
	log      *Log
	exchange Exchange
	done     bool
}

func (r *recorder) record(status int) {
	if r.done {
		return
	}
	r.done = true
	e := r.exchange
	e.Status = status
	e.Handled = r.Header().Get(TotalCount) != ""
	e.Request = newLines(e.Request)
	e.Response = newLines(headerLines(r.Header()))
	r.log.add(e)
}

func (r *recorder) WriteHeader(status int) {
	r.record(status)
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.record(http.StatusOK)
	return r.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

func headerLines(h http.Header) (lines []Line) {
	for name, values := range h {
		for _, v := range values {
			lines = append(lines, Line{name, v})
		}
	}
	return lines
}
