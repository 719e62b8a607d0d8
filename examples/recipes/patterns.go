package recipes

import (
	"regexp"

	cors "github.com/polycors/polycors/core"
)

// Recipe 6: patterns. In Express, origin: /\.example2\.com$/, or a list of
// strings and expressions.
//
// That expression is unsafe because it looks at the end only. It allows
// http://shop.example2.com, where anybody on the same network can put a page,
// and any custom scheme. Without the leading \., it also allows
// https://evilexample2.com.

// Subdomains allows every subdomain of example2.com at any depth, with https on
// the default port. The domain itself needs a second entry.
func Subdomains() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://*.example2.com", "https://example2.com"},
		AllowCredentials: true,
	}
}

// StringsAndPatterns mixes origins, patterns, and an expression for numbers,
// which patterns cannot describe. An expression has to match the whole origin,
// from the scheme on, as if it began with \A and ended with \z.
func StringsAndPatterns() cors.Config {
	return cors.Config{
		AllowOrigins: []string{
			"https://example1.com",
			"https://*.example2.com",
			"http://localhost:*",
		},
		AllowOriginRegexps: []*regexp.Regexp{
			regexp.MustCompile(`https://v[0-9]+\.example3\.com`),
		},
		AllowCredentials: true,
	}
}

// PreviewDeployments allows the names that a host gives to deployments of pull
// requests. The asterisk matches a part of one label and never a dot. Write all
// that is fixed about the names, because anybody who can register a name that
// matches is allowed.
//
// For this reason New refuses such patterns on a host that gives names to
// everybody, such as https://deploy-*--site.netlify.app, together with
// credentials. Leave credentials out, or set Unsafe.PublicSuffixes if the host
// keeps your names apart.
func PreviewDeployments() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://deploy-*--site.example", "https://pr-*.myapp.dev"},
		AllowCredentials: true,
	}
}
