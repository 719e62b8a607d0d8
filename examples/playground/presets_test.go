package main

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

func TestPresets(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	for _, preset := range p.presets() {
		t.Run(preset.ID, func(t *testing.T) {
			b.takeConsole()
			b.press("#preset-" + preset.ID)
			got, servers := b.verdict()
			if got != string(preset.Promise) {
				t.Errorf("verdict %s, want %s: %s", got, preset.Promise, eval[string](b, `document.getElementById("said").innerText`))
			}
			want := slices.Repeat([]string{string(preset.Promise)}, len(p.apis))
			if preset.Promise == invalid {
				want = []string{}
			}
			if !slices.Equal(servers, want) {
				t.Errorf("servers: %v, want %v", servers, want)
			}
			for _, line := range b.takeConsole() {
				if preset.Promise != refused || !isCORSMessage(line) {
					t.Errorf("console: %s", line)
				}
			}
		})
	}
	if urls := b.strangers(); len(urls) > 0 {
		t.Errorf("requests that leave this machine: %v", urls)
	}
}

// isCORSMessage reports whether the browser writes a line because of CORS.
func isCORSMessage(line string) bool {
	return strings.Contains(line, "has been blocked by CORS policy") || strings.Contains(line, "net::ERR_FAILED")
}

// TestWithoutBrowser has corstest in place of the browser.
func TestWithoutBrowser(t *testing.T) {
	p, err := start(usual())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.stop(t.Context()) })
	for _, preset := range p.presets() {
		t.Run(preset.ID, func(t *testing.T) {
			c, err := p.check(draft{Policy: string(preset.Policy), Request: preset.Request, Apply: true})
			if err != nil {
				t.Fatal(err)
			}
			if preset.Promise == invalid {
				if len(c.Problems) != 1 || string(c.Problems[0].Code) != preset.Because || c.Applied {
					t.Errorf("%+v, want %s", c.Problems, preset.Because)
				}
				return
			}
			if e := explain(p.policy, preset.Request, preset.Request.PreflightHeaders()); string(e.Reason) != preset.Because {
				t.Errorf("%s, want %s", e.Reason, preset.Because)
			}
			for _, a := range p.apis {
				if got := fetch(t, preset, a.URL); got != preset.Promise {
					t.Errorf("%s: %s, want %s", a.Name, got, preset.Promise)
				}
			}
		})
	}
}

// fetch returns the verdict of corstest.
func fetch(t *testing.T, preset preset, url string) verdict {
	t.Helper()
	r := preset.Request
	page := &corstest.Page{Origin: r.Page, Transport: http.DefaultTransport}
	if r.Credentials {
		page.Credentials = corstest.Include
	}
	req, err := http.NewRequestWithContext(t.Context(), r.Method, url, strings.NewReader(r.Body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range r.Headers {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Add(name, value)
	}
	res, err := page.Fetch(req)
	if _, blocked := errors.AsType[*corstest.BlockedError](err); blocked {
		return refused
	}
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if r.Reads != "" && res.Header.Get(r.Reads) == "" {
		return hidden
	}
	return allowed
}
