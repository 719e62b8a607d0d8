package probe

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

func mustParse(t *testing.T, origin, method string, headers ...string) script.Fetch {
	t.Helper()
	f, err := script.Parse(origin, method, headers, false)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func mustParseURL(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := script.ParseURL(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// run probes a handler.
func run(t *testing.T, h http.HandlerFunc, o Options) *Report {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	o.URL = mustParseURL(t, s.URL)
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	return Run(t.Context(), o)
}

// allowsAll allows every origin with credentials.
func allowsAll(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Vary", "Origin")
	w.Header().Set("Access-Control-Allow-Origin", r.Header.Get("Origin"))
	w.Header().Set("Access-Control-Allow-Credentials", "true")
	w.Header().Set("Access-Control-Allow-Methods", "PUT")
	w.Header().Set("Access-Control-Allow-Headers", "Authorization")
}

func (r *Report) has(l Level, text string) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Level == l && strings.HasPrefix(f.Text, text) })
}

func TestStrangersInPreflights(t *testing.T) {
	r := run(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			allowsAll(w, r)
		}
	}, Options{Fetch: mustParse(t, "https://myapp.com", "PUT")})
	if !r.has(Danger, "every site is allowed with credentials") {
		t.Error(r.Findings)
	}
}

func TestStoredHeaders(t *testing.T) {
	const text = "the response to https://stranger.example names https://myapp.com, but its preflight does not: a cache stores CORS headers"
	allows := func(w http.ResponseWriter, origin string) {
		w.Header().Set("Vary", "Origin")
		if origin == "https://myapp.com" {
			w.Header().Set("Access-Control-Allow-Origin", origin)
		}
	}
	for name, tt := range map[string]struct {
		serve func(w http.ResponseWriter, r *http.Request)
		want  bool
	}{
		"a cache in front of the policy": {want: true, serve: func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				allows(w, "https://myapp.com")
				return
			}
			allows(w, r.Header.Get("Origin"))
		}},
		"a policy alone":              {serve: func(w http.ResponseWriter, r *http.Request) { allows(w, r.Header.Get("Origin")) }},
		"one origin in all responses": {serve: func(w http.ResponseWriter, r *http.Request) { allows(w, "https://myapp.com") }},
	} {
		t.Run(name, func(t *testing.T) {
			if r := run(t, tt.serve, Options{Fetch: mustParse(t, "https://myapp.com", "GET")}); r.has(Warning, text) != tt.want {
				t.Errorf("warned: %t, want %t: %v", !tt.want, tt.want, r.Findings)
			}
		})
	}
}

func TestSlowForStrangers(t *testing.T) {
	r := run(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Origin") == anyStranger {
			<-r.Context().Done()
		}
		w.Header().Set("Access-Control-Allow-Origin", "https://myapp.com")
	}, Options{Fetch: mustParse(t, "https://myapp.com", "GET"), Timeout: 200 * time.Millisecond})
	if r.Verdict != Allowed || !r.has(Warning, "some other origins could not be tried") {
		t.Errorf("%+v", r)
	}
}

func TestSend(t *testing.T) {
	for _, tt := range []struct {
		name string
		send bool
		puts int
	}{
		{"a PUT is not sent without -send", false, 0},
		{"a PUT is sent once with -send", true, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var mu sync.Mutex
			var seen []*http.Request
			run(t, func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				seen = append(seen, r)
				mu.Unlock()
				allowsAll(w, r)
			}, Options{Fetch: mustParse(t, "https://myapp.com", "PUT", "Authorization: Bearer secret"), Send: tt.send})
			puts := 0
			for _, r := range seen {
				if r.Method == http.MethodPut {
					puts++
				} else if r.Method != http.MethodGet && r.Method != http.MethodOptions || r.Header.Get("Authorization") != "" {
					t.Errorf("sent %s with %v", r.Method, r.Header)
				}
			}
			if puts != tt.puts {
				t.Errorf("sent %d PUTs, want %d", puts, tt.puts)
			}
		})
	}
}

func TestCheckPreflightCache(t *testing.T) {
	for maxAge, want := range map[string]string{
		"0":       "note this preflight is not cached: every request needs two round trips",
		"-1":      "note this preflight is not cached: every request needs two round trips",
		"600":     "ok this preflight is cached for 10m",
		"7200":    "ok this preflight is cached for 2h, but by Safari for 10m at most",
		"86400":   "ok this preflight is cached for 24h, but by Chromium for 2h and by Safari for 10m at most",
		"604800":  "ok this preflight is cached for 168h, but by Firefox for 24h and by Chromium for 2h and by Safari for 10m at most",
		"600,600": `warning this preflight is cached for 5s, the browsers' default: Access-Control-Max-Age is "600,600", which is not a number of seconds`,
	} {
		f := checkPreflightCache(http.Header{"Access-Control-Max-Age": {maxAge}})
		if got := string(f.Level) + " " + f.Text; got != want {
			t.Errorf("%s: %s\nwant %s", maxAge, got, want)
		}
	}
}

func TestStrangers(t *testing.T) {
	for origin, want := range map[string]string{
		"null": "",
		"https://myapp.com": " https://evilmyapp.com.evil.example https://stranger.com https://myapp.evil.example" +
			" https://myapp.com.evil.example https://evilmyapp.com https://myappxcom https://evil.myapp.com http://myapp.com",
		"http://localhost:3000": " http://evillocalhost.evil.example:3000 http://localhost.evil.example:3000",
		"http://127.0.0.1:3000": " http://evil127.0.0.1.evil.example:3000 http://127.0.0.1.evil.example:3000",
		"http://[::1]:3000":     "",
		"moz-extension://0d2c":  "",
		"https://me.github.io:8443": " https://evilme.github.io.evil.example:8443 https://stranger.github.io:8443 https://me.evil.example:8443" +
			" https://me.github.io.evil.example:8443 https://evilme.github.io:8443 https://mexgithub.io:8443 https://me.githubxio:8443" +
			" https://evil.me.github.io:8443",
		"http://app.myapp.co.uk": " http://evilapp.myapp.co.uk.evil.example http://stranger.co.uk http://myapp.evil.example http://app.evil.example" +
			" http://app.myapp.co.uk.evil.example http://evilmyapp.co.uk http://stranger.myapp.co.uk http://evilapp.myapp.co.uk http://appxmyapp.co.uk http://app.myappxco.uk http://app.myapp.coxuk" +
			" http://evil.app.myapp.co.uk",
	} {
		var got []string
		for _, s := range strangers(origin) {
			got = append(got, s.origin)
		}
		if got := strings.Join(got, " "); got != "https://stranger.example null"+want {
			t.Errorf("%s: %s\nwant these besides: %s", origin, got, want)
		}
	}
}

// TestUnreachable has the errors that a test on one machine cannot cause.
func TestUnreachable(t *testing.T) {
	target := &url.URL{Scheme: "https", Host: "api.example:8443", Path: "/x"}
	for _, tt := range []struct {
		name    string
		err     error
		message string
	}{
		{"no such host", &net.DNSError{IsNotFound: true}, `the host "api.example" does not exist`},
		{"no DNS", &net.DNSError{}, `the host "api.example" cannot be looked up`},
		{"no route", os.NewSyscallError("connect", syscall.EHOSTUNREACH), "there is no route to api.example:8443"},
		{"interrupted", context.Canceled, "interrupted"},
		{"a certificate for another name", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "api.example"}, "the certificate is not valid for api.example"},
		{"an old certificate", x509.CertificateInvalidError{Reason: x509.Expired}, "the certificate of api.example has expired or is not valid yet"},
		{"a bad certificate", x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, "the certificate of api.example is not valid: "},
		{"an end before the request is written", errors.New("http: server closed idle connection"), "api.example:8443 closes the connection without a response"},
		{"anything else", errors.New("odd"), "the request to api.example:8443 fails: odd"},
	} {
		message, hint := unreachable(tt.err, target, time.Second)
		if !strings.HasPrefix(message, tt.message) {
			t.Errorf("%s: %s; %s", tt.name, message, hint)
		}
	}
}
