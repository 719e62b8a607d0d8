package corstest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/fetch"
)

func FuzzTokens(f *testing.F) {
	for _, seed := range []string{"", "GET, PUT", ",,x-a ,\t*", "a b", "a(b", "GET\nPUT", "é", "a\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		h := http.Header{"X": strings.Split(value, "\n")}
		list, ok := tokens(h, "X")
		if !ok {
			if len(list) > 0 {
				t.Errorf("%q fails, but gives %q", value, list)
			}
			return
		}
		for _, item := range list {
			if !fetch.IsToken(item) || !strings.Contains(value, item) {
				t.Errorf("%q gives %q, which is not one of its tokens", value, item)
			}
		}
		again, ok := tokens(http.Header{"X": {strings.Join(list, ",")}}, "X")
		if !ok || strings.Join(again, ",") != strings.Join(list, ",") {
			t.Errorf("%q gives %q, which gives %q", value, list, again)
		}
	})
}

func FuzzCheckOrigin(f *testing.F) {
	for _, seed := range []string{
		"", "*", "null", "https://a.test", "https://a.test\n*", " https://a.test\t", "https://a.test,*", "http://a b",
	} {
		for _, credentials := range []string{"", "true", "True", "true\ntrue"} {
			f.Add(seed, credentials, "https://a.test")
		}
	}
	f.Fuzz(func(t *testing.T, allowed, credentials, origin string) {
		if origin == "" || strings.ContainsAny(origin, " ,\t\n*") {
			return // not the origin of a page
		}
		h := http.Header{
			"Access-Control-Allow-Origin":      strings.Split(allowed, "\n"),
			"Access-Control-Allow-Credentials": strings.Split(credentials, "\n"),
		}
		plain, _ := checkOrigin(h, origin, false)
		include, value := checkOrigin(h, origin, true)
		one := strings.Trim(allowed, " \t")
		if want := one == "*" || one == origin; (plain == "") != want {
			t.Errorf("%q for %q: %q, want allowed: %t", allowed, origin, plain, want)
		}
		if want := one == origin && strings.Trim(credentials, " \t") == "true"; (include == "") != want {
			t.Errorf("%q and %q for %q, with credentials: %q, want allowed: %t", allowed, credentials, origin, include, want)
		}
		if include == "" && (plain != "" || value != "") {
			t.Errorf("%q for %q is allowed with credentials, but not without: %q", allowed, origin, plain)
		}
		if got := consoleText(IssueAllowOriginMismatch, clean(value)); strings.ContainsAny(got, "\x00\r\n\x1b\x7f") || len(got) > 1200 {
			t.Errorf("the message has %q", got)
		}
	})
}
