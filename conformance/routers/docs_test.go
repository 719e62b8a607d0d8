package routers

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const docs = "../../docs/"

func read(t *testing.T, names ...string) string {
	t.Helper()
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

func TestGuideShowsTestedCode(t *testing.T) {
	code := regexp.MustCompile(`(?m)^[ \t]*//.*\n`).ReplaceAllString(read(t, "hertzcors/hertzcors.go", "hertzcors/hertzcors_test.go"), "")
	blocks := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllStringSubmatch(read(t, docs+"adapters.md"), -1)
	if len(blocks) == 0 {
		t.Fatal("the guide has no code")
	}
	for _, block := range blocks {
		if !strings.Contains(code, block[1]) {
			t.Errorf("hertzcors has no such code:\n%s", block[1])
		}
	}
}

func TestTableNamesTests(t *testing.T) {
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	code, table := read(t, files...), read(t, docs+"routers.md")
	names := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(table, -1)
	if len(names) == 0 {
		t.Fatal("the page names no tests")
	}
	for _, name := range names {
		if !strings.Contains(code, "\nfunc "+name[1]+"(") {
			t.Errorf("there is no %s", name[1])
		}
	}
	versions := regexp.MustCompile(`\bv\d+\.\d+\.\d+\b`).FindAllString(table, -1)
	required := read(t, "go.mod")
	for _, version := range versions {
		if !strings.Contains(required, " "+version) {
			t.Errorf("go.mod requires no %s", version)
		}
	}
}
