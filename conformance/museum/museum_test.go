package museum

import (
	"flag"
	"io"
	"os"
	"strings"
	"testing"

	fiberlog "github.com/gofiber/fiber/v2/log"
	fiber3log "github.com/gofiber/fiber/v3/log"
)

var update = flag.Bool("update", false, "rewrite README.md")

func TestMain(m *testing.M) {
	flag.Parse()
	fiberlog.SetOutput(io.Discard)
	fiber3log.SetOutput(io.Discard)
	os.Exit(m.Run())
}

// An outcome is what comes of an exhibit with one middleware.
type outcome int

const (
	absent  outcome = iota // the middleware cannot express the policy, or the exhibit is of another framework
	safe                   // no harm
	refused                // the middleware refuses the policy, and may
	fails                  // harm
)

// examine shows an exhibit to a middleware.
func examine(t *testing.T, m middleware, e exhibit) outcome {
	t.Helper()
	if !strings.HasPrefix(m.framework, e.only) {
		return absent
	}
	e, err := e.set()
	if m.module == "" && err != nil {
		t.Logf("%s refuses the document: %v", m.framework, err)
		return refused
	}
	build, objection := m.constructed(e.newSite(), e.terms)
	switch {
	case objection != "" && e.required:
		t.Logf("%s on %s refuses the policy, which is right: %s", m.name, m.framework, objection)
		return fails
	case objection != "":
		t.Logf("%s on %s refuses the policy: %s", m.name, m.framework, objection)
		return refused
	case build == nil:
		return absent
	}
	if seen := e.harm(start(t, e, build)); seen != "" {
		t.Logf("%s on %s: %s", m.name, m.framework, seen)
		return fails
	}
	return safe
}

// TestMuseum shows all exhibits to all middleware. The adapters of polycors must
// do no harm, and README.md must say what came of it.
func TestMuseum(t *testing.T) {
	var shown []shownRoom
	for _, r := range rooms() {
		sr := shownRoom{Name: r.name}
		for _, e := range r.exhibits {
			t.Run(r.name+"/"+e.fault, func(t *testing.T) { sr.Exhibits = append(sr.Exhibits, show(t, e)) })
		}
		shown = append(shown, sr)
	}
	if !partial(shown) {
		checkPage(t, shown)
	}
}

// partial reports whether -run left out exhibits.
func partial(shown []shownRoom) bool {
	for i, r := range rooms() {
		if len(shown[i].Exhibits) < len(r.exhibits) {
			return true
		}
	}
	return false
}

// show checks an exhibit.
func show(t *testing.T, e exhibit) shownExhibit {
	s := shownExhibit{exhibit: e}
	for _, m := range adapters() {
		got := examine(t, m, e)
		s.adapters = append(s.adapters, got)
		switch {
		case got == fails && e.limit == "":
			t.Errorf("polycors on %s fails", m.framework)
		case got == refused && !e.mistake:
			t.Errorf("polycors on %s refuses a policy that is right", m.framework)
		case got == fails:
			s.failing = append(s.failing, m.framework)
		}
	}
	if e.limit != "" && s.failing == nil {
		t.Error("polycors prevents the harm, but the exhibit says that it cannot")
	}
	for _, m := range peers() {
		s.peers = append(s.peers, examine(t, m, e))
	}
	return s
}
