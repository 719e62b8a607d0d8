//go:build unix

package policyfile_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/policyfile"
)

// TestReadNoFile reads what may never end.
func TestReadNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, want string }{
		{pipe, pipe + " is a pipe, which may never end: read standard input instead, with -"},
		{dir, dir + " is a directory: give the name of a file"},
		{os.DevNull, os.DevNull + " is a device or a socket: give the name of a file"},
	} {
		if _, err := policyfile.Read(tt.name, "", nil); err == nil || err.Error() != tt.want {
			t.Errorf("%v\nwant: %s", err, tt.want)
		}
	}
}
