// Package diff says what a change of a policy means: what it opens, what it
// closes, and what it changes otherwise. It compares what browsers may do, not
// texts. An origin that a wildcard already allows is not a change.
package diff

import (
	"cmp"
	"context"
	"slices"
	"strings"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/internal/expr"
)

// An Effect is what a change does.
type Effect string

const (
	Opens   Effect = "opens"   // browsers may do more
	Closes  Effect = "closes"  // browsers may do less
	Differs Effect = "differs" // neither
)

// An Aspect is the part of a policy that changes. The most dangerous come first.
type Aspect string

const (
	Origins     Aspect = "origins"
	Credentials Aspect = "credentials"
	Methods     Aspect = "methods"
	Headers     Aspect = "headers"
	Exposed     Aspect = "exposed"
	Rejection   Aspect = "rejection"
	Preflights  Aspect = "preflights"
	Vary        Aspect = "vary"
	Unsafe      Aspect = "unsafe"
	ReportOnly  Aspect = "report only"
)

var aspects = []Aspect{Origins, Credentials, Methods, Headers, Exposed, Rejection, Preflights, Vary, Unsafe, ReportOnly}

// A Change is one thing that a change of a policy means.
type Change struct {
	Effect  Effect `json:"effect"`
	Cookies bool   `json:"cookies"`              // it is about requests with cookies too
	Tried   bool   `json:"reportOnly,omitempty"` // it would be so if the policy that is tried out were enforced
	Aspect  Aspect `json:"aspect"`
	Value   string `json:"value"`
	Unsure  bool   `json:"unsure,omitempty"` // it may be no change: expressions are too large to compare

	// Witness is a request that one policy allows and the other refuses. Nil if
	// there is none to name.
	Witness *Request `json:"witness,omitempty"`

	Key string `json:"key,omitempty"` // of the value: in the new policy or, if it is closed, in the old one
	// Exact says that the value is one origin, method or header, which needs no
	// witness to be understood.
	Exact bool `json:"-"`
}

// A Request is what a script does, in the eyes of a policy.
type Request struct {
	Origin      string `json:"origin"`
	Credentials bool   `json:"credentials,omitempty"`
	Method      string `json:"method,omitempty"`
	Header      string `json:"header,omitempty"`   // a request header that it sets
	Exposed     string `json:"response,omitempty"` // a response header that it reads
}

// Compare returns what the change from one policy to another means, the most
// dangerous first. Both must be valid. Functions are not compared.
func Compare(from, to cors.Config) ([]Change, error) {
	return compare(from, from.ReportOnly, to, to.ReportOnly)
}

// compare compares two policies, and those that are tried out beside them, which
// may be nil.
func compare(from cors.Config, fromTried *cors.Config, to cors.Config, toTried *cors.Config) ([]Change, error) {
	changes, err := between(from, to)
	if err != nil || fromTried == nil && toTried == nil {
		return changes, err
	}
	note := ""
	base := fromTried
	switch {
	case fromTried == nil:
		note, base = "a policy is tried out, and refuses nothing", &to
	case toTried == nil:
		note = "no policy is tried out"
	}
	if note != "" {
		changes = append(changes, Change{Effect: Differs, Aspect: ReportOnly, Value: note, Key: "reportOnly", Exact: true})
	}
	if toTried == nil {
		return changes, nil
	}
	tried, err := between(*base, *toTried)
	for _, c := range tried {
		c.Tried = true
		if c.Key = "reportOnly." + c.Key; c.Effect == Closes && base == &to {
			c.Key = strings.TrimPrefix(c.Key, "reportOnly.")
		}
		changes = append(changes, c)
	}
	return changes, err
}

// A comparison collects changes.
type comparison struct {
	from, to *side
	changes  []Change
	steps    int // that are left for expressions
}

// between compares two policies without those that are tried out.
func between(from, to cors.Config) ([]Change, error) {
	const maxSteps = 8 * expr.Steps
	c := comparison{steps: maxSteps}
	var err error
	if c.from, err = newSide(from); err != nil {
		return nil, err
	}
	if c.to, err = newSide(to); err != nil {
		return nil, err
	}
	for _, d := range []direction{{c.from, c.to, Opens}, {c.to, c.from, Closes}} {
		c.origins(d)
		c.permissions(d)
	}
	c.settings()
	slices.SortStableFunc(c.changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)),
			cmp.Compare(slices.Index(aspects, a.Aspect), slices.Index(aspects, b.Aspect)),
			cmp.Compare(breadth(a), breadth(b)))
	})
	return c.changes, nil
}

// rank orders changes by their effect.
func rank(c Change) int {
	switch {
	case c.Effect == Opens && c.Cookies:
		return 0
	case c.Effect == Opens:
		return 1
	case c.Effect == Closes:
		return 2
	}
	return 3
}

// breadth orders values: values that cover many others come first.
func breadth(c Change) int {
	if c.Exact {
		return 1
	}
	return 0
}

// A direction compares one policy with another: what has allows, and lacks does
// not.
type direction struct {
	lacks, has *side
	effect     Effect
}

func (c *comparison) add(d direction, change Change) {
	change.Effect = d.effect
	change.Cookies = change.Cookies || d.has.cfg.AllowCredentials
	c.changes = append(c.changes, change)
}

// A side is one of two policies.
type side struct {
	cfg      cors.Config
	policy   *cors.Policy
	entries  []entry
	texts    map[string]bool // of the entries
	methods  names
	headers  names
	exposed  names
	anything bool // an entry allows every origin
}

func newSide(cfg cors.Config) (*side, error) {
	cfg.ReportOnly = nil // it is compared separately
	policy, err := cors.New(cfg)
	if err != nil {
		return nil, err
	}
	s := &side{cfg: cfg, policy: policy, texts: map[string]bool{}}
	s.readOrigins()
	s.readNames()
	return s, nil
}

// allows reports whether a policy allows an origin.
func (s *side) allows(origin string) bool {
	ok, err := s.policy.AllowsOrigin(context.Background(), origin)
	return ok && err == nil
}
