package main

import (
	"testing"
	"time"

	"github.com/polycors/polycors/conformance/internal/apps"
)

func TestSoak(t *testing.T) {
	for _, f := range apps.Frameworks() {
		t.Run(f.Name, func(t *testing.T) {
			r, err := soak(f, 400*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(r)
			for _, fault := range r.faults() {
				t.Error(fault)
			}
			if r.http1.Load() == 0 || f.HTTP2 && r.http2.Load() == 0 {
				t.Error("there are no requests")
			}
		})
	}
}

// The checks find answers that mix the two policies.
func TestCheck(t *testing.T) {
	q := questions[1]
	for _, tt := range []struct {
		name   string
		status int
		header map[string][]string
		wrong  bool
	}{
		{"the policy before", 200, map[string][]string{"Access-Control-Allow-Origin": {q.origin}, "Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Expose-Headers": {"X-One"}, "Vary": {"Origin"}}, false},
		{"the policy after", 200, map[string][]string{"Access-Control-Allow-Origin": {q.origin}, "Access-Control-Expose-Headers": {"X-Two"},
			"Vary": {"Origin"}}, false},
		{"a mixture", 200, map[string][]string{"Access-Control-Allow-Origin": {q.origin}, "Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Expose-Headers": {"X-Two"}, "Vary": {"Origin"}}, true},
		{"no Vary", 200, map[string][]string{"Access-Control-Allow-Origin": {q.origin}, "Access-Control-Expose-Headers": {"X-Two"}}, true},
		{"another status", 403, map[string][]string{"Vary": {"Origin"}}, true},
	} {
		if wrong := q.check(tt.status, tt.header); (wrong != "") != tt.wrong {
			t.Errorf("%s: %q", tt.name, wrong)
		}
	}
}
