package cors_test

import (
	"testing"

	cors "github.com/polycors/polycors/core"
)

// RejectDisallowed never rejects the server's own pages.
func TestRejectDisallowed(t *testing.T) {
	p := mustPolicy(t, refusing(origins("https://myapp.com")))
	for _, tt := range []struct {
		name                    string
		origin, fetchSite, host string
		rejected                bool
	}{
		{"Sec-Fetch-Site: another site", "https://evil.example", "cross-site", "api.example", true},
		{"Sec-Fetch-Site: another subdomain", "https://other.example", "same-site", "api.example", true},
		{"Sec-Fetch-Site: the same origin", "https://api.example", "same-origin", "api.example", false},
		{"Sec-Fetch-Site: the same origin, and a proxy replaces Host", "https://api.example", "same-origin", "10.0.0.7:8080", false},
		{"Sec-Fetch-Site: a navigation by the user", "null", "none", "api.example", false},
		{"Sec-Fetch-Site overrules Host", "https://api.example", "cross-site", "api.example", true},
		{"Sec-Fetch-Site has two values", "https://evil.example", "same-origin,cross-site", "api.example", true},
		{"Sec-Fetch-Site has an unknown value", "https://evil.example", "same-origin ", "api.example", true},

		{"the same host, http", "http://api.example", "", "api.example", false},
		{"the same host, https", "https://api.example", "", "api.example", false},
		{"the same host and port", "http://api.example:8080", "", "api.example:8080", false},
		{"the same host, with the default port of https", "https://api.example", "", "api.example:443", false},
		{"the same host, with the default port of http", "http://api.example", "", "api.example:80", false},
		{"the same host, with the default port of the other scheme", "http://api.example", "", "api.example:443", true},
		{"the same host in upper case", "https://api.example", "", "API.example", false},
		{"another port", "http://api.example:3000", "", "api.example:8080", true},
		{"another host", "https://evil.example", "", "api.example", true},
		{"a host with the same beginning", "https://api.example.evil.org", "", "api.example", true},
		{"a subdomain", "https://a.api.example", "", "api.example", true},
		{"another scheme", "tauri://api.example", "", "api.example", true},
		{"null", "null", "", "api.example", true},
		{"no host", "https://evil.example", "", "", true},
		{"no host, and an origin without a host", "https://", "", "", true},
		{"null, and the host is named null", "null", "", "null", true},

		{"an allowed origin", "https://myapp.com", "cross-site", "api.example", false},
		{"no origin", "", "", "api.example", false},
		{"no origin, from another site", "", "cross-site", "api.example", false},
		{"an IPv6 host with the default port", "http://[::1]", "", "[::1]:80", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req := cors.Request{Method: "POST", Host: tt.host, Origin: tt.origin, FetchSite: tt.fetchSite}
			d, err := decide(t.Context(), p, req)
			want := 0
			if tt.rejected {
				want = 403
			}
			if d.Status != want || d.Vary != "Origin" || err != nil {
				t.Errorf("Decide = %+v, %v; want the status %d", d, err, want)
			}
			if tt.rejected && d.AllowOrigin+d.AllowCredentials+d.ExposeHeaders != "" {
				t.Errorf("a rejected request gets %+v", d)
			}
		})
	}
}

// With TLS, the server's own pages have an https origin. Without TLS they may have
// either scheme: a proxy in front may use TLS.
func TestRejectDisallowedTLS(t *testing.T) {
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
