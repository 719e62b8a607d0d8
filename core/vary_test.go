package cors_test

import (
	"testing"

	cors "github.com/polycors/polycors/core"
)

func TestMissingVary(t *testing.T) {
	for _, tc := range []struct{ name, want, line, missing string }{
		{"nothing wanted", "", "Origin", ""},
		{"nothing there", "Origin, X-A", "", "Origin, X-A"},
		{"something else there", "Origin", "Accept-Encoding", "Origin"},
		{"all there", "Origin", "Origin", ""},
		{"there in another case", "Origin", "oRIGIN", ""},
		{"there among others", "Origin", "Accept-Encoding,\tOrigin , Cookie", ""},
		{"some there", "Origin, X-A, X-B", "x-a", "Origin, X-B"},
		{"part of a name", "Origin", "X-Origin, Original, Orig", "Origin"},
		{"an asterisk", "Origin, X-A", "*", ""},
		{"an asterisk among others", "Origin, X-A", "Cookie, *", ""},
		{"commas only", "Origin", ",,", "Origin"},
		{"wanted without blanks", "Origin,X-A", "Cookie", "Origin, X-A"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := cors.MissingVary(tc.want, tc.line); got != tc.missing {
				t.Errorf("MissingVary(%q, %q) = %q, want %q", tc.want, tc.line, got, tc.missing)
			}
		})
	}
}
