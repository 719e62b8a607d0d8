package docs

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
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

// TestCommands requires that what a page tells its reader to type exists: programs,
// modules, targets, subcommands and flags.
func TestCommands(t *testing.T) {
	corscheck := build(t, "./core/cmd/corscheck")
	helps := map[string]string{}
	for _, c := range commands(t, "sh", "console") {
		words := strings.Fields(c.text)
		for strings.Contains(words[0], "=") || words[0] == "nice" { // environment variables
			words = words[1:]
		}
		if i := slices.Index(words, "./core/cmd/corscheck"); i > 0 && words[1] == "run" {
			words = append([]string{"corscheck"}, words[i+1:]...)
		}
		problem := ""
		switch strings.Join(words[:min(2, len(words))], " ") {
		case "go run", "go test", "go build", "go install", "go vet":
			problem = missingPackage(words[2:])
		case "go get":
			problem = missingModule(words[2:])
		case "go mod":
			problem = missingReplacement(words)
		default:
			switch words[0] {
			case "corscheck":
				problem = missingFlag(corscheck, helps, words[1:])
			case "make":
				problem = missingTarget(words[1:])
			case "curl", "git", "cd", "bash", "kill", "kubectl", "docker", "echo", "for":
			default:
				if !strings.HasPrefix(words[0], ".ci/") {
					problem = "no check knows this command"
				} else if _, err := os.Stat(filepath.Join(root, words[0])); err != nil {
					problem = err.Error()
				}
			}
		}
		if problem != "" {
			t.Errorf("%s:%d: %s: %s", c.page, c.line, c.text, problem)
		}
	}
}

func missingPackage(args []string) string {
	for _, arg := range args {
		path, local := strings.CutPrefix(arg, "./")
		if !local {
			continue
		}
		if found, _ := filepath.Glob(filepath.Join(root, strings.TrimSuffix(path, "/..."), "*")); len(found) == 0 {
			return "there is no " + arg
		}
		return ""
	}
	return ""
}

func missingModule(args []string) string {
	for _, arg := range args {
		path, _, _ := strings.Cut(arg, "@")
		dir, ours := strings.CutPrefix(path, "github.com/polycors/polycors/")
		if _, err := os.Stat(filepath.Join(root, dir, "go.mod")); ours && err != nil {
			return "there is no module " + path
		}
	}
	return ""
}

func missingReplacement(words []string) string {
	for _, word := range words {
		if path, dir, ok := strings.Cut(word, "="); ok {
			_, below, _ := strings.Cut(path, "polycors/polycors/")
			if ours := strings.Contains(path, "polycors/polycors/"); !ours {
				continue // another version of a framework
			} else if !strings.HasSuffix(dir, "polycors/"+below) {
				return word + " replaces another module"
			}
			if problem := missingModule([]string{path}); problem != "" {
				return problem
			}
		}
	}
	return ""
}

// missingFlag reports a subcommand or a flag that the help of corscheck lacks.
func missingFlag(corscheck string, helps map[string]string, args []string) string {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return ""
	}
	if helps[args[0]] == "" {
		out, err := exec.Command(corscheck, args[0], "-help").CombinedOutput()
		if err != nil || !strings.Contains(string(out), args[0]) {
			return "there is no corscheck " + args[0]
		}
		helps[args[0]] = string(out)
	}
	for _, arg := range args[1:] {
		if regexp.MustCompile(`^-[\w-]+$`).MatchString(arg) &&
			!regexp.MustCompile(`(?m)[\s,-]`+regexp.QuoteMeta(strings.TrimLeft(arg, "-"))+`\b`).MatchString(helps[args[0]]) {
			return "corscheck " + args[0] + " has no flag " + arg
		}
	}
	return ""
}

func missingTarget(args []string) string {
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		return err.Error()
	}
	for _, arg := range args {
		if !strings.Contains(arg, "=") && !strings.Contains(string(makefile), "\n"+arg+":") {
			return "the Makefile has no target " + arg
		}
	}
	return ""
}

// TestConsole runs the curl commands whose output the README shows, against
// examples/gin.
func TestConsole(t *testing.T) {
	const shown = "127.0.0.1:8080"
	addr := serve(t, build(t, "./examples/gin"))
	date := regexp.MustCompile(`(?m)^Date: .*$`)
	clean := func(s string) string {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), addr, shown)
		return strings.TrimSpace(date.ReplaceAllString(s, "Date:"))
	}
	ran := 0
	for _, c := range commands(t, "console") {
		if c.page != "README.md" || !strings.HasPrefix(c.text, "curl ") {
			continue // examples/fleet has a test of its own
		}
		ran++
		out, err := exec.Command("bash", "-c", strings.ReplaceAll(c.text, shown, addr)).Output()
		if err != nil {
			t.Errorf("%s:%d: %s: %v", c.page, c.line, c.text, err)
		}
		if got, want := clean(string(out)), clean(c.output); got != want {
			t.Errorf("%s:%d: %s prints\n%s\nthe page shows\n%s", c.page, c.line, c.text, got, want)
		}
	}
	if ran == 0 {
		t.Error("the README shows no curl command")
	}
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

// serve starts a program of examples and returns its address.
func serve(t *testing.T, program string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	_ = l.Close()
	cmd := exec.Command(program, "-addr", addr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
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
