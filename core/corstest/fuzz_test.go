package corstest

import (
	"net/http"
	"strings"
	"testing"
	"time"

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

func FuzzFill(f *testing.F) {
	for _, seed := range []string{
		"/items/:id", "/files/*path", "/a/{id}", "/a/{id:[0-9]{2}}", "/a/{path...}", "/{$}", "/a/:id<int>?", "/a/:b<regex(\\d+)>/c", "/a/+", `/a\:b`, "/{", "{a", ":", "/:a<",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, pattern string) {
		path := fill(pattern)
		if path == "" || len(path) > 40*(len(pattern)+1) {
			t.Errorf("%q is filled to %q", pattern, path)
		}
		if !strings.ContainsAny(pattern, `:*{+\`) && pattern != "" && path != pattern {
			t.Errorf("%q has no parameters, but is filled to %q", pattern, path)
		}
	})
}

func FuzzMaxAge(f *testing.F) {
	for _, seed := range []string{"", "5", "-1", "+600", "0600", "600s", "5.5", "99999999999999999999", "600\n600", " 7\t"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		age := maxAge(http.Header{"Access-Control-Max-Age": strings.Split(value, "\n")})
		if age < 0 || age > 1<<32*time.Second || age%time.Second != 0 {
			t.Errorf("%q gives %v", value, age)
		}
	})
}

func FuzzScriptHeaders(f *testing.F) {
	for _, seed := range [][2]string{
		{"Accept", "a"}, {"content-type", "text/plain;x"}, {"Range", "bytes=0-9"}, {"Cookie", "a"}, {"X-HTTP-Method", "get, TRACE"}, {"DPR", "1.5"}, {"a b", ""}, {"X", "a\r\nb"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		for _, browser := range []Browser{Chromium, Firefox} {
			for _, mode := range []Mode{CORS, NoCORS} {
				kept, err := scriptHeaders(http.Header{name: {value}}, &Page{Browser: browser, Mode: mode})
				if err != nil {
					continue
				}
				if !fetch.IsToken(name) || strings.ContainsAny(kept.Get(name), "\x00\r\n") {
					t.Errorf("%q: %q is set", name, value)
				}
				if unsafe := unsafeHeaders(kept, browser); mode == NoCORS && len(unsafe) > 0 && browser == Firefox {
					t.Errorf("%q: %q is set without permission", name, value)
				}
				for lower := range kept {
					if fetch.IsForbiddenRequestHeader(strings.ToLower(lower)) {
						t.Errorf("%q is set", lower)
					}
				}
			}
		}
	})
}
