package cors_test

import (
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// With credentials, browsers take "*" literally in the lists of a preflight, so
// that the answer has to repeat what was asked.
func TestEchoOfHeaders(t *testing.T) {
	long := strings.Repeat("x-a,", 256) // 1024 bytes
	for _, tc := range []struct{ name, asked, unlisted, listed string }{
		{"nothing", "", "", ""},
		{"one name", "x-a", "x-a", "x-a"},
		{"some names", "content-type,x-a,x-b", "content-type,x-a,x-b", "content-type,x-a,x-b"},
		{"any case, order and spacing", "X-B , x-a,\tX-C", "X-B , x-a,\tX-C", "X-B , x-a,\tX-C"},
		{"all token characters", "x!#$%&'*+-.^_`|~09", "x!#$%&'*+-.^_`|~09", "x!#$%&'*+-.^_`|~09"},
		{"empty elements", ",x-a,,x-b,", ",x-a,,x-b,", ",x-a,,x-b,"},

		{"Authorization alone", "authorization", "", "authorization"},
		{"Authorization first", "authorization,x-a", "x-a", "authorization,x-a"},
		{"Authorization between", "accept,authorization,x-a", "accept,x-a", "accept,authorization,x-a"},
		{"Authorization last, in any case and spacing", "x-a, Authorization ", "x-a", "x-a, Authorization "},
		{"Authorization twice", "a,authorization,b,authorization", "a,b", "a,authorization,b,authorization"},
		{"what only looks like it", "authorization2,x-authorization,*", "authorization2,x-authorization,*", "authorization2,x-authorization,*"},

		{"a blank inside", "x a", "", ""},
		{"a colon", "x-a:1", "", ""},
		{"a line break", "x-a\r\nset-cookie: a=b", "", ""},
		{"a NUL", "x-a\x00", "", ""},
		{"a quotation mark", `x-a,"x-b"`, "", ""},
		{"a semicolon", "x-a;x-b", "", ""},
		{"a letter beyond ASCII", "x-é", "", ""},
		{"what Unicode folds to Authorization", "authorıſation", "", ""},
		{"dirt behind Authorization", "x-a,authorization,x b", "", ""},
		{"a few empty elements", "x-a,, ,x-b,", "x-a,, ,x-b,", "x-a,, ,x-b,"},
		{"many empty elements", "x-a" + strings.Repeat(",", 20), "", ""},
		{"dirt before a long tail", "(" + long[:512], "", ""},

		{"as much as fits", long[:1023], long[:1023], long[:1023]},
		{"just as much as fits", long, long, long},
		{"a byte too much", long + "x", "", ""},
		{"a lot of commas", strings.Repeat(",", 1<<20), "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			cfg := cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowHeaders: []string{"*", "X-Listed"}, AllowCredentials: true}
			p := mustPolicy(t, cfg)
			if d, _ := decide(t.Context(), p, preflight("https://myapp.com", "PUT", tc.asked)); d.AllowHeaders != tc.unlisted || d.Status != 204 {
				t.Errorf("AllowHeaders = %.80q, want %.80q; status %d", d.AllowHeaders, tc.unlisted, d.Status)
			}
			cfg.AllowHeaders = []string{"Authorization", "*"}
			p = mustPolicy(t, cfg)
			if d, _ := decide(t.Context(), p, preflight("https://myapp.com", "PUT", tc.asked)); d.AllowHeaders != tc.listed {
				t.Errorf("with Authorization listed, AllowHeaders = %.80q, want %.80q", d.AllowHeaders, tc.listed)
			}
		})
	}
}

func TestEchoOfMethods(t *testing.T) {
	for asked, want := range map[string]string{
		"PUT": "PUT", "patch": "patch", "PROPFIND": "PROPFIND", "GET": "GET", "x!y": "x!y", strings.Repeat("A", 64): strings.Repeat("A", 64),
		strings.Repeat("A", 65): "", "TRACE": "", "connect": "", "Track": "", "GET,PUT": "", "GET PUT": "", " GET": "", "G\x00T": "", "G\r\nX: y": "", "GÉT": "",
	} {
		p := mustPolicy(t, cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowMethods: []string{"*"}, AllowCredentials: true})
		d, _ := decide(t.Context(), p, preflight("https://myapp.com", asked, "x-a"))
		if d.AllowMethods != want || d.AllowHeaders != "" || d.Status != 204 {
			t.Errorf("asked for %q: %+v, want the method %q", asked, d, want)
		}
	}
}

func TestWithoutCredentialsNothingIsEchoed(t *testing.T) {
	for _, tc := range []struct {
		name             string
		methods, headers []string
		wantM, wantH     string
	}{
		{"asterisks", []string{"*"}, []string{"*"}, "*", "*"},
		{"asterisks among others", []string{"PUT", "*"}, []string{"X-A", "*"}, "*", "*"},
		{"Authorization is no part of the asterisk", []string{"*", "PUT"}, []string{"authorization", "*", "X-A"}, "*", "*, Authorization"},
		{"lists", []string{"get", "GET", "PUT", "PROPFIND"}, []string{"x-a", "X-B", "X-A"}, "GET, PUT, PROPFIND", "x-a, X-B"},
		{"patch in both spellings", []string{"patch", "PATCH"}, nil, "patch, PATCH", ""},
		{"patch beside the asterisk that covers both", []string{"*", "patch"}, nil, "*", ""},
		{"empty lists", []string{}, []string{}, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := mustPolicy(t, cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowMethods: tc.methods, AllowHeaders: tc.headers})
			d, _ := decide(t.Context(), p, preflight("https://myapp.com", "DELETE", "x-evil, authorization"))
			if d.AllowMethods != tc.wantM || d.AllowHeaders != tc.wantH {
				t.Errorf("methods %q and headers %q, want %q and %q", d.AllowMethods, d.AllowHeaders, tc.wantM, tc.wantH)
			}
		})
	}
}
