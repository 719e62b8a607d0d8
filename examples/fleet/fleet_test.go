package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// TestMain makes the test binary the program itself where FLEET is set, which
// saves building it.
func TestMain(m *testing.M) {
	if os.Getenv("FLEET") != "" {
		main()
		return
	}
	os.Setenv("FLEET", "1") // for the commands that the tests run
	os.Exit(m.Run())
}

// program returns the path of the program.
func program(t *testing.T) string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// A process is a fleet that runs. Its temporary files are in tmp.
type process struct {
	*exec.Cmd
	tmp    string
	stdout *bufio.Reader
	lines  []string // printed up to the line that says how to change the policy
}

func launch(t *testing.T, args ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(program(t), args...), tmp: t.TempDir()}
	p.Env = append(os.Environ(), "TMPDIR="+p.tmp)
	log := &strings.Builder{}
	p.Stderr = log
	stdout, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill() })
	p.stdout = bufio.NewReader(stdout)
	for {
		line, err := p.stdout.ReadString('\n')
		if err != nil {
			_ = p.Wait()
			t.Fatalf("%v\n%s", err, log)
		}
		p.lines = append(p.lines, strings.TrimSuffix(line, "\n"))
		if strings.HasPrefix(line, "change the policy") {
			return p
		}
	}
}

// stop interrupts a fleet as Ctrl-C does, and checks that nothing is left.
func (p *process) stop(t *testing.T) {
	t.Helper()
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(p.stdout)
	if err != nil || string(rest) != "stopping\n" {
		t.Errorf("after the interrupt: %q, %v", rest, err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("after the interrupt: %v", err)
	}
	if left, err := os.ReadDir(p.tmp); len(left) > 0 || err != nil {
		t.Errorf("files are left: %v, %v", left, err)
	}
}

var (
	natsURL   = regexp.MustCompile(`nats://127\.0\.0\.1:\d+`)
	firstPort = regexp.MustCompile(`gin +http://127\.0\.0\.1:(\d+)`)
	ageText   = regexp.MustCompile(`since \S+`)
)

// toREADME replaces the ports and the age in a text by the README's.
func (p *process) toREADME(text string) string {
	for i := range 6 {
		text = strings.ReplaceAll(text, p.port(i), fmt.Sprint(8081+i))
	}
	text = strings.ReplaceAll(text, "-nats "+p.nats()+" ", "")
	return ageText.ReplaceAllString(strings.ReplaceAll(text, p.nats(), defaultURL), "since 14ms")
}

func (p *process) nats() string { return natsURL.FindString(p.lines[0]) }

func (p *process) port(i int) string {
	var first int
	fmt.Sscan(firstPort.FindStringSubmatch(p.lines[1])[1], &first)
	return fmt.Sprint(first + i)
}

// TestREADME runs what the README shows, and compares what is printed.
func TestREADME(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```console\n(.*?)^```$").FindAllStringSubmatch(string(readme), -1)
	if len(blocks) != 3 {
		t.Fatalf("%d blocks, want the fleet, the three lines, and the invalid policy", len(blocks))
	}
	p := launch(t)
	if got, want := p.toREADME("$ go run ./examples/fleet\n"+strings.Join(p.lines, "\n")+"\n"), blocks[0][1]; got != want {
		t.Errorf("the fleet prints\n%s\nwant\n%s", got, want)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(filepath.Join(root, "examples"), filepath.Join(dir, "examples")); err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks[1:] {
		var got strings.Builder
		for line := range strings.Lines(block[1]) {
			command, ok := strings.CutPrefix(line, "$ ")
			if !ok {
				continue
			}
			got.WriteString(line)
			command = strings.ReplaceAll(command, "go run ./examples/fleet", program(t)+" -nats "+p.nats())
			command = strings.ReplaceAll(command, "[8081-8086]", "["+p.port(0)+"-"+p.port(5)+"]")
			shell := exec.Command("sh", "-c", command)
			shell.Dir = dir
			out, _ := shell.CombinedOutput() // an invalid policy fails
			got.Write(out)
		}
		if got := p.toREADME(got.String()); got != ageText.ReplaceAllString(block[1], "since 14ms") {
			t.Errorf("printed\n%s\nwant\n%s", got, block[1])
		}
	}
	p.stop(t)
}

// Two fleets on one machine do not share ports, and stop on their own.
func TestPortsInUse(t *testing.T) {
	one, two := launch(t), launch(t)
	if one.nats() == two.nats() || one.port(0) == two.port(0) {
		t.Errorf("both fleets print %s and %s", one.lines[0], one.lines[1])
	}
	if last := two.lines[len(two.lines)-1]; !strings.Contains(last, "-nats "+two.nats()+" set") {
		t.Errorf("the second fleet prints %q, want its URL in it", last)
	}
	one.stop(t)
	two.stop(t)
}

// Fleets with a NATS of their own share its policy, which stays when they stop.
func TestOwnNATS(t *testing.T) {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	defer s.Shutdown()
	if !s.ReadyForConnections(time.Minute) {
		t.Fatal("NATS does not start")
	}
	option := []string{"-nats", s.ClientURL()}
	command := func(args ...string) (string, error) {
		out, err := exec.Command(program(t), append(option, args...)...).CombinedOutput()
		return string(out), err
	}
	one, two := launch(t, option...), launch(t, option...)
	out, err := command("set", "admin.yaml")
	if n := strings.Count(out, "revision 0c3a63f47eb1"); err != nil || n != 12 {
		t.Errorf("%d servers have the policy, want 12: %v\n%s", n, err, out)
	}
	one.stop(t)
	two.stop(t)
	if out, err := command("status"); err == nil || !strings.Contains(out, "no instance answers") {
		t.Errorf("without a fleet: %v\n%s", err, out)
	}
	three := launch(t, option...)
	if out, err := command("status"); err != nil || strings.Count(out, "revision 0c3a63f47eb1") != 6 {
		t.Errorf("a new fleet does not have the policy: %v\n%s", err, out)
	}
	three.stop(t)
}

func TestArguments(t *testing.T) {
	for _, args := range [][]string{{"set"}, {"set", "admin.yaml", "first.yaml"}, {"stauts"}, {"-nats", "nats://127.0.0.1:1", "status"}, {"set", "none.yaml"}} {
		out, err := exec.Command(program(t), args...).CombinedOutput()
		if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 1 || len(out) == 0 {
			t.Errorf("%q: %v\n%s", args, err, out)
		}
	}
}

// The program ends with SIGTERM too, as containers are stopped.
func TestTerminate(t *testing.T) {
	p := launch(t)
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("after SIGTERM: %v", err)
	}
}
