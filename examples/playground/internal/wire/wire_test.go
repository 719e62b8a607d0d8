package wire

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// call sends a request to a handler that a log watches, and returns the log.
func call(t *testing.T, fast bool, target string, header http.Header) *Log {
	t.Helper()
	l := new(Log)
	if fast {
		var c fasthttp.RequestCtx
		c.Request.Header.SetMethod("PUT")
		c.Request.SetRequestURI(target)
		for name, values := range header {
			for _, v := range values {
				c.Request.Header.Add(name, v)
			}
		}
		l.Fast("fw", func(c *fasthttp.RequestCtx) { c.Response.Header.Set(TotalCount, "3") })(&c)
		return l
	}
	r := httptest.NewRequest("PUT", target, nil)
	r.Header = header
	l.HTTP("fw", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set(TotalCount, "3") })).ServeHTTP(httptest.NewRecorder(), r)
	return l
}

func TestRecord(t *testing.T) {
	for _, fast := range []bool{false, true} {
		t.Run(fmt.Sprintf("fasthttp %t", fast), func(t *testing.T) {
			header := http.Header{
				"Origin": {"https://myapp.com"},
				"Cookie": {"secret=of another program; " + Cookie + "=1"},
				"X-Long": {strings.Repeat("a", 1<<16)},
			}
			got := call(t, fast, "http://localhost/items/1?visit=a-1", header).Of("a-1")
			if len(got) != 1 {
				t.Fatalf("%d exchanges, want 1", len(got))
			}
			e := got[0]
			if e.Seq != 1 || e.Framework != "fw" || e.Method != "PUT" || e.Path != "/items/1" || e.Status != 200 || !e.Handled || e.Preflight() {
				t.Errorf("%+v", e)
			}
			if c := e.RequestHeader("cookie"); c != Cookie+"=1" {
				t.Errorf("Cookie: %q", c)
			}
			if n := len(e.RequestHeader("X-Long")); n != maxValue {
				t.Errorf("a value of %d bytes, want %d", n, maxValue)
			}
			if e.ResponseHeader(TotalCount) != "3" {
				t.Errorf("response: %v", e.Response)
			}
		})
	}
}

func TestNotRecorded(t *testing.T) {
	for _, target := range []string{"/items/1", "/items/1?visit=", "/items/1?visit=UPPER", "/items/1?visit=" + strings.Repeat("a", 41)} {
		for _, fast := range []bool{false, true} {
			if l := call(t, fast, "http://localhost"+target, http.Header{}); l.Last() != 0 {
				t.Errorf("%s is recorded", target)
			}
		}
	}
}

func TestRing(t *testing.T) {
	var l Log
	size := len(l.ring)
	for range 2*size + 10 {
		l.add(Exchange{visit: "a"})
	}
	got := l.Of("a")
	if len(got) != size || got[0].Seq != int64(size+11) || got[size-1].Seq != l.Last() {
		t.Errorf("%d exchanges from %d to %d", len(got), got[0].Seq, got[len(got)-1].Seq)
	}
}
