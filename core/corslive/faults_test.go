package corslive_test

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
)

// A logBook is what LogEvents writes.
type logBook struct{ bytes.Buffer }

func (b *logBook) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}

// lines returns the lines, with the file's path as in the README.
func (b *logBook) lines(path string) []string {
	text := strings.ReplaceAll(b.String(), path, "cors.json")
	return strings.Split(strings.TrimSpace(text), "\n")
}

// faultTable returns the rows of the README's table of faults: the event and the
// error, by fault.
func faultTable(t *testing.T) map[string][2]string {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	must(t, err)
	if shown := `event=refused revision=` + corslive.Revision(nil) + ` error="the document is empty"`; !strings.Contains(string(readme), shown) {
		t.Errorf("the README does not show the log line of an empty file: %s", shown)
	}
	rows := map[string][2]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (.+?) \\| `(refused|failed)` \\| `(.+)` \\|$").FindAllStringSubmatch(string(readme), -1) {
		rows[row[1]] = [2]string{row[2], row[3]}
	}
	return rows
}

// Each fault has the event and the log line of the README, and changes nothing.
func TestFaults(t *testing.T) {
	onDisk := func(document string) func(*testing.T, string) {
		return func(t *testing.T, path string) { write(t, path, []byte(document)) }
	}
	faults := map[string]func(t *testing.T, path string){
		"an invalid origin":                onDisk(`{"allowOrigins": ["https://two.example/"]}`),
		"an unsafe policy":                 onDisk(`{"allowOrigins": ["*"], "allowCredentials": true}`),
		"a misspelt key":                   onDisk(`{"allowOrigin": ["https://two.example"]}`),
		"a wrong type":                     onDisk(`{"allowOrigins": "https://two.example"}`),
		"a half-written file":              onDisk(`{"allowOrigins": ["https://two.exam`),
		"an empty file":                    onDisk(""),
		"a file longer than 64 MiB":        func(t *testing.T, path string) { must(t, os.Truncate(path, 1<<30)) },
		"a deleted file":                   func(t *testing.T, path string) { must(t, os.Remove(path)) },
		"a directory in place of the file": func(t *testing.T, path string) { must(t, os.Remove(path), os.Mkdir(path, 0o700)) },
	}
	table := faultTable(t)
	if got, want := slices.Sorted(maps.Keys(table)), slices.Sorted(maps.Keys(faults)); !slices.Equal(got, want) {
		t.Fatalf("the README has the faults %q, want %q", got, want)
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cors.json")
			synctest.Test(t, func(t *testing.T) {
				write(t, path, one)
				var log logBook
				p := new(cors.Policy)
				f, err := corslive.Follow(t.Context(), p, corslive.File(path, 0), corslive.Options{OnEvent: corslive.LogEvents(log.logger())})
				must(t, err)
				fault(t, path)
				time.Sleep(time.Minute)
				synctest.Wait()

				lines, want := log.lines(path), table[name]
				if len(lines) != 2 || !strings.HasPrefix(lines[1], "level=WARN ") ||
					!strings.Contains(lines[1], "event="+want[0]) || !strings.HasSuffix(lines[1], fmt.Sprintf("error=%q", want[1])) {
					t.Errorf("the log is\n%s\nwant in the second line: event=%s, error=%q", strings.Join(lines, "\n"), want[0], want[1])
				}
				checkAllows(t, p, "https://one.example", true)
				checkAllows(t, p, "https://two.example", false)
				s := f.Status()
				if s.Revision != corslive.Revision(one) || s.Err == nil {
					t.Errorf("status %+v, want the first document and an error", s)
				}

				must(t, os.RemoveAll(path))
				write(t, path, two)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				checkAllows(t, p, "https://two.example", true)
				if s := f.Status(); s.Err != nil {
					t.Errorf("status %+v after a valid document", s)
				}
			})
		})
	}
}

// Without a valid document at the start, Follow returns an error, or starts from
// Base. Both are logged.
func TestFaultsAtStart(t *testing.T) {
	base := cors.Config{AllowOrigins: []string{"https://base.example"}}
	silent := func(ctx context.Context) iter.Seq2[[]byte, error] {
		return func(func([]byte, error) bool) { <-ctx.Done() }
	}
	broken := filepath.Join(t.TempDir(), "broken.json")
	write(t, broken, []byte(`{"allowOrigins": ["one.example"]}`))
	for name, tt := range map[string]struct {
		source corslive.Source
		events string // kinds
		err    string
	}{
		"an invalid file":  {corslive.File(broken, 0), "refused base-used", `"one.example" has no scheme`},
		"a missing file":   {corslive.File(broken+".none", 0), "failed base-used", "no such file"},
		"a silent source":  {silent, "base-used", "no document within 5s"},
		"a lasting outage": {yielding(item{err: context.DeadlineExceeded}), "failed base-used", "deadline exceeded"},
	} {
		for _, fromBase := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, StartFromBase: %t", name, fromBase), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var log logBook
					p := new(cors.Policy)
					_, err := corslive.Follow(t.Context(), p, tt.source, corslive.Options{
						Base: base, StartFromBase: fromBase, FirstTimeout: 5 * time.Second, OnEvent: corslive.LogEvents(log.logger()),
					})
					want := tt.events
					if !fromBase {
						want = strings.TrimSuffix(strings.TrimSuffix(want, "base-used"), " ")
						if err == nil || !strings.Contains(err.Error(), tt.err) {
							t.Errorf("error %v, want %q", err, tt.err)
						}
					} else if err != nil {
						t.Error(err)
					}
					checkAllows(t, p, "https://base.example", fromBase)
					var kinds []string
					for _, kind := range regexp.MustCompile(`event=(\S+)`).FindAllStringSubmatch(log.String(), -1) {
						kinds = append(kinds, kind[1])
					}
					if got := strings.Join(kinds, " "); got != want {
						t.Errorf("events %q, want %q", got, want)
					}
					if fromBase && !strings.Contains(log.String(), "Base is in force") {
						t.Errorf("the log does not mention Base:\n%s", log.String())
					}
				})
			})
		}
	}
}

func TestLogEvents(t *testing.T) {
	failure := fmt.Errorf("line 1\nline 2")
	for _, tt := range []struct {
		event corslive.Event
		want  string
	}{
		{corslive.Event{Kind: corslive.Applied, Revision: "ba7816bf8f01"}, `level=INFO msg="cors: a policy document is in force" event=applied revision=ba7816bf8f01`},
		{corslive.Event{Kind: corslive.Refused, Revision: "ba7816bf8f01", Err: failure}, `level=WARN msg="cors: a policy document is refused; the policy is unchanged" event=refused revision=ba7816bf8f01 error="line 1\nline 2"`},
		{corslive.Event{Kind: corslive.Failed, Err: failure}, `level=WARN msg="cors: the source of policy documents fails; the policy is unchanged" event=failed error="line 1\nline 2"`},
		{corslive.Event{Kind: corslive.BaseUsed, Err: failure}, `level=WARN msg="cors: no policy document is valid; Base is in force" event=base-used error="line 1\nline 2"`},
		{corslive.Event{Kind: corslive.Following, Revision: "ba7816bf8f01"}, `level=INFO msg="cors: the source of policy documents works again" event=following revision=ba7816bf8f01`},
	} {
		var log logBook
		corslive.LogEvents(log.logger())(tt.event)
		if got := strings.TrimSpace(log.String()); got != tt.want {
			t.Errorf("logged\n%s\nwant\n%s", got, tt.want)
		}
	}
	t.Run("a long error is cut", func(t *testing.T) {
		var log logBook
		corslive.LogEvents(log.logger())(corslive.Event{Kind: corslive.Refused, Err: fmt.Errorf("%s", strings.Repeat("x", 1<<20))})
		if got := log.String(); len(got) > 2200 || !strings.Contains(got, "(1048576 bytes)") {
			t.Errorf("logged %d bytes", len(got))
		}
	})
	t.Run("without a logger, the default one is used", func(t *testing.T) {
		var log logBook
		before := slog.Default()
		slog.SetDefault(log.logger())
		defer slog.SetDefault(before)
		corslive.LogEvents(nil)(corslive.Event{Kind: corslive.Applied})
		if log.Len() == 0 {
			t.Error("nothing is logged")
		}
	})
}
