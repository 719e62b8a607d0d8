package cors_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// regexpProblems returns what New finds wrong with a Config's expressions.
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
			t.Fatalf("New says %v, want only problems of expressions", one)
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

// Expressions with credentials, and what New says after each: the reason, a
// semicolon, and the suggestion.
var refusedRegexps = []struct {
	expr string
	want []string
}{
	{`.*\.com`, []string{
		`also matches "evil://evil.com": with AllowCredentials, any application with a scheme of its own can act for your users; begin it with https://, or name the schemes in it`,
		`matches "http://evil.com": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
		`also matches "https://evil.com": with AllowCredentials, anyone who registers a name below the public suffix "com" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://[\w.]+`, []string{
		`also matches "https://evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
	}},
	{`https://.*myapp\.com`, []string{
		`also matches "https://mmyapp.com": with AllowCredentials, anyone who registers that domain can act for your users; https://(.*\.)?myapp\.com`,
	}},
	{`https?://.*\.myapp\.com(:\d+)?`, []string{
		`matches "http://x.myapp.com": with AllowCredentials, anyone on the network can change that page, and act for your users (Unsafe.InsecureOrigins permits it); https://.*\.myapp\.com(:\d+)?`,
	}},
	{`https://.*\.github\.io`, []string{
		`also matches "https://evil.github.io": with AllowCredentials, anyone who registers a name below the public suffix "github.io" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://[a-z0-9-]+\.vercel\.app`, []string{
		`also matches "https://evil.vercel.app": with AllowCredentials, anyone who registers a name below the public suffix "vercel.app" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://.*:8443`, []string{
		`also matches "https://evil.com:8443": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
	}},
	{`https://.*\.myapp.com`, []string{
		`also matches "https://x.myappxcom": with AllowCredentials, anyone who registers that domain can act for your users; https://.*\.myapp\.com`,
	}},
	{`chrome-extension://.*`, []string{
		`matches "chrome-extension://evil": with AllowCredentials, every application of the scheme "chrome-extension" can act for your users; list its hosts, or set Unsafe.InsecureOrigins to true`,
	}},
	{`[a-z]+://myapp\.com`, []string{
		`also matches "evil://myapp.com": with AllowCredentials, any application with a scheme of its own can act for your users; https://myapp\.com`,
		`matches "http://myapp.com": with AllowCredentials, anyone on the network can change that page, and act for your users (Unsafe.InsecureOrigins permits it); https://myapp\.com`,
	}},
	{`https://pr-\d+--myapp\.netlify\.app`, []string{
		`also matches "https://pr-1--myapp.netlify.app": with AllowCredentials, anyone who registers a name below the public suffix "netlify.app" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`\.example2\.com$`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://.*\.example2\.com$`,
	}},
	{`example\.com`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://example\.com`,
	}},
	{`(www\.)?foo\.com`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://(www\.)?foo\.com`,
	}},
	{`/foo/`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://foo`,
	}},
	{`.*`, []string{
		`also matches "evil://evil.com": with AllowCredentials, any application with a scheme of its own can act for your users; begin it with https://, or name the schemes in it`,
		`also matches "https://evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
		`matches "http://evil.com": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
	}},
	{`https://.*`, []string{
		`also matches "https://evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
	}},
	{`http://.*`, []string{
		`also matches "http://evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
		`matches "http://evil.com": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
	}},
	{`https?://.+`, []string{
		`also matches "https://evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
		`matches "http://evil.com": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
	}},
	{`https://myapp\.com|.*`, []string{
		`also matches "evil://evil.com": with AllowCredentials, any application with a scheme of its own can act for your users; begin it with https://, or name the schemes in it`,
		`also matches "https://evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
		`matches "http://evil.com": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
	}},
	{`https://myapp\.com|https://.*evil\.de|http://c\.com`, []string{
		`also matches "https://eevil.de": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
		`matches "http://c.com": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
	}},
	{`^https://a\.com|b\.com$|^.*c\.com`, []string{
		`also matches "evil://c.com": with AllowCredentials, any application with a scheme of its own can act for your users; begin it with https://, or name the schemes in it`,
		`also matches "https://xc.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
		`matches "http://c.com": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
	}},
	{`https://myapp.com`, []string{
		`also matches "https://myappxcom": with AllowCredentials, anyone who registers that domain can act for your users; https://myapp\.com`,
	}},
	{`https://www.myapp.com`, []string{
		`also matches "https://wwwxmyappxcom": with AllowCredentials, anyone who registers that domain can act for your users; https://www\.myapp\.com`,
	}},
	{`https://.+myapp\.com`, []string{
		`also matches "https://mmyapp.com": with AllowCredentials, anyone who registers that domain can act for your users; https://.+\.myapp\.com`,
	}},
	{`https://[a-z-]*myapp\.com`, []string{
		`also matches "https://mmyapp.com": with AllowCredentials, anyone who registers that domain can act for your users; https://([a-z-]*\.)?myapp\.com`,
	}},
	{`https://myapp\.[a-z]+`, []string{
		`also matches "https://myapp.de": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
	}},
	{`https://myapp\..*`, []string{
		`also matches "https://myapp.evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
	}},
	{`https://myapp.*`, []string{
		`also matches "https://myapp.evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
	}},
	{`https://myapp\.com.*`, []string{
		`also matches "https://myapp.com.evil.com": with AllowCredentials, anyone who registers that domain can act for your users; https://myapp\.com(:\d+)?`,
	}},
	{`https://(a|b|c|d|e|f|g|h|i|j)\.com`, []string{
		`matches more than nine domains, such as that of "https://a.com": with AllowCredentials, all of them can act for your users; split it, or list the origins in AllowOrigins`,
	}},
	{`https://v[0-9]\.com`, []string{
		`also matches "https://v1.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
	}},
	{`https://\w+-myapp\.vercel\.app`, []string{
		`also matches "https://x-myapp.vercel.app": with AllowCredentials, anyone who registers a name below the public suffix "vercel.app" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://.*myapp\.vercel\.app`, []string{
		`also matches "https://mmyapp.vercel.app": with AllowCredentials, anyone who registers a name below the public suffix "vercel.app" can act for your users (Unsafe.PublicSuffixes permits it); https://(.*\.)?myapp\.vercel\.app`,
	}},
	{`https://.*\.corp`, []string{
		`also matches "https://evil.corp": with AllowCredentials, anyone who registers a name below the public suffix "corp" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://[a-z]+\.de`, []string{
		`also matches "https://evil.de": with AllowCredentials, anyone who registers a name below the public suffix "de" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://.*\.co\.uk`, []string{
		`also matches "https://evil.co.uk": with AllowCredentials, anyone who registers a name below the public suffix "co.uk" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://.*\.kawasaki\.jp`, []string{
		`also matches "https://evil.kawasaki.jp": with AllowCredentials, anyone who registers a name below the public suffix "kawasaki.jp" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://xn--[a-z0-9-]+\.com`, []string{
		`also matches "https://xn--x.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`,
	}},
	{`chrome-extension://[a-p]{32}`, []string{
		`matches "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": with AllowCredentials, every application of the scheme "chrome-extension" can act for your users; list its hosts, or set Unsafe.InsecureOrigins to true`,
	}},
	{`(chrome|moz)-extension://.*`, []string{
		`matches "moz-extension://evil": with AllowCredentials, every application of the scheme "moz-extension" can act for your users; list its hosts, or set Unsafe.InsecureOrigins to true`,
	}},
	{`[a-z]+-extension://.*`, []string{
		`also matches "x-extension://evil.com": with AllowCredentials, any application with a scheme of its own can act for your users; begin it with https://, or name the schemes in it`,
	}},
	{`.*://localhost`, []string{
		`also matches "evil://localhost": with AllowCredentials, any application with a scheme of its own can act for your users; https://localhost`,
	}},
	{`.*\.myapp\.com`, []string{
		`also matches "evil://x.myapp.com": with AllowCredentials, any application with a scheme of its own can act for your users; https://.*\.myapp\.com`,
		`matches "http://x.myapp.com": with AllowCredentials, anyone on the network can change that page, and act for your users (Unsafe.InsecureOrigins permits it); https://.*\.myapp\.com`,
	}},
	{`http://myapp\.com`, []string{
		`matches "http://myapp.com": with AllowCredentials, anyone on the network can change that page, and act for your users (Unsafe.InsecureOrigins permits it); https://myapp\.com`,
	}},
	{`http://192\.168\.\d+\.\d+(:\d+)?`, []string{
		`also matches "http://192.168.1.1": with AllowCredentials, whatever runs at that address can act for your users; name your own addresses in it, at most nine`,
		`matches "http://192.168.1.1": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
	}},
	{`https://10\.0\.0\.\d+`, []string{
		`also matches "https://10.0.0.1": with AllowCredentials, whatever runs at that address can act for your users; name your own addresses in it, at most nine`,
	}},
	{`http://192\.168\.1\.10:3000`, []string{
		`matches "http://192.168.1.10:3000": with AllowCredentials, anyone on the network can change that page, and act for your users (Unsafe.InsecureOrigins permits it); https://192\.168\.1\.10:3000`,
	}},
	{`http://\[fe80::[0-9a-f:]+\]`, []string{
		`also matches "http://[fe80::a]": with AllowCredentials, whatever runs at that address can act for your users; name your own addresses in it, at most nine`,
		`matches "http://[fe80::a]": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
	}},
	{`http://localhost.*`, []string{
		`also matches "http://localhost.evil.com": with AllowCredentials, anyone who registers that domain can act for your users; http://localhost(:\d+)?`,
		`matches "http://localhost.evil.com": with AllowCredentials, anyone on the network can change that page, and act for your users (Unsafe.InsecureOrigins permits it); http://localhost(:\d+)?`,
	}},
	{`http://.*\.local(:\d+)?`, []string{
		`matches "http://x.local": with AllowCredentials, anyone on the network can change that page, and act for your users; begin it with https://, or set Unsafe.InsecureOrigins to true`,
		`also matches "http://evil.local": with AllowCredentials, anyone who registers a name below the public suffix "local" can act for your users; put your own domain before it, or set Unsafe.PublicSuffixes to true`,
	}},
	{`https://MyApp\.com`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; (?i)https://MyApp\.com`,
	}},
	{`HTTPS://myapp\.com`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://myapp\.com`,
	}},
	{`https://[A-Z]+\.myapp\.com`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; (?i)https://[A-Z]+\.myapp\.com`,
	}},
	{`https://myapp\.com/`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://myapp\.com`,
	}},
	{`https://myapp\.com/.*`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://myapp\.com`,
	}},
	{`https://myapp\.com:443`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://myapp\.com`,
	}},
	{`wss://myapp\.com`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://myapp\.com`,
	}},
	{`/^https:\/\/.*\.myapp\.com$/i`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; ^https://.*\.myapp\.com$`,
	}},
	{`https://*.myapp.com`, []string{
		`also matches "https://myappxcom": with AllowCredentials, anyone who registers that domain can act for your users; https://.*\.myapp\.com`,
	}},
	{`//myapp\.com`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; https://myapp\.com`,
	}},
	{`null`, []string{
		`matches no origin but "null", which does not tell who sends it; remove it, or set Unsafe.NullOrigin to true`,
	}},
	{`file://.*`, []string{
		`matches no origin but "file://", which does not tell who sends it; remove it, or set Unsafe.NullOrigin to true`,
	}},
	{``, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; write scheme, host and port, but no path`,
	}},
	{`(a{1,1000})`, []string{
		`matches no origin: it has to match all of one, as browsers send it, such as "https://myapp.com"; write scheme, host and port, but no path`,
	}},
	{`https://(.{200}){4}\.(.{200}){4}.*(.{200}){4}(x|y)*\.myapp\.com`, []string{
		`is too large to judge, as AllowCredentials requires; split it, or list the origins in AllowOrigins`,
	}},
}

func TestRefusedRegexps(t *testing.T) {
	for _, tc := range refusedRegexps {
		t.Run(tc.expr, func(t *testing.T) {
			var got []string
			for _, p := range regexpProblems(t, credentialedRegexps(tc.expr)) {
				got = append(got, p.Reason+"; "+p.Suggestion)
			}
			if g, w := strings.Join(got, "\n"), strings.Join(tc.want, "\n"); g != w {
				t.Errorf("got:\n%s\nwant:\n%s", g, w)
			}
		})
	}
}

// What New suggests in place of an expression, it accepts.
func TestSuggestedRegexps(t *testing.T) {
	for _, tc := range refusedRegexps {
		for _, p := range regexpProblems(t, credentialedRegexps(tc.expr)) {
			if strings.Contains(p.Suggestion, " ") {
				continue // advice
			}
			if problems := regexpProblems(t, credentialedRegexps(p.Suggestion)); problems != nil {
				t.Errorf("%q: the suggestion is refused: %v", tc.expr, problems[0])
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

// What an Unsafe permission is for, it permits, and nothing else.
func TestUnsafeRegexps(t *testing.T) {
	for _, tc := range []struct {
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
			cfg := credentialedRegexps(tc.expr)
			cfg.Unsafe = unsafe
			problems := regexpProblems(t, cfg)
			if want := slices.Contains(tc.permitted, name); want != (problems == nil) {
				t.Errorf("%s with the permissions %q: want it accepted: %t; problems: %v", tc.expr, name, want, problems)
			}
		}
	}
}

func TestRegexpsWithoutCredentials(t *testing.T) {
	for _, tc := range refusedRegexps {
		for _, p := range regexpProblems(t, expressions(tc.expr)) {
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

// An expression is not judged forever, nor are many.
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
