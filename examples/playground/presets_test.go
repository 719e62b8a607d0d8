package main

import (
	"slices"
	"strings"
	"testing"
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
