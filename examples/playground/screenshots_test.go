package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

var update = flag.Bool("update", false, "write the screenshots to docs/")

// TestScreenshots takes the screenshots of the documentation.
func TestScreenshots(t *testing.T) {
	p, b := open(t)
	dir := t.TempDir()
	if *update {
		dir = filepath.Join("..", "..", "docs")
	}
	const maxBytes = 300 << 10
	for _, shot := range []struct {
		name         string
		width        int64
		dark         bool
		preset, last string // the last element to be seen
	}{
		{"light", 1280, false, "authorization", "wire"},
		{"dark", 1280, true, "authorization", "wire"},
		{"narrow-light", 390, false, "session", "verdict"},
		{"narrow-dark", 390, true, "session", "verdict"},
	} {
		const margin = 16
		b.size(shot.width, 900, shot.dark)
		b.visit(p.url)
		b.press("#preset-" + shot.preset)
		bottom := eval[float64](b, `(document.activeElement.blur(), document.getElementById(%s).getBoundingClientRect().bottom + scrollY)`, shot.last)
		b.size(shot.width, int64(bottom)+margin, shot.dark)
		png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		if len(png) == 0 || len(png) > maxBytes {
			t.Errorf("%s: %d bytes, want at most %d", shot.name, len(png), maxBytes)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("playground-%s.png", shot.name)), png, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
