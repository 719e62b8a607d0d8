package compare

import (
	"errors"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"

	"github.com/polycors/polycors/conformance/model"
)

// FuzzEntry compares the model with package cors: is an entry valid, and does it
// allow an origin?
func FuzzEntry(f *testing.F) {
	for _, scheme := range []string{"https://", "http://", "tauri://"} {
		for _, prefix := range []string{"", "*.", "pr-*.", "*-x.", "*.*.", "a.*.", "a*b*.", ".", "A."} {
			for i, domain := range []string{"myapp.com", "x.localhost", "com", "github.io", "xn--bcher-kva.example", "a.b.", "10.0.0.5", "[::1]", ""} {
				port := []string{"", ":*", ":8443", ":443", ":0", ":x"}[i%6]
				f.Add(scheme+prefix+domain+port, scheme+"a."+domain)
			}
		}
	}
	f.Fuzz(func(t *testing.T, entry, origin string) {
		scheme, _, _ := strings.Cut(entry, "://")
		if !slices.Contains([]string{"https", "http", "moz-extension", "tauri", "a+b", "ws", "wss", "file"}, scheme) || len(entry) > 300 {
			return // the model knows no misspelled schemes
		}
		p := model.Policy{Config: cors.Config{AllowOrigins: []string{entry}}}
		policy, err := cors.New(p.Config)
		if (err == nil) != p.IsValid() {
			t.Fatalf("%q: the model says %t, package cors says: %v", entry, p.IsValid(), err)
		}
		if err != nil {
			return
		}
		want, _ := p.AllowsOrigin(origin)
		if got, _ := policy.AllowsOrigin(t.Context(), origin); got != want {
			t.Errorf("%q among %q: the model says %t, package cors %t", origin, entry, want, got)
		}
	})
}

// FuzzExpression checks that an expression that New accepts matches whole origins
// only, and with credentials none of http beyond loopback.
func FuzzExpression(f *testing.F) {
	for _, text := range []string{`https://[a-z0-9-]+\.re\.com(:[0-9]+)?`, `https?://(localhost|re\.com)`, `(?i)https://(a|b)\.re\.com|x`, `.*`} {
		f.Add(text, "https://a.re.com")
		f.Add(text, "http://evil.example")
	}
	f.Add(`(?m)^https://re\.com$`, "https://re.com\nhttps://evil.example")
	f.Add(`https://re\.com\b`, "https://re.com.evil.example")
	f.Fuzz(func(t *testing.T, text, origin string) {
		re, err := regexp.Compile(text)
		if err != nil || len(text) > 200 {
			return
		}
		if _, err := regexp.Compile(`^(?:` + text + `)$`); err != nil || strings.Contains(text, "(?") {
			return // the model adds anchors, which flags change
		}
		for _, credentials := range []bool{false, true} {
			policy, err := cors.New(cors.Config{AllowOriginRegexps: []*regexp.Regexp{re}, AllowCredentials: credentials})
			if err != nil {
				continue
			}
			want, _ := model.Policy{Expressions: []model.Expression{{Text: text}}}.AllowsOrigin(origin)
			got, err := policy.AllowsOrigin(t.Context(), origin)
			if err != nil || got != want {
				t.Errorf("%q: %q is allowed: %t (%v), want %t", text, origin, got, err, want)
			}
			loopback := strings.Contains(origin, "localhost") || strings.HasPrefix(origin, "http://127.") || strings.HasPrefix(origin, "http://[::1]")
			if got && credentials && strings.HasPrefix(origin, "http://") && !loopback {
				t.Errorf("%q: %q is allowed with credentials", text, origin)
			}
		}
	})
}

// FuzzBrowser compares the browser of the model with corstest: any status and any
// headers of a response lead to the same outcome.
func FuzzBrowser(f *testing.F) {
	for i, origin := range []string{"*", "https://a.example", "null", "", "https://a.example\n*", " https://a.example\t", "*, *"} {
		f.Add(200+i, origin, "true", "PUT, patch", "x-a,authorization", "X-One", uint8(i), "X-A")
		f.Add(204, origin, "TRUE", "*", "*", "*", uint8(9*i), "Authorization")
		f.Add(204, origin, "", "PUT,a(b", "x-a\nx-b", "x-one,,\t*", uint8(17*i), "Content-Type")
	}
	f.Fuzz(func(t *testing.T, status int, origin, credentials, methods, headers, expose string, kind uint8, name string) {
		if status < 200 || status > 599 || status/100 == 3 || !token.MatchString(name) || strings.HasPrefix(strings.ToLower(name), "accept") {
			return // redirects are not part of the model
		}
		transport := corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Request: r, Header: http.Header{
				"Access-Control-Allow-Origin": lines(origin), "Access-Control-Allow-Credentials": lines(credentials),
				"Access-Control-Allow-Methods": lines(methods), "Access-Control-Allow-Headers": lines(headers),
				"Access-Control-Expose-Headers": lines(expose), "X-One": {"1"}, "Etag": {"1"}, "Content-Type": {"text/plain"},
			}, Body: http.NoBody}, nil
		})
		s := model.Script{
			Origin: "https://a.example", Method: []string{"GET", "PUT", "patch", "DELETE"}[kind%4], Include: kind&4 > 0, Lenient: kind&8 > 0,
			Header: map[string]string{name: "1"},
		}
		if kind&16 > 0 {
			s.Origin = "null"
		}
		want, _, err := model.Fetch(transport, s, "https://api.example", "/items/1")
		if err != nil {
			t.Fatal(err)
		}
		page := &corstest.Page{Origin: s.Origin, Transport: transport}
		if s.Include {
			page.Credentials = corstest.Include
		}
		if !s.Lenient {
			page.Browser = corstest.Firefox
		}
		got, err := fetch(page, s, "https://api.example")
		if err != nil {
			t.Fatal(err)
		}
		if got.Reads != want.Reads || !slices.Equal(got.Exposed, want.Exposed) {
			t.Errorf("%v\nthe model %+v\ncorstest  %+v\n%v", s, want, got, page.Exchanges())
		}
	})
}

var token = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

// fetch is Fetch by corstest.
func fetch(page *corstest.Page, s model.Script, server string) (out model.Outcome, err error) {
	req, err := http.NewRequest(s.Method, server+"/items/1", nil)
	if err != nil {
		return out, err
	}
	for name, value := range s.Header {
		req.Header.Set(name, value)
	}
	res, err := page.Fetch(req)
	if blocked := new(corstest.BlockedError); errors.As(err, &blocked) {
		return out, nil
	} else if err != nil {
		return out, err
	}
	return model.Outcome{Reads: true, Exposed: slices.Sorted(maps.Keys(res.Header))}, res.Body.Close()
}

// lines are the lines of a header, without the blanks around them, which are not
// part of a value.
func lines(s string) (list []string) {
	for line := range strings.SplitSeq(s, "\n") {
		list = append(list, strings.Trim(line, " \t"))
	}
	return list
}
