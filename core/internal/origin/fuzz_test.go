package origin_test

import (
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

func FuzzParse(f *testing.F) {
	for _, s := range notSerialized {
		f.Add(s)
	}
	for _, tc := range sets {
		for o := range strings.FieldsSeq(tc.allowed) {
			f.Add(o)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, ok := origin.Parse(s)
		if !ok {
			return
		}
		if got := p.String(); got != s {
			t.Errorf("Parse(%q).String() = %q", s, got)
		}
		if again, ok := origin.Parse(p.String()); !ok || again != p {
			t.Errorf("Parse(%q) = %#v at first, then %#v", s, p, again)
		}
		// What browsers send can be configured.
		if pattern, mistake := origin.ParsePattern(s); mistake != nil || pattern.Wildcard != origin.None {
			t.Errorf("the origin %q is no entry: %+v, %+v", s, pattern, mistake)
		}
		for i := range len(s) {
			if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(",/?#@\\*%", c) >= 0 && s[i:i+1] != "/" {
				t.Errorf("accepted %q with the byte %q", s, c)
			}
		}
	})
}

func FuzzPattern(f *testing.F) {
	for _, m := range mistakes {
		f.Add(m.entry)
	}
	for _, tc := range sets {
		for entry := range strings.FieldsSeq(tc.entries) {
			f.Add(entry)
		}
	}
	f.Fuzz(func(t *testing.T, entry string) {
		p, mistake := origin.ParsePattern(entry)
		if mistake == nil {
			if got := p.String(); got != entry {
				t.Errorf("ParsePattern(%q).String() = %q", entry, got)
			}
			p.PublicSuffix()
			return
		}
		if mistake.Reason == "" {
			t.Errorf("%q is refused without a reason", entry)
		}
		switch s := mistake.Suggestion; {
		case s == "", s == "*", s == "null", strings.HasPrefix(s, `"`):
		default:
			if _, again := origin.ParsePattern(s); again != nil {
				t.Errorf("%q: the suggestion %q is refused: %s", entry, s, again.Reason)
			}
		}
	})
}

func FuzzSet(f *testing.F) {
	for _, tc := range sets {
		for o := range strings.FieldsSeq(tc.allowed) {
			f.Add(tc.entries, o)
		}
		for _, o := range tc.refused {
			f.Add(tc.entries, o)
		}
	}
	f.Fuzz(func(t *testing.T, entries, o string) {
		var accepted []string
		for entry := range strings.FieldsSeq(entries) {
			if _, mistake := origin.ParsePattern(entry); mistake == nil {
				accepted = append(accepted, entry)
			}
		}
		set := newSet(t, accepted...)
		got := set.Contains(o)
		if _, ok := origin.Parse(o); got && !ok {
			t.Errorf("%q is allowed by %q, but is no origin", o, accepted)
		}
		if want := newOracle(accepted).contains(o); len(o) <= origin.MaxLen && got != want {
			t.Errorf("%q among %q: the set says %t, the oracle %t", o, accepted, got, want)
		}
	})
}
