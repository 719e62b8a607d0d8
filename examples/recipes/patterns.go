package recipes

import (
	"regexp"

	cors "github.com/polycors/polycors/core"
)

// Recipe 6: patterns. In Express, origin: /\.example2\.com$/, or a list of
// strings and expressions.
//
// That expression is a hole. It looks at the end and at nothing else, so that
// it allows http://shop.example2.com, where anybody on the same Wi-Fi can put a
// page, and any scheme that an app makes up. Without its first two characters, as
// it is often written, it allows https://evilexample2.com too.

// Subdomains is what it was meant to be: every subdomain of example2.com at any
// depth, by https, on the default port. The domain itself is a second entry.
func Subdomains() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://*.example2.com", "https://example2.com"},
		AllowCredentials: true,
	}
}

// StringsAndPatterns mixes the kinds. Patterns do for most; what they cannot
// say, an expression can, here a number. It has to match the whole origin, from
// the scheme on, as if it began with \A and ended with \z.
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

// PreviewDeployments allows what a host makes of each pull request. The
// asterisk stands for a part of one label, never for a dot. Write all that is
// fixed about the names: whoever can register one that fits is let in. For that
// reason New refuses patterns on a host that gives out names to everybody, such
// as https://deploy-*--site.netlify.app, together with credentials: either do
// without, or say by Unsafe.PublicSuffixes that the host keeps yours apart.
func PreviewDeployments() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://deploy-*--site.example", "https://pr-*.myapp.dev"},
		AllowCredentials: true,
	}
}
