package cors_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/messages.txt")

// TestMessages compares what New says about wrong entries with
// testdata/messages.txt, and does what it says until New accepts the
// configuration. Review the file after -update: it is what users read.
func TestMessages(t *testing.T) {
	var b strings.Builder
	entries := 0
	for _, entry := range entriesFrom(t, wrongEntries) {
		if strings.HasPrefix(entry, "# ") {
			fmt.Fprintf(&b, "\n%s\n\n", entry)
			continue
		}
		if entry == "" && entries > 0 {
			continue // a blank line
		}
		entries++
		without, safe := followed(t, origins(entry))
		with, _ := followed(t, credentialed(entry))
		if !safe {
			b.WriteString(without)
		}
		if with != without {
			b.WriteString("with credentials: " + with)
		}
	}
	if entries < 150 {
		t.Errorf("%d entries, want 150 or more", entries)
	}
	const name = "testdata/messages.txt"
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s differs from what New says: run go test -run TestMessages -update ., and review the difference", name)
	}
}
