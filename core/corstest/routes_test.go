package corstest_test

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/httpcors"
)

var mine = httpcors.New(cors.Config{
	AllowOrigins: []string{app}, AllowCredentials: true, Unsafe: cors.Unsafe{InsecureOrigins: true},
})

// serveMux returns a mux with a wrapped handler for each pattern, and its routes.
func serveMux(wrap func(http.Handler) http.Handler, patterns ...string) (http.Handler, []corstest.Route) {
	mux := http.NewServeMux()
	var routes []corstest.Route
	for _, pattern := range patterns {
		mux.Handle(pattern, wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
		method, path, _ := strings.Cut(pattern, " ")
		routes = append(routes, corstest.Route{Method: method, Path: path})
	}
	return mux, routes
}

func bare(next http.Handler) http.Handler { return next }

// answering returns a middleware that answers a request if status returns one.
func answering(status func(*http.Request) int, location string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if code := status(r); code != 0 {
				w.Header().Set("Location", location)
				w.WriteHeader(code)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// toStrangers is a middleware that lets strangers read responses.
func toStrangers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if origin := r.Header.Get("Origin"); origin != app && r.Method != http.MethodOptions {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// storing is a cache that keeps the first response for each method and URL with its
// headers, and answers all but preflights.
func storing(next http.Handler) http.Handler {
	stored := map[string]http.Header{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		key := r.Method + " " + r.URL.String()
		if h, ok := stored[key]; ok {
			maps.Copy(w.Header(), h)
			return
		}
		next.ServeHTTP(w, r)
		if r.Method != http.MethodOptions {
			stored[key] = w.Header().Clone()
		}
	})
}

// constant is a middleware that names one origin in every response.
func constant(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range map[string]string{"Origin": app, "Credentials": "true", "Methods": "PUT, PATCH, DELETE"} {
			w.Header().Set("Access-Control-Allow-"+name, value)
		}
		if r.Method != http.MethodOptions {
			next.ServeHTTP(w, r)
		}
	})
}

// naming is a handler that names an origin in responses, but not in those to some
// origins.
func naming(next http.Handler, origin string, except ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(except, r.Header.Get("Origin")) {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
		next.ServeHTTP(w, r)
	})
}

func TestCheckRoutes(t *testing.T) {
	patterns := []string{"GET /items", "PUT /items/{id}", "DELETE /files/{path...}", "POST /{$}", "PATCH /a/{b}/c/{d}"}
	whole, routes := serveMux(bare, patterns...)
	perRoute, _ := serveMux(mine, patterns...)
	always := func(status int) func(*http.Request) int { return func(*http.Request) int { return status } }
	unlessPreflight := func(status int) func(*http.Request) int {
		return func(r *http.Request) int {
			if r.Method == http.MethodOptions {
				return 0
			}
			return status
		}
	}
	onlyPreflight := func(r *http.Request) int {
		if r.Method == http.MethodOptions {
			return http.StatusNoContent
		}
		return 0
	}
	reflecting := httpcors.New(cors.Config{AllowOrigins: []string{app, "https://stranger.invalid"}})
	for _, tt := range []struct {
		name    string
		handler http.Handler
		want    string // part of the failure; empty if there is none
	}{
		{"on all routes", mine(whole), ""},
		{"on all routes, for any origin", httpcors.AllowAll()(whole), ""},
		{"on each route", perRoute, "the router answers 405, as it does where CORS is mounted on a group or a route"},
		{"nowhere", whole, "the router answers 405"},
		{"after authentication", answering(always(401), "")(mine(whole)), "authentication comes before CORS"},
		{"before authentication", mine(answering(unlessPreflight(401), "")(whole)), ""},
		{"after a redirect", answering(always(308), "/elsewhere")(mine(whole)), "answer preflights before any redirect"},
		{"after a redirect of requests", answering(unlessPreflight(301), "/elsewhere")(mine(whole)), "the redirect comes before CORS"},
		{"before a redirect that leads away", mine(answering(unlessPreflight(302), "https://login.example/")(whole)), ""},
		{"after a middleware that answers OPTIONS", answering(onlyPreflight, "")(mine(whole)), "the router itself answers OPTIONS"},
		{"for another origin", httpcors.New(cors.Config{AllowOrigins: []string{"https://b.test"}})(whole),
			"the policy that answers does not allow the origin"},
		{"for any origin", reflecting(whole), "the preflight of a stranger is allowed: the policy reflects any origin"},
		{"for any origin, in responses only", toStrangers(mine(whole)),
			"the preflight of a stranger is refused, but the response is allowed: two policies answer"},
		{"before a cache that stores headers", mine(storing(whole)), "the response to a stranger names the origin of the page: a cache stores CORS headers"},
		{"behind a cache that stores headers", storing(mine(whole)), "the response to a stranger names the origin of the page: a cache stores CORS headers"},
		{"one origin in all responses", constant(whole), ""},
		{"before a handler with an origin of its own", mine(naming(whole, "https://old.test")),
			"the preflight is allowed, but the response names another origin: a handler sets Access-Control-Allow-Origin, or a cache"},
		{"before a handler with an origin of its own for strangers", mine(naming(whole, "https://old.test", app)),
			`the response to a stranger names another origin, "https://old.test": a handler sets`},
		{"two policies", mine(httpcors.New(cors.Config{AllowOrigins: []string{app}})(whole)),
			"the preflight is answered by one policy, and the request by another: mount one middleware"},
		{"an inner policy that refuses", mine(httpcors.New(cors.Config{AllowOrigins: []string{"https://b.test"}})(whole)),
			"the preflight is allowed, but another policy answers the request"},
		{"on a handler that panics", mine(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })),
			"the handler panics: net/http: abort Handler"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := failures(t, func(t testing.TB) { corstest.CheckRoutes(t, pageOf(tt.handler), routes) })
			if tt.want == "" {
				if got != nil {
					t.Errorf("failures %q", got)
				}
				return
			}
			const start = "5 of 5 routes from " + app + ": "
			const list = "\n\tGET /items\n\tPUT /items/{id}\n\tDELETE /files/{path...}\n\tPOST /{$}\n\tPATCH /a/{b}/c/{d}\nfor example, GET /items:\n"
			if len(got) != 1 || !strings.HasPrefix(got[0], start) || !strings.Contains(got[0], tt.want) || !strings.Contains(got[0], list) {
				t.Errorf("failures\n%s\nwant one with\n%s\n%s", strings.Join(got, "\n"), start+tt.want, list)
			}
		})
	}
}

func TestCheckRoutesParameters(t *testing.T) {
	for path, want := range map[string]string{
		"/items":                       "/items",
		"/items/:id":                   "/items/1",
		"/items/:id/parts/:part":       "/items/1/parts/1",
		"/files/*":                     "/files/1",
		"/files/*path":                 "/files/1",
		"/files/+":                     "/files/1",
		"/users/{id}":                  "/users/1",
		"/users/{id:[0-9]+}":           "/users/1",
		"/files/{path...}":             "/files/1",
		"/flights/:from-:to":           "/flights/1-1",
		"/optional/:id?":               "/optional/1",
		"/days/{day:\\d{4}/\\d\\d}":    "/days/2000/01",
		"/items/{id:[a-z]{3}}/x":       "/items/aaa/x",
		"/items/{id:nothing has this}": "/items/1",
		"/items/{id:(}":                "/items/1",
		"/items/{id}:cancel":           "/items/1:cancel",
		"/items/:id\\:cancel":          "/items/1:cancel",
		"/user_:name":                  "/user_1",
		"/a/:id<int>/:on<bool>?":       "/a/1/true",
		"/a/:name<alpha>":              "/a/a",
		"/a/:id<guid>":                 "/a/00000000-0000-4000-8000-000000000000",
		"/a/:name<regex([a-z]{2})>":    "/a/aa",
		"/c++":                         "/c++",
		"/odd/:":                       "/odd/:",
		"/broken/{id":                  "/broken/1",
		"/{$}":                         "/",
		"/a/{$}":                       "/a/",
		"/":                            "/",
		"":                             "/",
		"*":                            "/1",
		"items":                        "/items",
	} {
		var got string
		p := pageOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = r.URL.Path
			open().ServeHTTP(w, r)
		}))
		corstest.CheckRoutes(t, p, []corstest.Route{{Method: "GET", Path: path}})
		if got != want {
			t.Errorf("CheckRoutes requests %q as %q, want %q", path, got, want)
		}
	}
}

func TestCheckRoutesUncommonMethods(t *testing.T) {
	for _, method := range []string{"PROPFIND", "REPORT", "QUERY"} {
		p := pageOf(mine(http.NotFoundHandler()))
		corstest.CheckRoutes(t, p, []corstest.Route{{method, "/any"}})
		p = pageOf(http.NotFoundHandler())
		got := failures(t, func(t testing.TB) { corstest.CheckRoutes(t, p, []corstest.Route{{method, "/any"}}) })
		if len(got) != 1 || !strings.Contains(got[0], "the router answers 404") {
			t.Errorf("%s: failures %q", method, got)
		}
	}
}

func TestCheckRoutesGroups(t *testing.T) {
	whole, routes := serveMux(bare, "GET /items", "PUT /items", "DELETE /items", "POST /items", "GET /other")
	h := httpcors.New(cors.Config{AllowOrigins: []string{app}, AllowMethods: []string{"GET"}, Unsafe: cors.Unsafe{InsecureOrigins: true}})(
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/other" {
				clear(w.Header())
			}
			whole.ServeHTTP(w, r)
		}))
	want := []string{`2 of 5 routes from http://myapp.test:7001: the preflight does not allow the method: add it to Access-Control-Allow-Methods; with credentials, * is not enough
	PUT /items
	DELETE /items
for example, PUT /items:
` + strings.Replace(blockedByCORS, "/x", "/items", 1) + `Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.
> OPTIONS http://api.test:7002/items
> Access-Control-Request-Method: PUT
> Origin: http://myapp.test:7001
< 204 No Content
< Access-Control-Allow-Methods: GET
< Access-Control-Allow-Origin: http://myapp.test:7001
< Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
`, `GET /other from http://myapp.test:7001: the preflight is allowed, but the response has no CORS headers: `}
	got := failures(t, func(t testing.TB) { corstest.CheckRoutes(t, pageOf(h), routes) })
	if len(got) != len(want) || got[0] != want[0] || !strings.HasPrefix(got[1], want[1]) {
		t.Errorf("failures\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestCheckRoutesServers(t *testing.T) {
	var called []string
	srv := httptest.NewServer(mine(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		called = append(called, r.Method+" from "+r.Header.Get("Origin"))
	})))
	defer srv.Close()
	dial := func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, srv.Listener.Addr().String())
	}
	toTest := &http.Transport{DialContext: dial}
	defer toTest.CloseIdleConnections()
	const stranger = "https://stranger.invalid"
	all := []string{"DELETE from " + app, "DELETE from " + stranger, "GET from " + app, "GET from " + stranger}
	for _, tt := range []struct {
		name, server string
		transport    http.RoundTripper
		called       []string
		log          string
	}{
		{"on loopback", srv.URL, nil, all, ""},
		{"on loopback, with the client's transport", srv.URL, srv.Client().Transport, all, ""},
		{"that may be in production", "http://api.myapp.com", toTest, all[2:],
			"corstest: http://api.myapp.com may be in production: CheckRoutes sends only preflights, GET and HEAD to it, so the responses of " +
				"1 of 2 routes are not checked"},
		{"behind a transport of the test", "http://api.myapp.com", corstest.RoundTripperFunc(toTest.RoundTrip), all, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			called = nil
			fake := &fakeT{ctx: t.Context()}
			p := &corstest.Page{Origin: app, Server: tt.server, Transport: tt.transport}
			corstest.CheckRoutes(fake, p, []corstest.Route{{"DELETE", "/"}, {"GET", "/"}})
			if fake.failures != nil || !slices.Equal(called, tt.called) || strings.Join(fake.logs, "\n") != tt.log {
				t.Errorf("failures %q, logs %q, called %q, want %q and %q", fake.failures, fake.logs, called, tt.log, tt.called)
			}
		})
	}
}

// The clock of a bubble of synctest advances if all of its goroutines wait.
func TestCheckRoutesTimeLimit(t *testing.T) {
	stream := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			write(w, "data: tick\n\n")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(100 * time.Millisecond)
		}
	}
	block := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	late := func(w http.ResponseWriter, _ *http.Request) { time.Sleep(4 * time.Second) }
	ignoring := corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) {
		time.Sleep(time.Hour)
		return nil, errors.New("late")
	})
	for _, tt := range []struct {
		name      string
		transport http.RoundTripper
		want      string
	}{
		{"a stream", corstest.Handler(mine(http.HandlerFunc(stream))), ""},
		{"a stream outside of the policy", corstest.Handler(preflightsOnly(mine, http.HandlerFunc(stream))), "the preflight is allowed, but the response"},
		{"a late response", corstest.Handler(mine(http.HandlerFunc(late))), ""},
		{"no response", corstest.Handler(mine(http.HandlerFunc(block))), "corstest: there is no response within 5s"},
		{"no answer to the preflight", corstest.Handler(http.HandlerFunc(block)), "corstest: there is no response within 5s"},
		{"a transport that ignores the context", ignoring, "corstest: there is no response within 5s"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &corstest.Page{Origin: app, Server: api, Transport: tt.transport}
				got := failures(t, func(t testing.TB) { corstest.CheckRoutes(t, p, []corstest.Route{{"GET", "/"}}) })
				if tt.want == "" && got != nil || tt.want != "" && (len(got) != 1 || !strings.HasPrefix(got[0], "GET / from "+app+": "+tt.want)) {
					t.Errorf("failures %q, want %q", got, tt.want)
				}
				time.Sleep(2 * time.Hour)
			})
		})
	}
}

// preflightsOnly applies a middleware to preflights alone.
func preflightsOnly(middleware func(http.Handler) http.Handler, next http.Handler) http.Handler {
	with := middleware(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			with.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func TestCheckRoutesPseudoMethods(t *testing.T) {
	p := pageOf(mine(http.NotFoundHandler()))
	seen := map[string]bool{}
	p.Transport = recordMethods(seen, p.Transport)
	corstest.CheckRoutes(t, p, []corstest.Route{
		{"GET", "/"}, {"OPTIONS", "/"}, {"CONNECT", "/"}, {"TRACE", "/"}, {"echo_route_not_found", "/"}, {"", "/"}, {"*", "/"},
	})
	if len(seen) != 1 || !seen["GET"] {
		t.Errorf("asked for %v, want GET alone", seen)
	}
	if len(p.Exchanges()) > 0 {
		t.Error("the page has exchanges")
	}
}

func recordMethods(seen map[string]bool, next http.RoundTripper) http.RoundTripper {
	return corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		if asked := req.Header.Get("Access-Control-Request-Method"); asked != "" {
			seen[asked] = true
		} else {
			seen[req.Method] = true
		}
		return next.RoundTrip(req)
	})
}

func TestCheckRoutesErrors(t *testing.T) {
	routes := []corstest.Route{{"GET", "/items"}}
	sameOrigin := pageOf(open())
	sameOrigin.Server = app
	for _, tt := range []struct {
		name   string
		page   *corstest.Page
		routes []corstest.Route
		want   string
	}{
		{"no routes", pageOf(open()), nil, "corstest: there are no routes to check"},
		{"no routes for fetch", pageOf(open()), []corstest.Route{{"OPTIONS", "/"}}, "corstest: there are no routes to check"},
		{"no origin", &corstest.Page{}, routes, "corstest: Page.Origin is empty"},
		{"the server's own origin", sameOrigin, routes, "corstest: the page and the server have the same origin, " + app},
		{"no path", pageOf(open()), []corstest.Route{{"GET", "/%zz"}}, `parse "/%zz": invalid URL escape`},
	} {
		got := failures(t, func(t testing.TB) { corstest.CheckRoutes(t, tt.page, tt.routes) })
		if len(got) != 1 || !strings.Contains(got[0], tt.want) {
			t.Errorf("%s: failures %q, want %q", tt.name, got, tt.want)
		}
	}
}
