package browser

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gin-gonic/gin"
)

// A lab has the two agents and their servers. All tests share one.
type lab struct {
	servers   *servers
	chromium  *chromium
	transport http.RoundTripper // of corstest
	runs      int
}

// next returns the name of the next run. All names have the same length.
func (l *lab) next() string {
	l.runs++
	return fmt.Sprintf("run-%05d", l.runs)
}

var shared struct {
	sync.Once
	lab *lab
	err error
}

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	code := m.Run()
	if shared.lab != nil {
		if err := shared.lab.chromium.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "stopping Chromium:", err)
		}
		shared.lab.servers.stop()
	}
	os.Exit(code)
}

func openLab(t *testing.T) *lab {
	t.Helper()
	path := requireChromium(t)
	shared.Do(func() {
		s, err := startServers()
		if err != nil {
			shared.err = err
			return
		}
		c, err := startChromium(path, s)
		if err != nil {
			s.stop()
			shared.err = err
			return
		}
		shared.lab = &lab{servers: s, chromium: c, transport: s.transport()}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.lab
}

// pagesAtOnce is the maximum number of open tabs.
const pagesAtOnce = 3

// inChromium plays all scenarios in Chromium, with a tab for each page.
func (l *lab) inChromium(t *testing.T, scenarios []scenario) []transcript {
	t.Helper()
	var tabs []*tab
	byPage := map[page]*tab{}
	for _, i := range longestFirst(scenarios) {
		s := &scenarios[i]
		open, ok := byPage[s.from]
		if !ok || len(open.scenarios) == scenariosInTab {
			open = &tab{page: s.from}
			tabs, byPage[s.from] = append(tabs, open), open
		}
		name := l.next()
		open.scenarios = append(open.scenarios, i)
		open.runs = append(open.runs, l.run(t, name, s))
		open.conversations = append(open.conversations, s.script(name))
	}

	transcripts := make([]transcript, len(scenarios))
	errs := make([]error, len(tabs))
	free := make(chan struct{}, pagesAtOnce)
	var all sync.WaitGroup
	for n, open := range tabs {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			verdicts, err := l.chromium.converse(open.page, open.conversations)
			if err != nil {
				errs[n] = err
				return
			}
			for k, i := range open.scenarios {
				transcripts[i] = open.runs[k].transcript(verdicts[k])
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	return transcripts
}

// Each tab has a preflight cache of its own. Chromium removes entries, also fresh
// ones, when a cache has more than 1024.
const scenariosInTab = 200

// A tab has the scenarios to play on one page.
type tab struct {
	page          page
	scenarios     []int
	runs          []*run
	conversations []conversation
}

// longestFirst orders scenarios by the time that they wait, because waiting at the
// same time is faster.
func longestFirst(scenarios []scenario) []int {
	waits := func(i int) (wait time.Duration) {
		for _, st := range scenarios[i].steps {
			wait += st.after
		}
		return wait
	}
	order := make([]int, len(scenarios))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(waits(b), waits(a)) })
	return order
}

// run creates a run of a scenario.
func (l *lab) run(t *testing.T, name string, s *scenario) *run {
	t.Helper()
	r, err := l.servers.add(name, s)
	if err != nil {
		t.Fatalf("%s: %v", s.name, err)
	}
	return r
}
