package corstest_test

import (
	"slices"
	"testing"
)

func TestConditionalRequest(t *testing.T) {
	for _, name := range []string{"If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "If-Unmodified-Since"} {
		p := pageOf(open())
		outcome(t, p, request(t, "GET", "/x", name+": x"))
		outcome(t, p, request(t, "GET", "/x", name+": x", "Cache-Control: no-store"))
		for i, want := range []string{"max-age=0", "max-age=0", "max-age=0", "no-store"} {
			if got := requestHeader(p, i, "Cache-Control"); !slices.Equal(got, []string{want}) {
				t.Errorf("%s: Cache-Control %q in request %d, want %q", name, got, i, want)
			}
		}
	}
}

// TestHeaderBytes tests how the characters of a script become bytes.
func TestHeaderBytes(t *testing.T) {
	for value, want := range map[string]string{"é": "\xe9", "\xe9": "\xe9", "a\tb": "a\tb", "日": ""} {
		p := pageOf(open())
		if got := outcome(t, p, request(t, "GET", "/x", "Accept: "+value)); (got == ok) != (want != "") {
			t.Errorf("%q: %s", value, got)
		}
		if want != "" && !slices.Equal(requestHeader(p, 0, "Accept"), []string{want}) {
			t.Errorf("%q: sent %q, want %q", value, requestHeader(p, 0, "Accept"), want)
		}
	}
}
