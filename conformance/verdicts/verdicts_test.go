package verdicts

import (
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
)

// The origin of the page, and the path that it fetches, unless a row has others.
const (
	front = "https://myapp.com"
	item  = "/api/items/1"
)

// The verdicts, as the command prints them.
const (
	allowed   = "allowed"
	refused   = "refused"
	untold    = "could not tell"
	dangerous = "danger" // printed before the verdict
)

// exits has the exit status of each verdict.
var exits = map[string]int{allowed: 0, refused: 1, untold: 2, dangerous: 1}

// A row is a server, a question and the answer of corscheck.
type row struct {
	name    string
	server  any    // an http.Handler, a *fiber.App of v2 or v3, or a site
	args    string // further arguments, separated by spaces
	path    string // "" means item
	verdict string
	cause   string // a phrase of the output
	without string // a phrase that the output does not have
}

// A site starts a server, and returns its URL without a path.
type site func(t *testing.T) (url string)

// TestVerdicts runs the command for each row of each kind.
func TestVerdicts(t *testing.T) {
	program := build(t)
	t.Setenv("SSL_CERT_FILE", certificates(t))
	t.Setenv("COLUMNS", "")
	rows := 0
	for _, kind := range []struct {
		name string
		rows []row
	}{
		{"the right place", rightMounts()},
		{"wrong places on gin", ginMounts()},
		{"wrong places on echo", echoMounts()},
		{"wrong places on fiber", fiberMounts()},
		{"wrong places on chi and net http", chiMounts()},
		{"gin-contrib cors", ginContrib()},
		{"echo and fiber middlewares", echoAndFiber()},
		{"rs, go-chi and gorilla middlewares", rsAndGorilla()},
		{"gateways", gateways()},
		{"redirects", redirects()},
		{"hostile servers", hostile()},
		{"nginx", nginxes()},
	} {
		rows += len(kind.rows)
		t.Run(kind.name, func(t *testing.T) {
			for _, r := range kind.rows {
				t.Run(r.name, func(t *testing.T) { r.check(t, program) })
			}
		})
	}
	t.Logf("%d servers", rows)
}

// check runs the command, and compares its output with the row.
func (r *row) check(t *testing.T, program string) {
	t.Helper()
	path := r.path
	if path == "" {
		path = item
	}
	args := append([]string{"probe", "-origin", front}, strings.Fields(r.args)...)
	cmd := exec.CommandContext(t.Context(), program, append(args, start(t, r.server)+path)...)
	out, _ := cmd.CombinedOutput()
	output := string(out)
	if status := cmd.ProcessState.ExitCode(); status != exits[r.verdict] {
		t.Errorf("exit status %d, want %d", status, exits[r.verdict])
	}
	found := slices.ContainsFunc(strings.Split(output, "\n"), func(line string) bool {
		return line == r.verdict || strings.HasPrefix(line, r.verdict+" ")
	})
	if !found || r.verdict == dangerous && !strings.HasPrefix(output, dangerous) || r.verdict != dangerous && strings.HasPrefix(output, dangerous) {
		t.Errorf("the verdict is not %q", r.verdict)
	}
	if !strings.Contains(output, r.cause) {
		t.Errorf("the cause %q is missing", r.cause)
	}
	if r.without != "" && strings.Contains(output, r.without) {
		t.Errorf("the output has %q", r.without)
	}
	if t.Failed() {
		t.Logf("%q\n%s", cmd.Args[1:], output)
	}
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

// start starts a server, and returns its URL without a path.
func start(t *testing.T, server any) string {
	t.Helper()
	switch s := server.(type) {
	case site:
		return s(t)
	case http.Handler:
		srv := httptest.NewServer(s)
		t.Cleanup(srv.Close)
		return srv.URL
	case *fiber.App:
		ln := listen(t)
		go func() { _ = s.Listener(ln) }()
		t.Cleanup(func() { _ = s.Shutdown() })
		return "http://" + ln.Addr().String()
	case *fiber3.App:
		ln := listen(t)
		go func() { _ = s.Listener(ln, fiber3.ListenConfig{DisableStartupMessage: true}) }()
		t.Cleanup(func() { _ = s.Shutdown() })
		return "http://" + ln.Addr().String()
	}
	t.Fatalf("a server of type %T", server)
	return ""
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln
}

// certificates returns a file with the certificate of httptest's TLS servers.
func certificates(t *testing.T) string {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	name := filepath.Join(t.TempDir(), "certificates.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(name, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
