package diff_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/httpcors"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/diff"
)

// pool holds the parts of random policies and requests.
var pool = struct{ entries, regexps, origins, methods, headers, exposed []string }{
	entries: []string{
		"https://a.example", "https://b.a.example", "https://pr-1.a.example", "https://*.a.example", "https://pr-*.a.example",
		"https://*.b.a.example", "https://*.a.example:*", "https://a.example:8080", "https://*.a.example:8080",
		"http://localhost:3000", "http://localhost:*", "http://localhost", "tauri://localhost", "moz-extension://*",
		"moz-extension://x", "moz-extension://*.x", "null", "https://127.0.0.1", "http://*.localhost:*", "https://*.a.example.",
	},
	regexps: []string{
		`https://[ab]\.example`, `https://(.*\.)?a\.example`, `https://pr-[0-9]+\.a\.example`, `https://\w+\.a\.example(:\d+)?`,
		`http://localhost(:[0-9]+)?`, `moz-extension://[a-z]+`, `http://127\.0\.0\.[0-9]{1,3}`, `https://b\b-?\w*\.a\.example|null`,
	},
	origins: []string{
		"https://a.example", "https://b.example", "https://b.a.example", "https://c.b.a.example", "https://pr-1.a.example", "https://pr-x.a.example",
		"https://a.example:8080", "https://x.a.example:8080", "https://x.a.example:99", "https://x_y.a.example", "http://localhost", "http://localhost:3000",
		"http://localhost:1", "tauri://localhost", "moz-extension://x", "moz-extension://y.x", "moz-extension://Q", "null", "file://",
		"https://127.0.0.1", "http://127.0.0.9", "http://127.0.0.1", "http://x.localhost:80", "http://x.localhost:8080", "https://x.a.example.",
		"https://b-c.a.example", "https://stranger.example", "https://pr-1.pr-1.a.example",
	},
	methods: []string{"GET", "PUT", "PATCH", "DELETE", "POST", "*", "PURGE", "HEAD"},
	headers: []string{"Content-Type", "Authorization", "X-A", "x-b", "*", "Origin"},
	exposed: []string{"X-Total", "ETag", "content-type", "*"},
}

func some(r *rand.Rand, from []string, most int) (list []string) {
	for range r.IntN(most + 1) {
		list = append(list, from[r.IntN(len(from))])
	}
	return list
}

// randomConfig returns a valid policy.
func randomConfig(r *rand.Rand) cors.Config {
	for {
		c := cors.Config{
			AllowOrigins: some(r, pool.entries, 4), AllowMethods: some(r, pool.methods, 3), AllowHeaders: some(r, pool.headers, 3),
			ExposeHeaders: some(r, pool.exposed, 2), AllowCredentials: r.IntN(2) == 0, RejectDisallowed: r.IntN(4) == 0,
			Unsafe: cors.Unsafe{InsecureOrigins: r.IntN(2) == 0, NullOrigin: r.IntN(2) == 0},
		}
		switch r.IntN(8) {
		case 0:
			c.AllowOrigins = []string{}
		case 1:
			c.AllowOrigins = []string{"*"}
		}
		for _, text := range some(r, pool.regexps, 2) {
			c.AllowOriginRegexps = append(c.AllowOriginRegexps, regexp.MustCompile(text))
		}
		if _, err := cors.New(c); err == nil {
			return c
		}
	}
}

// allows asks a browser whether a script may do something.
func allows(t *testing.T, cfg cors.Config, r diff.Request) bool {
	t.Helper()
	p, err := cors.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	h := httpcors.From(p)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Total", "1")
		w.Header().Set("Etag", "1")
		if r.Exposed != "" {
			w.Header().Set(r.Exposed, "1")
		}
	}))
	page := &corstest.Page{Origin: r.Origin, Credentials: corstest.Omit, Server: "https://api.test", Transport: corstest.Handler(h),
		Browser: corstest.Firefox} // which follows the standard, where * does not cover Authorization
	if r.Credentials {
		page.Credentials = corstest.Include
	}
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(t.Context(), method, "https://api.test/", nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Header != "" {
		req.Header.Set(r.Header, "application/json")
	}
	res, err := page.Fetch(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return r.Exposed == "" || res.Header.Get(r.Exposed) != ""
}

// mentions reports whether a change says that a request is allowed.
func mentions(t *testing.T, c diff.Change, r diff.Request) bool {
	switch c.Aspect {
	case diff.Credentials:
		return r.Credentials
	case diff.Methods:
		return c.Value == r.Method || c.Value == "any method" && r.Method != ""
	case diff.Headers:
		return strings.EqualFold(c.Value, r.Header) || c.Value == "any header but Authorization" && r.Header != "" && r.Header != "Authorization"
	case diff.Exposed:
		return strings.EqualFold(c.Value, r.Exposed) || c.Value == "every response header" && r.Exposed != ""
	case diff.Origins:
		if strings.HasPrefix(c.Value, "every origin") {
			return true
		}
		only := cors.Config{AllowOrigins: []string{c.Value}, Unsafe: cors.Unsafe{NullOrigin: true}}
		if text, ok := strings.CutPrefix(c.Value, "/"); ok {
			only.AllowOrigins, only.AllowOriginRegexps = nil, []*regexp.Regexp{regexp.MustCompile(strings.TrimSuffix(text, "/"))}
		}
		return allows(t, only, diff.Request{Origin: r.Origin})
	}
	return false
}

// TestProperty compares random policies. A browser confirms that each change has a
// witness, and that each request that only one of the policies allows is among the
// changes.
func TestProperty(t *testing.T) {
	const pairs, requests = 100, 20
	r := rand.New(rand.NewPCG(1, 2))
	for range pairs {
		from, to := randomConfig(r), randomConfig(r)
		if r.IntN(2) == 0 { // a small change
			to = from
			switch other := randomConfig(r); r.IntN(4) {
			case 0:
				to.AllowOrigins, to.AllowOriginRegexps, to.Unsafe = other.AllowOrigins, other.AllowOriginRegexps, cors.Unsafe{InsecureOrigins: true, NullOrigin: true}
			case 1:
				to.AllowMethods = other.AllowMethods
			case 2:
				to.AllowHeaders = other.AllowHeaders
			case 3:
				to.AllowCredentials = false
			}
			if _, err := cors.New(to); err != nil {
				continue
			}
		}
		changes, err := diff.Compare(from, to)
		if err != nil {
			t.Fatal(err)
		}
		context := fmt.Sprintf("\nold %+v\nnew %+v\n%+v", from, to, changes)
		for _, c := range changes {
			allowing, refusing := to, from
			if c.Effect == diff.Closes {
				allowing, refusing = from, to
			}
			switch {
			case c.Effect == diff.Differs || c.Aspect == diff.Rejection:
			case c.Witness == nil:
				t.Errorf("%+v has no witness%s", c, context)
			case !allows(t, allowing, *c.Witness) || allows(t, refusing, *c.Witness):
				t.Errorf("%+v: %+v is not a witness%s", c, *c.Witness, context)
			}
		}
		for range requests {
			req := diff.Request{
				Origin: pool.origins[r.IntN(len(pool.origins))], Credentials: r.IntN(2) == 0, Method: strings.Trim(pool.methods[r.IntN(len(pool.methods))], "*"),
				Header: strings.Trim(pool.headers[r.IntN(4)], "*"), Exposed: []string{"", "X-Total", "Etag"}[r.IntN(3)],
			}
			before, after := allows(t, from, req), allows(t, to, req)
			effect := diff.Opens
			if before {
				effect = diff.Closes
			}
			if before != after && !slices.ContainsFunc(changes, func(c diff.Change) bool { return c.Effect == effect && mentions(t, c, req) }) {
				t.Fatalf("%+v is allowed: %v, then %v%s", req, before, after, context)
			}
		}
	}
}
