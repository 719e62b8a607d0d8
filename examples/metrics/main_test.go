package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/polycors/polycors/core/corstest"
)

func TestCountRejections(t *testing.T) {
	server := httptest.NewServer(handler(prometheus.NewRegistry()))
	defer server.Close()
	page := func(origin string) *corstest.Page { return &corstest.Page{Origin: origin, Server: server.URL} }

	corstest.Allows(t, page("http://localhost:5173"), "GET", "/items")
	corstest.Allows(t, page("http://localhost:5173"), "PUT", "/items/1")
	corstest.Refuses(t, page("http://127.0.0.1:5173"), "GET", "/items")
	corstest.Refuses(t, page("https://evil.example"), "PUT", "/items/1")
	corstest.Refuses(t, page("null"), "GET", "/items")
	corstest.Refuses(t, page("http://localhost:5173"), "DELETE", "/items/1")
	corstest.Refuses(t, page("http://localhost:5173"), "PUT", "/items/1", "Authorization: Bearer token")

	metrics := scrape(t, server.URL+"/metrics")
	want := []string{
		`cors_rejections_total{reason="header-not-allowed"} 1`,
		`cors_rejections_total{reason="method-not-allowed"} 1`,
		`cors_rejections_total{reason="origin-not-allowed"} 2`,
		`cors_rejections_total{reason="origin-null"} 1`,
	}
	if got := strings.Join(metrics, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}

// scrape returns the samples at url, as Prometheus reads them.
func scrape(t *testing.T, url string) []string {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var samples []string
	for line := range strings.Lines(string(body)) {
		if !strings.HasPrefix(line, "#") {
			samples = append(samples, strings.TrimSuffix(line, "\n"))
		}
	}
	return samples
}
