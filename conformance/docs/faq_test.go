package docs

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

// TestFAQ requires that corstest prints the messages that the FAQ shows for
// Chromium, other than those about local networks, which it does not model.
func TestFAQ(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs/faq.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "\n## Chromium")
	section, _, _ = strings.Cut(section, "\n## Firefox")
	printed := strings.Join(messages(t), "\n")
	rows := regexp.MustCompile(`(?m)^\| ([^|]+) \| [^|]+ \| [^|]+ \|$`).FindAllStringSubmatch(section, -1)
	if len(rows) < 15 {
		t.Fatalf("the FAQ has only %d messages", len(rows))
	}
	for _, row := range rows[1:] { // the first is the head
		if !strings.Contains(printed, row[1]) && !strings.Contains(row[1], "address space") {
			t.Errorf("corstest prints no %q", row[1])
		}
	}
}

// messages returns a message for each reason to block a request.
func messages(t *testing.T) []string {
	t.Helper()
	const ok, all = "Access-Control-Allow-Origin: https://myapp.com", "Access-Control-Allow-Credentials: true"
	var list []string
	for _, tt := range []struct {
		method, header string
		status         int
		response       []string
	}{
		{"GET", "", 200, nil},
		{"GET", "", 200, []string{ok + "/"}},
		{"GET", "", 200, []string{"Access-Control-Allow-Origin: myapp.com"}},
		{"GET", "", 200, []string{ok, ok}},
		{"GET", "", 200, []string{"Access-Control-Allow-Origin: *"}},
		{"GET", "", 200, []string{ok}},
		{"PUT", "", 404, []string{ok, all}},
		{"PUT", "", 301, []string{ok, all, "Location: /"}},
		{"PUT", "", 204, []string{ok, all}},
		{"GET", "Authorization: Bearer token", 204, []string{ok, all}},
		{"PUT", "", 204, []string{ok, all, "Access-Control-Allow-Methods: PUT, a(b"}},
		{"GET", "X-A: 1", 204, []string{ok, all, "Access-Control-Allow-Headers: X-A, a(b"}},
		{"GET", "", 302, []string{ok, all, "Location: https://user:password@api.example/"}},
		{"GET", "", 302, []string{ok, all, "Location: ftp://api.example/"}},
	} {
		transport := corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			res := &http.Response{StatusCode: tt.status, Header: http.Header{}, Body: http.NoBody, Request: r}
			for _, line := range tt.response {
				name, value, _ := strings.Cut(line, ": ")
				res.Header.Add(name, value)
			}
			return res, nil
		})
		page := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: transport}
		var headers []string
		if tt.header != "" {
			headers = append(headers, tt.header)
		}
		list = append(list, corstest.Refuses(t, page, tt.method, "/items", headers...).Message)
	}
	return list
}
