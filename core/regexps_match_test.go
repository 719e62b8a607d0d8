package cors_test

import (
	"regexp"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// Expressions match whole origins only.
func TestRegexpMatching(t *testing.T) {
	perl, posix := regexp.MustCompile, regexp.MustCompilePOSIX
	longest := perl(`https://a|https://a\.com`)
	longest.Longest()
	for _, tt := range []struct {
		name             string
		re               *regexp.Regexp
		allowed, refused string // separated by blanks
	}{
		{"without anchors", perl(`https://myapp\.com`),
			"https://myapp.com", "https://myapp.com.evil.org https://myapp.com:8443 http://myapp.com https://myapp.co"},
		{"an origin or a host", perl(`https://a\.com|myapp\.com`), "https://a.com", "https://myapp.com https://myapp.com.evil.org"},
		{"an origin or an end", perl(`https://a\.com|myapp\.com$`), "https://a.com", "https://myapp.com https://evilmyapp.com"},
		{"with anchors", perl(`^https://myapp\.com$`), "https://myapp.com", "https://myapp.com.evil.org"},
		{"alternatives", perl(`https://a\.com|https://b\.com`), "https://a.com https://b.com",
			"https://a.com.evil.org https://evil.org:1 http://evil.https://b.com https://b.com.evil.org"},
		{"alternatives, each with one anchor", perl(`^https://a\.com|https://b\.com$`),
			"https://a.com https://b.com", "https://a.com.evil.org https://evilb.com"},
		{"an empty alternative", perl(`https://a\.com|`), "https://a.com", "https://b.com https://a.com.evil.org"},
		{"anchors of lines", perl(`(?m)^https://a\.com$`), "https://a.com", "https://a.com.evil.org https://evil.org"},
		{"any case", perl(`(?i)HTTPS://A\.COM`), "https://a.com", "https://A.com https://a.com.evil.org"},
		{"a dot that matches line breaks", perl(`(?s)https://.*\.a\.com`), "https://x.a.com https://x.y.a.com",
			"https://a.com https://xa.com https://evil.org/.a.com https://evil.org#.a.com https://u@x.a.com"},
		{"ungreedy", perl(`(?U)https://a.*`), "https://a.com https://ab.com", "https://b.com"},
		{"a class in upper case", perl(`https://app-\D+\.example`), "https://app-abc.example", "https://app-123.example"},
		{"a named group", perl(`https://(?P<tenant>[a-z]+)\.a\.com`), "https://x.a.com", "https://x1.a.com"},
		{"a quotation", perl(`\Qhttps://a.com\E`), "https://a.com", "https://axcom"},
		{"another scheme", perl(`moz-extension://[0-9a-f-]{36}`),
			"moz-extension://6f0e2b40-6b1e-4c3c-a1b4-2d2a4f7f3d77", "moz-extension://a"},
		{"POSIX", posix(`https://[[:alpha:]]+\.a\.com`), "https://x.a.com", "https://x1.a.com https://x.a.com.evil.org"},
		{"POSIX with alternatives", posix(`^https://a\.com|https://b\.com$`),
			"https://a.com https://b.com", "https://a.com.evil.org https://evilb.com"},
		{"the longest match", longest, "https://a https://a.com", "https://a.com.evil.org"},
		{"any origin", perl(`.*`), "https://evil.org http://a tauri://x",
			"null https://a.com/ https://A.com a,b x https://a.com,https://b.com"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := mustPolicy(t, cors.Config{AllowOriginRegexps: []*regexp.Regexp{tt.re}})
			for range 2 { // the first round must not change the second
				for o := range strings.FieldsSeq(tt.allowed) {
					if ok, _ := p.AllowsOrigin(t.Context(), o); !ok {
						t.Errorf("%q is refused", o)
					}
				}
				for o := range strings.FieldsSeq(tt.refused) {
					if ok, _ := p.AllowsOrigin(t.Context(), o); ok {
						t.Errorf("%q is allowed", o)
					}
				}
			}
		})
	}
}

func TestRegexpNull(t *testing.T) {
	cfg := expressions(`.*`)
	if ok, _ := mustPolicy(t, cfg).AllowsOrigin(t.Context(), "null"); ok {
		t.Error("null is allowed without NullOrigin")
	}
	cfg.Unsafe.NullOrigin = true
	if ok, _ := mustPolicy(t, cfg).AllowsOrigin(t.Context(), "null"); !ok {
		t.Error("null is refused with NullOrigin and an expression that matches it")
	}
}
