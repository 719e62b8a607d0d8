package docs

import (
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// TestTexts compares what the README shows as printed by the library with what is
// printed. examples/recipes and core/corslive have such tests for their pages.
func TestTexts(t *testing.T) {
	_, err := cors.New(cors.Config{
		AllowOrigins: []string{"https://myapp.com/", "localhost:3000"},
		AllowHeaders: []string{"Content-Type, Authorization"},
		MaxAge:       300, // nanoseconds
	})
	policy, newErr := cors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "http://localhost:*"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
	})
	must(t, newErr)
	explanation := policy.Explain(t.Context(), cors.Request{Method: "GET", Origin: "http://127.0.0.1:5173"})

	want := []string{err.Error(), explanation.String()}
	var got []string
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.language == "text" && (p.path == "README.md" || strings.HasPrefix(p.path, "docs/")) {
				got = append(got, strings.TrimSpace(b.text))
			}
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d blocks of text, want %d", len(got), len(want))
	}
	for i := range want {
		if got[i] != strings.TrimSpace(want[i]) {
			t.Errorf("the README shows\n%s\nthe library prints\n%s", got[i], want[i])
		}
	}
}
