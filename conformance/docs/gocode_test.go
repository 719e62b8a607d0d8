package docs

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// imports are the packages that fragments use without saying so. If a page is
// about another version, the fragment imports it.
var imports = map[string]string{
	"chi":         "github.com/go-chi/chi/v5",
	"chicors":     "github.com/polycors/polycors/chiadapter",
	"connectcors": "connectrpc.com/cors",
	"context":     "context",
	"cors":        "github.com/polycors/polycors/core",
	"corslive":    "github.com/polycors/polycors/core/corslive",
	"corsnats":    "github.com/polycors/polycors/corsnats",
	"corstest":    "github.com/polycors/polycors/core/corstest",
	"echo":        "github.com/labstack/echo/v4",
	"echocors":    "github.com/polycors/polycors/echoadapter",
	"echo5":       "github.com/labstack/echo/v5",
	"fiber":       "github.com/gofiber/fiber/v2",
	"fiber3":      "github.com/gofiber/fiber/v3",
	"fibercors":   "github.com/polycors/polycors/fiberadapter",
	"fmt":         "fmt",
	"fuego":       "github.com/go-fuego/fuego",
	"gin":         "github.com/gin-gonic/gin",
	"gincors":     "github.com/polycors/polycors/ginadapter",
	"http":        "net/http",
	"httpcors":    "github.com/polycors/polycors/core/httpcors",
	"httputil":    "net/http/httputil",
	"huma":        "github.com/danielgtaylor/huma/v2",
	"humago":      "github.com/danielgtaylor/huma/v2/adapters/humago",
	"iris":        "github.com/kataras/iris/v12",
	"kratos":      "github.com/go-kratos/kratos/v2/transport/http",
	"log":         "log",
	"middleware":  "github.com/labstack/echo/v4/middleware",
	"nats":        "github.com/nats-io/nats.go",
	"os":          "os",
	"slog":        "log/slog",
	"strings":     "strings",
	"testing":     "testing",
	"time":        "time",
}

// known are the variables that fragments use without declaring them.
var known = map[string]string{
	"addr":    "string",
	"app":     "*fiber.App",
	"cfg":     "cors.Config",
	"ctx":     "context.Context",
	"e":       "*echo.Echo",
	"group":   "*gin.RouterGroup",
	"handler": "http.Handler",
	"mux":     "*http.ServeMux",
	"open":    "*cors.Policy",
	"page":    "*corstest.Page",
	"policy":  "*cors.Policy",
	"r":       "chi.Router",
	"rewrite": "func(*httputil.ProxyRequest)",
	"router":  "*gin.Engine",
	"strict":  "*cors.Policy",
	"t":       "*testing.T",
	"url":     "string",
}

// elsewhere are pages whose Go is checked by the test that is named.
var elsewhere = map[string]string{
	"examples/recipes/README.md":  "TestREADMECode in examples/recipes",
	"examples/database/README.md": "the tests of examples/database",
	"docs/adapters.md":            "TestGuideShowsTestedCode in conformance/routers",
}

// TestGo requires that a block with a package clause is a file of this repository,
// which other checks compile and run, and that every other block compiles, or is in
// a file beside the page.
func TestGo(t *testing.T) {
	files := sources(t)
	checker := newChecker(t)
	for _, p := range pages(t) {
		if elsewhere[p.path] != "" {
			continue
		}
		for _, b := range p.blocks {
			if b.language != "go" {
				continue
			}
			name := fmt.Sprintf("%s:%d", p.path, b.line)
			if regexp.MustCompile(`(?m)^package \w+$`).MatchString(b.text) {
				if !slices.Contains(files, b.text) {
					t.Errorf("%s: no file has exactly this text", name)
				}
				continue
			}
			if isExcerpt(t, p, b.text) {
				continue
			}
			for _, err := range checker.check(name, b.text) {
				t.Error(err)
			}
		}
	}
}

// isExcerpt reports whether a Go file beside the page has the lines of a block.
func isExcerpt(t *testing.T, p page, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, filepath.Dir(p.path), "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	indentation := regexp.MustCompile(`(?m)^\s+`)
	block := indentation.ReplaceAllString(text, "")
	return slices.ContainsFunc(files, func(name string) bool {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(indentation.ReplaceAllString(string(file), ""), block)
	})
}

// sources returns the texts of all Go files.
func sources(t *testing.T) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		all = append(all, string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A checker checks fragments against the types of real packages.
type checker struct {
	fset     *token.FileSet
	packages map[string]*types.Package
	imported *regexp.Regexp
}

func newChecker(t *testing.T) *checker {
	t.Helper()
	c := &checker{fset: token.NewFileSet(), packages: map[string]*types.Package{},
		imported: regexp.MustCompile(`(?m)^(?:import )?\s*(?:\w+ )?"([\w./-]+)"(?: //.*)?$`)}
	paths := []string{}
	for _, path := range imports {
		paths = append(paths, path)
	}
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if b.language == "go" && elsewhere[p.path] == "" {
				for _, match := range c.imported.FindAllStringSubmatch(b.text, -1) {
					paths = append(paths, match[1])
				}
			}
		}
	}
	slices.Sort(paths)
	work, err := filepath.Abs(filepath.Join(root, "go.work"))
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedTypes | packages.NeedImports | packages.NeedDeps,
		Fset: c.fset, Dir: root, Env: append(os.Environ(), "GOWORK="+work),
	}, slices.Compact(paths)...)
	if err != nil {
		t.Fatal(err)
	}
	packages.Visit(loaded, nil, func(p *packages.Package) {
		for _, err := range p.Errors {
			t.Errorf("loading %s: %v", p.PkgPath, err)
		}
		c.packages[p.PkgPath] = p.Types
	})
	if t.Failed() {
		t.FailNow()
	}
	return c
}

func (c *checker) Import(path string) (*types.Package, error) {
	if p := c.packages[path]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("no package %s", path)
}

// check returns what is wrong with a fragment, other than variables and imports
// that it does not use.
func (c *checker) check(name, text string) []string {
	file, err := c.parse(name, text)
	if err != nil {
		return []string{fmt.Sprintf("%s: %v", name, err)}
	}
	var problems []string
	config := types.Config{Importer: c, Error: func(err error) {
		text := err.(types.Error).Msg
		if !strings.HasPrefix(text, "declared and not used") && !strings.HasSuffix(text, "imported and not used") &&
			!strings.Contains(text, "imported as") {
			problems = append(problems, fmt.Sprintf("%s: %s", name, text))
		}
	}}
	_, _ = config.Check("fragment", c.fset, []*ast.File{file}, nil)
	return problems
}

// parse puts a fragment into a file: imports first, then declarations, or else
// statements.
func (c *checker) parse(name, text string) (*ast.File, error) {
	own, body := splitImports(text)
	head := own
	for short, path := range imports {
		uses := regexp.MustCompile(`\b` + short + `\.[A-Z]`).MatchString(body + signature(body))
		named := regexp.MustCompile(`(?m)^(import )?\s*` + short + ` "|[^\w] *"([\w./-]+/)?` + short + `(/v\d+)?"`).MatchString(own)
		if uses && !named {
			head += fmt.Sprintf("import %s %q\n", short, path)
		}
	}
	file, err := parser.ParseFile(c.fset, name, "package fragment\n"+head+body, parser.SkipObjectResolution)
	if err == nil {
		return file, nil
	}
	return parser.ParseFile(c.fset, name, "package fragment\n"+head+"func _("+signature(body)+") { {\n"+body+"\n} }\n",
		parser.SkipObjectResolution)
}

func splitImports(text string) (head, body string) {
	match := regexp.MustCompile(`(?s)^\s*(?:import (?:\w+ )?"[^"]+"[^\n]*\n|import \([^)]*\)\n)+`).FindString(text)
	return match, text[len(match):]
}

// signature returns parameters for the known variables that a fragment uses.
func signature(body string) string {
	var params []string
	for name, typ := range known {
		if regexp.MustCompile(`\b` + name + `\b`).MatchString(body) {
			params = append(params, name+" "+typ)
		}
	}
	slices.Sort(params)
	return strings.Join(params, ", ")
}
