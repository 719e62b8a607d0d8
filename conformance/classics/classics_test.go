package classics

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
)

var update = flag.Bool("update", false, "write the transcripts anew")

// A server makes a mistake.
type server struct {
	name string
	app  any      // an http.Handler or a *fiber.App of v2 or v3
	args []string // of corscheck probe, where they differ from those of the classic
}

// A classic is a mistake, made on several servers.
type classic struct {
	file    string
	args    []string // of corscheck probe
	path    string   // of the URL
	servers []server
	want    string // what is to be said about each server
}

func TestClassics(t *testing.T) {
	corscheck := build(t)
	for _, c := range classics() {
		t.Run(c.file, func(t *testing.T) {
			var transcripts strings.Builder
			for _, s := range c.servers {
				args := c.args
				if s.args != nil {
					args = s.args
				}
				transcript := probe(t, corscheck, start(t, s.app), c.path, args)
				if words := strings.Join(strings.Fields(transcript), " "); !strings.Contains(words, c.want) {
					t.Errorf("%s: not what is to be said, %q:\n%s", s.name, c.want, transcript)
				}
				fmt.Fprintf(&transcripts, "# %s\n%s\n", s.name, transcript)
			}
			golden(t, c.file, transcripts.String())
		})
	}
}

// build compiles the command, as a user would: on its own.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "corscheck")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = filepath.FromSlash("../../core/cmd/corscheck")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// start runs a server until the test ends, and returns its port.
func start(t *testing.T, app any) (port string) {
	t.Helper()
	if h, ok := app.(http.Handler); ok {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return s.URL[strings.LastIndexByte(s.URL, ':'):]
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	switch f := app.(type) {
	case *fiber.App:
		go func() { _ = f.Listener(ln) }()
		t.Cleanup(func() { _ = f.Shutdown() })
	case *fiber3.App:
		go func() { _ = f.Listener(ln, fiber3.ListenConfig{DisableStartupMessage: true}) }()
		t.Cleanup(func() { _ = f.Shutdown() })
	default:
		t.Fatalf("no server for a %T", app)
	}
	_, number, _ := net.SplitHostPort(ln.Addr().String())
	return ":" + number
}

// probe runs the command, which has to refuse, and returns what a terminal
// would show, with port 8080.
func probe(t *testing.T, corscheck, port, path string, args []string) string {
	t.Helper()
	args = append(append([]string{"probe"}, args...), "http://127.0.0.1"+port+path)
	var out bytes.Buffer
	cmd := exec.Command(corscheck, args...)
	cmd.Stdout, cmd.Stderr = &out, &out
	var exit *exec.ExitError
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("corscheck %s: %v, want exit status 1", strings.Join(args, " "), err)
	}
	for i, a := range args {
		if strings.ContainsAny(a, " *") {
			args[i] = "'" + a + "'"
		}
	}
	transcript := "$ corscheck " + strings.Join(args, " ") + "\n" + out.String()
	// chi lists methods in any order.
	transcript = strings.ReplaceAll(transcript, "< Allow: PUT\n< Allow: GET\n", "< Allow: GET\n< Allow: PUT\n")
	return strings.ReplaceAll(transcript, "127.0.0.1"+port, "127.0.0.1:8080")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has changed (go test -update writes it anew):\n%s\nwant:\n%s", file, got, want)
	}
}
