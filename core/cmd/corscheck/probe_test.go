package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// serve starts a server, and returns its URL. Transcripts have port 8080
// instead of its own.
func serve(t *testing.T, h http.Handler) (url string, normalise func(string) string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	port := s.URL[strings.LastIndexByte(s.URL, ':'):]
	return s.URL, func(transcript string) string { return strings.ReplaceAll(transcript, port, ":8080") }
}

// items is an API.
func items() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/1", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("PUT /items/1", func(http.ResponseWriter, *http.Request) {})
	return mux
}

// shop is a policy as it should be.
func shop() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "http://localhost:3000"},
		AllowMethods:     []string{"GET", "PUT"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
		MaxAge:           7200e9,
	}
}

func with(h http.Handler, headers ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Add(headers[i], headers[i+1])
		}
		h.ServeHTTP(w, r)
	})
}

// compares lets in the origins for which ok, with credentials.
func compares(ok func(origin string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Origin")
		if o := r.Header.Get("Origin"); o != "" && ok(o) {
			w.Header().Set("Access-Control-Allow-Origin", o)
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
		}
	})
}

func TestProbe(t *testing.T) {
	good := httpcors.New(shop())(items())
	for _, tt := range []struct {
		name   string
		server http.Handler
		args   []string
		status int
	}{
		{"allowed", good, []string{"-origin", "https://myapp.com"}, exitAllowed},
		{"allowed-put", good, []string{"-origin", "https://myapp.com", "-method", "PUT", "-credentials"}, exitAllowed},
		{"allowed-put-sent", good, []string{"-origin", "https://myapp.com", "-method", "PUT", "-send"}, exitAllowed},
		{"quick", good, []string{"--origin=https://myapp.com", "--quick"}, exitAllowed},
		{"json", good, []string{"-json", "-origin", "https://myapp.com", "-method", "PUT", "-header", "Authorization: Bearer secret"}, exitRefused},
		{"json-allowed", good, []string{"-json", "-origin", "https://myapp.com"}, exitAllowed},
		{"missing-authorization", good, []string{"-origin", "https://myapp.com", "-method", "PUT", "-header", "Authorization: Bearer secret"}, exitRefused},
		{"lower-case-patch", good, []string{"-origin", "https://myapp.com", "-method", "patch"}, exitRefused},
		{"unknown-origin", good, []string{"-origin", "https://elsewhere.example", "-method", "PUT"}, exitRefused},
		{"no-origin-given", httpcors.New(cors.Config{AllowOrigins: []string{"https://a.example"}})(items()), nil, exitRefused},
		{"loopback-name", good, []string{"-origin", "http://127.0.0.1:3000", "-method", "PUT"}, exitRefused},
		{"http-for-https", good, []string{"-origin", "http://myapp.com"}, exitRefused},
		{"www", good, []string{"-origin", "https://www.myapp.com"}, exitRefused},
		{"trailing-slash-in-list", compares(func(o string) bool { return o == "https://myapp.com/" }), []string{"-origin", "https://myapp.com"}, exitRefused},
		{"same-origin", good, []string{"-origin", "SERVER"}, exitAllowed},
		{"simple-post", good, []string{"-origin", "https://myapp.com", "-method", "POST"}, exitUnknown},
		{"dropped-header", good, []string{"-origin", "https://myapp.com", "-header", "Cookie: session=1"}, exitAllowed},
		{"null", good, []string{"-origin", "null"}, exitRefused},
		{"public", httpcors.AllowAll()(items()), []string{"-method", "DELETE", "-header", "Authorization: x"}, exitAllowed},
		{"star-with-credentials", with(items(), "Access-Control-Allow-Origin", "*", "Access-Control-Allow-Credentials", "true"),
			[]string{"-credentials"}, exitRefused},
		{"two-middlewares", with(httpcors.New(shop())(with(items(), "Access-Control-Allow-Origin", "*")), "Vary", "Accept"), nil, exitRefused},
		{"no-vary", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if o := r.Header.Get("Origin"); o == "https://myapp.com" {
				w.Header().Set("Access-Control-Allow-Origin", o)
			}
		}), nil, exitAllowed},
		{"fixed-origin-needs-no-vary", with(items(), "Access-Control-Allow-Origin", "https://myapp.com"), nil, exitAllowed},
		{"max-age-with-unit", with(compares(func(string) bool { return true }), "Access-Control-Max-Age", "600s"), []string{"-method", "PUT", "-quick"}, exitAllowed},
		{"preflight-404", http.NotFoundHandler(), []string{"-method", "PUT", "-quick"}, exitRefused},
		{"preflight-405", items(), []string{"-method", "PUT", "-quick"}, exitRefused},
		{"preflight-401", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }), []string{"-method", "PUT", "-quick"}, exitRefused},
		{"only-the-route-has-cors", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != "OPTIONS" {
				good.ServeHTTP(w, r)
			} else {
				w.WriteHeader(404)
			}
		}), []string{"-method", "PUT"}, exitRefused},
		{"only-the-preflight-has-cors", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				good.ServeHTTP(w, r)
			}
		}), []string{"-method", "PUT", "-send"}, exitRefused},
		{"only-the-preflight-has-cors-unsent", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "OPTIONS" {
				good.ServeHTTP(w, r)
			}
		}), []string{"-method", "PUT"}, exitUnknown},
		{"redirect-slash", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"/", http.StatusMovedPermanently)
		}), []string{"-method", "PUT"}, exitRefused},
		{"redirect-https", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://"+r.Host+r.URL.Path, http.StatusPermanentRedirect)
		}), []string{"-method", "PUT"}, exitRefused},
		{"redirect-login", http.RedirectHandler("/login", http.StatusFound), []string{"-method", "PUT"}, exitRefused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url, normalise := serve(t, tt.server)
			args := append([]string{"probe"}, tt.args...)
			for i := range args {
				args[i] = strings.ReplaceAll(args[i], "SERVER", url)
			}
			transcript, status := corscheck(t, "", append(args, url+"/items/1")...)
			if status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			golden(t, "probe/"+tt.name+".txt", normalise(transcript))
		})
	}
}

func TestProbeNotesWhatBrowsersDoBesides(t *testing.T) {
	for _, tt := range []struct {
		name, origin, url string
		want              int
	}{
		{"mixed content", "https://myapp.com", "http://api.example/", 1},
		{"http to the same machine is not mixed", "https://myapp.com", "http://localhost:8080/", 0},
		{"nor to an address of it", "https://myapp.com", "http://[::1]:8080/", 0},
		{"http to http is not mixed", "http://myapp.com", "http://api.example/", 0},
	} {
		target, err := parseTarget(tt.url)
		if err != nil {
			t.Fatal(err)
		}
		if found := checkRequest(ask{origin: tt.origin}, target); len(found) != tt.want {
			t.Errorf("%s: %v", tt.name, found)
		}
	}
}

func TestPreflightCache(t *testing.T) {
	for maxAge, want := range map[string]string{
		"0":       "note this preflight is not remembered: every request costs two round trips",
		"-1":      "note this preflight is not remembered: every request costs two round trips",
		"600":     "ok this preflight is remembered for 10m",
		"7200":    "ok this preflight is remembered for 2h, but by Safari for 10m at most",
		"86400":   "ok this preflight is remembered for 24h, but by Chromium for 2h and by Safari for 10m at most",
		"604800":  "ok this preflight is remembered for 168h, but by Firefox for 24h and by Chromium for 2h and by Safari for 10m at most",
		"600,600": `warning this preflight is remembered for 5s, the browsers' default: Access-Control-Max-Age is "600,600", which is not one number of seconds`,
	} {
		f := checkPreflightCache(http.Header{"Access-Control-Max-Age": {maxAge}})
		if got := string(f.Level) + " " + f.Text; got != want {
			t.Errorf("%s: %s", maxAge, got)
		}
	}
}
