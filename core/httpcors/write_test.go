package httpcors_test

import (
	"net/http"
	"reflect"
	"slices"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// everything has a value for each header.
var everything = cors.Decision{
	AllowOrigin: "https://a.com", AllowCredentials: "true", AllowMethods: "GET, PUT", AllowHeaders: "X-A", ExposeHeaders: "ETag", MaxAge: "60", Vary: "Origin, X-Tenant",
}

func everythingWritten() http.Header {
	return http.Header{
		"Access-Control-Allow-Origin":      {"https://a.com"},
		"Access-Control-Allow-Credentials": {"true"},
		"Access-Control-Allow-Methods":     {"GET, PUT"},
		"Access-Control-Allow-Headers":     {"X-A"},
		"Access-Control-Expose-Headers":    {"ETag"},
		"Access-Control-Max-Age":           {"60"},
		"Vary":                             {"Origin, X-Tenant"},
	}
}

func TestWrite(t *testing.T) {
	refused := cors.Decision{Vary: "Origin"}
	for _, tc := range []struct {
		name   string
		before http.Header
		d      cors.Decision
		after  http.Header
	}{
		{name: "the zero Decision writes nothing", before: http.Header{}, after: http.Header{}},
		{
			name:   "the zero Decision leaves what is there",
			before: http.Header{"Access-Control-Allow-Origin": {"x", "y"}, "Vary": {"*"}}, after: http.Header{"Access-Control-Allow-Origin": {"x", "y"}, "Vary": {"*"}},
		},
		{name: "every header", before: http.Header{}, d: everything, after: everythingWritten()},
		{name: "a refusal", before: http.Header{}, d: refused, after: http.Header{"Vary": {"Origin"}}},
		{name: "other headers are left alone", before: http.Header{"Etag": {"1"}}, d: refused, after: http.Header{"Etag": {"1"}, "Vary": {"Origin"}}},
		{name: "the asterisk without Vary", before: http.Header{}, d: cors.Decision{AllowOrigin: "*"}, after: http.Header{"Access-Control-Allow-Origin": {"*"}}},

		// the inner policy wins
		{name: "an outer policy is taken back", before: everythingWritten(), d: refused, after: http.Header{"Vary": {"Origin, X-Tenant"}}},
		{
			name: "an outer policy is replaced as a whole", before: everythingWritten(), d: cors.Decision{AllowOrigin: "*"},
			after: http.Header{"Access-Control-Allow-Origin": {"*"}, "Vary": {"Origin, X-Tenant"}},
		},
		{
			name: "an outer policy is taken back by a status alone", before: everythingWritten(), d: cors.Decision{Status: 403},
			after: http.Header{"Vary": {"Origin, X-Tenant"}},
		},
		{name: "doubled lines are replaced by one", before: http.Header{"Access-Control-Allow-Origin": {"*", "*"}}, d: cors.Decision{AllowOrigin: "https://a.com", Vary: "Origin"}, after: http.Header{"Access-Control-Allow-Origin": {"https://a.com"}, "Vary": {"Origin"}}},

		// Vary
		{name: "Vary is added to", before: http.Header{"Vary": {"Accept-Encoding"}}, d: refused, after: http.Header{"Vary": {"Accept-Encoding", "Origin"}}},
		{name: "Vary has it all", before: http.Header{"Vary": {"Cookie, origin"}}, d: refused, after: http.Header{"Vary": {"Cookie, origin"}}},
		{name: "Vary has it on several lines", before: http.Header{"Vary": {"x-tenant", "Origin"}}, d: cors.Decision{Vary: "Origin, X-Tenant"}, after: http.Header{"Vary": {"x-tenant", "Origin"}}},
		{name: "Vary has some of it", before: http.Header{"Vary": {"Cookie", "Origin"}}, d: cors.Decision{Vary: "Origin, X-Tenant"}, after: http.Header{"Vary": {"Cookie", "Origin", "X-Tenant"}}},
		{name: "Vary has an asterisk", before: http.Header{"Vary": {"*"}}, d: refused, after: http.Header{"Vary": {"*"}}},
		{name: "Vary has an empty line", before: http.Header{"Vary": {""}}, d: refused, after: http.Header{"Vary": {"", "Origin"}}},
		{name: "Vary is there without lines", before: http.Header{"Vary": nil}, d: refused, after: http.Header{"Vary": {"Origin"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			httpcors.Write(tc.before, tc.d)
			if !reflect.DeepEqual(tc.before, tc.after) {
				t.Errorf("\n got %q\nwant %q", tc.before, tc.after)
			}
			httpcors.Write(tc.before, tc.d)
			if !reflect.DeepEqual(tc.before, tc.after) {
				t.Errorf("written twice:\n got %q\nwant %q", tc.before, tc.after)
			}
		})
	}
}

func TestValuesBelongToOneHeaderAlone(t *testing.T) {
	h := http.Header{}
	httpcors.Write(h, everything)
	for name := range everythingWritten() {
		h[name] = append(h[name], "appended to "+name)
		h[name][0] += " changed"
	}
	for name, want := range everythingWritten() {
		if got := h[name]; len(got) != 2 || got[0] != want[0]+" changed" || got[1] != "appended to "+name {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// rs/cors and jub0bs/cors once handed the same slices to all responses.
func TestResponsesShareNoMemory(t *testing.T) {
	one, other := http.Header{}, http.Header{}
	httpcors.Write(one, everything)
	httpcors.Write(other, everything)
	for name := range one {
		one[name][0] = "spoilt"
	}
	if !reflect.DeepEqual(other, everythingWritten()) {
		t.Errorf("changing one response has changed another to %q", other)
	}
}

func TestSpareRoomInVaryIsNotWrittenTo(t *testing.T) {
	shared := append(make([]string, 0, 8), "Accept-Encoding") // say, a package's variable
	for range 2 {
		h := http.Header{"Vary": shared}
		httpcors.Write(h, cors.Decision{Vary: "Origin"})
		if want := []string{"Accept-Encoding", "Origin"}; !slices.Equal(h["Vary"], want) {
			t.Errorf("Vary = %q, want %q", h["Vary"], want)
		}
	}
	if spare := shared[:2][1]; spare != "" {
		t.Errorf("the spare room of the slice holds %q", spare)
	}
}

func TestApplyAllocatesOnce(t *testing.T) {
	policy, err := cors.New(cors.Config{
		AllowOrigins: []string{"https://a.com"}, AllowHeaders: []string{"X-A"}, ExposeHeaders: []string{"ETag"},
		AllowCredentials: true, MaxAge: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		policy  *cors.Policy
		request string
		want    float64
	}{
		"a request without origin": {policy, "GET /", 1},
		"an allowed request":       {policy, "GET /\nOrigin: https://a.com", 1},
		"a refused request":        {policy, "GET /\nOrigin: https://b.com", 1},
		"a preflight":              {policy, "OPTIONS /\nOrigin: https://a.com\nAccess-Control-Request-Method: PUT", 1},
		"a refused preflight":      {policy, "OPTIONS /\nOrigin: https://b.com\nAccess-Control-Request-Method: PUT", 1},
		"the zero Policy":          {new(cors.Policy), "GET /\nOrigin: https://a.com", 0},
	} {
		t.Run(name, func(t *testing.T) {
			h, r := make(http.Header), newRequest(t, tc.request)
			httpcors.Write(h, everything) // makes room in the map
			n := testing.AllocsPerRun(100, func() {
				clear(h)
				httpcors.Apply(tc.policy, h, r)
			})
			if n != tc.want {
				t.Errorf("Apply allocates %v times, want %v", n, tc.want)
			}
		})
	}
}
