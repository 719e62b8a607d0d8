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
		name          string
		width, height int64
		dark          bool
		preset        string
	}{
		{"light", 1280, 1180, false, "authorization"},
		{"dark", 1280, 1180, true, "authorization"},
		{"narrow-light", 390, 844, false, "session"},
		{"narrow-dark", 390, 844, true, "session"},
	} {
		b.size(shot.width, shot.height, shot.dark)
		b.visit(p.url)
		b.press("#preset-" + shot.preset)
		png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
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
