package cors_test

import (
	"testing"

	cors "github.com/polycors/polycors/core"
)

func TestRejectDisallowedSparesTheServersOwnPages(t *testing.T) {
	p := mustPolicy(t, refusing(origins("https://myapp.com")))
	for _, tc := range []struct {
		name                    string
		origin, fetchSite, host string
		rejected                bool
	}{
		{"another site, says the browser", "https://evil.example", "cross-site", "api.example", true},
		{"another subdomain, says the browser", "https://other.example", "same-site", "api.example", true},
		{"the same origin, says the browser", "https://api.example", "same-origin", "api.example", false},
		{"the same origin behind a proxy that changes Host", "https://api.example", "same-origin", "10.0.0.7:8080", false},
		{"a navigation by the user", "null", "none", "api.example", false},
		{"the browser knows better than Host", "https://api.example", "cross-site", "api.example", true},
		{"two answers of the browser", "https://evil.example", "same-origin,cross-site", "api.example", true},
		{"an unknown answer", "https://evil.example", "same-origin ", "api.example", true},

		{"no answer, the same host by http", "http://api.example", "", "api.example", false},
		{"no answer, the same host by https", "https://api.example", "", "api.example", false},
		{"no answer, the same host and port", "http://api.example:8080", "", "api.example:8080", false},
		{"no answer, the host with the default port of https", "https://api.example", "", "api.example:443", false},
		{"no answer, the host with the default port of http", "http://api.example", "", "api.example:80", false},
		{"no answer, the host with the default port of the other scheme", "http://api.example", "", "api.example:443", true},
		{"no answer, the host in upper case", "https://api.example", "", "API.example", false},
		{"no answer, another port", "http://api.example:3000", "", "api.example:8080", true},
		{"no answer, another host", "https://evil.example", "", "api.example", true},
		{"no answer, a host that begins alike", "https://api.example.evil.org", "", "api.example", true},
		{"no answer, a subdomain", "https://a.api.example", "", "api.example", true},
		{"no answer, another scheme", "tauri://api.example", "", "api.example", true},
		{"no answer, null", "null", "", "api.example", true},
		{"no answer, no host", "https://evil.example", "", "", true},
		{"no answer, no host and an origin without one", "https://", "", "", true},
		{"no answer, null for a host named so", "null", "", "null", true},

		{"an allowed origin", "https://myapp.com", "cross-site", "api.example", false},
		{"no origin", "", "", "api.example", false},
		{"no origin, though from another site", "", "cross-site", "api.example", false},
		{"no answer, an IPv6 host with the default port", "http://[::1]", "", "[::1]:80", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			req := cors.Request{Method: "POST", Host: tc.host, Origin: tc.origin, FetchSite: tc.fetchSite}
			d, err := decide(t.Context(), p, req)
			want := 0
			if tc.rejected {
				want = 403
			}
			if d.Status != want || d.Vary != "Origin" || err != nil {
				t.Errorf("Decide = %+v, %v; want the status %d", d, err, want)
			}
			if tc.rejected && d.AllowOrigin+d.AllowCredentials+d.ExposeHeaders != "" {
				t.Errorf("a rejected request is told %+v", d)
			}
		})
	}
}

// Behind TLS, a page of the server's own has an https origin. Without TLS, it may
// have either: a proxy in front may speak https.
func TestRejectDisallowedLooksAtTLS(t *testing.T) {
	p := mustPolicy(t, refusing(origins("https://myapp.com")))
	for _, tt := range []struct {
		name     string
		origin   string
		tls      bool
		rejected bool
	}{
		{"https on TLS", "https://api.example", true, false},
		{"http on TLS", "http://api.example", true, true},
		{"https without TLS", "https://api.example", false, false},
		{"http without TLS", "http://api.example", false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := decide(t.Context(), p, cors.Request{Method: "POST", Host: "api.example", Origin: tt.origin, TLS: tt.tls})
			if rejected := d.Status == 403; rejected != tt.rejected || err != nil {
				t.Errorf("Decide = %+v, %v; want rejected %t", d, err, tt.rejected)
			}
		})
	}
}
