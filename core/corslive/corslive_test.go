package corslive_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
	"github.com/polycors/polycors/core/httpcors"
)

func document(origins ...string) []byte {
	return fmt.Appendf(nil, `{"allowOrigins": ["%s"]}`, strings.Join(origins, `", "`))
}

var (
	one = document("https://one.example")
	two = document("https://two.example")
)

// An item is what a source yields: a document or an error.
type item struct {
	document []byte
	err      error
}

// yielding returns a source that yields an item each second, and then waits.
func yielding(items ...item) corslive.Source {
	return func(ctx context.Context) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			for i, item := range items {
				if i > 0 {
					time.Sleep(time.Second)
				}
				if !yield(item.document, item.err) {
					return
				}
			}
			<-ctx.Done()
		}
	}
}

func documents(list ...[]byte) corslive.Source {
	var items []item
	for _, d := range list {
		items = append(items, item{document: d})
	}
	return yielding(items...)
}

// events records events as text.
type events []string

func (e *events) add(event corslive.Event) { *e = append(*e, event.String()) }

func (e *events) check(t *testing.T, want ...string) {
	t.Helper()
	if !slices.EqualFunc(*e, want, strings.HasPrefix) {
		t.Errorf("events:\n%s\nwant:\n%s", strings.Join(*e, "\n"), strings.Join(want, "\n"))
	}
}

func checkAllows(t *testing.T, p *cors.Policy, origin string, want bool) {
	t.Helper()
	if ok, err := p.AllowsOrigin(t.Context(), origin); ok != want || err != nil {
		t.Errorf("%s: allowed %t (%v), want %t", origin, ok, err, want)
	}
}

func TestFollow(t *testing.T) {
	const oneOrigin, twoOrigin = "https://one.example", "https://two.example"
	one1, two2 := "applied "+corslive.Revision(one), "applied "+corslive.Revision(two)
	broken, failure := []byte("{"), item{err: errors.New("server away")}
	first := item{document: one}
	for _, tt := range []struct {
		name   string
		source corslive.Source
		events []string
		allows string // at the end
		err    string // of the status at the end
	}{
		{"the first document is applied", documents(one), []string{one1}, oneOrigin, ""},
		{"a further document is applied", documents(one, two), []string{one1, two2}, twoOrigin, ""},
		{"the same document again changes nothing", documents(one, one, one), []string{one1}, oneOrigin, ""},
		{"an earlier document is applied again", documents(one, two, one), []string{one1, two2, one1}, oneOrigin, ""},
		{"an invalid document changes nothing", documents(one, document("one.example")), []string{one1, "refused"}, oneOrigin, "no scheme"},
		{"the same invalid document is reported once", documents(one, broken, broken, broken), []string{one1, "refused"}, oneOrigin, "JSON"},
		{"an invalid document is followed by a valid one", documents(one, broken, two), []string{one1, "refused", two2}, twoOrigin, ""},
		{"an invalid document is replaced by the one in force", documents(one, broken, one), []string{one1, "refused", one1}, oneOrigin, ""},
		{"an empty document changes nothing", documents(one, nil, []byte("# being written\n---\n")), []string{one1, "refused", "refused"}, oneOrigin, "empty"},
		{"a failure changes nothing", yielding(first, failure), []string{one1, "failed: server away"}, oneOrigin, "server away"},
		{"the same failure is reported once", yielding(first, failure, failure), []string{one1, "failed"}, oneOrigin, "server away"},
		{"a failure ends", yielding(first, failure, first), []string{one1, "failed", "following"}, oneOrigin, ""},
		{"a failure ends with another document", yielding(first, failure, item{document: two}), []string{one1, "failed", two2}, twoOrigin, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var seen events
				p := new(cors.Policy)
				f, err := corslive.Follow(t.Context(), p, tt.source, corslive.Options{OnEvent: seen.add})
				if err != nil {
					t.Fatal(err)
				}
				checkAllows(t, p, oneOrigin, true) // before Follow returns
				time.Sleep(time.Minute)
				synctest.Wait()
				seen.check(t, tt.events...)
				checkAllows(t, p, tt.allows, true)
				if s := f.Status(); tt.err == "" && s.Err != nil || tt.err != "" && (s.Err == nil || !strings.Contains(s.Err.Error(), tt.err)) {
					t.Errorf("status %v, want the error %q", s.Err, tt.err)
				}
			})
		})
	}
}

func TestFollowFirst(t *testing.T) {
	failure := item{err: errors.New("server away")}
	ends := func(context.Context) iter.Seq2[[]byte, error] { return func(func([]byte, error) bool) {} }
	panics := func(context.Context) iter.Seq2[[]byte, error] {
		return func(func([]byte, error) bool) { panic("lost") }
	}
	late := func(ctx context.Context) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			time.Sleep(time.Minute)
			if yield(one, nil) {
				<-ctx.Done()
			}
		}
	}
	base := cors.Config{AllowOrigins: []string{"https://base.example"}}
	fromBase := corslive.Options{Base: base, StartFromBase: true}
	fromBaseSoon := corslive.Options{Base: base, StartFromBase: true, FirstTimeout: time.Second}
	for _, tt := range []struct {
		name   string
		source corslive.Source
		opts   corslive.Options
		err    string
		allows string // two minutes later
	}{
		{"an invalid document is an error", documents([]byte("{"), one), corslive.Options{}, "JSON", ""},
		{"a failure is an error", yielding(failure, item{document: one}), corslive.Options{}, "server away", ""},
		{"a source that ends is an error", ends, corslive.Options{}, "the source ended", ""},
		{"a source that panics is an error", panics, corslive.Options{}, "panicked: lost", ""},
		{"no document in time is an error", late, corslive.Options{FirstTimeout: time.Second}, "no document within 1s", ""},
		{"without a timeout, Follow waits", late, corslive.Options{}, "", "https://one.example"},
		{"Base replaces an invalid document", documents([]byte("{")), fromBase, "", "https://base.example"},
		{"Base replaces a document that cannot be had", yielding(failure), fromBase, "", "https://base.example"},
		{"Base is in force until a document comes", yielding(failure, item{document: one}), fromBase, "", "https://one.example"},
		{"Base is in force until a late document comes", late, fromBaseSoon, "", "https://one.example"},
		{"an invalid Base is an error", ends, corslive.Options{StartFromBase: true}, "applying Base", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := new(cors.Policy)
				f, err := corslive.Follow(t.Context(), p, tt.source, tt.opts)
				if tt.err == "" && err != nil || tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)) {
					t.Fatalf("error %v, want %q", err, tt.err)
				}
				if (f == nil) != (tt.err != "") {
					t.Errorf("a follower comes with the error %v", err)
				}
				time.Sleep(2 * time.Minute)
				synctest.Wait()
				if tt.allows == "" {
					checkAllows(t, p, "https://one.example", false) // nothing is applied after an error
					return
				}
				checkAllows(t, p, tt.allows, true)
			})
		})
	}
}

func TestFollowBase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rejected := 0
		base := cors.Config{
			AllowOrigins: []string{"https://base.example"}, AllowHeaders: []string{"X-Base"},
			AllowOriginFunc: func(_ context.Context, origin string) (bool, error) { return origin == "https://asked.example", nil },
			OnReject:        func(context.Context, cors.Rejection) { rejected++ },
		}
		p := new(cors.Policy)
		first := []byte(`{"allowOrigins": ["https://one.example"], "allowCredentials": true}`)
		if _, err := corslive.Follow(t.Context(), p, documents(first, two, []byte(`{}`)), corslive.Options{Base: base}); err != nil {
			t.Fatal(err)
		}
		checkFunctions := func(n int) { // document n of the three is in force
			t.Helper()
			checkAllows(t, p, "https://asked.example", true)
			req := httptest.NewRequest("GET", "/", nil)
			req.Header.Set("Origin", "https://evil.example")
			httpcors.From(p)(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), req)
			if rejected != n {
				t.Errorf("OnReject is called %d times, want %d", rejected, n)
			}
		}
		checkFunctions(1)
		if cfg := p.Config(); !cfg.AllowCredentials || cfg.AllowHeaders[0] != "X-Base" {
			t.Errorf("the first document over Base is %+v", cfg)
		}
		time.Sleep(1500 * time.Millisecond)
		checkFunctions(2)
		if cfg := p.Config(); cfg.AllowCredentials || cfg.AllowOrigins[0] != "https://two.example" || len(cfg.AllowOrigins) != 1 {
			t.Errorf("the second document is decoded over the first: %+v", cfg)
		}
		time.Sleep(time.Second)
		checkFunctions(3)
		checkAllows(t, p, "https://base.example", true)
		if base.AllowOrigins[0] != "https://base.example" {
			t.Errorf("a document has changed Base to %q", base.AllowOrigins)
		}
	})
}

// A document changes ReportOnly, and OnReject comes from Base.
func TestFollowReportOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := cors.Config{
			AllowOrigins: []string{"*"}, OnReject: func(context.Context, cors.Rejection) {},
			ReportOnly: &cors.Config{AllowOrigins: []string{"https://base.example"}, AllowHeaders: []string{"X-Base"}},
		}
		tried := func(p *cors.Policy) string { return strings.Join(p.Config().ReportOnly.AllowOrigins, " ") }
		decoder := func(document []byte, v any) error { // one that knows nothing of Config's own decoding
			v.(*cors.Config).ReportOnly.AllowOrigins[0] = string(document)
			return nil
		}
		for name, tt := range map[string]struct {
			decode func([]byte, any) error
			first  string
		}{
			"JSON":            {nil, `{"reportOnly": {"allowOrigins": ["https://one.example"]}}`},
			"another decoder": {decoder, "https://one.example"},
		} {
			p := new(cors.Policy)
			opts := corslive.Options{Base: base, Decode: tt.decode}
			if _, err := corslive.Follow(t.Context(), p, documents([]byte(tt.first)), opts); err != nil {
				t.Fatal(err)
			}
			if tried(p) != "https://one.example" || p.Config().ReportOnly.AllowHeaders[0] != "X-Base" {
				t.Errorf("%s: ReportOnly is %+v", name, p.Config().ReportOnly)
			}
			if got := base.ReportOnly.AllowOrigins[0]; got != "https://base.example" {
				t.Errorf("%s: a document has changed Base to %q", name, got)
			}
		}
		p := new(cors.Policy)
		if _, err := corslive.Follow(t.Context(), p, documents([]byte(`{"allowOrigins": ["https://a.example"]}`)), corslive.Options{Base: base}); err != nil {
			t.Fatal(err)
		}
		if tried(p) != "https://base.example" {
			t.Errorf("a document without reportOnly leaves %q of Base", tried(p))
		}
	})
}

// A source that ends or panics is called again, after pauses that grow.
func TestFollowCallsAgain(t *testing.T) {
	for _, panics := range []bool{false, true} {
		t.Run(fmt.Sprintf("panics: %t", panics), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				source := func(context.Context) iter.Seq2[[]byte, error] {
					return func(yield func([]byte, error) bool) {
						calls++
						if yield(document(fmt.Sprintf("https://n%d.example", min(calls, 3))), nil); panics {
							panic("lost")
						}
					}
				}
				p := new(cors.Policy)
				f, err := corslive.Follow(t.Context(), p, source, corslive.Options{})
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				synctest.Wait()
				checkAllows(t, p, "https://n3.example", true)
				if calls < 100 || calls > 130 {
					t.Errorf("the source is called %d times in an hour, want about one call in 30 s", calls)
				}
				if s := f.Status(); s.Err == nil || time.Since(s.Checked) > time.Minute {
					t.Errorf("status %+v, want the failure and a document checked recently", s)
				}
			})
		})
	}
}

func TestFollowEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // it fails if a goroutine is left
		ctx, stop := context.WithCancel(t.Context())
		p := new(cors.Policy)
		f, err := corslive.Follow(ctx, p, documents(one, two), corslive.Options{})
		if err != nil {
			t.Fatal(err)
		}
		stop()
		time.Sleep(time.Minute)
		synctest.Wait()
		checkAllows(t, p, "https://one.example", true)
		if s := f.Status(); s.Revision != corslive.Revision(one) || s.Err != nil {
			t.Errorf("status %+v after the end", s)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		waits := func(ctx context.Context) iter.Seq2[[]byte, error] {
			return func(func([]byte, error) bool) { <-ctx.Done() }
		}
		if _, err := corslive.Follow(ctx, new(cors.Policy), waits, corslive.Options{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want that of the context", err)
		}
	})
}

func TestRevision(t *testing.T) {
	if got := corslive.Revision([]byte("abc")); got != "ba7816bf8f01" { // SHA-256 of "abc", FIPS 180
		t.Errorf("Revision = %s", got)
	}
}
