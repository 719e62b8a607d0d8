package cors_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// regexpProblems returns the problems that New reports about the expressions of a Config.
func regexpProblems(t *testing.T, cfg cors.Config) (problems []*cors.ConfigError) {
	t.Helper()
	_, err := cors.New(cfg)
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("New returns %T, want joined errors", err)
	}
	for _, one := range joined.Unwrap() {
		problem, ok := errors.AsType[*cors.ConfigError](one)
		if !ok || problem.Field != "AllowOriginRegexps" {
			t.Fatalf("New returns %v, want only problems of expressions", one)
		}
		problems = append(problems, problem)
	}
	return problems
}

func credentialedRegexps(list ...string) cors.Config {
	cfg := expressions(list...)
	cfg.AllowCredentials = true
	return cfg
}

// The problems below end with a better expression or, without one, with advice.

func noOrigin(better ...string) string {
	return problem(`matches no origin: it must match a whole origin, as browsers send it, such as "https://myapp.com"`, better,
		"write scheme, host and port, but no path", "")
}

func anyScheme(witness string, better ...string) string {
	return problem("also "+matches(witness)+"any application with a scheme of its own can act for your users", better,
		"begin it with https://, or name the schemes in it", "")
}

func anyDomain(witness string, better ...string) string {
	return problem("also "+matches(witness)+"anyone who registers that domain can act for your users", better,
		"name your own domains in it, at most nine", "")
}

func anyAddress(witness string) string {
	return problem("also "+matches(witness)+"whatever runs at that address can act for your users", nil,
		"name your own addresses in it, at most nine", "")
}

func anyHost(witness, scheme string) string {
	return problem(fmt.Sprintf("%severy application of the scheme %q can act for your users", matches(witness), scheme), nil,
		"list its hosts", "Unsafe.InsecureOrigins")
}

func insecure(witness string, better ...string) string {
	return problem(matches(witness)+"anyone on the network can change that page, and act for your users", better,
		"begin it with https://", "Unsafe.InsecureOrigins")
}

func belowSuffix(witness, suffix string, better ...string) string {
	reason := "also %sanyone who registers a name below the public suffix %q can act for your users"
	return problem(fmt.Sprintf(reason, matches(witness), suffix), better,
		"put your own domain before it", "Unsafe.PublicSuffixes")
}

func matches(witness string) string {
	return fmt.Sprintf("matches %q: with AllowCredentials, ", witness)
}

func problem(reason string, better []string, advice, permission string) string {
	switch {
	case better != nil && permission != "":
		return reason + " (" + permission + " permits it); " + better[0]
	case better != nil:
		return reason + "; " + better[0]
	case permission != "":
		return reason + "; " + advice + ", or set " + permission + " to true"
	}
	return reason + "; " + advice
}

// refusedRegexps lists expressions that New refuses with credentials, and its
// problems with each.
var refusedRegexps = []struct {
	expr string
	want []string
}{
	{`.*\.com`, []string{anyScheme("evil://evil.com"), insecure("http://evil.com"), belowSuffix("https://evil.com", "com")}},
	{`https://[\w.]+`, []string{anyDomain("https://evil.com")}},
	{`https://.*myapp\.com`, []string{anyDomain("https://mmyapp.com", `https://(.*\.)?myapp\.com`)}},
	{`https?://.*\.myapp\.com(:\d+)?`, []string{insecure("http://x.myapp.com", `https://.*\.myapp\.com(:\d+)?`)}},
	{`https://.*\.github\.io`, []string{belowSuffix("https://evil.github.io", "github.io")}},
	{`https://.*\.railway\.app`, []string{belowSuffix("https://evil.up.railway.app", "up.railway.app")}},
	{`https://[a-z0-9-]+\.vercel\.app`, []string{belowSuffix("https://evil.vercel.app", "vercel.app")}},
	{`https://.*:8443`, []string{anyDomain("https://evil.com:8443")}},
	{`https://.*\.myapp.com`, []string{anyDomain("https://x.myappxcom", `https://.*\.myapp\.com`)}},
	{`chrome-extension://.*`, []string{anyHost("chrome-extension://evil", "chrome-extension")}},
	{`[a-z]+://myapp\.com`, []string{
		anyScheme("evil://myapp.com", `https://myapp\.com`),
		insecure("http://myapp.com", `https://myapp\.com`),
	}},
	{`https://pr-\d+--myapp\.netlify\.app`, []string{belowSuffix("https://pr-1--myapp.netlify.app", "netlify.app")}},
	{`\.example2\.com$`, []string{noOrigin(`https://.*\.example2\.com$`)}},
	{`example\.com`, []string{noOrigin(`https://example\.com`)}},
	{`(www\.)?foo\.com`, []string{noOrigin(`https://(www\.)?foo\.com`)}},
	{`/foo/`, []string{noOrigin(`https://foo`)}},
	{`.*`, []string{anyScheme("evil://evil.com"), anyDomain("https://evil.com"), insecure("http://evil.com")}},
	{`https://.*`, []string{anyDomain("https://evil.com")}},
	{`http://.*`, []string{anyDomain("http://evil.com"), insecure("http://evil.com")}},
	{`https?://.+`, []string{anyDomain("https://evil.com"), insecure("http://evil.com")}},
	{`https://myapp\.com|.*`, []string{
		anyScheme("evil://evil.com"),
		anyDomain("https://evil.com"),
		insecure("http://evil.com"),
	}},
	{`https://myapp\.com|https://.*evil\.de|http://c\.com`, []string{anyDomain("https://eevil.de"), insecure("http://c.com")}},
	{`^https://a\.com|b\.com$|^.*c\.com`, []string{
		anyScheme("evil://c.com"),
		anyDomain("https://xc.com"),
		insecure("http://c.com"),
	}},
	{`https://myapp.com`, []string{anyDomain("https://myappxcom", `https://myapp\.com`)}},
	{`https://www.myapp.com`, []string{anyDomain("https://wwwxmyappxcom", `https://www\.myapp\.com`)}},
	{`https://.+myapp\.com`, []string{anyDomain("https://mmyapp.com", `https://.+\.myapp\.com`)}},
	{`https://[a-z-]*myapp\.com`, []string{anyDomain("https://mmyapp.com", `https://([a-z-]*\.)?myapp\.com`)}},
	{`https://myapp\.[a-z]+`, []string{anyDomain("https://myapp.de")}},
	{`https://myapp\..*`, []string{anyDomain("https://myapp.evil.com")}},
	{`https://myapp.*`, []string{anyDomain("https://myapp.evil.com")}},
	{`https://myapp\.com.*`, []string{anyDomain("https://myapp.com.evil.com", `https://myapp\.com(:\d+)?`)}},
	{`https://(a|b|c|d|e|f|g|h|i|j)\.com`, []string{
		`matches more than nine domains, such as that of "https://a.com": with AllowCredentials, ` +
			`all of them can act for your users; split it, or list the origins in AllowOrigins`,
	}},
	{`https://v[0-9]\.com`, []string{anyDomain("https://v1.com")}},
	{`https://\w+-myapp\.vercel\.app`, []string{belowSuffix("https://x-myapp.vercel.app", "vercel.app")}},
	{`https://.*myapp\.vercel\.app`, []string{
		belowSuffix("https://mmyapp.vercel.app", "vercel.app", `https://(.*\.)?myapp\.vercel\.app`),
	}},
	{`https://.*\.corp`, []string{belowSuffix("https://evil.corp", "corp")}},
	{`https://[a-z]+\.de`, []string{belowSuffix("https://evil.de", "de")}},
	{`https://.*\.co\.uk`, []string{belowSuffix("https://evil.co.uk", "co.uk")}},
	{`https://.*\.kawasaki\.jp`, []string{belowSuffix("https://evil.kawasaki.jp", "kawasaki.jp")}},
	{`https://xn--[a-z0-9-]+\.com`, []string{anyDomain("https://xn--x.com")}},
	{`chrome-extension://[a-p]{32}`, []string{
		anyHost("chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "chrome-extension"),
	}},
	{`(chrome|moz)-extension://.*`, []string{anyHost("moz-extension://evil", "moz-extension")}},
	{`[a-z]+-extension://.*`, []string{anyScheme("x-extension://evil.com")}},
	{`.*://localhost`, []string{anyScheme("evil://localhost", `https://localhost`)}},
	{`.*\.myapp\.com`, []string{
		anyScheme("evil://x.myapp.com", `https://.*\.myapp\.com`),
		insecure("http://x.myapp.com", `https://.*\.myapp\.com`),
	}},
	{`http://myapp\.com`, []string{insecure("http://myapp.com", `https://myapp\.com`)}},
	{`http://192\.168\.\d+\.\d+(:\d+)?`, []string{anyAddress("http://192.168.1.1"), insecure("http://192.168.1.1")}},
	{`https://10\.0\.0\.\d+`, []string{anyAddress("https://10.0.0.1")}},
	{`http://192\.168\.1\.10:3000`, []string{insecure("http://192.168.1.10:3000", `https://192\.168\.1\.10:3000`)}},
	{`http://\[fe80::[0-9a-f:]+\]`, []string{anyAddress("http://[fe80::a]"), insecure("http://[fe80::a]")}},
	{`http://localhost.*`, []string{
		anyDomain("http://localhost.evil.com", `http://localhost(:\d+)?`),
		insecure("http://localhost.evil.com", `http://localhost(:\d+)?`),
	}},
	{`http://.*\.local(:\d+)?`, []string{insecure("http://x.local"), belowSuffix("http://evil.local", "local")}},
	{`https://MyApp\.com`, []string{noOrigin(`(?i)https://MyApp\.com`)}},
	{`HTTPS://myapp\.com`, []string{noOrigin(`https://myapp\.com`)}},
	{`https://[A-Z]+\.myapp\.com`, []string{noOrigin(`(?i)https://[A-Z]+\.myapp\.com`)}},
	{`https://myapp\.com/`, []string{noOrigin(`https://myapp\.com`)}},
	{`https://myapp\.com/.*`, []string{noOrigin(`https://myapp\.com`)}},
	{`https://myapp\.com:443`, []string{noOrigin(`https://myapp\.com`)}},
	{`wss://myapp\.com`, []string{noOrigin(`https://myapp\.com`)}},
	{`/^https:\/\/.*\.myapp\.com$/i`, []string{noOrigin(`^https://.*\.myapp\.com$`)}},
	{`https://*.myapp.com`, []string{anyDomain("https://myappxcom", `https://.*\.myapp\.com`)}},
	{`//myapp\.com`, []string{noOrigin(`https://myapp\.com`)}},
	{`null`, []string{
		`matches no origin but "null", which does not identify the sender; remove it, or set Unsafe.NullOrigin to true`,
	}},
	{`file://.*`, []string{`matches no origin but "file://", which does not identify the sender; remove it, or set Unsafe.NullOrigin to true`}},
	{``, []string{noOrigin()}},
	{`(a{1,1000})`, []string{noOrigin()}},
	{`https://(.{200}){4}\.(.{200}){4}.*(.{200}){4}(x|y)*\.myapp\.com`, []string{
		`is too large to judge, as AllowCredentials requires; split it, or list the origins in AllowOrigins`,
	}},
}

func TestRefusedRegexps(t *testing.T) {
	for _, tt := range refusedRegexps {
		t.Run(tt.expr, func(t *testing.T) {
			var got []string
			for _, p := range regexpProblems(t, credentialedRegexps(tt.expr)) {
				got = append(got, p.Reason+"; "+p.Suggestion)
			}
			if g, w := strings.Join(got, "\n"), strings.Join(tt.want, "\n"); g != w {
				t.Errorf("got:\n%s\nwant:\n%s", g, w)
			}
		})
	}
}

// New accepts the expressions that it suggests.
func TestSuggestedRegexps(t *testing.T) {
	for _, tt := range refusedRegexps {
		for _, p := range regexpProblems(t, credentialedRegexps(tt.expr)) {
			if strings.Contains(p.Suggestion, " ") {
				continue // advice
			}
			if problems := regexpProblems(t, credentialedRegexps(p.Suggestion)); problems != nil {
				t.Errorf("%q: the suggestion is refused: %v", tt.expr, problems[0])
			}
		}
	}
}

func TestAcceptedRegexps(t *testing.T) {
	for _, expr := range []string{
		`https://a\Bb\.com`,
		`https://(.*\.)?myapp\.com`,
		`^https://myapp\.com$`,
		`https://(app|admin)\.myapp\.(com|de)`,
		`http://localhost:\d+`,
		`(?i)https://MyApp\.com`,
		`(?m)^https://myapp\.com$`,
		`(?s)https://.*\.myapp\.com`,
		`(?U)https://.*\.myapp\.com`,
		`^https://a\.com|https://b\.com$`,
		`https://a$|https://b\.com`,
		`https://[^/]+\.myapp\.com`,
		`https://myapp\.(com|co\.uk|de)`,
		`https://(a|b|c|d|e|f|g|h|i)\.com`,
		`https://(a|b|c|d|e|f|g|h|i|j|k|l)\.example\.com`,
		`https://(a|b|c|d|e|f|g|h|i|j|k|l)\.myapp\.com`,
		`^https://.*\.myapp\.com(:\d+)?$`,
		`https://.*\.myapp\.com(:.*)?`,
		`https://.*\.myapp\.vercel\.app`,
		`https://.*\.myapp\.com\.?`,
		`capacitor://localhost`,
		`(capacitor|ionic|http|https)://localhost`,
		`chrome-extension://abcdefghijklmnopabcdefghijklmnop`,
		`https://192\.168\.1\.(10|11):8443`,
		`http://127\.0\.0\.\d+:\d+`,
		`http://127\.\d+\.\d+\.\d+(:\d+)?`,
		`http://127(?:\.(?:25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?)){3}`,
		`https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?`,
		`https?://(.+\.)?localhost(:\d{4})?`,
		`http://\[(?:0{0,4}:){0,7}0{0,3}1\]`,
		`https://xn--mnchen-3ya\.de`,
		`^(https://)?myapp\.com$`,
		`null|https://myapp\.com`,
		`https://\bmyapp\.com\b`,
		`https://.*\b\.myapp\.com`,
		`https://myapp\Bapp\.com`,
		`https://.*\.test`,
		`https://.*\.internal(:\d+)?`,
		`https://(dev|staging|)\.?myapp\.com`,
		`https://(?:[a-z0-9-]+\.)*myapp\.com(?::[0-9]{1,5})?`,
		`https://[\w-]+--[\w-]+\.myapp\.com`,
		`https://[a-z]{1,63}\.myapp\.com`,
		`https://[a-z]{12}(-[0-9a-f]{40})?\.myapp\.com`,
		`https://v(?P<major>[0-9]+)\.myapp\.com`,
		`https://[[:alnum:]-]+\.myapp\.com`,
		`https://\pL+\.myapp\.com`,
	} {
		if problems := regexpProblems(t, credentialedRegexps(expr)); problems != nil {
			t.Errorf("refused: %v", problems[0])
		}
	}
}

// A permission in Unsafe permits what its name says, and nothing else.
func TestUnsafeRegexps(t *testing.T) {
	for _, tt := range []struct {
		expr      string
		permitted []string // the sets of permissions that suffice
	}{
		{`https?://.*\.myapp\.com(:\d+)?`, []string{"insecure", "insecure suffixes"}},
		{`http://192\.168\.1\.(10|11):3000`, []string{"insecure", "insecure suffixes"}},
		{`http://192\.168\.\d+\.\d+`, nil},
		{`chrome-extension://.*`, []string{"insecure", "insecure suffixes"}},
		{`(chrome|moz)-extension://.*`, []string{"insecure", "insecure suffixes"}},
		{`[a-z]+-extension://.*`, nil},
		{`[a-z]+://myapp\.com`, nil},
		{`https://pr-\d+--myapp\.netlify\.app`, []string{"suffixes", "insecure suffixes"}},
		{`https://.*\.github\.io`, []string{"suffixes", "insecure suffixes"}},
		{`https://.*\.com`, []string{"suffixes", "insecure suffixes"}},
		{`https://.*\.corp`, []string{"suffixes", "insecure suffixes"}},
		{`https://.*myapp\.corp`, []string{"suffixes", "insecure suffixes"}},
		{`https?://.*\.github\.io`, []string{"insecure suffixes"}},
		{`https://.*myapp\.com`, nil},
		{`https://pr-[^.]+\.com`, nil},
		{`https://.*\.myapp.com`, nil},
		{`https://.*`, nil},
		{`.*`, nil},
		{`https?://.*\.(com|de|github\.io)`, []string{"insecure suffixes"}},
		{`\.com`, nil},
	} {
		for name, unsafe := range map[string]cors.Unsafe{
			"":                  {},
			"insecure":          {InsecureOrigins: true},
			"suffixes":          {PublicSuffixes: true},
			"insecure suffixes": {InsecureOrigins: true, PublicSuffixes: true},
		} {
			cfg := credentialedRegexps(tt.expr)
			cfg.Unsafe = unsafe
			problems := regexpProblems(t, cfg)
			if want := slices.Contains(tt.permitted, name); want != (problems == nil) {
				t.Errorf("%s with the permissions %q: accepted %t, want %t; problems: %v", tt.expr, name, !want, want, problems)
			}
		}
	}
}

func TestRegexpsWithoutCredentials(t *testing.T) {
	for _, tt := range refusedRegexps {
		for _, p := range regexpProblems(t, expressions(tt.expr)) {
			if !strings.HasPrefix(p.Reason, "matches no origin") {
				t.Errorf("%q %s", p.Value, p.Reason)
			}
		}
	}
}

func TestRegexpsForNull(t *testing.T) {
	for _, credentials := range []bool{false, true} {
		cfg := expressions(`n.ll`)
		cfg.AllowCredentials = credentials
		problems := regexpProblems(t, cfg)
		if len(problems) != 1 || problems[0].Suggestion != "remove it, or set Unsafe.NullOrigin to true" {
			t.Errorf("credentials %t: problems: %v", credentials, problems)
		}
		cfg.Unsafe.NullOrigin = true
		if problems = regexpProblems(t, cfg); problems != nil {
			t.Errorf("credentials %t, with NullOrigin: problems: %v", credentials, problems)
		}
	}
}

// The work is bounded for one expression and for all of them.
func TestLargeRegexps(t *testing.T) {
	large := `https://` + strings.Repeat(`.{500}`, 20) + `\.myapp\.com`
	const reason = "is too large to judge, as AllowCredentials requires"
	if problems := regexpProblems(t, credentialedRegexps(large)); len(problems) != 1 || problems[0].Reason != reason {
		t.Errorf("with credentials: %v, want one that %s", problems, reason)
	}
	if problems := regexpProblems(t, expressions(large)); problems != nil {
		t.Errorf("without credentials: %v", problems)
	}

	cfg := credentialedRegexps()
	medium := regexp.MustCompile(`https://` + strings.Repeat(`.{500}`, 2) + `\.myapp\.com`)
	cfg.AllowOriginRegexps = slices.Repeat([]*regexp.Regexp{medium}, 25)
	if problems := regexpProblems(t, cfg); len(problems) == 0 || problems[0].Index < 5 || problems[0].Reason != reason {
		t.Errorf("many: %d problems, want later ones that %s", len(problems), reason)
	}
}
