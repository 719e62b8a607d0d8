package probe

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// A situation is a page and a server. The hints of corscheck change it.
type situation struct {
	origin, method string
	headers        []string // that the script sets
	credentials    bool
	send           bool
	path           string

	origins, methods, allowHeaders []string // that the server allows
	star, noCredentials            bool     // it sends *, and no Access-Control-Allow-Credentials
	silent                         bool     // it sends no CORS headers if it does not allow everything
	onRoute, afterRoute            bool     // the middleware sees no preflights, or nothing but preflights
	fixed                          string   // Access-Control-Allow-Origin of all responses
	twice                          bool     // a proxy adds the header again
	preflightStatus                int      // 0 means 204
	slash                          bool     // the server redirects to the path with a slash
}

func (s *situation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	preflight := r.Method == http.MethodOptions
	switch {
	case s.slash && !strings.HasSuffix(r.URL.Path, "/"):
		http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
		return
	case preflight && s.onRoute:
		w.WriteHeader(http.StatusNotFound)
		return
	case !preflight && s.afterRoute:
		return
	}
	h.Set("Vary", "Origin")
	origin := r.Header.Get("Origin")
	asked := strings.FieldsFunc(r.Header.Get("Access-Control-Request-Headers"), func(r rune) bool { return r == ',' })
	lacks := func(name string) bool { return !slices.Contains(s.allowHeaders, http.CanonicalHeaderKey(name)) }
	refused := preflight && (!slices.Contains(s.methods, r.Header.Get("Access-Control-Request-Method")) || slices.ContainsFunc(asked, lacks))
	switch {
	case s.fixed != "":
		h.Set("Access-Control-Allow-Origin", s.fixed)
	case s.star:
		h.Set("Access-Control-Allow-Origin", "*")
	case !slices.Contains(s.origins, origin) || s.silent && refused:
	default:
		h.Set("Access-Control-Allow-Origin", origin)
	}
	if h["Access-Control-Allow-Origin"] != nil {
		if !s.noCredentials {
			h.Set("Access-Control-Allow-Credentials", "true")
		}
		h.Set("Access-Control-Allow-Methods", strings.Join(s.methods, ", "))
		h.Set("Access-Control-Allow-Headers", strings.Join(s.allowHeaders, ", "))
	}
	if s.twice && h["Access-Control-Allow-Origin"] != nil {
		h.Add("Access-Control-Allow-Origin", origin)
	}
	if preflight {
		w.WriteHeader(max(s.preflightStatus, http.StatusNoContent))
	}
}

// list is several names in quotes.
const list = `("[^"]+"(?:, "[^"]+")*)`

func unquote(list string) []string { return strings.Split(strings.Trim(list, `"`), `", "`) }

// orders maps the sentences of hints to the changes that a reader would make.
var orders = []struct {
	sentence string
	follow   func(s *situation, names []string)
}{
	{`add ` + list + ` to Access-Control-Allow-Methods`, func(s *situation, n []string) { s.methods = append(s.methods, n...) }},
	{`add ` + list + ` to Access-Control-Allow-Headers`, func(s *situation, n []string) { s.allowHeaders = append(s.allowHeaders, n...) }},
	{`add ` + list + ` to its methods`, func(s *situation, n []string) { s.methods = append(s.methods, n...) }},
	{`(?:add|and) ` + list + ` to its headers`, func(s *situation, n []string) { s.allowHeaders = append(s.allowHeaders, n...) }},
	{`in all responses, send.* the origin ` + list + ` instead of \*`, func(s *situation, n []string) { s.star, s.origins = false, append(s.origins, n...) }},
	{`in all responses, send.* Access-Control-Allow-Credentials: true`, func(s *situation, _ []string) { s.noCredentials = false }},
	{`send (?:exactly|one origin,|only) ` + list, func(s *situation, n []string) { s.fixed, s.origins = "", append(s.origins, n...) }},
	{`let it compare the origin of the request with a list.*; list ` + list, func(s *situation, n []string) { s.fixed, s.origins = "", append(s.origins, n...) }},
	{`write ` + list + ` in the front end`, func(s *situation, n []string) { s.method = n[0] }},
	{`list ` + list + `, if it is yours`, func(s *situation, n []string) { s.origins = append(s.origins, n...) }},
	{`allow ` + list + ` too`, func(s *situation, n []string) { s.origins = append(s.origins, n...) }},
	{`write ` + list + ` in the list of origins`, func(s *situation, n []string) { s.origins = append(s.origins, n...) }},
	{`open the page over https`, func(s *situation, _ []string) { s.origin = strings.Replace(s.origin, "http:", "https:", 1) }},
	{`answer preflights with 204`, func(s *situation, _ []string) { s.preflightStatus = 0 }},
	{`let only one of them add it`, func(s *situation, _ []string) { s.twice = false }},
	{`request http://[^ ]*/ in the front end`, func(s *situation, _ []string) { s.path += "/" }},
	{`mount it for the whole application`, func(s *situation, _ []string) { s.onRoute, s.afterRoute = false, false }},
	{`use -send`, func(s *situation, _ []string) { s.send = true }},
}

// TestFollow follows each hint word for word: the request is then allowed.
func TestFollow(t *testing.T) {
	for name, change := range map[string]func(*situation){
		"a method":                 func(s *situation) { s.method = "DELETE" },
		"a method in lower case":   func(s *situation) { s.method = "patch" },
		"two headers":              func(s *situation) { s.headers = []string{"Authorization: x", "X-Token: y"} },
		"a method and a header":    func(s *situation) { s.method, s.headers = "DELETE", []string{"X-Token: y"} },
		"a method and credentials": func(s *situation) { s.method, s.credentials, s.noCredentials = "DELETE", true, true },
		"credentials":              func(s *situation) { s.credentials, s.noCredentials = true, true },
		"a star and credentials":   func(s *situation) { s.credentials, s.noCredentials, s.star, s.origins = true, true, true, nil },
		"everything at once": func(s *situation) {
			s.credentials, s.noCredentials, s.star, s.method, s.headers = true, true, true, "DELETE", []string{"X-A: 1", "X-B: 2"}
		},
		"a silent policy":            func(s *situation) { s.silent, s.method, s.headers = true, "DELETE", []string{"X-A: 1", "X-B: 2"} },
		"a silent policy, a header":  func(s *situation) { s.silent, s.headers = true, []string{"X-A: 1"} },
		"an origin":                  func(s *situation) { s.origin = "https://app.example" },
		"an origin of a GET":         func(s *situation) { s.origin, s.method = "https://app.example", "GET" },
		"an origin with www":         func(s *situation) { s.origin = "https://www.myapp.com" },
		"an origin with http":        func(s *situation) { s.origin = "http://myapp.com" },
		"an origin with a slash":     func(s *situation) { s.origins = []string{"https://myapp.com/"} },
		"another loopback name":      func(s *situation) { s.origin, s.origins = "http://127.0.0.1:3000", []string{"http://localhost:3000"} },
		"another origin for all":     func(s *situation) { s.fixed = "https://other.example" },
		"a pattern for all":          func(s *situation) { s.fixed = "https://*.myapp.com" },
		"a list for all":             func(s *situation) { s.fixed = "https://a.example, https://myapp.com" },
		"a slash for all":            func(s *situation) { s.fixed = "https://myapp.com/" },
		"a host for all":             func(s *situation) { s.fixed = "myapp.com" },
		"upper case for all":         func(s *situation) { s.fixed = "https://MyApp.com" },
		"a header twice":             func(s *situation) { s.twice = true },
		"a header twice, for a GET":  func(s *situation) { s.twice, s.method = true, "GET" },
		"a status":                   func(s *situation) { s.preflightStatus = http.StatusMethodNotAllowed },
		"another status":             func(s *situation) { s.preflightStatus = http.StatusTeapot },
		"a redirect":                 func(s *situation) { s.slash = true },
		"a middleware on a route":    func(s *situation) { s.onRoute = true },
		"a middleware after a route": func(s *situation) { s.afterRoute = true },
		"the same, for a GET":        func(s *situation) { s.afterRoute, s.method = true, "GET" },
		"a POST that is not sent":    func(s *situation) { s.method = "POST" },
	} {
		t.Run(name, func(t *testing.T) {
			s := &situation{origin: "https://myapp.com", method: "PUT", path: "/items/1", origins: []string{"https://myapp.com"}, methods: []string{"GET", "PUT"}}
			change(s)
			server := httptest.NewServer(s)
			defer server.Close()
			report := s.probe(t, server.URL)
			if report.Verdict == Allowed {
				t.Fatal("allowed before a change")
			}
			s.follow(t, report.Hint)
			if again := s.probe(t, server.URL); again.Verdict != Allowed {
				t.Errorf("%s: after %q:\n%s: %s\n%s", report.Message, report.Hint, again.Verdict, again.Message, again.Hint)
			}
		})
	}
}

func (s *situation) probe(t *testing.T, url string) *Report {
	t.Helper()
	f, err := script.Parse(s.origin, s.method, s.headers, s.credentials)
	if err != nil {
		t.Fatal(err)
	}
	return Run(t.Context(), Options{URL: mustParseURL(t, url+s.path), Fetch: f, Send: s.send, Timeout: 10 * time.Second})
}

// follow does what a hint says.
func (s *situation) follow(t *testing.T, hint string) {
	t.Helper()
	followed := false
	for _, o := range orders {
		if m := regexp.MustCompile(o.sentence).FindStringSubmatch(hint); m != nil {
			followed = true
			o.follow(s, unquote(m[len(m)-1]))
		}
	}
	if !followed {
		t.Fatalf("nobody knows how to follow %q", hint)
	}
}
