// Package migrate compares another CORS middleware with the polycors that replaces it. Each folder below it has
// the code before and after the change, as a page of docs/migrate shows it. The same requests go to both, and the
// page lists every difference.
package migrate

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// An App is an application under test. Ran reports whether its handler ran since
// the last call.
type App struct {
	Transport http.RoundTripper
	Ran       func() bool
}

// Handler returns a handler, and a function that reports whether it ran since the
// last call.
func Handler() (h http.HandlerFunc, ran func() bool) {
	called := false
	h = func(http.ResponseWriter, *http.Request) { called = true }
	return h, func() bool {
		was := called
		called = false
		return was
	}
}

var origins = []string{"https://myapp.com", "https://evil.example", "null"}

var requests = []struct{ method, header string }{
	{"GET", ""},
	{"GET", "Authorization: Bearer token"},
	{"GET", "X-Requested-With: XMLHttpRequest"},
	{"POST", "Content-Type: text/plain"},
	{"POST", "Content-Type: application/json"},
	{"PUT", ""},
	{"PATCH", ""},
	{"DELETE", ""},
	{"OPTIONS", ""},
}

// Compare sends the same requests, with cookies and without, to an application before
// and after the change. Every difference must be a row of the page's table, and the
// page must show the code of before.go and after.go.
func Compare(t *testing.T, page string, before, after App) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../../docs/migrate", page))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"before.go", "after.go"} {
		if missing := firstMissing(t, string(text), name); missing != "" {
			t.Errorf("%s has code that %s lacks:\n%s", page, name, missing)
		}
	}
	want := regexp.MustCompile(`(?m)^\| (?:GET|POST|PUT|PATCH|DELETE|OPTIONS)\b.*\n`).FindAllString(string(text), -1)
	got := differences(t, before, after)
	if strings.Join(got, "") != strings.Join(want, "") {
		t.Errorf("%s lists other differences than there are:\n%s", page, strings.Join(got, ""))
	}
}

// firstMissing returns the first line of a block that the file lacks. The first
// block of the page is from before.go, the second from after.go.
func firstMissing(t *testing.T, page, name string) string {
	t.Helper()
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(page, -1)
	if len(blocks) < 2 {
		t.Fatal("the page does not show the code before and after")
	}
	block := blocks[0][1]
	if name == "after.go" {
		block = blocks[1][1]
	}
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	imports := regexp.MustCompile(`(?m)^import \(?`)
	for part := range strings.SplitSeq(imports.ReplaceAllString(block, ""), "\n") {
		if part = flat(part); part != ")" && !strings.Contains(flat(string(source)), part) {
			return part
		}
	}
	return ""
}

// differences returns the rows of a table.
func differences(t *testing.T, before, after App) []string {
	t.Helper()
	var rows []string
	for _, origin := range origins {
		for _, r := range requests {
			plain := [2]string{outcome(t, before, origin, r.method, r.header, corstest.Omit), outcome(t, after, origin, r.method, r.header, corstest.Omit)}
			cookies := [2]string{outcome(t, before, origin, r.method, r.header, corstest.Include), outcome(t, after, origin, r.method, r.header, corstest.Include)}
			name := r.method
			if r.header != "" {
				name += " with " + r.header
			}
			row := func(which string, o [2]string) {
				if o[0] != o[1] {
					rows = append(rows, fmt.Sprintf("| %s%s | %s | %s | %s |\n", name, which, origin, o[0], o[1]))
				}
			}
			if plain == cookies {
				row("", plain)
				continue
			}
			row(", without cookies", plain)
			row(", with cookies", cookies)
		}
	}
	return rows
}

func outcome(t *testing.T, app App, origin, method, header string, credentials corstest.Credentials) string {
	t.Helper()
	page := &corstest.Page{Origin: origin, Credentials: credentials, Transport: app.Transport}
	req, err := http.NewRequest(method, "https://api.example/items", nil)
	if err != nil {
		t.Fatal(err)
	}
	if name, value, ok := strings.Cut(header, ": "); ok {
		req.Header.Set(name, value)
	}
	verdict := "allowed"
	res, err := page.Fetch(req)
	if err != nil {
		verdict = "refused"
	} else if err := res.Body.Close(); err != nil {
		t.Fatal(err)
	}
	switch ran := app.Ran(); {
	case ran && err != nil:
		return "refused, after the handler ran"
	case !ran && err == nil:
		return "allowed, but the handler did not run"
	}
	return verdict
}
