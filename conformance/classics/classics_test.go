package classics

import (
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
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata")

// TestClassics runs the scripts in testdata. Their servers have the port 8080.
//
//	serve NAME           starts a server of the table in servers_test.go
//	corscheck ARGUMENTS  runs the command; stdout is what a terminal shows
func TestClassics(t *testing.T) {
	servers := servers()
	program := build(t)
	testscript.Run(t, testscript.Params{
		Dir:           "testdata",
		UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": func(ts *testscript.TestScript, _ bool, args []string) {
				app := servers[args[0]]
				if app == nil {
					ts.Fatalf("no server %s", args[0])
				}
				addr, stop := start(ts, app)
				ts.Defer(stop)
				ts.Setenv("ADDR", addr)
			},
			"corscheck": func(ts *testscript.TestScript, _ bool, args []string) { corscheck(ts, program, args) },
		},
	})
}

// build compiles the command in its own module, as "go install" does.
func build(t *testing.T) (program string) {
	t.Helper()
	program = filepath.Join(t.TempDir(), "corscheck")
	cmd := exec.Command("go", "build", "-o", program, ".")
	cmd.Dir = filepath.FromSlash("../../core/cmd/corscheck")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// start starts an http.Handler, or a *fiber.App of v2 or v3.
func start(ts *testscript.TestScript, app any) (addr string, stop func()) {
	if h, ok := app.(http.Handler); ok {
		s := httptest.NewServer(h)
		return s.Listener.Addr().String(), s.Close
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	switch f := app.(type) {
	case *fiber.App:
		go func() { _ = f.Listener(ln) }()
		stop = func() { _ = f.Shutdown() }
	case *fiber3.App:
		go func() { _ = f.Listener(ln, fiber3.ListenConfig{DisableStartupMessage: true}) }()
		stop = func() { _ = f.Shutdown() }
	}
	return ln.Addr().String(), stop
}

func corscheck(ts *testscript.TestScript, program string, args []string) {
	const shown = "127.0.0.1:8080"
	addr := ts.Getenv("ADDR")
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, shown, addr)
	}
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "COLUMNS=100")
	out, _ := cmd.CombinedOutput()
	if status := cmd.ProcessState.ExitCode(); status != 1 {
		ts.Fatalf("exit status %d, want 1:\n%s", status, out)
	}
	output := strings.ReplaceAll(string(out), addr, shown)
	// chi lists methods in any order.
	output = strings.ReplaceAll(output, "< Allow: PUT\n< Allow: GET\n", "< Allow: GET\n< Allow: PUT\n")
	fmt.Fprint(ts.Stdout(), output)
}

// TestREADME compares the README's example with the transcript.
func TestREADME(t *testing.T) {
	script, err := os.ReadFile(filepath.FromSlash("testdata/2-missing-authorization.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.FromSlash("../../README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, command, _ := strings.Cut(string(script), "serve gin-contrib\n")
	command, _, _ = strings.Cut(command, "\n")
	_, output, _ := strings.Cut(string(script), "-- gin-contrib --\n")
	if want := "$ " + command + "\n" + output + "```"; !strings.Contains(string(readme), want) {
		t.Errorf("the README does not contain:\n%s", want)
	}
}
