package museum

import (
	_ "embed"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
)

//go:embed README.md.tmpl
var pageTemplate string

type shownRoom struct {
	Name     string
	Exhibits []shownExhibit
}

type shownExhibit struct {
	exhibit
	adapters []outcome
	failing  []string // the frameworks on which polycors fails
	peers    []outcome
}

// Fault returns what goes wrong, with its links and, if there is one, the limit.
func (s shownExhibit) Fault() string {
	text := s.fault
	if len(s.reports) > 0 {
		links := make([]string, len(s.reports))
		for i, r := range s.reports {
			links[i] = link(r)
		}
		text += " (" + strings.Join(links, ", ") + ")"
	}
	if s.limit != "" {
		text += "<br>" + s.limit
	}
	return strings.ReplaceAll(text, "|", `\|`)
}

var issue = regexp.MustCompile(`^([\w.-]+/[\w.-]+)#(\d+)$`)

// link returns a link to a report.
func link(report string) string {
	switch {
	case strings.HasPrefix(report, "CVE-"):
		return fmt.Sprintf("[%s](https://www.cve.org/CVERecord?id=%[1]s)", report)
	case strings.HasPrefix(report, "GHSA-"):
		return fmt.Sprintf("[%s](https://github.com/advisories/%[1]s)", report)
	case strings.HasPrefix(report, "https://"):
		return fmt.Sprintf("[%s](%s)", strings.Split(report, "/")[2], report)
	}
	return issue.ReplaceAllString(report, "[$0](https://github.com/$1/issues/$2)")
}

// Polycors returns the cell of polycors.
func (s shownExhibit) Polycors() string {
	switch {
	case s.failing != nil && len(s.failing) == len(s.adapters)-count(s.adapters, absent):
		return "**fails**"
	case s.failing != nil:
		return "**fails** on " + strings.Join(s.failing, ", ")
	case slices.Contains(s.adapters, refused):
		return "refuses"
	}
	return "safe"
}

// Peers returns the cells of the peers.
func (s shownExhibit) Peers() (cells []string) {
	for _, o := range s.peers {
		cells = append(cells, [...]string{"", "safe", "refuses", "**fails**"}[o])
	}
	return cells
}

func count(outcomes []outcome, o outcome) (n int) {
	for _, got := range outcomes {
		if got == o {
			n++
		}
	}
	return n
}

// A total is a line of the summary.
type total struct {
	Name, Version                 string
	Shown, Safe, Refuses, Failing int
}

func (t *total) add(o outcome) {
	switch o {
	case absent:
		return
	case safe:
		t.Safe++
	case refused:
		t.Refuses++
	case fails:
		t.Failing++
	}
	t.Shown++
}

// versions returns the versions of the modules that this module requires.
func versions(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) v(\S+)`).FindAllStringSubmatch(string(data), -1) {
		found[m[1]] = m[2]
	}
	return found
}

// page renders README.md.
func page(t *testing.T, shown []shownRoom) string {
	t.Helper()
	version := versions(t)
	peerTotals := make([]total, len(peers()))
	for i, p := range peers() {
		peerTotals[i].Name, peerTotals[i].Version = p.name, version[p.module]
	}
	own := total{Name: "polycors"}
	for _, r := range shown {
		for _, e := range r.Exhibits {
			own.add(slices.Max(e.adapters))
			for i, o := range e.peers {
				peerTotals[i].add(o)
			}
		}
	}
	var b strings.Builder
	err := template.Must(template.New("").Parse(pageTemplate)).Execute(&b, map[string]any{
		"Rooms": shown, "Peers": peerTotals, "Own": own,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// checkPage compares README.md with the results, or rewrites it.
func checkPage(t *testing.T, shown []shownRoom) {
	t.Helper()
	want := page(t, shown)
	if *update {
		if err := os.WriteFile("README.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("README.md does not say what the tests found: run go test ./museum -update, and read what changed")
	}
}
