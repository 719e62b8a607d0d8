package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// axe-core is not in this repository, because its licence (MPL 2.0) is another one,
// and it is larger than the playground. The test gets this version from npm.
const (
	axePackage   = "axe-core@4.14.1"
	axeIntegrity = "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
)

// axeScript returns the script of axe-core.
func axeScript(t *testing.T) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		missing(t, "no npm in PATH: install the package npm")
	}
	dir := t.TempDir()
	cmd := exec.Command(npm, "pack", axePackage, "--prefer-offline", "--pack-destination", dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		missing(t, "npm cannot get "+axePackage+": "+string(out))
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.tgz"))
	if err != nil || len(files) != 1 {
		t.Fatalf("%v %v", files, err)
	}
	data, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha512.Sum512(data); "sha512-"+base64.StdEncoding.EncodeToString(sum[:]) != axeIntegrity {
		t.Fatalf("%s is not the package that is expected", axePackage)
	}
	script, err := fileOf(data, "package/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	return script
}

// fileOf returns a file of a package.
func fileOf(data []byte, name string) (string, error) {
	unzipped, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	for r := tar.NewReader(unzipped); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return "", errors.New("no " + name)
		}
		if err != nil {
			return "", err
		}
		if h.Name == name {
			text, err := io.ReadAll(r)
			return string(text), err
		}
	}
}

// TestAccessible checks labels, contrast and more with axe-core, and that the page
// does not scroll sideways.
func TestAccessible(t *testing.T) {
	p, b := open(t)
	axe := axeScript(t)
	const violations = `axe.run(document, { iframes: false }).then((r) => r.passes.length ? r.violations.map((v) =>
		v.id + ": " + v.help + "\n" + v.nodes.map((n) => "  " + n.html + "\n  " + n.failureSummary).join("\n")) : ["axe-core checks nothing"])`
	for _, look := range []struct {
		name          string
		width, height int64
		dark          bool
	}{{"wide and light", 1280, 900, false}, {"wide and dark", 1280, 900, true}, {"narrow and light", 390, 844, false}, {"narrow and dark", 390, 844, true}} {
		t.Run(look.name, func(t *testing.T) {
			b.size(look.width, look.height, look.dark)
			b.visit(p.url)
			eval[bool](b, `(() => { %s; return true; })()`, rawScript(axe))
			for _, preset := range []string{"loopback", "slash", "expose", "session"} {
				b.press("#preset-" + preset)
				if found := eval[[]string](b, violations); len(found) > 0 {
					t.Errorf("%s:\n%s", preset, strings.Join(found, "\n"))
				}
				if width := eval[int64](b, `document.documentElement.scrollWidth`); width > look.width {
					t.Errorf("%s: the page is %d pixels wide", preset, width)
				}
			}
			eval[bool](b, `(document.getElementById("more").open = true)`)
			if found := eval[[]string](b, violations); len(found) > 0 {
				t.Errorf("with all fields:\n%s", strings.Join(found, "\n"))
			}
		})
	}
}

// TestKeyboard reaches every control with the Tab key, in the order of the page.
func TestKeyboard(t *testing.T) {
	p, b := open(t)
	b.visit(p.url)
	unreachable := eval[[]string](b, `[...document.querySelectorAll("button, input, textarea, select, summary")]
		.filter((e) => e.tabIndex !== 0 && e.getAttribute("role") !== "tab" || e.offsetParent === null && e.checkVisibility())
		.map((e) => e.outerHTML)`)
	if len(unreachable) > 0 {
		t.Errorf("%q", unreachable)
	}
	selected := func() string { return eval[string](b, `document.activeElement.id`) }
	eval[bool](b, `(document.querySelector("[role=tab][aria-selected=true]").focus(), true)`)
	for _, step := range []struct{ key, want string }{{"ArrowRight", "tab-gin"}, {"ArrowLeft", "tab-nethttp"}, {"ArrowLeft", "tab-chi"}} {
		eval[bool](b, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: %s, bubbles: true }))`, step.key)
		if got := selected(); got != step.want {
			t.Errorf("%s: %s, want %s", step.key, got, step.want)
		}
	}
}
