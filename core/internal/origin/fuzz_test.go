package origin_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/origin"
)

func FuzzParse(f *testing.F) {
	for _, s := range notSerialized {
		f.Add(s)
	}
	for _, tt := range sets {
		for o := range strings.FieldsSeq(tt.allowed) {
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
		// Users can allow every origin that browsers send. Parse does not check
		// Punycode, because that takes long. A scheme such as htps and a host such
		// as __ORIGIN__, which is a placeholder, are mistakes in an entry.
		unlikely := []string{"origin-punycode", "origin-scheme", "origin-variable"}
		if _, mistake := origin.ParsePattern(s); mistake != nil && slices.Contains(unlikely, mistake.Code) {
			return
		}
		if pattern, mistake := origin.ParsePattern(s); mistake != nil || pattern.Wildcard != origin.None {
			t.Errorf("the origin %q is not a valid entry: %+v, %+v", s, pattern, mistake)
		}
		for i := range len(s) {
			if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(",/?#@\\*%", c) >= 0 && s[i:i+1] != "/" {
				t.Errorf("accepted %q with the byte %q", s, c)
			}
		}
	})
}

func FuzzPattern(f *testing.F) {
	for _, tt := range mistakes {
		f.Add(tt.entry)
	}
	for _, tt := range sets {
		for entry := range strings.FieldsSeq(tt.entries) {
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
		checkMistake(t, entry, mistake)
	})
}

func FuzzSet(f *testing.F) {
	for _, tt := range sets {
		for o := range strings.FieldsSeq(tt.allowed) {
			f.Add(tt.entries, o)
		}
		for _, o := range tt.refused {
			f.Add(tt.entries, o)
		}
	}
	others := newOracle(amongMany())
	f.Fuzz(func(t *testing.T, entries, o string) {
		var accepted []string
		for entry := range strings.FieldsSeq(entries) {
			if _, mistake := origin.ParsePattern(entry); mistake == nil {
				accepted = append(accepted, entry)
			}
		}
		want := newOracle(accepted).contains(o)
		got := newSet(t, accepted...).Contains(o)
		if _, ok := origin.Parse(o); got && !ok {
			t.Errorf("%q is allowed by %q, but is not an origin", o, accepted)
		}
		if len(o) > origin.MaxLen {
			return
		}
		if got != want {
			t.Errorf("%q among %q: the set says %t, the oracle %t", o, accepted, got, want)
		}
		if got := newSet(t, amongMany(accepted...)...).Contains(o); got != want && !others.contains(o) {
			t.Errorf("%q among %q and others: the set says %t, the oracle %t", o, accepted, got, want)
		}
	})
}
