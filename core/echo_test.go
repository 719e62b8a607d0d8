package cors_test

import (
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// With credentials, browsers take "*" literally in the lists of a preflight. The
// response has to echo the requested names.
func TestEchoHeaders(t *testing.T) {
	long := strings.Repeat("x-a,", 256) // 1024 bytes
	similar := "authorization2,x-authorization,*"
	for _, tt := range []struct{ name, requested, unlisted, listed string }{
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
		{"names that resemble Authorization", similar, similar, similar},

		{"a blank inside", "x a", "", ""},
		{"a colon", "x-a:1", "", ""},
		{"a line break", "x-a\r\nset-cookie: a=b", "", ""},
		{"a NUL", "x-a\x00", "", ""},
		{"a quotation mark", `x-a,"x-b"`, "", ""},
		{"a semicolon", "x-a;x-b", "", ""},
		{"a letter beyond ASCII", "x-é", "", ""},
		{"a name that Unicode folds to Authorization", "authorıſation", "", ""},
		{"an invalid name after Authorization", "x-a,authorization,x b", "", ""},
		{"a few empty elements", "x-a,, ,x-b,", "x-a,, ,x-b,", "x-a,, ,x-b,"},
		{"many empty elements", "x-a" + strings.Repeat(",", 20), "", ""},
		{"an invalid name before a long list", "(" + long[:512], "", ""},

		{"almost as long as the limit", long[:1023], long[:1023], long[:1023]},
		{"as long as the limit", long, long, long},
		{"one byte too long", long + "x", "", ""},
		{"a lot of commas", strings.Repeat(",", 1<<20), "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			cfg := credentialed("https://myapp.com")
			for _, policy := range []struct {
				headers []string
				want    string
			}{{[]string{"*", "X-Listed"}, tt.unlisted}, {[]string{"Authorization", "*"}, tt.listed}} {
				cfg.AllowHeaders = policy.headers
				d, _ := decide(t.Context(), mustPolicy(t, cfg), preflight("https://myapp.com", "PUT", tt.requested))
				if d.AllowHeaders != policy.want || d.Status != 204 {
					t.Errorf("%q: AllowHeaders = %.80q, want %.80q; status %d", policy.headers, d.AllowHeaders, policy.want, d.Status)
				}
			}
		})
	}
}

func TestEchoMethods(t *testing.T) {
	for requested, want := range map[string]string{
		"PUT": "PUT", "patch": "patch", "PROPFIND": "PROPFIND", "GET": "GET", "x!y": "x!y",
		strings.Repeat("A", 64): strings.Repeat("A", 64), strings.Repeat("A", 65): "",
		"TRACE": "", "connect": "", "Track": "",
		"GET,PUT": "", "GET PUT": "", " GET": "", "G\x00T": "", "G\r\nX: y": "", "GÉT": "",
	} {
		p := mustPolicy(t, cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowMethods: []string{"*"}, AllowCredentials: true})
		d, _ := decide(t.Context(), p, preflight("https://myapp.com", requested, "x-a"))
		if d.AllowMethods != want || d.AllowHeaders != "" || d.Status != 204 {
			t.Errorf("%q is requested: %+v, want the method %q", requested, d, want)
		}
	}
}

// Without credentials, nothing is echoed.
func TestListsWithoutCredentials(t *testing.T) {
	for _, tt := range []struct {
		name             string
		methods, headers []string
		wantM, wantH     string
	}{
		{"asterisks", []string{"*"}, []string{"*"}, "*", "*"},
		{"asterisks among names", []string{"PUT", "*"}, []string{"X-A", "*"}, "*", "*"},
		{"the asterisk does not cover Authorization", []string{"*", "PUT"}, []string{"authorization", "*", "X-A"}, "*", "*, Authorization"},
		{"only names", []string{"get", "GET", "PUT", "PROPFIND"}, []string{"x-a", "X-B", "X-A"}, "GET, PUT, PROPFIND", "x-a, X-B"},
		{"patch in both spellings", []string{"patch", "PATCH"}, nil, "patch, PATCH", ""},
		{"patch with an asterisk, which covers both spellings", []string{"*", "patch"}, nil, "*", ""},
		{"empty lists", []string{}, []string{}, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPolicy(t, cors.Config{AllowOrigins: []string{"https://myapp.com"}, AllowMethods: tt.methods, AllowHeaders: tt.headers})
			d, _ := decide(t.Context(), p, preflight("https://myapp.com", "DELETE", "x-evil, authorization"))
			if d.AllowMethods != tt.wantM || d.AllowHeaders != tt.wantH {
				t.Errorf("methods %q and headers %q, want %q and %q", d.AllowMethods, d.AllowHeaders, tt.wantM, tt.wantH)
			}
		})
	}
}
