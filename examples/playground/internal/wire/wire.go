// Package wire records the requests that the APIs of the playground receive, and
// what they answer.
package wire

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Cookie is the name of the playground's cookie. Browsers do not keep the cookies of
// several ports apart, so the cookies of other programs on this machine reach the
// APIs too. They are not recorded.
const Cookie = "polycors_playground"

// TotalCount is a header that the handlers of the APIs set. A response that has it
// is from a handler, and scripts need permission to read it.
const TotalCount = "X-Total-Count"

// An Exchange is a request, as an API received it, and the response.
type Exchange struct {
	Seq       int64  `json:"seq"`
	Framework string `json:"framework"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	Request   []Line `json:"request"`
	Status    int    `json:"status"`
	Response  []Line `json:"response"`
	Handled   bool   `json:"handled"` // whether the handler ran

	visit string
}

// A Line is a header line.
type Line struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Preflight reports whether the request is a preflight.
func (e *Exchange) Preflight() bool {
	return e.Method == http.MethodOptions && e.RequestHeader("Access-Control-Request-Method") != ""
}

// RequestHeader returns the value of the first line of a request header.
func (e *Exchange) RequestHeader(name string) string { return first(e.Request, name) }

// ResponseHeader returns the value of the first line of a response header.
func (e *Exchange) ResponseHeader(name string) string { return first(e.Response, name) }

func first(lines []Line, name string) string {
	for _, l := range lines {
		if strings.EqualFold(l.Name, name) {
			return l.Value
		}
	}
	return ""
}

// A Log holds the latest exchanges. It is safe for concurrent use.
type Log struct {
	mu   sync.Mutex
	seq  int64
	ring [1024]Exchange
}

// Visit is the query parameter by which a page recognizes its own requests. A page
// uses one value as long as the browser may use preflights that it remembers: a URL
// with another value is another URL.
const Visit = "visit"

var isVisit = regexp.MustCompile(`^[a-z0-9-]{1,40}$`).MatchString

// add records an exchange that belongs to a visit.
func (l *Log) add(e Exchange) {
	if !isVisit(e.visit) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	e.Seq = l.seq
	l.ring[l.seq%int64(len(l.ring))] = e
}

// Last returns the number of the latest exchange.
func (l *Log) Last() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seq
}

// Of returns the exchanges of a visit, in order.
func (l *Log) Of(visit string) (found []Exchange) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.ring {
		if e.visit == visit && visit != "" {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, func(a, b Exchange) int { return cmp.Compare(a.Seq, b.Seq) })
	return found
}

// A message is the part of a request or response that is recorded.
const (
	maxLines = 64
	maxValue = 2048
)

// newLines returns header lines for a record, ordered by name and bounded.
func newLines(lines []Line) []Line {
	lines = lines[:min(len(lines), maxLines)]
	for i := range lines {
		l := &lines[i]
		l.Value = l.Value[:min(len(l.Value), maxValue)]
		if strings.EqualFold(l.Name, "Cookie") {
			l.Value = ownCookie(l.Value)
		}
	}
	lines = slices.DeleteFunc(lines, func(l Line) bool { return l.Name == "Cookie" && l.Value == "" })
	slices.SortStableFunc(lines, func(a, b Line) int { return strings.Compare(a.Name, b.Name) })
	return lines
}

func ownCookie(header string) string {
	for c := range strings.SplitSeq(header, ";") {
		if c = strings.TrimSpace(c); strings.HasPrefix(c, Cookie+"=") {
			return c
		}
	}
	return ""
}
