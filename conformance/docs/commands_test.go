package docs

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// A command is a line that a page tells its reader to type.
type command struct {
	page, text string
	line       int
	output     string // in a console block
}

func commands(t *testing.T, languages ...string) []command {
	t.Helper()
	var all []command
	for _, p := range pages(t) {
		for _, b := range p.blocks {
			if !slices.Contains(languages, b.language) {
				continue
			}
			text := regexp.MustCompile(`\\\n\s*`).ReplaceAllString(b.text, "")
			for line := range strings.Lines(text) {
				typed, prompt := strings.CutPrefix(line, "$ ")
				switch {
				case b.language == "console" && !prompt:
					if len(all) > 0 {
						all[len(all)-1].output += line
					}
					continue
				case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
					continue
				}
				typed, _, _ = strings.Cut(typed, " # ")
				all = append(all, command{page: p.path, text: strings.TrimSpace(typed), line: b.line})
			}
		}
	}
	return all
}

// runElsewhere names where a command is run that needs more than a shell: a file, and
// words in it.
var runElsewhere = map[string][2]string{
	"go build work":             {".ci/run", "go build work"},
	"go test work":              {".ci/run", "go test -race -p 3 work"},
	"go test ./core/...":        {".ci/run", "go test ./..."},
	"go test ./examples/":       {".ci/run", "go test -race -p 3 work"},
	"go run ./examples/fleet":   {"examples/fleet/fleet_test.go", "func TestREADME"},
	"echo 'allowOrigins: [http": {"examples/fleet/fleet_test.go", "func TestREADME"},
	"curl -s -o /dev/null -w":   {"examples/fleet/fleet_test.go", "func TestREADME"},
	"kill -HUP":                 {"examples/recipes/live_test.go", "SIGHUP"},
	"$ corscheck probe":         {"conformance/classics/classics_test.go", "func TestREADME"},
}

// TestCommands runs what the pages tell their readers to type, in the order in which
// they read it, and compares what is printed with what a page shows.
func TestCommands(t *testing.T) {
	r := newReader(t)
	for _, c := range commands(t, "sh", "console") {
		typed := c.text
		if c.output != "" {
			typed = "$ " + c.text
		}
		if where, ok := whereRun(typed, c.text); ok {
			if text, err := os.ReadFile(filepath.Join(root, where[0])); err != nil || !strings.Contains(string(text), where[1]) {
				t.Errorf("%s:%d: %s: %s has no %q (%v)", c.page, c.line, c.text, where[0], where[1], err)
			}
			continue
		}
		out, err := r.run(t, c)
		if err != nil {
			t.Errorf("%s:%d: %s: %v\n%s", c.page, c.line, c.text, err, out)
		}
		if got, want := r.asShown(out), r.asShown(c.output); c.output != "" && got != want {
			t.Errorf("%s:%d: %s prints\n%s\nthe page shows\n%s", c.page, c.line, c.text, got, want)
		}
	}
}

// whereRun returns the value of the key with which one of the texts begins.
func whereRun(texts ...string) (where [2]string, ok bool) {
	for key, where := range runElsewhere {
		if slices.ContainsFunc(texts, func(text string) bool { return strings.HasPrefix(text, key) }) {
			return where, true
		}
	}
	return where, false
}

// A reader has a module of its own beside a checkout, and the programs that the pages
// make it start.
type reader struct {
	dir      string            // of the module; the checkout is beside it
	programs map[string]string // paths by package
	addr     string            // of the program started last
	api      string            // the URL of a server that allows what the pages probe
	policy   string            // a file
}

func newReader(t *testing.T) *reader {
	parent := t.TempDir()
	r := &reader{dir: filepath.Join(parent, "myapp"), programs: map[string]string{}, policy: filepath.Join(parent, "cors.yaml")}
	checkout, err := filepath.Abs(root)
	must(t, err)
	must(t, os.Symlink(checkout, filepath.Join(parent, "polycors")))
	must(t, os.Mkdir(r.dir, 0o777))
	must(t, os.WriteFile(filepath.Join(r.dir, "go.mod"), []byte("module myapp\n\ngo 1.26\n"), 0o666))
	must(t, os.WriteFile(filepath.Join(r.dir, "main.go"), []byte(`package main

import _ "github.com/polycors/polycors/ginadapter"

func main() {}
`), 0o666))
	must(t, os.WriteFile(r.policy, []byte("allowOrigins: [https://myapp.com]\n"), 0o666))
	policy := httpcors.New(cors.Config{
		AllowOrigins: []string{"https://myapp.com"}, AllowHeaders: []string{"Content-Type"}, AllowCredentials: true,
	})
	server := httptest.NewServer(policy(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	t.Cleanup(server.Close)
	r.api = server.URL
	return r
}

// run runs a command. A program without arguments is one that serves: it goes on.
func (r *reader) run(t *testing.T, c command) (output string, err error) {
	t.Helper()
	text := c.text
	if pkg, args, ok := program(text); ok {
		if r.programs[pkg] == "" {
			r.programs[pkg] = build(t, pkg)
		}
		if args == "" {
			r.addr = serve(t, r.programs[pkg], r.dir)
			return "", nil
		}
		text = r.programs[pkg] + " " + args
	}
	text = strings.ReplaceAll(text, shownAddr, r.addr)
	text = regexp.MustCompile(`https://api\.(myapp\.com|example)`).ReplaceAllString(text, r.api)
	text = strings.ReplaceAll(text, "/etc/shop/cors.yaml", r.policy)
	cmd := exec.Command("bash", "-c", text)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "TMPDIR="+t.TempDir())
	out, err := cmd.CombinedOutput()
	if err == nil && strings.HasPrefix(text, "go get ") {
		build := exec.Command("go", "build", ".")
		build.Dir, build.Env = cmd.Dir, cmd.Env
		out, err = build.CombinedOutput()
	}
	return string(out), err
}

// program returns the package that a command runs, and the arguments.
func program(text string) (pkg, args string, ok bool) {
	if rest, ok := strings.CutPrefix(text, "corscheck "); ok {
		return "./core/cmd/corscheck", rest, true
	}
	rest, ok := strings.CutPrefix(text, "go run ")
	pkg, args, _ = strings.Cut(rest, " ")
	return pkg, args, ok
}

const shownAddr = "127.0.0.1:8080"

var date = regexp.MustCompile(`(?m)^Date: .*$`)

func (r *reader) asShown(output string) string {
	output = strings.ReplaceAll(strings.ReplaceAll(output, "\r\n", "\n"), r.addr, shownAddr)
	return strings.TrimSpace(date.ReplaceAllString(output, "Date:"))
}

// build builds a program of the repository and returns its path.
func build(t *testing.T, pkg string) string {
	t.Helper()
	work, err := filepath.Abs(filepath.Join(root, "go.work"))
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), filepath.Base(pkg))
	cmd := exec.Command("go", "build", "-o", program, pkg)
	cmd.Dir, cmd.Env = root, append(os.Environ(), "GOWORK="+work)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", pkg, err, out)
	}
	return program
}

// serve starts a program of examples in dir, and returns its address.
func serve(t *testing.T, program, dir string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	addr := l.Addr().String()
	must(t, l.Close())
	cmd := exec.Command(program, "-addr", addr)
	if filepath.Base(program) == "playground" {
		_, port, _ := net.SplitHostPort(addr)
		cmd = exec.Command(program, "-port", port)
	}
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+t.TempDir())
	must(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			_ = conn.Close()
			return addr
		}
	}
	t.Fatalf("%s does not listen on %s", program, addr)
	return ""
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
