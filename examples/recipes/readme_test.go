package recipes

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// read returns a file of this directory.
func read(name string) string { return string(must(os.ReadFile(name))) }

var codeBlock = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// blocks returns the code blocks of the README by language.
func blocks() map[string][]string {
	all := map[string][]string{}
	for _, block := range codeBlock.FindAllStringSubmatch(read("README.md"), -1) {
		all[block[1]] = append(all[block[1]], block[2])
	}
	return all
}

var comment = regexp.MustCompile(`(^|\s)// .*`)

// code returns the lines of Go code without comments and indentation.
func code(text string) []string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.Join(strings.Fields(comment.ReplaceAllString(line, "")), " ")
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// isExcerpt reports whether a file has the lines of a block in their order,
// possibly with others in between.
func isExcerpt(block, file string) bool {
	rest := code(block)
	for _, line := range code(file) {
		if len(rest) > 0 && line == rest[0] {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}

func TestREADMECode(t *testing.T) {
	for _, block := range blocks()["go"] {
		inFile := func(name string) bool { return isExcerpt(block, read(name)) }
		if !slices.ContainsFunc(must(filepath.Glob("*.go")), inFile) {
			t.Errorf("no file has these lines in this order:\n%s", block)
		}
	}
}

func TestREADMELinks(t *testing.T) {
	readme := read("README.md")
	link := func(name, file string) string { return "[`" + name + "`](" + file + ")" }
	declared := map[string]bool{}
	for _, file := range must(filepath.Glob("*.go")) {
		for _, decl := range regexp.MustCompile(`(?m)^(func|type) ([A-Z]\w*)`).FindAllStringSubmatch(read(file), -1) {
			declared[link(decl[2], file)] = true
			if decl[1] == "func" && !strings.HasPrefix(decl[2], "Test") && !strings.Contains(readme, link(decl[2], file)) {
				t.Errorf("the README has no link to %s in %s", decl[2], file)
			}
		}
	}
	for _, match := range regexp.MustCompile("\\[`(\\w+)`\\]\\((\\w+\\.go)\\)").FindAllStringSubmatch(readme, -1) {
		if !declared[match[0]] {
			t.Errorf("%s does not declare %s", match[2], match[1])
		}
	}
	for _, match := range regexp.MustCompile(`\[(\w+\.go)\]\((\w+\.go)\)`).FindAllStringSubmatch(readme, -1) {
		read(match[2])
	}
}

// TestREADMETexts requires that a program or a browser prints what the README
// shows as printed: the text blocks are errors, the words in italics are in
// messages of the browser's console, and header lines are in responses. Add what
// prints a new text to errorTexts, consoleTexts or headerTexts.
func TestREADMETexts(t *testing.T) {
	inBlocks := blocks()
	prose := codeBlock.ReplaceAllString(read("README.md"), "")
	spans := regexp.MustCompile("`([^`]*)`")
	italics := regexp.MustCompile(`\*((?:\\.|[^*\\])+)\*`)
	quoted := spans.ReplaceAllString(strings.ReplaceAll(prose, "**", ""), "")

	for language := range inBlocks {
		if !slices.Contains([]string{"sh", "js", "go", "json", "yaml", "text"}, language) {
			t.Errorf("a code block has the language %q; use text for what a program prints", language)
		}
	}
	printed := errorTexts(t)
	for _, block := range inBlocks["text"] {
		if !slices.Contains(printed, strings.TrimSuffix(block, "\n")) {
			t.Errorf("no program prints\n%s\nthey print\n%s", block, strings.Join(printed, "\n\n"))
		}
	}
	said := strings.Join(consoleTexts(t), "\n")
	for _, match := range italics.FindAllStringSubmatch(quoted, -1) {
		if text := strings.ReplaceAll(match[1], `\`, ""); !strings.Contains(said, text) {
			t.Errorf("no browser says %q; they say\n%s", text, said)
		}
	}
	sent := headerTexts(t)
	for _, match := range spans.FindAllStringSubmatch(prose, -1) {
		if strings.HasPrefix(match[1], "Access-Control-") && strings.Contains(match[1], ": ") && !slices.Contains(sent, match[1]) {
			t.Errorf("no response has the header %q", match[1])
		}
	}

	cfg := must(PolicyFromFile(write(t, "cors.yaml", inBlocks["yaml"][0]))).Config()
	if len(cfg.AllowOrigins) != 1 || len(cfg.AllowMethods) != 2 || len(cfg.AllowHeaders) != 1 || !cfg.AllowCredentials || cfg.MaxAge != 24*time.Hour {
		t.Errorf("the policy in YAML is %+v", cfg)
	}
}

func errorTexts(t *testing.T) []string {
	t.Setenv("FRONTEND_URL", "https://myapp.com/")
	_, fromEnv := FrontEndFromEnv()
	path := write(t, "cors.yaml", "allowOrigin: [https://myapp.com]")
	_, fromFile := PolicyFromFile(path)
	return append(tighteningTexts(), fromEnv.Error(), strings.ReplaceAll(fromFile.Error(), path, "cors.yaml"))
}

func consoleTexts(t *testing.T) []string {
	var texts []string
	for _, tt := range []struct {
		allowOrigin string
		page        func(string, http.RoundTripper) *corstest.Page
		header      string
	}{
		{"https://myapp.com/", on, "Accept: */*"},
		{myApp, on, "Authorization: Bearer token"},
		{myApp, withCookies, "Accept: */*"},
		{"*", withCookies, "Accept: */*"},
	} {
		api := byHand(map[string]string{"Access-Control-Allow-Origin": tt.allowOrigin})
		texts = append(texts, corstest.Refuses(t, tt.page(myApp, api), "GET", "/items", tt.header).Message)
	}
	redirect := corstest.Handler(http.RedirectHandler("/", http.StatusPermanentRedirect))
	return append(texts, corstest.Refuses(t, on(myApp, redirect), "PUT", "/items").Message,
		corstest.Refuses(t, on(myApp, byHand(nil)), "GET", "/items").Message)
}

func headerTexts(t *testing.T) []string {
	var lines []string
	for _, cfg := range []cors.Config{Methods(), RequestHeaders(), AnyRequestHeader(), ResponseHeaders(), RememberPreflights()} {
		page := on(myApp, mounted(cfg)[0].transport)
		corstest.Allows(t, page, "PUT", "/items/1")
		for _, exchange := range page.Exchanges() {
			for name, values := range exchange.ResponseHeader {
				lines = append(lines, name+": "+strings.Join(values, ", "))
			}
		}
	}
	return lines
}
