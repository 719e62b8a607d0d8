package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/polycors/polycors/tools/internal/workspace"
)

// A stranger has the proxy and nothing else of the maintainer.
type stranger struct {
	machine
	dir      string
	programs string
	cache    string
	version  string
	licence  []byte
	test     bool // run the tests of the modules
}

func newStranger(m *maintainer) *stranger {
	dir := filepath.Join(m.tmp, "stranger")
	return &stranger{
		machine: machine{env: []string{
			"GOPROXY=file://" + m.proxy + "," + m.usual, "GOSUMDB=off", "GOPRIVATE=", "GONOPROXY=",
			"GOMODCACHE=" + m.cache,
			"GOBIN=" + filepath.Join(dir, "bin"),
			"GOFLAGS=" + m.flags,
			"GOWORK=off",
		}},
		dir:      dir,
		programs: filepath.Join(m.root, "tools/rehearsal/testdata"),
		cache:    m.cache,
		version:  m.version,
	}
}

// use does with a module what strangers do.
func (s *stranger) use(m workspace.Module) error {
	if strings.Contains(m.Dir, "/cmd/") {
		if err := s.install(m); err != nil {
			return err
		}
	} else if err := s.build(m); err != nil {
		return err
	}
	return s.examine(m)
}

// build gets the module for a new program, and asks the program a preflight.
func (s *stranger) build(m workspace.Module) error {
	dir := filepath.Join(s.dir, "program", m.Dir)
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(s.programs, m.Dir))); err != nil {
		return fmt.Errorf("every published module needs a program: %w", err)
	}
	err := s.run(dir,
		[]string{"go", "mod", "init", "example.com/program"},
		[]string{"go", "get", m.Path + "@" + s.version},
		[]string{"go", "mod", "tidy"},
		[]string{"go", "build", "-o", "program", "."},
	)
	if err != nil {
		return err
	}
	return s.preflight(dir)
}

// preflight starts the program in dir and sends preflights to it.
func (s *stranger) preflight(dir string) error {
	program := s.command(dir, "./program")
	program.Stderr = os.Stderr
	out, err := program.StdoutPipe()
	if err != nil {
		return err
	}
	if err := program.Start(); err != nil {
		return err
	}
	defer func() {
		_ = program.Process.Kill()
		_ = program.Wait()
	}()
	address := bufio.NewScanner(out)
	if !address.Scan() {
		return errors.New("the program ended before it printed its address")
	}
	for _, visit := range []struct {
		origin, allowed string
		status          int
	}{
		{"https://myapp.com", "https://myapp.com", 204},
		{"https://evil.example", "", 403},
	} {
		req, err := http.NewRequest("OPTIONS", "http://"+address.Text()+"/items/1", nil)
		if err != nil {
			return err
		}
		req.Header.Set("Origin", visit.origin)
		req.Header.Set("Access-Control-Request-Method", "PUT")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		_ = resp.Body.Close()
		allowed := resp.Header.Get("Access-Control-Allow-Origin")
		fmt.Printf("  preflight from %s: %s, Access-Control-Allow-Origin: %q\n", visit.origin, resp.Status, allowed)
		if resp.StatusCode != visit.status || allowed != visit.allowed {
			return fmt.Errorf("want status %d and %q", visit.status, visit.allowed)
		}
	}
	return nil
}

// install installs a command and runs it.
func (s *stranger) install(m workspace.Module) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	return s.run(s.dir,
		[]string{"go", "install", m.Path + "@" + s.version},
		[]string{filepath.Join(s.dir, "bin", filepath.Base(m.Dir)), "-help"},
	)
}

// examine looks at what is in the zip of the module, and compiles or runs its
// tests.
func (s *stranger) examine(m workspace.Module) error {
	zip := filepath.Join(s.cache, filepath.FromSlash(m.Path)+"@"+s.version)
	licence, err := os.ReadFile(filepath.Join(zip, "LICENSE"))
	if err != nil {
		return err
	}
	if s.licence == nil {
		s.licence = licence
	}
	if !bytes.Equal(licence, s.licence) {
		return errors.New("LICENSE differs from that of the other modules")
	}
	// A copy: tests may write, and the module cache is read-only.
	dir := filepath.Join(s.dir, "module", m.Dir+"@")
	if err := os.CopyFS(dir, os.DirFS(zip)); err != nil {
		return err
	}
	commands := [][]string{
		{"go", "mod", "tidy", "-diff"},
		{"go", "mod", "verify"},
		{"go", "vet", "./..."},
	}
	if s.test {
		commands = append(commands, []string{"go", "test", "./..."})
	}
	return s.run(dir, commands...)
}
