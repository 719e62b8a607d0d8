package main

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestProbeFindsStrangersThatAreLetIn(t *testing.T) {
	const mine = "https://app.myapp.com"
	for _, tt := range []struct {
		name string
		lets func(origin string) bool
	}{
		{"every-origin", func(string) bool { return true }},
		{"null-too", func(o string) bool { return o == mine || o == "null" }},
		{"prefix", func(o string) bool { return strings.HasPrefix(o, mine) }},
		{"suffix", func(o string) bool { return strings.HasSuffix(o, "app.myapp.com") && strings.HasPrefix(o, "https") }},
		{"any-scheme", func(o string) bool { return strings.TrimPrefix(o, "http") == "://app.myapp.com" || o == mine }},
		{"unescaped-dot", func(o string) bool {
			return len(o) == len(mine) && strings.HasPrefix(o, "https://app") && strings.HasSuffix(o, "myapp.com")
		}},
		{"subdomains", func(o string) bool {
			return o == mine || strings.HasPrefix(o, "https://") && strings.HasSuffix(o, "."+mine[8:])
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			url, normalise := serve(t, compares(tt.lets))
			transcript, status := corscheck(t, "", "probe", "-origin", mine, "-credentials", url+"/me")
			if status != exitAllowed {
				t.Errorf("exit status %d", status)
			}
			golden(t, "strangers/"+tt.name+".txt", normalise(transcript))

			_, status = corscheck(t, "", "probe", "-strict", "-origin", mine, "-credentials", url+"/me")
			if mild := tt.name == "subdomains"; (status == exitRefused) == mild {
				t.Errorf("-strict: exit status %d", status)
			}
		})
	}
}

func TestProbeFindsStrangersThatOnlyPreflightsLetIn(t *testing.T) {
	url, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			compares(func(string) bool { return true }).ServeHTTP(w, r)
		}
	}))
	transcript, _ := corscheck(t, "", "probe", "-method", "PUT", url)
	if !strings.Contains(transcript, "warning  every site is let in with credentials") {
		t.Error(transcript)
	}
}

func TestProbeSendsOnlyWhatIsSafe(t *testing.T) {
	for _, tt := range []struct {
		name string
		args []string
		puts int
	}{
		{"without -send", nil, 0},
		{"with -send", []string{"-send"}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var mu sync.Mutex
			var seen []*http.Request
			inner := compares(func(string) bool { return true })
			url, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				mu.Lock()
				seen = append(seen, r)
				mu.Unlock()
				w.Header().Set("Access-Control-Allow-Headers", "Authorization")
				inner.ServeHTTP(w, r)
			}))
			args := append([]string{"probe", "-origin", "https://myapp.com", "-method", "PUT", "-header", "Authorization: Bearer secret"}, tt.args...)
			transcript, _ := corscheck(t, "", append(args, url)...)
			if strings.Contains(strings.SplitN(transcript, "\n", 2)[1], "secret") {
				t.Error("the transcript tells the token")
			}
			puts := 0
			for _, r := range seen {
				if r.Method == http.MethodPut {
					puts++
				} else if !slices.Contains([]string{"GET", "OPTIONS"}, r.Method) || r.Header.Get("Authorization") != "" {
					t.Errorf("sent %s with %v", r.Method, r.Header)
				}
			}
			if puts != tt.puts {
				t.Errorf("sent %d PUTs, want %d", puts, tt.puts)
			}
		})
	}
}

func TestStrangersOf(t *testing.T) {
	for origin, want := range map[string]string{
		"null":                          "https://stranger.example null",
		"https://myapp.com":             "https://stranger.example null https://myapp.com.evil.example https://evilmyapp.com https://myappxcom https://evil.myapp.com http://myapp.com",
		"http://localhost:3000":         "https://stranger.example null http://localhost.evil.example:3000 http://evillocalhost:3000",
		"http://127.0.0.1:3000":         "https://stranger.example null http://127.0.0.1.evil.example:3000",
		"http://[::1]:3000":             "https://stranger.example null",
		"moz-extension://0d2c":          "https://stranger.example null",
		"https://a.b.example:8443":      "https://stranger.example null https://a.b.example.evil.example:8443 https://evila.b.example:8443 https://axb.example:8443 https://evil.a.b.example:8443",
		"https://xn--bcher-kva.example": "https://stranger.example null https://xn--bcher-kva.example.evil.example https://evilxn--bcher-kva.example https://xn--bcher-kvaxexample https://evil.xn--bcher-kva.example http://xn--bcher-kva.example",
	} {
		var got []string
		for _, s := range strangers(origin) {
			got = append(got, s.origin)
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: %s\nwant %s", origin, got, want)
		}
	}
}

func TestRelativesOf(t *testing.T) {
	for origin, want := range map[string]string{
		"null":                  "",
		"https://myapp.com":     "https://myapp.com/ http://myapp.com https://www.myapp.com",
		"https://www.myapp.com": "https://www.myapp.com/ http://www.myapp.com https://myapp.com",
		"http://[::1]:3000":     "http://[::1]:3000/ http://localhost:3000 http://127.0.0.1:3000 https://[::1]:3000",
	} {
		var got []string
		for _, r := range relatives(origin) {
			got = append(got, r.origin)
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%s: %s\nwant %s", origin, got, want)
		}
	}
}
