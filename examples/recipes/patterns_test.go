package recipes

import (
	"net/http"
	"regexp"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestPatterns(t *testing.T) {
	for name, tt := range map[string]struct {
		cfg              cors.Config
		allowed, refused []string
	}{
		"subdomains": {Subdomains(),
			[]string{"https://example2.com", "https://shop.example2.com", "https://eu.shop.example2.com"},
			[]string{"http://shop.example2.com", "https://shop.example2.com:8443", "https://evilexample2.com",
				"https://example2.com.evil.example", "https://x.example2-com", "app://shop.example2.com"}},
		"strings and patterns": {StringsAndPatterns(),
			[]string{"https://example1.com", "https://shop.example2.com", "http://localhost:5173", "https://v12.example3.com"},
			[]string{"https://a.example1.com", "https://example2.com", "https://v12.example3.com.evil.example",
				"https://v.example3.com", "http://v12.example3.com", "https://v12.example3.com:444", "https://v12xexample3.com"}},
		"preview deployments": {PreviewDeployments(),
			[]string{"https://deploy-42--site.example", "https://deploy-feature-x--site.example", "https://pr-7.myapp.dev"},
			[]string{"https://deploy-42--other.example", "https://deploy---site.example.evil.example", "https://deploy---site.example",
				"https://a.pr-7.myapp.dev", "https://pr-7.evil.myapp.dev", "https://pr-.myapp.dev", "http://pr-7.myapp.dev"}},
	} {
		t.Run(name, func(t *testing.T) {
			forEach(t, mounted(tt.cfg), func(t *testing.T, api http.RoundTripper) {
				for _, origin := range tt.allowed {
					corstest.Allows(t, withCookies(origin, api), "PUT", "/items/1")
				}
				for _, origin := range tt.refused {
					corstest.RefusesWith(t, withCookies(origin, api), noOriginPreflight, "PUT", "/items/1")
					corstest.RefusesWith(t, withCookies(origin, api), noOrigin, "GET", "/items")
				}
			})
		})
	}
}

func TestExpressionFromExpress(t *testing.T) {
	fromExpress := regexp.MustCompile(`\.example2\.com$`)
	if !fromExpress.MatchString("http://shop.example2.com") || !fromExpress.MatchString("app://shop.example2.com") {
		t.Error("without anchors, the expression does not allow http")
	}
	_, err := cors.New(cors.Config{AllowOriginRegexps: []*regexp.Regexp{fromExpress}})
	wantError(t, err, "matches no origin", `use "https://.*\\.example2\\.com$"`)
}

func TestPreviewsOnSharedHost(t *testing.T) {
	cfg := cors.Config{AllowOrigins: []string{"https://deploy-*--site.netlify.app"}, AllowCredentials: true}
	_, err := cors.New(cfg)
	wantError(t, err, "AllowOrigins[0]", "Unsafe.PublicSuffixes")

	cfg.AllowCredentials = false
	forEach(t, mounted(cfg), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on("https://deploy-42--site.netlify.app", api), "PUT", "/items/1")
		corstest.RefusesWith(t, on("https://deploy-42--other.netlify.app", api), noOriginPreflight, "PUT", "/items/1")
	})
}

func TestExpressionForEverySite(t *testing.T) {
	_, err := cors.New(cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://.*`)}, AllowCredentials: true})
	wantError(t, err, "AllowOriginRegexps[0]", `also matches "https://evil.com"`, "can act for your users")
}
