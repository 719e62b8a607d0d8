package httpcors_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

func myApp() cors.Config {
	return cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowMethods: []string{"GET", "PUT"}}
}

func mustPolicy(t testing.TB, cfg cors.Config) *cors.Policy {
	t.Helper()
	p, err := cors.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// summary returns a response in one line: status, CORS headers and Vary, body.
func summary(res *http.Response) string {
	parts := []string{fmt.Sprint(res.StatusCode)}
	for _, name := range slices.Sorted(maps.Keys(res.Header)) {
		if short, ok := strings.CutPrefix(name, "Access-Control-Allow-"); ok || name == "Vary" {
			parts = append(parts, short+"="+strings.Join(res.Header[name], "|"))
		}
	}
	if body, _ := io.ReadAll(res.Body); len(body) > 0 {
		parts = append(parts, "body="+strings.TrimSpace(string(body)))
	}
	return strings.Join(parts, " ")
}

func serve(t *testing.T, h http.Handler, request string) string {
	t.Helper()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, newRequest(t, request))
	return summary(rec.Result())
}

const (
	vary      = "Vary=Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
	preflight = "\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PUT"
	notFound  = "404 Origin=https://myapp.com Vary=Origin body=404 page not found"
	accepted  = "204 Methods=GET, PUT Origin=https://myapp.com " + vary
)

// A policy around a ServeMux covers its redirects and errors, too.
func TestServeMux(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/{$}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "items") })
	mux.HandleFunc("PUT /items/{id}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "put "+r.PathValue("id")) })
	mux.HandleFunc("OPTIONS /own", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "own") })
	mux.HandleFunc("/vary", func(w http.ResponseWriter, _ *http.Request) { w.Header().Add("Vary", "Cookie") })
	h := httpcors.New(myApp())(mux)
	for _, tt := range []struct{ name, request, want string }{
		{"a preflight is answered", "OPTIONS /items/1" + preflight, accepted},
		{"a preflight without a route is answered", "OPTIONS /none" + preflight, accepted},
		{"a preflight is answered before the redirect", "OPTIONS /items" + preflight, accepted},
		{"a refused preflight", "OPTIONS /items/1\nOrigin: https://evil.example\nAccess-Control-Request-Method: PUT", "403 " + vary},
		{"an allowed request", "PUT /items/1\nOrigin: https://myapp.com", "200 Origin=https://myapp.com Vary=Origin body=put 1"},
		{"a refused request", "PUT /items/1\nOrigin: https://evil.example", "200 Vary=Origin body=put 1"},
		{"a request without origin", "PUT /items/1", "200 Vary=Origin body=put 1"},
		{"a redirect has CORS headers", "GET /items\nOrigin: https://myapp.com",
			`307 Origin=https://myapp.com Vary=Origin body=<a href="/items/">Temporary Redirect</a>.`},
		{"404 has CORS headers", "GET /none\nOrigin: https://myapp.com", notFound},
		{"405 has CORS headers", "DELETE /items/1\nOrigin: https://myapp.com",
			"405 Origin=https://myapp.com Vary=Origin body=Method Not Allowed"},
		{"another OPTIONS request", "OPTIONS /own\nOrigin: https://myapp.com", "200 Origin=https://myapp.com Vary=Origin body=own"},
		{"OPTIONS without an origin", "OPTIONS /own", "200 Vary=Origin body=own"},
		{"the handler adds to Vary", "GET /vary\nOrigin: https://myapp.com", "200 Origin=https://myapp.com Vary=Origin|Cookie"},
		{"two origins", "GET /items/\nOrigin: https://myapp.com\nOrigin: https://myapp.com", "200 Vary=Origin body=items"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := serve(t, h, tt.request); got != tt.want {
				t.Errorf("\n got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestRejectDisallowed(t *testing.T) {
	cfg := myApp()
	cfg.RejectDisallowed = true
	h := httpcors.New(cfg)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "handled") }))
	for request, want := range map[string]string{
		"POST /\nOrigin: https://evil.example":                               "403 Vary=Origin",
		"POST /\nOrigin: https://evil.example\nSec-Fetch-Site: same-site":    "403 Vary=Origin",
		"POST /\nOrigin: https://other.example\nSec-Fetch-Site: same-origin": "200 Vary=Origin body=handled",
		"POST /\nOrigin: http://example.com":                                 "200 Vary=Origin body=handled",
		"POST /":                                                             "200 Vary=Origin body=handled",
		"POST /\nOrigin: https://myapp.com":                                  "200 Origin=https://myapp.com Vary=Origin body=handled",
	} {
		if got := serve(t, h, request); got != want {
			t.Errorf("%q:\n got %s\nwant %s", request, got, want)
		}
	}
}

func TestAllowAll(t *testing.T) {
	h := httpcors.AllowAll()(http.NotFoundHandler())
	for request, want := range map[string]string{
		"GET /":                        "404 Origin=* body=404 page not found",
		"GET /\nOrigin: https://a.com": "404 Origin=* body=404 page not found",
		"OPTIONS /\nOrigin: null\nAccess-Control-Request-Method: PATCH": "204 Headers=*, Authorization Methods=* Origin=* " + vary,
	} {
		if got := serve(t, h, request); got != want {
			t.Errorf("%q:\n got %s\nwant %s", request, got, want)
		}
	}
}

func TestInnerPolicy(t *testing.T) {
	inner := httpcors.New(cors.Config{AllowOrigins: []string{"https://inner.example"}})(http.NotFoundHandler())
	h := httpcors.New(cors.Config{
		AllowOrigins: []string{"https://myapp.com", "https://inner.example"}, ExposeHeaders: []string{"ETag"}, AllowCredentials: true,
	})(inner)
	for request, want := range map[string]string{
		"GET /\nOrigin: https://inner.example": "404 Origin=https://inner.example Vary=Origin body=404 page not found",
		"GET /\nOrigin: https://myapp.com":     "404 Vary=Origin body=404 page not found",
	} {
		if got := serve(t, h, request); got != want {
			t.Errorf("%q:\n got %s\nwant %s", request, got, want)
		}
	}
}

func TestSelect(t *testing.T) {
	open, strict := mustPolicy(t, cors.AllowAll()), mustPolicy(t, myApp())
	paths := cors.Paths{"/public/": open, "/api/": strict, "/zero/": new(cors.Policy)}
	h := httpcors.Select(func(r *http.Request) *cors.Policy { return paths.Policy(r.URL.EscapedPath()) })(http.NotFoundHandler())
	for request, want := range map[string]string{
		"GET /public/x\nOrigin: https://a.com":                                      "404 Origin=* body=404 page not found",
		"GET /api/x\nOrigin: https://a.com":                                         "404 Vary=Origin body=404 page not found",
		"GET /api/x\nOrigin: https://myapp.com":                                     notFound,
		"GET /else\nOrigin: https://a.com":                                          "404 body=404 page not found",
		"OPTIONS /else\nOrigin: https://a.com\nAccess-Control-Request-Method: PUT":  "404 body=404 page not found",
		"OPTIONS /zero/\nOrigin: https://a.com\nAccess-Control-Request-Method: PUT": "404 body=404 page not found",
	} {
		if got := serve(t, h, request); got != want {
			t.Errorf("%q:\n got %s\nwant %s", request, got, want)
		}
	}
}

// The middleware follows Reconfigure.
func TestFrom(t *testing.T) {
	var p cors.Policy
	h := httpcors.From(&p)(http.NotFoundHandler())
	const request = "GET /\nOrigin: https://myapp.com"
	if got, want := serve(t, h, request), "404 body=404 page not found"; got != want {
		t.Errorf("not configured: got %s, want %s", got, want)
	}
	if err := p.Reconfigure(myApp()); err != nil {
		t.Fatal(err)
	}
	if got, want := serve(t, h, request), notFound; got != want {
		t.Errorf("configured: got %s, want %s", got, want)
	}
}

// New panics with all problems.
func TestNewPanic(t *testing.T) {
	defer func() {
		err, _ := recover().(error)
		if err == nil {
			t.Fatal("New does not panic with an error")
		}
		want := `cors: AllowOrigins[0]: "myapp.com" has no scheme such as https://; use "https://myapp.com"` + "\n" +
			`cors: AllowMethods[0]: "TRACE" is a method that browsers never send; remove it`
		if err.Error() != want {
			t.Errorf("panic:\n got %s\nwant %s", err, want)
		}
		if _, ok := errors.AsType[*cors.ConfigError](err); !ok {
			t.Error("errors.As finds no *ConfigError")
		}
	}()
	httpcors.New(httpcors.Config{AllowOrigins: []string{"myapp.com"}, AllowMethods: []string{"TRACE"}})
}

func TestFromNil(t *testing.T) {
	defer func() {
		if got, want := recover(), "httpcors: From needs a policy, but got nil"; got != want {
			t.Errorf("panic: %v, want %s", got, want)
		}
	}()
	httpcors.From(nil)
}

var errLookup = errors.New("tenant database: password=hunter2")

func failing() cors.Config {
	return cors.Config{AllowOriginFunc: func(context.Context, string) (bool, error) { return false, errLookup }}
}

// The server logs the error. The response does not contain it.
func TestCallbackError(t *testing.T) {
	var logged bytes.Buffer
	handled := false
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { handled = true })
	srv := httptest.NewUnstartedServer(httpcors.New(failing())(handler))
	srv.Config.ErrorLog = log.New(&logged, "", 0)
	srv.Start()
	for _, tt := range []struct{ method, requestMethod, want string }{
		{"GET", "", "500 Vary=Origin body=Internal Server Error"},
		{"HEAD", "", "500 Vary=Origin"},
		{"OPTIONS", "PUT", "500 " + vary + " body=Internal Server Error"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tt.method, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Origin", "https://a.com")
		if tt.requestMethod != "" {
			req.Header.Set("Access-Control-Request-Method", tt.requestMethod)
		}
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if got := summary(res); got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.method, got, tt.want)
		}
		res.Body.Close()
	}
	srv.Close()
	if want := strings.Repeat("cors: AllowOriginFunc: "+errLookup.Error()+"\n", 3); logged.String() != want {
		t.Errorf("logged %q, want %q", &logged, want)
	}
	if handled {
		t.Error("the handler was called")
	}
}

func TestCallbackErrorDefaultLog(t *testing.T) {
	var logged bytes.Buffer
	defer log.SetOutput(log.Writer())
	log.SetOutput(&logged)
	h := httpcors.New(failing())(http.NotFoundHandler())
	if got, want := serve(t, h, "GET /\nOrigin: https://a.com"), "500 Vary=Origin body=Internal Server Error"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !strings.Contains(logged.String(), errLookup.Error()) {
		t.Errorf("logged %q", &logged)
	}
}

func TestPreflightBody(t *testing.T) {
	cfg := myApp()
	cfg.PreflightStatus = http.StatusOK
	srv := httptest.NewServer(httpcors.New(cfg)(http.NotFoundHandler()))
	defer srv.Close()
	for origin, want := range map[string]int{"https://myapp.com": 200, "https://evil.example": 403} {
		req, _ := http.NewRequestWithContext(t.Context(), "OPTIONS", srv.URL, nil)
		req.Header.Set("Origin", origin)
		req.Header.Set("Access-Control-Request-Method", "PUT")
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want || res.ContentLength != 0 || res.Header.Get("Content-Type") != "" {
			t.Errorf("%s: status %d, %d bytes, headers %q; want %d without a body", origin, res.StatusCode, res.ContentLength, res.Header, want)
		}
	}
}
