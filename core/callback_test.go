package cors_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unsafe"

	cors "github.com/polycors/polycors/core"
)

type tenantKey struct{}

func TestAllowOriginFuncIsAskedLast(t *testing.T) {
	var asked []string
	p := mustPolicy(t, cors.Config{
		AllowOrigins:       []string{"https://listed.com", "https://*.listed.com"},
		AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://re\d\.com`)},
		AllowOriginFunc: func(_ context.Context, o string) (bool, error) {
			asked = append(asked, o)
			return o == "https://asked.com", nil
		},
	})
	for o, want := range map[string]bool{
		"https://listed.com": true, "https://a.listed.com": true, "https://re1.com": true, "https://asked.com": true, "https://evil.example": false,
	} {
		if d, err := decide(t.Context(), p, get(o)); (d.AllowOrigin == o) != want || err != nil {
			t.Errorf("Decide for %s = %+v, %v", o, d, err)
		}
	}
	slices.Sort(asked)
	if want := []string{"https://asked.com", "https://evil.example"}; !slices.Equal(asked, want) {
		t.Errorf("asked about %q, want %q", asked, want)
	}
}

func TestAllowOriginFuncSeesOnlyWellFormedOrigins(t *testing.T) {
	malformed := []string{
		"", "null", "*", "NULL", "https://a.com/", "https://a.com/x", "https://A.com", "https://a.com:443", "a.com", "https://a.com,https://b.com",
		"https://a b.com", "https://user@a.com", "file:///x", "https://a.com\r\nX: y", strings.Repeat("a", 1<<20), "https://" + strings.Repeat("a.", 200) + "com",
	}
	for name, permitted := range map[string]bool{"strictly": false, "with NullOrigin": true} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			p := mustPolicy(t, cors.Config{
				AllowOriginFunc: func(_ context.Context, o string) (bool, error) { asked = append(asked, o); return true, nil },
				Unsafe:          cors.Unsafe{NullOrigin: permitted},
			})
			for _, o := range malformed {
				for _, req := range []cors.Request{get(o), preflight(o, "PUT", "")} {
					d, err := decide(t.Context(), p, req)
					if allowed := d.AllowOrigin != ""; allowed != (permitted && o == "null") || err != nil {
						t.Errorf("Decide for %.40q = %+v, %v", o, d, err)
					}
				}
			}
			want := []string(nil)
			if permitted {
				want = []string{"null", "null"}
			}
			if !slices.Equal(asked, want) {
				t.Errorf("asked about %q, want %q", asked, want)
			}
		})
	}
}

func TestAllowOriginFuncGetsTheContext(t *testing.T) {
	p := mustPolicy(t, cors.Config{AllowOriginFunc: func(ctx context.Context, o string) (bool, error) {
		return o == "https://"+ctx.Value(tenantKey{}).(string)+".example", nil
	}})
	ctx := context.WithValue(t.Context(), tenantKey{}, "acme")
	if d, _ := decide(ctx, p, get("https://acme.example")); d.AllowOrigin == "" {
		t.Error("Decide: the tenant's origin is refused")
	}
	if d, _ := decide(ctx, p, preflight("https://acme.example", "PUT", "")); d.AllowOrigin == "" {
		t.Error("Decide: the preflight of the tenant's origin is refused")
	}
	if ok, _ := p.AllowsOrigin(ctx, "https://other.example"); ok {
		t.Error("AllowsOrigin: another tenant's origin is allowed")
	}
}

func TestAFailingCallbackAllowsNothing(t *testing.T) {
	failure := errors.New("no database")
	for name, answer := range map[string]bool{"false": false, "true": true} {
		t.Run("returning "+name, func(t *testing.T) {
			cfg := change(full(), func(c *cors.Config) {
				c.RejectDisallowed = true
				c.Vary = []string{"X-Tenant"}
				c.AllowOriginFunc = func(context.Context, string) (bool, error) { return answer, failure }
			})
			p := mustPolicy(t, cfg)
			for _, tc := range []struct {
				req  cors.Request
				want decision
				err  error
			}{
				{get("https://unknown.example"), decision{Status: 500, Vary: "Origin, X-Tenant"}, failure},
				{preflight("https://unknown.example", "PUT", ""), decision{Status: 500, Vary: preflightVary + ", X-Tenant"}, failure},
				{get(""), decision{Vary: "Origin, X-Tenant"}, nil},
				{get("https://myapp.com"), change(fullActual, func(d *decision) { d.Vary = "Origin, X-Tenant" }), nil},
			} {
				if got, err := decide(t.Context(), p, tc.req); got != tc.want || err != tc.err {
					t.Errorf("Decide(%+v)\n got %+v, %v\nwant %+v, %v", tc.req, got, err, tc.want, tc.err)
				}
			}
		})
	}
}

// Fiber hands out strings whose bytes the next request overwrites.
func TestTheCallbackMayKeepItsOrigin(t *testing.T) {
	var kept string
	p := mustPolicy(t, cors.Config{AllowOriginFunc: func(_ context.Context, o string) (bool, error) { kept = o; return true, nil }})
	buffer := []byte("https://first.example")
	o := unsafe.String(&buffer[0], len(buffer))
	if _, err := decide(t.Context(), p, get(o)); err != nil {
		t.Fatal(err)
	}
	copy(buffer, "https://other.example")
	if kept != "https://first.example" {
		t.Errorf("the kept origin has become %q", kept)
	}
}

func TestRegexpsMatchWholeOrigins(t *testing.T) {
	posix := regexp.MustCompilePOSIX
	perl := regexp.MustCompile
	for _, tc := range []struct {
		name             string
		re               *regexp.Regexp
		allowed, refused string // blanks between them
	}{
		{"no anchors", perl(`https://myapp\.com`), "https://myapp.com", "https://myapp.com.evil.org https://myapp.com:8443 http://myapp.com https://myapp.co"},
		{"a bare name beside an origin", perl(`https://a\.com|myapp\.com`), "https://a.com", "https://myapp.com https://myapp.com.evil.org"},
		{"the end only beside an origin", perl(`https://a\.com|myapp\.com$`), "https://a.com", "https://myapp.com https://evilmyapp.com"},
		{"the user's own anchors", perl(`^https://myapp\.com$`), "https://myapp.com", "https://myapp.com.evil.org"},
		{"alternatives", perl(`https://a\.com|https://b\.com`), "https://a.com https://b.com", "https://a.com.evil.org https://evil.org:1 http://evil.https://b.com https://b.com.evil.org"},
		{"alternatives, each anchored at one end", perl(`^https://a\.com|https://b\.com$`), "https://a.com https://b.com", "https://a.com.evil.org https://evilb.com"},
		{"alternatives, one of them empty", perl(`https://a\.com|`), "https://a.com", "https://b.com https://a.com.evil.org"},
		{"many lines", perl(`(?m)^https://a\.com$`), "https://a.com", "https://a.com.evil.org https://evil.org"},
		{"any case", perl(`(?i)HTTPS://A\.COM`), "https://a.com", "https://A.com https://a.com.evil.org"},
		{"a dot for line breaks", perl(`(?s)https://.*\.a\.com`), "https://x.a.com https://x.y.a.com", "https://a.com https://xa.com https://evil.org/.a.com https://evil.org#.a.com https://u@x.a.com"},
		{"ungreedy", perl(`(?U)https://a.*`), "https://a.com https://ab.com", "https://b.com"},
		{"classes keep their case", perl(`https://app-\D+\.example`), "https://app-abc.example", "https://app-123.example"},
		{"a group that names something", perl(`https://(?P<tenant>[a-z]+)\.a\.com`), "https://x.a.com", "https://x1.a.com"},
		{"a quotation that is closed", perl(`\Qhttps://a.com\E`), "https://a.com", "https://axcom"},
		{"another scheme", perl(`moz-extension://[0-9a-f-]{36}`), "moz-extension://6f0e2b40-6b1e-4c3c-a1b4-2d2a4f7f3d77", "moz-extension://a"},
		{"POSIX", posix(`https://[[:alpha:]]+\.a\.com`), "https://x.a.com", "https://x1.a.com https://x.a.com.evil.org"},
		{"POSIX with alternatives", posix(`^https://a\.com|https://b\.com$`), "https://a.com https://b.com", "https://a.com.evil.org https://evilb.com"},
		{"the longest match", func() *regexp.Regexp { re := perl(`https://a|https://a\.com`); re.Longest(); return re }(), "https://a https://a.com", "https://a.com.evil.org"},
		{"everything", perl(`.*`), "https://evil.org http://a tauri://x", "null https://a.com/ https://A.com a,b x https://a.com,https://b.com"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := mustPolicy(t, cors.Config{AllowOriginRegexps: []*regexp.Regexp{tc.re}})
			for range 2 { // the first answer must not change the second
				for o := range strings.FieldsSeq(tc.allowed) {
					if ok, _ := p.AllowsOrigin(t.Context(), o); !ok {
						t.Errorf("%q is refused", o)
					}
				}
				for o := range strings.FieldsSeq(tc.refused) {
					if ok, _ := p.AllowsOrigin(t.Context(), o); ok {
						t.Errorf("%q is allowed", o)
					}
				}
			}
		})
	}
}

func TestRegexpsSeeNullOnlyIfPermitted(t *testing.T) {
	cfg := cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`.*`)}}
	if ok, _ := mustPolicy(t, cfg).AllowsOrigin(t.Context(), "null"); ok {
		t.Error("null is allowed without NullOrigin")
	}
	cfg.Unsafe.NullOrigin = true
	if ok, _ := mustPolicy(t, cfg).AllowsOrigin(t.Context(), "null"); !ok {
		t.Error("null is refused with NullOrigin and an expression that matches it")
	}
}
