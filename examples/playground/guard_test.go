package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestGuard(t *testing.T) {
	p, err := start(usual())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.stop(t.Context()) })
	address := strings.Replace(p.url, "localhost", "127.0.0.1", 1)
	policy := `{"policy": "{\"allowOrigins\": [\"*\"]}", "request": {"page": "null", "method": "GET", "headers": []}, "apply": true}`
	for _, tt := range []struct {
		name, method, url, body string
		header                  []string
		status                  int
	}{
		{"the page", "GET", p.url, "", nil, 200},
		{"a policy from the page", "POST", p.url + "/api/policy", policy, []string{"Origin", p.url, "Sec-Fetch-Site", "same-origin"}, 200},
		{"a policy from another site", "POST", p.url + "/api/policy", policy, []string{"Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"}, 403},
		{"a policy from a front end", "POST", p.url + "/api/policy", policy, []string{"Origin", p.pages[0].Origin, "Sec-Fetch-Site", "same-site"}, 403},
		{"a policy from an old browser on another site", "POST", p.url + "/api/policy", policy, []string{"Origin", "https://evil.example"}, 403},
		{"a name that resolves to loopback", "GET", p.url, "", []string{"Host", "evil.example"}, 421},
		{"that name with the port", "GET", p.url + "/api/start", "", []string{"Host", "evil.example:" + portOf(p.url)}, 421},
		{"a front end by that name", "GET", p.pages[0].Frame, "", []string{"Host", "evil.example"}, 421},
		{"an API by that name", "GET", p.apis[0].URL, "", []string{"Host", "evil.example"}, 421},
		{"an API on fiber by that name", "GET", p.apis[4].URL, "", []string{"Host", "evil.example"}, 421},
		{"the page at the address", "GET", address, "", nil, 302},
		{"unknown fields", "POST", p.url + "/api/policy", `{"a": 1}`, nil, 400},
		{"a body without end", "POST", p.url + "/api/policy", `{"policy": "` + strings.Repeat("a", 1<<20) + `"}`, nil, 400},
	} {
		t.Run(tt.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tt.method, tt.url, strings.NewReader(tt.body))
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(tt.header); i += 2 {
				if tt.header[i] == "Host" {
					req.Host = tt.header[i+1]
				}
				req.Header.Set(tt.header[i], tt.header[i+1])
			}
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			_, _ = io.Copy(io.Discard, res.Body)
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
			if acao := res.Header.Get("Access-Control-Allow-Origin"); acao != "" && strings.HasPrefix(tt.url, p.url) {
				t.Errorf("the server of the page allows %s", acao)
			}
		})
	}
}

func portOf(url string) string { return url[strings.LastIndex(url, ":")+1:] }

// TestPorts starts two playgrounds, of which the second finds its ports taken.
func TestPorts(t *testing.T) {
	var urls []string
	for range 2 {
		p, err := start(usual())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.stop(t.Context()) })
		for _, page := range p.pages {
			urls = append(urls, page.Frame)
		}
		for _, a := range p.apis {
			urls = append(urls, a.URL)
		}
		urls = append(urls, p.url)
	}
	slices.Sort(urls)
	if unique := slices.Compact(slices.Clone(urls)); len(unique) != len(urls)-2 { // the sandboxed page is another one's frame
		t.Errorf("%q", urls)
	}
}

// TestStop stops a playground while a connection is open, and finds its ports free.
func TestStop(t *testing.T) {
	p, err := start(usual())
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.Get(p.url + "/api/alive")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	p.stop(t.Context())
	if _, err := io.ReadAll(res.Body); err != nil {
		t.Errorf("the stream does not end: %v", err)
	}
	for _, url := range append([]string{p.url}, p.apis[0].URL, p.apis[4].URL, p.pages[0].Frame) {
		host := strings.Split(url, "/")[2]
		address := fmt.Sprintf("127.0.0.1:%s", portOf(host))
		if conn, err := net.DialTimeout("tcp", address, time.Second); err == nil {
			conn.Close()
			t.Errorf("%s is still open", address)
		}
	}
}
