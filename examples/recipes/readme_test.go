package recipes

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func readme(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestTheREADMEShowsGo parses the snippets, which are statements or the fields
// of a Config.
func TestTheREADMEShowsGo(t *testing.T) {
	snippets := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	for _, s := range snippets {
		statements := "package p\nfunc _() {\n" + s[1] + "\n}"
		fields := regexp.MustCompile(`(?m)^\}$`).ReplaceAllString(s[1], "},")
		fields = "package p\nvar _ = cors.Config{\n" + strings.TrimSuffix(fields, "\n") + ",\n}"
		fields = strings.ReplaceAll(fields, ",,", ",")
		_, err1 := parser.ParseFile(token.NewFileSet(), "", statements, parser.SkipObjectResolution)
		_, err2 := parser.ParseFile(token.NewFileSet(), "", fields, parser.SkipObjectResolution)
		if err1 != nil && err2 != nil {
			t.Errorf("neither statements (%v) nor fields (%v):\n%s", err1, err2, s[1])
		}
	}
	if len(snippets) < 15 {
		t.Errorf("%d snippets", len(snippets))
	}
}

func TestTheREADMELeadsToWhatIsThere(t *testing.T) {
	text := readme(t)
	for _, link := range regexp.MustCompile(`\]\(([a-z_]+\.go)\)`).FindAllStringSubmatch(text, -1) {
		if _, err := os.Stat(link[1]); err != nil {
			t.Error(err)
		}
	}
	declared := map[string]bool{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil {
				declared[fn.Name.Name] = true
			}
		}
	}
	for _, name := range []string{"SettingsFromEnv", "KeepFresh", "ByPathGin", "OneRouteGin", "ByHostGin", "NewTenants", "PolicyFromFile",
		"DevProxy", "Gateway", "Uploads", "Receive", "ReceiveFiber", "Downloads", "Events", "EventsGin", "Upgrader", "CheckOriginFiber",
		"Connect", "Tracing", "Apps"} {
		if !declared[name] || !strings.Contains(text, name) {
			t.Errorf("%s: declared %t, in the README %t", name, declared[name], strings.Contains(text, name))
		}
	}
}
