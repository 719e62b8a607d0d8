package httpcors_test

import (
	"context"
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

// newRequest reads "METHOD /path" and then "Name: value" lines.
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

// full sets every header that a preflight or another request can get.
func full() cors.Config {
	return cors.Config{
		AllowOrigins: []string{"https://myapp.com"}, AllowMethods: []string{"GET", "PUT"}, AllowHeaders: []string{"X-A"}, ExposeHeaders: []string{"ETag"},
		AllowCredentials: true, MaxAge: time.Minute, Vary: []string{"X-Tenant"},
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

// everything is what an earlier handler may have set.
func everything() http.Header {
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

func TestApply(t *testing.T) {
	const preflightVary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
	withETag := func(h http.Header) http.Header {
		h["Etag"] = []string{"1"}
		return h
	}
	allowed := func() http.Header {
		return http.Header{
			"Access-Control-Allow-Origin": {"https://myapp.com"}, "Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Expose-Headers": {"ETag"}, "Vary": {"Origin, X-Tenant"},
		}
	}
	for _, tt := range []struct {
		name    string
		cfg     cors.Config
		request string
		before  http.Header
		after   http.Header
		status  int
	}{
		{name: "an allowed request", cfg: full(), request: getText, before: http.Header{}, after: allowed()},
		{name: "a refused request", cfg: full(), request: strangerText, before: http.Header{}, after: http.Header{"Vary": {"Origin, X-Tenant"}}},
		{name: "a request without Origin", cfg: full(), request: "GET /", before: http.Header{}, after: http.Header{"Vary": {"Origin, X-Tenant"}}},
		{
			name: "a preflight", cfg: full(), request: preflightText, before: http.Header{}, status: 204,
			after: http.Header{
				"Access-Control-Allow-Origin": {"https://myapp.com"}, "Access-Control-Allow-Credentials": {"true"}, "Access-Control-Allow-Methods": {"GET, PUT"},
				"Access-Control-Allow-Headers": {"X-A"}, "Access-Control-Max-Age": {"60"}, "Vary": {preflightVary + ", X-Tenant"},
			},
		},
		{name: "every origin", cfg: cors.AllowAll(), request: getText, before: http.Header{}, after: http.Header{"Access-Control-Allow-Origin": {"*"}}},
		{name: "a rejected request", cfg: rejecting(myApp()), request: "POST /\nOrigin: https://b.com", before: http.Header{}, after: http.Header{"Vary": {"Origin"}}, status: 403},
		{name: "other headers stay", cfg: myApp(), request: strangerText, before: http.Header{"Etag": {"1"}}, after: http.Header{"Etag": {"1"}, "Vary": {"Origin"}}},

		// the inner policy wins
		{name: "what an earlier handler allowed is deleted", cfg: myApp(), request: strangerText, before: everything(), after: withETag(http.Header{"Vary": {"Origin"}})},
		{name: "what an earlier handler allowed is replaced as a whole", cfg: full(), request: getText, before: everything(), after: withETag(allowed())},
		{name: "an asterisk replaces what an earlier handler allowed", cfg: cors.AllowAll(), request: getText, before: everything(), after: withETag(http.Header{"Access-Control-Allow-Origin": {"*"}})},

		// Vary
		{name: "Vary is added to", cfg: myApp(), request: "GET /", before: http.Header{"Vary": {"Accept-Encoding"}}, after: http.Header{"Vary": {"Accept-Encoding", "Origin"}}},
		{name: "Vary has it already", cfg: myApp(), request: "GET /", before: http.Header{"Vary": {"Cookie, origin"}}, after: http.Header{"Vary": {"Cookie, origin"}}},
		{name: "Vary has it on several lines", cfg: full(), request: "GET /", before: http.Header{"Vary": {"x-tenant", "Origin"}}, after: http.Header{"Vary": {"x-tenant", "Origin"}}},
		{name: "Vary has some of it", cfg: full(), request: "GET /", before: http.Header{"Vary": {"Cookie", "Origin"}}, after: http.Header{"Vary": {"Cookie", "Origin", "X-Tenant"}}},
		{name: "Vary has an asterisk", cfg: myApp(), request: "GET /", before: http.Header{"Vary": {"*"}}, after: http.Header{"Vary": {"*"}}},
		{name: "Vary has an empty line", cfg: myApp(), request: "GET /", before: http.Header{"Vary": {""}}, after: http.Header{"Vary": {"", "Origin"}}},
		{name: "Vary is there without lines", cfg: myApp(), request: "GET /", before: http.Header{"Vary": nil}, after: http.Header{"Vary": {"Origin"}}},

		// several lines and other spellings in the request
		{name: "two origins", cfg: full(), request: getText + "\nOrigin: https://myapp.com", before: http.Header{}, after: http.Header{"Vary": {"Origin, X-Tenant"}}},
		{name: "an empty origin and another", cfg: cors.AllowAll(), request: "GET /\nOrigin: \nOrigin: https://myapp.com", before: http.Header{}, after: http.Header{"Vary": {"Origin"}}},
		{name: "an empty origin", cfg: myApp(), request: "GET /\nOrigin: ", before: http.Header{}, after: http.Header{"Vary": {"Origin"}}},
		{name: "names in lower case", cfg: myApp(), request: "GET /\norigin: https://myapp.com", before: http.Header{}, after: http.Header{"Access-Control-Allow-Origin": {"https://myapp.com"}, "Vary": {"Origin"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, times := range []string{"once", "twice"} {
				if status := apply(t, tt.cfg, tt.before, tt.request); status != tt.status {
					t.Errorf("status %d, want %d", status, tt.status)
				}
				if !reflect.DeepEqual(tt.before, tt.after) {
					t.Errorf("applied %s:\n got %q\nwant %q", times, tt.before, tt.after)
				}
			}
		})
	}
}

func TestApplyZeroPolicy(t *testing.T) {
	h := everything()
	if status, err := httpcors.Apply(new(cors.Policy), h, newRequest(t, getText)); status != 0 || err != nil || !reflect.DeepEqual(h, everything()) {
		t.Errorf("the zero Policy answers %d, %v and leaves %q", status, err, h)
	}
}

func TestApplyBoundsWhatItJoins(t *testing.T) {
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
				if status, err := httpcors.Apply(mustPolicy(t, cfg), h, r); status != http.StatusForbidden || err != nil || len(h) != 1 {
					t.Errorf("status %d, %v, headers %q", status, err, h)
				}
			}
		})
	}
}

func TestApplyValuesAreOwn(t *testing.T) {
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
		shared := append(make([]string, 0, 8), "Accept-Encoding") // a package's variable, say
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

func TestApplyAllocatesOnce(t *testing.T) {
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
			h, r := everything(), newRequest(t, tt.request) // the map has room
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
