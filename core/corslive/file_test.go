package corslive_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
)

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path string, document []byte) {
	t.Helper()
	must(t, os.WriteFile(path, document, 0o600))
}

func TestFile(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(t *testing.T, path string)
		events string // after the first document, by kind
		allows string
	}{
		{"written in place", func(t *testing.T, path string) { write(t, path, two) }, "applied", "https://two.example"},
		{"written twice in a row", func(t *testing.T, path string) {
			write(t, path, document("https://x.example"))
			write(t, path, two)
		}, "applied", "https://two.example"},
		{"renamed over", func(t *testing.T, path string) {
			write(t, path+".new", two)
			must(t, os.Rename(path+".new", path))
		}, "applied", "https://two.example"},
		{"deleted and created", func(t *testing.T, path string) {
			must(t, os.Remove(path))
			time.Sleep(3 * time.Second)
			write(t, path, two)
		}, "failed applied", "https://two.example"},
		{"half-written", func(t *testing.T, path string) {
			write(t, path, two[:10])
			time.Sleep(3 * time.Second)
			write(t, path, two)
		}, "refused applied", "https://two.example"},
		{"truncated", func(t *testing.T, path string) { write(t, path, nil) }, "refused", "https://one.example"},
		{"deleted", func(t *testing.T, path string) { must(t, os.Remove(path)) }, "failed", "https://one.example"},
		{"replaced by a directory", func(t *testing.T, path string) { must(t, os.Remove(path), os.Mkdir(path, 0o700)) }, "failed", "https://one.example"},
		{"replaced by a pipe", func(t *testing.T, path string) { must(t, os.Remove(path), syscall.Mkfifo(path, 0o600)) }, "failed", "https://one.example"},
		{"huge", func(t *testing.T, path string) { must(t, os.Truncate(path, 1<<30)) }, "failed", "https://one.example"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cors.json")
			synctest.Test(t, func(t *testing.T) {
				write(t, path, one)
				var kinds []string
				p := new(cors.Policy)
				_, err := corslive.Follow(t.Context(), p, corslive.File(path, 0), corslive.Options{
					OnEvent: func(e corslive.Event) { kinds = append(kinds, string(e.Kind)) },
				})
				must(t, err)
				time.Sleep(2500 * time.Millisecond)
				tt.change(t, path)
				time.Sleep(2500 * time.Millisecond)
				synctest.Wait()
				if got := strings.Join(kinds[1:], " "); got != tt.events {
					t.Errorf("events %q, want %q", got, tt.events)
				}
				checkAllows(t, p, tt.allows, true)
			})
		})
	}
}

// Kubernetes mounts a ConfigMap as links into a directory whose link it replaces.
func TestFileInConfigMap(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		for name, document := range map[string][]byte{"1": one, "2": two} {
			must(t, os.Mkdir(filepath.Join(dir, name), 0o700))
			write(t, filepath.Join(dir, name, "cors.json"), document)
		}
		must(t, os.Symlink("1", filepath.Join(dir, "..data")), os.Symlink(filepath.Join("..data", "cors.json"), filepath.Join(dir, "cors.json")))
		p := new(cors.Policy)
		f, err := corslive.Follow(t.Context(), p, corslive.File(filepath.Join(dir, "cors.json"), time.Second), corslive.Options{})
		must(t, err)
		must(t, os.Symlink("2", filepath.Join(dir, "new")), os.Rename(filepath.Join(dir, "new"), filepath.Join(dir, "..data")))
		time.Sleep(1500 * time.Millisecond)
		checkAllows(t, p, "https://two.example", true)
		if s := f.Status(); s.Revision != corslive.Revision(two) || s.Applied.IsZero() || s.Checked.Before(s.Applied) || s.Err != nil {
			t.Errorf("status %+v", s)
		}
	})
}

func TestFileMissing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none")
	_, err := corslive.Follow(t.Context(), new(cors.Policy), corslive.File(path, 0), corslive.Options{})
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want that the file does not exist", err)
	}
}
