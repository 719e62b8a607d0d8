package httpcors_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// newRequest reads "METHOD /path" and then "Name: value" lines.
func newRequest(t testing.TB, text string) *http.Request {
	t.Helper()
	lines := strings.Split(text, "\n")
	method, target, ok := strings.Cut(lines[0], " ")
	if !ok {
		t.Fatalf("%q is no request line", lines[0])
	}
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	return r
}

func TestRead(t *testing.T) {
	for _, tc := range []struct {
		name, request string
		want          cors.Request
	}{
		{"nothing of interest", "GET /", cors.Request{Method: "GET", Host: "example.com"}},
		{"an origin", "POST http://api.example:8080/x\nOrigin: https://a.com", cors.Request{Method: "POST", Host: "api.example:8080", Origin: "https://a.com"}},
		{"what browsers tell", "GET /\nOrigin: https://a.com\nSec-Fetch-Site: cross-site\nCookie: a=b", cors.Request{Method: "GET", Host: "example.com", Origin: "https://a.com", FetchSite: "cross-site", Credentials: true}},
		{
			"a preflight", "OPTIONS /\nOrigin: https://a.com\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: x-a,x-b",
			cors.Request{Method: "OPTIONS", Host: "example.com", Origin: "https://a.com", RequestMethod: "PUT", RequestHeaders: "x-a,x-b"},
		},
		{
			"names in any case", "OPTIONS /\norigin: https://a.com\naccess-control-request-method: PUT",
			cors.Request{Method: "OPTIONS", Host: "example.com", Origin: "https://a.com", RequestMethod: "PUT"},
		},
		{
			"headers of a preflight on another request", "PUT /\nOrigin: https://a.com\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: x-a",
			cors.Request{Method: "PUT", Host: "example.com", Origin: "https://a.com"},
		},
		{"two origins", "GET /\nOrigin: https://a.com\nOrigin: https://b.com", cors.Request{Method: "GET", Host: "example.com", Origin: "https://a.com,https://b.com"}},
		{"an empty origin and another", "GET /\nOrigin: \nOrigin: https://b.com", cors.Request{Method: "GET", Host: "example.com", Origin: ",https://b.com"}},
		{"an empty origin", "GET /\nOrigin: ", cors.Request{Method: "GET", Host: "example.com"}},
		{
			"requested headers over several lines", "OPTIONS /\nOrigin: https://a.com\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: x-a\nAccess-Control-Request-Headers: x-b, x-c",
			cors.Request{Method: "OPTIONS", Host: "example.com", Origin: "https://a.com", RequestMethod: "PUT", RequestHeaders: "x-a,x-b, x-c"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := httpcors.Read(newRequest(t, tc.request)); got != tc.want {
				t.Errorf("\n got %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestReadDoesNotJoinWithoutBound(t *testing.T) {
	for name, lines := range map[string][]string{
		"long lines":  {strings.Repeat("a", 1<<20), strings.Repeat("b", 1<<20)},
		"many lines":  strings.Split(strings.Repeat("a,", 1<<20), ","),
		"empty lines": make([]string, 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRequest(t, "OPTIONS /\nAccess-Control-Request-Method: PUT")
			r.Header["Origin"], r.Header["Access-Control-Request-Headers"] = lines, lines
			req := httpcors.Read(r)
			const most = 16 << 10
			if len(req.Origin) > most || len(req.RequestHeaders) > most {
				t.Errorf("joined %d and %d bytes, want no more than %d", len(req.Origin), len(req.RequestHeaders), most)
			}
			for _, cfg := range []cors.Config{cors.AllowAll(), myApp()} {
				if d, _ := mustPolicy(t, cfg).Decide(t.Context(), req); d.Status != http.StatusForbidden || d.AllowOrigin != "" {
					t.Errorf("what is cut off is allowed: %+v", d)
				}
			}
		})
	}
}

func TestReadDoesNotAllocate(t *testing.T) {
	for _, text := range []string{
		"GET /", "GET /\nOrigin: https://a.com\nSec-Fetch-Site: cross-site\nCookie: a",
		"OPTIONS /\nOrigin: https://a.com\nAccess-Control-Request-Method: PUT\nAccess-Control-Request-Headers: " + strings.Repeat("x", 1<<19),
	} {
		r := newRequest(t, text)
		if n := testing.AllocsPerRun(100, func() { httpcors.Read(r) }); n != 0 {
			t.Errorf("%.60q: Read allocates %v times, want 0", text, n)
		}
	}
}
