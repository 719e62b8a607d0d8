package main

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A postgres is a server of PostgreSQL that only the test reaches.
type postgres struct {
	bin, dir   string
	credential *syscall.Credential // PostgreSQL refuses to run as root
	cmd        *exec.Cmd
	log        bytes.Buffer
}

// requirePostgres returns the folder of PostgreSQL's programs, which Debian does
// not put into PATH. Without them, the test is skipped on a developer's machine,
// and fails in CI.
func requirePostgres(t *testing.T) string {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		t.Fatal(err)
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		found = append(found, path)
	}
	if len(found) > 0 {
		return filepath.Dir(found[0])
	}
	const message = "no PostgreSQL: install the package postgresql"
	if os.Getenv("CI") == "true" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// unprivileged returns a user for a server that a test of root starts.
func unprivileged(t *testing.T) *syscall.Credential {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		t.Fatal(err)
	}
	uid, err1 := strconv.Atoi(u.Uid)
	gid, err2 := strconv.Atoi(u.Gid)
	if err := cmp.Or(err1, err2); err != nil {
		t.Fatal(err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
}

// newPostgres starts a server. It listens on a socket in a folder of its own.
func newPostgres(t *testing.T) *postgres {
	t.Helper()
	p := &postgres{bin: requirePostgres(t), credential: unprivileged(t)}
	var err error
	if p.dir, err = os.MkdirTemp("", "polycors-pg-"); err != nil { // the path of a socket has to be short
		t.Fatal(err)
	}
	if c := p.credential; c != nil {
		if err := os.Chown(p.dir, int(c.Uid), int(c.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := p.command("initdb", "-D", p.data(), "-U", "postgres", "-A", "trust", "-N", "--locale", "C", "-E", "UTF8").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	p.start(t)
	return p
}

// shared is the server of all tests that do not stop it, once there is one.
var shared *postgres

func TestMain(m *testing.M) {
	status := m.Run()
	if shared != nil {
		if err := cmp.Or(shared.stop(), os.RemoveAll(shared.dir)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			status = 1
		}
	}
	os.Exit(status)
}

func (p *postgres) data() string { return filepath.Join(p.dir, "data") }

// url returns the URL of a database.
func (p *postgres) url(name string) string {
	return "postgres://postgres@/" + name + "?host=" + url.QueryEscape(p.dir)
}

func (p *postgres) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(p.bin, name), args...)
	cmd.Dir = p.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: p.credential}
	return cmd
}

func (p *postgres) start(t *testing.T) {
	t.Helper()
	p.cmd = p.command("postgres", "-D", p.data(), "-k", p.dir, "-c", "listen_addresses=", "-c", "fsync=off")
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "PostgreSQL is ready", func() bool {
		return p.command("pg_isready", "-h", p.dir).Run() == nil
	})
}

func (p *postgres) stop() error {
	_ = p.cmd.Process.Signal(syscall.SIGINT) // ends connections
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("PostgreSQL: %w\n%s", err, p.log.String())
	}
	return nil
}

// forEach runs a test with an empty database of each kind, given its URL.
func forEach(t *testing.T, test func(t *testing.T, url string)) {
	t.Run("SQLite", func(t *testing.T) { test(t, filepath.Join(t.TempDir(), "origins.db")) })
	t.Run("PostgreSQL", func(t *testing.T) {
		if shared == nil {
			shared = newPostgres(t)
		}
		name := "test_" + strings.ToLower(rand.Text())
		if out, err := shared.command("createdb", "-h", shared.dir, "-U", "postgres", name).CombinedOutput(); err != nil {
			t.Fatalf("createdb: %v\n%s", err, out)
		}
		test(t, shared.url(name))
	})
}

func open(t *testing.T, url string) *Store {
	t.Helper()
	store, err := Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	return store
}

func TestStore(t *testing.T) {
	forEach(t, func(t *testing.T, url string) {
		store := open(t, url)
		check := func(want ...string) {
			t.Helper()
			all, err := store.All(t.Context())
			if err != nil || !slices.Equal(all, want) || all == nil {
				t.Errorf("all: %q, %v; want %q", all, err, want)
			}
			for _, origin := range []string{"https://a.example", "https://b.example", "https://c.example", "' OR ''='"} {
				if has, err := store.Has(t.Context(), origin); err != nil || has != slices.Contains(want, origin) {
					t.Errorf("%s: %t, %v", origin, has, err)
				}
			}
		}
		check()
		for _, origin := range []string{"https://b.example", "https://a.example", "https://a.example"} {
			if err := store.Add(t.Context(), origin); err != nil {
				t.Error(err)
			}
		}
		check("https://a.example", "https://b.example")
		for _, origin := range []string{"", "*", "null", "c.example", "https://c.example/", "https://*.c.example", "https://C.example", "http://c.example"} {
			if err := store.Add(t.Context(), origin); err == nil {
				t.Errorf("%q is added", origin)
			}
		}
		if err := store.Remove(t.Context(), "https://a.example"); err != nil {
			t.Error(err)
		}
		check("https://b.example")
		for _, row := range []string{"*", "null", "https://*"} { // behind Add's back
			if _, err := store.db.ExecContext(t.Context(), fmt.Sprintf("INSERT INTO cors_origins VALUES ('%s')", row)); err == nil {
				t.Errorf("the table takes %q", row)
			}
		}
		store.Close()
		if store = open(t, url); store != nil { // the table exists
			check("https://b.example")
		}
	})
}
