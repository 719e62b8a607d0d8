package cors_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
)

// codes has an example for each code: a Config whose first problem has that
// code.
var codes = map[cors.Code]cors.Config{
	cors.CodeNoOrigins:          {},
	cors.CodeAnyWithCredentials: credentialed("*"),
	cors.CodeAnyWithOthers:      origins("*", "https://myapp.com"),
	cors.CodeAnyWithFunc:        {AllowOrigins: []string{"*"}, AllowOriginFunc: never},
	cors.CodeOriginNull:         origins("null"),
	cors.CodeOriginInsecure:     credentialed("http://myapp.com"),
	cors.CodeOriginAnyApp:       credentialed("moz-extension://*"),
	cors.CodeOriginBelowSuffix:  credentialed("https://*.github.io"),

	cors.CodeOriginAboveSuffix: credentialed("https://*.railway.app"),
	cors.CodeOriginStarDomain:  origins("https://*myapp.com"),
	cors.CodeOriginStarRoom:    origins("https://*." + strings.Repeat("abc.", 62) + "abcd"),
	cors.CodeOriginPunycode:    origins("https://xn--f"),

	cors.CodeOriginEmpty:         origins(""),
	cors.CodeOriginBlanks:        origins(" https://myapp.com"),
	cors.CodeOriginQuotes:        origins("'https://myapp.com'"),
	cors.CodeOriginInvisible:     origins("https://myapp.com\u200b"),
	cors.CodeOriginSeparator:     origins("https://myapp.com,"),
	cors.CodeOriginComment:       origins("https://myapp.com # production"),
	cors.CodeOriginName:          origins("ORIGIN=https://myapp.com"),
	cors.CodeOriginEscapes:       origins(`https:\/\/myapp.com`),
	cors.CodeOriginJSON:          origins(`["https://myapp.com"`),
	cors.CodeOriginVariable:      origins("${ORIGIN}"),
	cors.CodeOriginWord:          origins("all"),
	cors.CodeOriginSeveral:       origins("https://myapp.com, https://myapp.dev"),
	cors.CodeOriginRegexp:        origins(`^https://.*\.myapp\.com$`),
	cors.CodeOriginInvalid:       origins("foo://a!b"),
	cors.CodeOriginNoScheme:      origins("myapp.com"),
	cors.CodeOriginScheme:        origins("1a://myapp.com"),
	cors.CodeOriginSchemeStar:    origins("*://myapp.com"),
	cors.CodeOriginWebSocket:     origins("wss://myapp.com"),
	cors.CodeOriginFile:          origins("file://"),
	cors.CodeOriginUpperCase:     origins("https://MyApp.com"),
	cors.CodeOriginTrailingSlash: origins("https://myapp.com/"),
	cors.CodeOriginPath:          origins("https://myapp.com/app"),
	cors.CodeOriginQuery:         origins("https://myapp.com?a"),
	cors.CodeOriginFragment:      origins("https://myapp.com#a"),
	cors.CodeOriginUser:          origins("https://user@myapp.com"),
	cors.CodeOriginDefaultPort:   origins("https://myapp.com:443"),
	cors.CodeOriginNoPort:        origins("https://myapp.com:"),
	cors.CodeOriginPort:          origins("https://myapp.com:65536"),
	cors.CodeOriginPortStar:      origins("http://localhost:30*"),
	cors.CodeOriginNoHost:        origins("https://"),
	cors.CodeOriginHost:          origins("https://my%app.com"),
	cors.CodeOriginUnicode:       origins("https://bücher.example"),
	cors.CodeOriginIPv4:          origins("http://127.1"),
	cors.CodeOriginIPv6:          origins("http://[0::1]"),
	cors.CodeOriginEveryHost:     origins("https://*"),
	cors.CodeOriginStars:         origins("https://*.*.myapp.com"),
	cors.CodeOriginStarPlace:     origins("https://www.*.myapp.com"),
	cors.CodeOriginStarAddress:   origins("http://*.10.0.0.1"),

	cors.CodeReportOnlyUnheard:  {AllowOrigins: []string{"*"}, ReportOnly: &cors.Config{AllowOrigins: []string{"https://myapp.com"}}},
	cors.CodeReportOnlyOnReject: reporting(cors.Config{AllowOrigins: []string{"https://myapp.com"}, OnReject: ignore}),
	cors.CodeReportOnlyNested:   reporting(cors.Config{AllowOrigins: []string{"https://myapp.com"}, ReportOnly: new(cors.Config)}),

	cors.CodeRegexpNil:         {AllowOriginRegexps: []*regexp.Regexp{nil}},
	cors.CodeRegexpCut:         expressions(`https://[a-z]{2`, `3}\.myapp\.com`),
	cors.CodeRegexpInvalid:     expressions(`\Qhttps://a.com`),
	cors.CodeRegexpNoOrigin:    expressions(`myapp\.com`),
	cors.CodeRegexpNull:        expressions(`null`),
	cors.CodeRegexpTooLarge:    credentialedRegexps("https://" + strings.Repeat(`.{500}`, 20) + `\.myapp\.com`),
	cors.CodeRegexpSchemes:     credentialedRegexps(`.*://myapp\.com`),
	cors.CodeRegexpDomains:     credentialedRegexps(`https://.*`),
	cors.CodeRegexpManyDomains: credentialedRegexps(`https://(a|b|c|d|e|f|g|h|i|j|k)\.com`),
	cors.CodeRegexpAnyApp:      credentialedRegexps(`moz-extension://.*`),
	cors.CodeRegexpInsecure:    credentialedRegexps(`http://myapp\.com`),
	cors.CodeRegexpBelowSuffix: credentialedRegexps(`https://.*\.github\.io`),

	cors.CodeNameEmpty:                with(func(c *cors.Config) { c.AllowMethods = []string{""} }),
	cors.CodeNameInvalid:              with(func(c *cors.Config) { c.AllowHeaders = []string{"X-Token:"} }),
	cors.CodeNameVariable:             with(func(c *cors.Config) { c.AllowHeaders = []string{"${HEADERS}"} }),
	cors.CodeNameSeveral:              with(func(c *cors.Config) { c.AllowMethods = []string{"GET, PUT"} }),
	cors.CodeMethodForbidden:          with(func(c *cors.Config) { c.AllowMethods = []string{"TRACE"} }),
	cors.CodeMethodCase:               with(func(c *cors.Config) { c.AllowMethods = []string{"patch"} }),
	cors.CodeHeaderCookie:             with(func(c *cors.Config) { c.AllowHeaders = []string{"Cookie"} }),
	cors.CodeHeaderForbidden:          with(func(c *cors.Config) { c.AllowHeaders = []string{"Sec-Fetch-Site"} }),
	cors.CodeExposeCookie:             with(func(c *cors.Config) { c.ExposeHeaders = []string{"Set-Cookie"} }),
	cors.CodeExposeAnyWithCredentials: with(func(c *cors.Config) { c.ExposeHeaders, c.AllowCredentials = []string{"*"}, true }),
	cors.CodeVaryAny:                  with(func(c *cors.Config) { c.Vary = []string{"*"} }),
	cors.CodeMaxAge:                   with(func(c *cors.Config) { c.MaxAge = time.Millisecond }),
	cors.CodePreflightStatus:          with(func(c *cors.Config) { c.PreflightStatus = 301 }),
}

func TestCodes(t *testing.T) {
	for _, code := range declaredCodes(t) {
		cfg, ok := codes[code]
		if !ok {
			t.Errorf("no example has the code %q", code)
			continue
		}
		_, err := cors.New(cfg)
		if problem, ok := errors.AsType[*cors.ConfigError](err); !ok || problem.Code != code {
			t.Errorf("the example of %q: %v", code, err)
		}
	}
}

// Every problem in the tests of this package has a declared code.
func TestProblemCodes(t *testing.T) {
	declared := map[cors.Code]bool{}
	for _, code := range declaredCodes(t) {
		declared[code] = true
	}
	configs := map[string]cors.Config{}
	for _, tt := range refusedConfigs {
		configs[tt.name] = tt.cfg
	}
	for _, entry := range entriesFrom(t, wrongEntries) {
		configs[entry] = credentialed(entry)
	}
	for name, cfg := range configs {
		_, err := cors.New(cfg)
		for _, problem := range configErrors(t, err) {
			if !declared[problem.Code] {
				t.Errorf("%s: the code %q is not declared: %v", name, problem.Code, problem)
			}
		}
	}
}

// configErrors returns the problems that an error of New joins.
func configErrors(t *testing.T, err error) (list []*cors.ConfigError) {
	t.Helper()
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("New returns %T, want joined errors", err)
	}
	for _, one := range joined.Unwrap() {
		problem, ok := errors.AsType[*cors.ConfigError](one)
		if !ok {
			t.Fatalf("New joins a %T, want only *ConfigError", one)
		}
		list = append(list, problem)
	}
	return list
}

// declaredCodes returns the values of the constants of type Code.
func declaredCodes(t *testing.T) (list []cors.Code) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || seen[code] || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			t.Errorf("%s: the code %q is not unique, or not in kebab case", spec.Names[0], code)
		}
		seen[code] = true
		list = append(list, cors.Code(code))
		return true
	})
	if len(list) == 0 {
		t.Fatal("no constants found")
	}
	return list
}
