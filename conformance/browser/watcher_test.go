package browser

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
)

// A watcher collects from the DevTools protocol what a script cannot see: why its
// fetches failed.
type watcher struct {
	mu       sync.Mutex
	runs     map[network.RequestID]string // the run of a fetch
	console  map[string]string            // the last message about CORS, by run
	failures map[string][]failure         // in order, by run
}

type failure struct{ outcome, message string }

func newWatcher() *watcher {
	return &watcher{
		runs:     map[network.RequestID]string{},
		console:  map[string]string{},
		failures: map[string][]failure{},
	}
}

// event receives the events of the page in order. The console message about a CORS
// error comes right before the event that the fetch failed.
func (w *watcher) event(ev any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch ev := ev.(type) {
	case *network.EventRequestWillBeSent:
		if ev.Type == network.ResourceTypeFetch && w.runs[ev.RequestID] == "" {
			w.runs[ev.RequestID] = runOf(ev.Request.URL)
		}
	case *log.EventEntryAdded:
		w.logged(ev.Entry.Text)
	case *network.EventLoadingFailed:
		if ev.Canceled {
			return // a redirect in mode manual
		}
		run := w.runs[ev.RequestID]
		f := failure{outcome: "TypeError"}
		if ev.CorsErrorStatus != nil {
			f = failure{ev.CorsErrorStatus.CorsError.String(), w.console[run]}
		}
		w.failures[run] = append(w.failures[run], f)
	}
}

func (w *watcher) logged(text string) {
	const (
		corsError   = "Access to fetch at '"
		notAttempts = "Fetch API cannot load "
	)
	switch {
	case strings.HasPrefix(text, corsError):
		address, rest, _ := strings.Cut(strings.TrimPrefix(text, corsError), "'")
		if first, ok := strings.CutPrefix(rest, " (redirected from '"); ok {
			address, _, _ = strings.Cut(first, "'")
		}
		w.console[runOf(address)] = text
	case strings.HasPrefix(text, notAttempts):
		// Chromium sent nothing, so there is no event of a failure.
		address, _, _ := strings.Cut(strings.TrimPrefix(text, notAttempts), ". ")
		run := runOf(address)
		w.failures[run] = append(w.failures[run], failure{outcome: "TypeError"})
	}
}

var runName = regexp.MustCompile(`run-\d{5}`)

// runOf returns the name of the run of a URL.
func runOf(address string) string { return runName.FindString(address) }

// judge returns the verdicts on the fetches of a run, from what the script saw and
// why they failed. The failures are in the order of the fetches.
func (w *watcher) judge(run string, sights []sight) ([]verdict, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	failures := w.failures[run]
	verdicts := make([]verdict, len(sights))
	for i, s := range sights {
		switch {
		case s.Error == "":
			verdicts[i] = s.verdict(run)
		case !strings.Contains(s.Error, "Failed to fetch"):
			// fetch rejected its arguments, such as the method TRACE.
			verdicts[i] = verdict{outcome: "TypeError"}
		case len(failures) == 0:
			verdicts[i] = verdict{outcome: "a failure without an event"}
		default:
			message := strings.ReplaceAll(failures[0].message, "/"+run, "")
			verdicts[i] = verdict{outcome: failures[0].outcome, message: message}
			failures = failures[1:]
		}
	}
	for _, f := range failures {
		verdicts[len(verdicts)-1].outcome += fmt.Sprint(" and a failure that the script did not see: ", f)
	}
	return verdicts, nil
}

func (s sight) verdict(run string) verdict {
	slices.Sort(s.Headers)
	v := verdict{outcome: strconv.Itoa(s.Status), headers: s.Headers, body: strings.ReplaceAll(s.Body, "/"+run, "")}
	if s.Kind == "opaque" || s.Kind == "opaqueredirect" {
		v.outcome = s.Kind
	}
	return v
}
