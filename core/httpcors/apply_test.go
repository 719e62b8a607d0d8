package httpcors_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// newRequest returns the request in text: a line "METHOD /path", and lines
// "Name: value".
func newRequest(t testing.TB, text string) *http.Request {
	t.Helper()
	lines := strings.Split(text, "\n")
	method, target, ok := strings.Cut(lines[0], " ")
	if !ok {
		t.Fatalf("%q is not a request line", lines[0])
	}
	r := httptest.NewRequestWithContext(t.Context(), method, target, nil)
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	return r
}

const (
	getText       = "GET /\nOrigin: https://myapp.com"
	strangerText  = "GET /\nOrigin: https://b.com"
	preflightText = "OPTIONS /\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PUT"
)

// full sets every CORS header.
func full() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"}, AllowMethods: []string{"GET", "PUT"}, AllowHeaders: []string{"X-A"},
		ExposeHeaders: []string{"ETag"}, AllowCredentials: true, MaxAge: time.Minute, Vary: []string{"X-Tenant"},
	}
}

func rejecting(cfg cors.Config) cors.Config {
	cfg.RejectDisallowed = true
	return cfg
}

func apply(t *testing.T, cfg cors.Config, h http.Header, request string) (status int) {
	t.Helper()
	status, err := httpcors.Apply(mustPolicy(t, cfg), h, newRequest(t, request))
	if err != nil {
		t.Fatal(err)
	}
	return status
}

// earlier returns headers that an earlier handler has set.
func earlier() http.Header {
	return http.Header{
		"Access-Control-Allow-Origin":      {"https://other.com", "*"},
		"Access-Control-Allow-Credentials": {"true"},
		"Access-Control-Allow-Methods":     {"DELETE"},
		"Access-Control-Allow-Headers":     {"X-Other"},
		"Access-Control-Expose-Headers":    {"X-Other"},
		"Access-Control-Max-Age":           {"1"},
		"Etag":                             {"1"},
	}
}

// An applyCase is a policy applied to a request, with the headers of the response
// before and after.
type applyCase struct {
	name          string
	cfg           cors.Config
	request       string
	before, after http.Header
	status        int
}

// checkApply applies each policy twice: the second time changes nothing.
func checkApply(t *testing.T, cases []applyCase) {
	t.Helper()
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			h := http.Header{}
			maps.Copy(h, tt.before)
			for _, times := range []string{"once", "twice"} {
				if status := apply(t, tt.cfg, h, tt.request); status != tt.status {
					t.Errorf("status %d, want %d", status, tt.status)
				}
				if !reflect.DeepEqual(h, tt.after) {
					t.Errorf("applied %s:\n got %q\nwant %q", times, h, tt.after)
				}
			}
		})
	}
}

// allowed returns the headers of an allowed request under full.
func allowed() http.Header {
	return http.Header{
		"Access-Control-Allow-Origin": {"https://myapp.com"}, "Access-Control-Allow-Credentials": {"true"},
		"Access-Control-Expose-Headers": {"ETag"}, "Vary": {"Origin, X-Tenant"},
	}
}

func TestApply(t *testing.T) {
	checkApply(t, []applyCase{
		{name: "an allowed request", cfg: full(), request: getText, after: allowed()},
		{name: "a refused request", cfg: full(), request: strangerText, after: http.Header{"Vary": {"Origin, X-Tenant"}}},
		{name: "a request without Origin", cfg: full(), request: "GET /", after: http.Header{"Vary": {"Origin, X-Tenant"}}},
		{name: "a preflight", cfg: full(), request: preflightText, status: 204, after: http.Header{
			"Access-Control-Allow-Origin": {"https://myapp.com"}, "Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Allow-Methods": {"GET, PUT"}, "Access-Control-Allow-Headers": {"X-A"},
			"Access-Control-Max-Age": {"60"}, "Vary": {"Origin, Access-Control-Request-Method, Access-Control-Request-Headers, X-Tenant"},
		}},
		{name: "any origin", cfg: cors.AllowAll(), request: getText, after: http.Header{"Access-Control-Allow-Origin": {"*"}}},
		{name: "a rejected request", cfg: rejecting(myApp()), request: "POST /\nOrigin: https://b.com", status: 403,
			after: http.Header{"Vary": {"Origin"}}},
		{name: "other headers stay", cfg: myApp(), request: strangerText,
			before: http.Header{"Etag": {"1"}}, after: http.Header{"Etag": {"1"}, "Vary": {"Origin"}}},

		{name: "two origins", cfg: full(), request: getText + "\nOrigin: https://myapp.com",
			after: http.Header{"Vary": {"Origin, X-Tenant"}}},
		{name: "an empty origin and another", cfg: cors.AllowAll(), request: "GET /\nOrigin: \nOrigin: https://myapp.com",
			after: http.Header{"Vary": {"Origin"}}},
		{name: "an empty origin", cfg: myApp(), request: "GET /\nOrigin: ", after: http.Header{"Vary": {"Origin"}}},
		{name: "names in lower case", cfg: myApp(), request: "GET /\norigin: https://myapp.com",
			after: http.Header{"Access-Control-Allow-Origin": {"https://myapp.com"}, "Vary": {"Origin"}}},
	})
}

// The inner of two policies wins.
func TestApplyAfterEarlier(t *testing.T) {
	withETag := func(h http.Header) http.Header {
		h["Etag"] = []string{"1"}
		return h
	}
	checkApply(t, []applyCase{
		{name: "the headers of an earlier handler are deleted", cfg: myApp(), request: strangerText,
			before: earlier(), after: withETag(http.Header{"Vary": {"Origin"}})},
		{name: "all headers of an earlier handler are replaced", cfg: full(), request: getText,
			before: earlier(), after: withETag(allowed())},
		{name: "an asterisk replaces the headers of an earlier handler", cfg: cors.AllowAll(), request: getText,
			before: earlier(), after: withETag(http.Header{"Access-Control-Allow-Origin": {"*"}})},
	})
}

func TestApplyVary(t *testing.T) {
	checkApply(t, []applyCase{
		{name: "Vary gets another line", cfg: myApp(), request: "GET /",
			before: http.Header{"Vary": {"Accept-Encoding"}}, after: http.Header{"Vary": {"Accept-Encoding", "Origin"}}},
		{name: "Vary has the name already", cfg: myApp(), request: "GET /",
			before: http.Header{"Vary": {"Cookie, origin"}}, after: http.Header{"Vary": {"Cookie, origin"}}},
		{name: "Vary has the names on several lines", cfg: full(), request: "GET /",
			before: http.Header{"Vary": {"x-tenant", "Origin"}}, after: http.Header{"Vary": {"x-tenant", "Origin"}}},
		{name: "Vary has some of the names", cfg: full(), request: "GET /",
			before: http.Header{"Vary": {"Cookie", "Origin"}}, after: http.Header{"Vary": {"Cookie", "Origin", "X-Tenant"}}},
		{name: "Vary has an asterisk", cfg: myApp(), request: "GET /",
			before: http.Header{"Vary": {"*"}}, after: http.Header{"Vary": {"*"}}},
		{name: "Vary has an empty line", cfg: myApp(), request: "GET /",
			before: http.Header{"Vary": {""}}, after: http.Header{"Vary": {"", "Origin"}}},
		{name: "Vary has no lines", cfg: myApp(), request: "GET /",
			before: http.Header{"Vary": nil}, after: http.Header{"Vary": {"Origin"}}},
	})
}

func TestApplyZeroPolicy(t *testing.T) {
	h := earlier()
	status, err := httpcors.Apply(new(cors.Policy), h, newRequest(t, getText))
	if status != 0 || err != nil || !reflect.DeepEqual(h, earlier()) {
		t.Errorf("status %d, %v, headers %q; want no change", status, err, h)
	}
}

// The joined length of header lines is bounded.
func TestApplyManyLines(t *testing.T) {
	for name, lines := range map[string][]string{
		"long lines":  {strings.Repeat("a", 1<<20), strings.Repeat("b", 1<<20)},
		"many lines":  strings.Split(strings.Repeat("a,", 1<<20), ","),
		"empty lines": make([]string, 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			r := newRequest(t, preflightText)
			r.Header["Origin"], r.Header["Access-Control-Request-Headers"] = lines, lines
			for _, cfg := range []cors.Config{cors.AllowAll(), myApp()} {
				h := http.Header{}
				status, err := httpcors.Apply(mustPolicy(t, cfg), h, r)
				if status != http.StatusForbidden || err != nil || len(h) != 1 {
					t.Errorf("status %d, %v, headers %q", status, err, h)
				}
			}
		})
	}
}

// No two responses share memory.
func TestApplyMemory(t *testing.T) {
	t.Run("appending to one header does not reach another", func(t *testing.T) {
		h, want := http.Header{}, http.Header{}
		apply(t, full(), h, preflightText)
		apply(t, full(), want, preflightText)
		for name := range want {
			h[name] = append(h[name], "appended to "+name)
			h[name][0] += " changed"
		}
		for name := range want {
			if got := h[name]; len(got) != 2 || got[0] != want[name][0]+" changed" || got[1] != "appended to "+name {
				t.Errorf("%s: %q", name, got)
			}
		}
	})
	t.Run("two responses share no memory", func(t *testing.T) {
		one, other, want := http.Header{}, http.Header{}, http.Header{}
		for _, h := range []http.Header{one, other, want} {
			apply(t, full(), h, preflightText)
		}
		for name := range one {
			one[name][0] = "changed"
		}
		if !reflect.DeepEqual(other, want) {
			t.Errorf("changing one response has changed another to %q", other)
		}
	})
	t.Run("the spare capacity of Vary is not written to", func(t *testing.T) {
		shared := append(make([]string, 0, 8), "Accept-Encoding") // a package variable, for example
		for range 2 {
			h := http.Header{"Vary": shared}
			apply(t, myApp(), h, "GET /")
			if want := []string{"Accept-Encoding", "Origin"}; !slices.Equal(h["Vary"], want) {
				t.Errorf("Vary = %q, want %q", h["Vary"], want)
			}
		}
		if spare := shared[:2][1]; spare != "" {
			t.Errorf("the spare capacity of the slice holds %q", spare)
		}
	})
}

func TestApplyAllocations(t *testing.T) {
	policy := mustPolicy(t, full())
	for name, tt := range map[string]struct {
		policy  *cors.Policy
		request string
		want    float64
	}{
		"a request without Origin": {policy, "GET /", 1},
		"an allowed request":       {policy, getText, 1},
		"a refused request":        {policy, strangerText, 1},
		"a preflight":              {policy, preflightText, 1},
		"every origin":             {mustPolicy(t, cors.AllowAll()), getText, 1},
		"a refused preflight":      {policy, "OPTIONS /\nOrigin: https://b.com\nAccess-Control-Request-Method: PUT", 1},
		"the zero Policy":          {new(cors.Policy), getText, 0},
	} {
		t.Run(name, func(t *testing.T) {
			h, r := earlier(), newRequest(t, tt.request) // the map has enough space
			n := testing.AllocsPerRun(100, func() {
				clear(h)
				if _, err := httpcors.Apply(tt.policy, h, r); err != nil {
					t.Fatal(err)
				}
			})
			if n != tt.want {
				t.Errorf("Apply allocates %v times, want %v", n, tt.want)
			}
		})
	}
}

func TestApplySource(t *testing.T) {
	var got cors.Rejection
	cfg := rejecting(myApp())
	cfg.OnReject = func(_ context.Context, r cors.Rejection) { got = r }
	for _, tt := range []struct {
		name, request string
		status        int
		reason        cors.Reason
	}{
		{"the browser says same-origin", "POST /\nOrigin: https://b.com\nSec-Fetch-Site: same-origin", 0, ""},
		{"the host is the origin's", "POST http://b.com/x\nOrigin: http://b.com", 0, ""},
		{"the host is another", "POST http://c.com/x\nOrigin: http://b.com", 403, cors.ReasonOriginRefused},
		{"cookies are sent without permission", "POST http://c.com/x\nOrigin: https://myapp.com\nCookie: a=b", 0, cors.ReasonCredentials},
		{"a header is asked for without permission", preflightText + "\nAccess-Control-Request-Headers: x-a", 204, cors.ReasonHeaderRefused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got = cors.Rejection{}
			if status := apply(t, cfg, http.Header{}, tt.request); status != tt.status || got.Reason != tt.reason {
				t.Errorf("status %d and reason %q, want %d and %q", status, got.Reason, tt.status, tt.reason)
			}
		})
	}
}
