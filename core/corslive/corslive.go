// Package corslive keeps a [cors.Policy] up to date with a source of policy
// documents, such as a file, while the policy is in use.
//
//	policy := new(cors.Policy)
//	follower, err := corslive.Follow(ctx, policy, corslive.File("/etc/myapp/cors.json", 0), corslive.Options{
//		Base:    cors.Config{OnReject: cors.LogRejections(nil)},
//		OnEvent: corslive.LogEvents(nil),
//	})
//	if err != nil {
//		log.Fatal(err)
//	}
//	router.Use(gincors.From(policy))
//
// A document is a [cors.Config] in JSON, or in any other format that
// Options.Decode reads. An error never ends the updates and never changes the
// policy: the last valid document stays in force. A file or key that is deleted
// is an error, too. To allow no origin, write a document with an empty list of
// allowOrigins.
package corslive

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A Source yields policy documents: the current one first, and then each new one
// until ctx ends. It may yield the same document again, to show that it works.
// It may yield an error and continue. It must not modify a document after
// yielding it.
//
// A Source that ends or panics is called again after a pause. If it ignores the
// end of ctx, its goroutine does not end.
type Source func(ctx context.Context) iter.Seq2[[]byte, error]

// Options are the options of [Follow]. The zero Options decode JSON.
type Options struct {
	// Base contains the fields that documents cannot contain, such as OnReject,
	// and defaults for the others. Each document is decoded over Base, never
	// over an earlier document.
	Base cors.Config

	// Decode decodes a document into a *cors.Config. Nil means json.Unmarshal;
	// the Unmarshal functions of YAML packages fit.
	Decode func(document []byte, config any) error

	// OnEvent is called for each document that is applied or refused, and for
	// each failure of the source. It is not called again for the same document
	// or the same failure in a row. Calls do not overlap; the first ones come
	// before Follow returns. It must not block for long.
	OnEvent func(Event)

	// StartFromBase makes Follow apply Base if there is no valid first document,
	// instead of returning an error.
	StartFromBase bool

	// FirstTimeout is how long Follow waits for the first document. Zero means
	// until ctx ends.
	FirstTimeout time.Duration
}

// An EventKind says what has happened.
type EventKind string

// The kinds of events. The strings are stable: use them as labels of metrics.
const (
	Applied   EventKind = "applied"   // a document is in force
	Refused   EventKind = "refused"   // a document is invalid; the policy is unchanged
	Failed    EventKind = "failed"    // the source failed; the policy is unchanged
	BaseUsed  EventKind = "base-used" // Base is in force, because there was no valid first document
	Following EventKind = "following" // the source works again after a failure, with a document that is in force already
)

// An Event is something that has happened while following a source.
type Event struct {
	Kind     EventKind
	Time     time.Time
	Revision string // of the document; empty if there is none
	Err      error  // why a document was refused, or why the source failed
}

// String returns the event in one line.
func (e Event) String() string {
	s := string(e.Kind)
	if e.Revision != "" {
		s += " " + e.Revision
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// A Status says which document is in force, and whether the source works.
type Status struct {
	Revision string    // of the document in force; empty for Base
	Applied  time.Time // when it was applied
	Checked  time.Time // when the source last yielded a document
	Err      error     // of the latest attempt: a refused document or a failed source; nil if it succeeded
}

// Revision returns the first 12 hexadecimal digits of the SHA-256 of a document.
// It identifies the document in a Status and in an Event.
func Revision(document []byte) string {
	sum := sha256.Sum256(document)
	return hex.EncodeToString(sum[:6])
}

// A Follower applies the documents of a source to a policy. It stops when the
// context of [Follow] ends.
type Follower struct {
	policy *cors.Policy
	source Source
	opts   Options
	first  chan error // receives the result of the first document, once

	events sync.Mutex // held during OnEvent

	mu        sync.Mutex
	started   bool // the first document, or Base, is in force
	abandoned bool // Follow has returned an error
	status    Status
	seen      string // revision of the last document, valid or not
	failure   string // text of the last failure in a row
}

// errEnded is the failure of a source that ends.
var errEnded = errors.New("the source ended")

// Follow applies the first document of src to p, and then each new document
// until ctx ends. It returns an error, and does not change p, if the first
// document is invalid, if the source fails before it, or if there is none within
// Options.FirstTimeout. With Options.StartFromBase, it applies Base instead.
func Follow(ctx context.Context, p *cors.Policy, src Source, opts Options) (*Follower, error) {
	if opts.Decode == nil {
		opts.Decode = json.Unmarshal
	}
	f := &Follower{policy: p, source: src, opts: opts, first: make(chan error, 1)}
	following, stop := context.WithCancel(ctx)
	go func() {
		defer stop()
		f.run(following)
	}()

	var timeout <-chan time.Time
	if opts.FirstTimeout > 0 {
		timer := time.NewTimer(opts.FirstTimeout)
		defer timer.Stop()
		timeout = timer.C
	}
	var err error
	select {
	case err = <-f.first:
	case <-timeout:
		err = fmt.Errorf("no document within %s", opts.FirstTimeout)
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	if err := f.start(err); err != nil {
		stop()
		return nil, fmt.Errorf("corslive: %w", err)
	}
	return f, nil
}

// start ends the wait for the first document. err says why there is none.
func (f *Follower) start(err error) error {
	f.mu.Lock()
	if f.started || err == nil { // a document came just now
		f.mu.Unlock()
		return nil
	}
	now := time.Now()
	reason := err
	if f.opts.StartFromBase {
		if err = f.policy.Reconfigure(f.opts.Base); err != nil {
			err = fmt.Errorf("applying Base: %w", err)
		}
	}
	f.started, f.abandoned = err == nil, err != nil
	f.status.Applied, f.status.Err = now, reason
	f.mu.Unlock()
	if err == nil {
		f.emit(Event{Kind: BaseUsed, Time: now, Err: reason})
	}
	return err
}

// Status returns the current status. It may be called concurrently.
func (f *Follower) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

// The pauses before a source that has ended is called again.
const (
	minPause = time.Second
	maxPause = 30 * time.Second
)

func (f *Follower) run(ctx context.Context) {
	for pause := minPause; ; pause = min(2*pause, maxPause) {
		began := time.Now()
		err := f.consume(ctx)
		if err == nil || ctx.Err() != nil || !f.fail(err) {
			return
		}
		if time.Since(began) > maxPause { // it worked for a while
			pause = minPause
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
	}
}

// consume calls the source once, and returns why it ended; nil if Follow has
// decided not to follow it.
func (f *Follower) consume(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the source panicked: %v", p)
		}
	}()
	ended := errEnded
	for document, err := range f.source(ctx) {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && !f.fail(err), err == nil && !f.take(document):
			return nil
		}
		ended = cmp.Or(err, errEnded) // a source that ends with an error has said why
	}
	return ended
}

// fail records a failure of the source. It reports whether to continue.
func (f *Follower) fail(err error) bool {
	f.mu.Lock()
	if f.abandoned {
		f.mu.Unlock()
		return false
	}
	again := err.Error() == f.failure
	f.failure, f.status.Err = err.Error(), err
	f.mu.Unlock()
	if !again {
		f.emit(Event{Kind: Failed, Time: time.Now(), Err: err})
	}
	return f.decided(err)
}

// take applies a document if it is new. It reports whether to continue.
func (f *Follower) take(document []byte) bool {
	event := Event{Time: time.Now(), Revision: Revision(document)}
	f.mu.Lock()
	if f.abandoned {
		f.mu.Unlock()
		return false
	}
	failed := f.failure != ""
	f.failure, f.status.Checked = "", event.Time
	switch {
	case event.Revision != f.seen:
		f.seen = event.Revision
		event.Kind, event.Err = Applied, f.apply(document)
		if event.Err != nil {
			event.Kind = Refused
		} else {
			f.started = true
			f.status.Revision, f.status.Applied = event.Revision, event.Time
		}
		f.status.Err = event.Err
	case failed && event.Revision == f.status.Revision:
		event.Kind, f.status.Err = Following, nil
	}
	f.mu.Unlock()
	if event.Kind == "" {
		return true // nothing new
	}
	f.emit(event)
	return f.decided(event.Err)
}

// decided sends the result of the first attempt to Follow. It reports whether to
// continue. Follow returns an error unless it may start from Base.
func (f *Follower) decided(err error) bool {
	select {
	case f.first <- err:
	default:
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.started || f.opts.StartFromBase
}

// emit calls OnEvent. The caller must not have locked f.mu, because OnEvent may
// call Status.
func (f *Follower) emit(e Event) {
	if f.opts.OnEvent == nil {
		return
	}
	f.events.Lock()
	defer f.events.Unlock()
	f.opts.OnEvent(e)
}

// apply decodes a document over Base and applies it.
func (f *Follower) apply(document []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoding the document panicked: %v", p)
		}
	}()
	if isBlank(document) {
		return errors.New("the document is empty")
	}
	cfg := copied(f.opts.Base)
	if err := f.opts.Decode(document, &cfg); err != nil {
		return err
	}
	return f.policy.Reconfigure(cfg)
}

// copied copies the memory of a Config that a decoder may write to.
func copied(cfg cors.Config) cors.Config {
	for _, list := range []*[]string{&cfg.AllowOrigins, &cfg.AllowMethods, &cfg.AllowHeaders, &cfg.ExposeHeaders, &cfg.Vary} {
		*list = slices.Clone(*list)
	}
	cfg.AllowOriginRegexps = slices.Clone(cfg.AllowOriginRegexps)
	if cfg.ReportOnly != nil {
		tried := *cfg.ReportOnly
		tried.ReportOnly = nil // refused anyway
		tried = copied(tried)
		cfg.ReportOnly = &tried
	}
	return cfg
}

// isBlank reports whether a document has only blank lines, comments and YAML's
// markers, as a file that is being written may have. For a YAML package, it is a
// valid document that changes nothing in Base.
func isBlank(document []byte) bool {
	document = bytes.TrimPrefix(document, []byte("\uFEFF"))
	for line := range bytes.Lines(document) {
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0, line[0] == '#', string(line) == "---", string(line) == "...":
		default:
			return false
		}
	}
	return true
}
