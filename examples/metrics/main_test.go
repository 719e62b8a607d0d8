package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/polycors/polycors/core/corslive"
	"github.com/polycors/polycors/core/corstest"
)

// serve serves the program with these documents, each after the last one is in
// force.
func serve(t *testing.T, source corslive.Source) string {
	t.Helper()
	h, err := handler(t.Context(), prometheus.NewRegistry(), source)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL
}

// documents returns a source that yields what it gets from a channel.
func documents(list <-chan string) corslive.Source {
	return func(ctx context.Context) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for {
				select {
				case document := <-list:
					if document == "" && !yield(nil, errors.New("server away")) || document != "" && !yield([]byte(document), nil) {
						return
					}
				case <-ctx.Done():
					return
				}
			}
		}
	}
}

// following serves the program with a first document, and returns a function that
// yields another; an empty one stands for a failure.
func following(t *testing.T, first string) (url string, next func(document string)) {
	t.Helper()
	list := make(chan string, 1)
	list <- first
	return serve(t, documents(list)), func(document string) {
		list <- document
		list <- document // it is received when the first one has been dealt with
	}
}

func TestCountRejections(t *testing.T) {
	url, _ := following(t, `{"allowOrigins": ["http://localhost:*"], "reportOnly": {"allowOrigins": ["http://localhost:5173"], "allowMethods": ["GET"]}}`)
	page := func(origin string) *corstest.Page { return &corstest.Page{Origin: origin, Server: url} }

	corstest.Allows(t, page("http://localhost:5173"), "GET", "/items")
	corstest.Allows(t, page("http://localhost:5173"), "PUT", "/items/1")
	corstest.Allows(t, page("http://localhost:3000"), "GET", "/items")
	corstest.Allows(t, page("http://localhost:3001"), "GET", "/items")
	corstest.Refuses(t, page("http://127.0.0.1:5173"), "GET", "/items")
	corstest.Refuses(t, page("https://evil.example"), "PUT", "/items/1")
	corstest.Refuses(t, page("null"), "GET", "/items")
	corstest.Refuses(t, page("http://localhost:5173"), "DELETE", "/items/1")
	corstest.Refuses(t, page("http://localhost:5173"), "PUT", "/items/1", "Authorization: Bearer token")

	wantSamples(t, url, "cors_rejections_total",
		`cors_rejections_total{reason="header-not-allowed",report_only="false"} 1`,
		`cors_rejections_total{reason="method-not-allowed",report_only="false"} 1`,
		`cors_rejections_total{reason="method-not-allowed",report_only="true"} 1`,
		`cors_rejections_total{reason="origin-not-allowed",report_only="false"} 2`,
		`cors_rejections_total{reason="origin-not-allowed",report_only="true"} 2`,
		`cors_rejections_total{reason="origin-null",report_only="false"} 1`,
	)
}

// The client chooses origins, paths, methods and headers: they create no series.
func TestSeriesAreBounded(t *testing.T) {
	url, _ := following(t, `{"allowOrigins": ["https://myapp.com"]}`)
	for i := range 50 {
		page := &corstest.Page{Origin: fmt.Sprintf("https://evil-%d.example", i), Server: url}
		corstest.Refuses(t, page, fmt.Sprintf("M%d", i), fmt.Sprintf("/items/%d", i), fmt.Sprintf("X-H%d: 1", i))
	}
	wantSamples(t, url, "cors_rejections_total", `cors_rejections_total{reason="origin-not-allowed",report_only="false"} 50`)
}

// Only the document in force has a series, and its age is that of the document.
func TestStatus(t *testing.T) {
	const one, two, invalid = `{"allowOrigins": ["https://a.example"]}`, `{"allowOrigins": ["https://b.example"]}`, `{"allowOrigins": ["*/"]}`
	info := func(document string) string {
		return fmt.Sprintf("cors_policy_info{revision=%q} 1", corslive.Revision([]byte(document)))
	}
	before := time.Now()
	url, next := following(t, one)
	wantSamples(t, url, "cors_policy_info", info(one))
	wantSamples(t, url, "cors_policy_ok", "cors_policy_ok 1")
	applied, checked := number(t, url, "cors_policy_applied_timestamp_seconds"), number(t, url, "cors_policy_checked_timestamp_seconds")
	if now := seconds(time.Now()); applied < seconds(before) || applied > now || checked < applied || checked > now {
		t.Errorf("applied at %v, checked at %v, between %v and %v", applied, checked, seconds(before), now)
	}
	next(two)
	wantSamples(t, url, "cors_policy_info", info(two))
	next(invalid)
	wantSamples(t, url, "cors_policy_info", info(two))
	wantSamples(t, url, "cors_policy_ok", "cors_policy_ok 0")
	next(two)
	next("")
	wantSamples(t, url, "cors_policy_info", info(two))
	wantSamples(t, url, "cors_policy_ok", "cors_policy_ok 0")
}

// Without a file, base is in force, and the metrics say so.
func TestWithoutFile(t *testing.T) {
	url := serve(t, corslive.File(filepath.Join(t.TempDir(), "cors.json"), 0))
	corstest.Allows(t, &corstest.Page{Origin: "http://localhost:5173", Server: url}, "PUT", "/items/1")
	wantSamples(t, url, "cors_policy_info", `cors_policy_info{revision=""} 1`)
	wantSamples(t, url, "cors_policy_ok", "cors_policy_ok 0")
	wantSamples(t, url, "cors_policy_checked", "cors_policy_checked_timestamp_seconds 0")
}

// wantSamples compares the samples whose names begin with a prefix.
func wantSamples(t *testing.T, url, prefix string, want ...string) {
	t.Helper()
	var got []string
	for _, sample := range scrape(t, url+"/metrics") {
		if strings.HasPrefix(sample, prefix) {
			got = append(got, sample)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// number returns the value of the sample with a name.
func number(t *testing.T, url, name string) float64 {
	t.Helper()
	for _, sample := range scrape(t, url+"/metrics") {
		if value, ok := strings.CutPrefix(sample, name+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("there is no sample %s", name)
	return 0
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
