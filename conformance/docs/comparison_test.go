package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestComparison requires that the comparison has the figures of the museum.
func TestComparison(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	comparison, museum := read("docs/comparison.md"), read("conformance/museum/README.md")
	row := func(begin string) []string {
		_, after, found := strings.Cut(comparison, "\n"+begin)
		line, _, _ := strings.Cut(after, "\n")
		cells := strings.Split(strings.Trim(line, "| "), " | ")
		if !found || len(cells) != 6 {
			t.Fatalf("the comparison has no row of six cells that begins with %s", begin)
		}
		return cells
	}
	faults := row("| faults of the museum that it has, of those that apply ([all](../conformance/museum)) |")
	refused := row("| faulty policies of the museum that are refused at start |")
	for i, name := range []string{"polycors", "gin-contrib/cors", "echo v5's own", "fiber v3's own", "go-chi/cors", "rs/cors"} {
		cells := regexp.MustCompile(`(?m)^\| ` + regexp.QuoteMeta(name) + ` \| [^|]+ \| (\d+) \| \d+ \| (\d+) \| (\d+) \|$`).FindStringSubmatch(museum)
		if cells == nil {
			t.Fatalf("the museum has no row for %s", name)
		}
		if want := cells[3] + " of " + cells[1]; faults[i] != want {
			t.Errorf("%s: %s faults, the museum says %s", name, faults[i], want)
		}
		if refused[i] != cells[2] {
			t.Errorf("%s: refuses %s, the museum says %s", name, refused[i], cells[2])
		}
	}
}
