package cors_test

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
)

func origins(list ...string) cors.Config { return cors.Config{AllowOrigins: list} }

func credentialed(list ...string) cors.Config {
	return cors.Config{AllowOrigins: list, AllowCredentials: true}
}

func never(context.Context, string) (bool, error) { return false, nil }

// refusedConfigs lists configurations that New refuses, and its whole message.
var refusedConfigs = []struct {
	name string
	cfg  cors.Config
	want string
}{
	// no origins, or all of them
	{"nothing at all", cors.Config{},
		`cors: AllowOrigins is not set, and neither are AllowOriginRegexps and AllowOriginFunc: no origin would be allowed; set it, or the variable or file that it comes from, to the origins of your front ends, or to "*" for a public API`},
	{"nothing at all with credentials", cors.Config{AllowCredentials: true}, `cors: AllowOrigins is not set, and neither are AllowOriginRegexps and AllowOriginFunc: no origin would be allowed; set it, or the variable or file that it comes from, to the origins of your front ends`},
	{"every origin with credentials", credentialed("*"),
		`cors: AllowOrigins[0]: "*" is not possible with AllowCredentials: every site could act for your users, and browsers refuse it; list your origins, or decide in AllowOriginFunc, or set AllowCredentials to false`},
	{"every origin beside another", origins("https://myapp.com", "*"),
		`cors: AllowOrigins: "*" allows every origin: the other entries have no effect; remove them, or remove "*"`},
	{"every origin beside a callback", cors.Config{AllowOrigins: []string{"*"}, AllowOriginFunc: never},
		`cors: AllowOrigins: "*" allows every origin: AllowOriginRegexps and AllowOriginFunc are never used; remove them, or remove "*"`},
	{"every origin beside a regular expression", cors.Config{AllowOrigins: []string{"*"}, AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://a\.com`)}},
		`cors: AllowOrigins: "*" allows every origin: AllowOriginRegexps and AllowOriginFunc are never used; remove them, or remove "*"`},
	{"the null origin", origins("null"),
		`cors: AllowOrigins[0]: "null" is an origin that any site can have, by means of a sandboxed frame; remove it, or set Unsafe.NullOrigin to true`},

	// entries out of form: the others are in core/internal/origin
	{"an empty entry", origins(""), `cors: AllowOrigins[0]: "" is empty; set the variable or file that it comes from, or remove it`},
	{"a trailing slash", origins("https://myapp.com/"),
		`cors: AllowOrigins[0]: "https://myapp.com/" has a trailing slash; use "https://myapp.com"`},
	{"a path, in the second entry", origins("https://a.com", "https://myapp.com/app"),
		`cors: AllowOrigins[1]: "https://myapp.com/app" has a path; use "https://myapp.com"`},
	{"upper case", origins("https://MyApp.com"),
		`cors: AllowOrigins[0]: "https://MyApp.com" has upper case in its host; use "https://myapp.com"`},
	{"a default port", origins("https://myapp.com:443"),
		`cors: AllowOrigins[0]: "https://myapp.com:443" names the default port of https, which browsers leave out; use "https://myapp.com"`},
	{"no scheme", origins("myapp.com"),
		`cors: AllowOrigins[0]: "myapp.com" has no scheme such as https://; use "https://myapp.com"`},
	{"a WebSocket URL", origins("wss://myapp.com"),
		`cors: AllowOrigins[0]: "wss://myapp.com" is a WebSocket URL, but browsers send the http or https origin of the page; use "https://myapp.com"`},
	{"a host in Unicode", origins("https://bücher.example"),
		`cors: AllowOrigins[0]: "https://bücher.example" has a host that is not ASCII, but browsers send Punycode; use "https://xn--bcher-kva.example"`},
	{"two origins in one string", origins("https://a.com, https://b.com"),
		`cors: AllowOrigins[0]: "https://a.com, https://b.com" holds several origins, but each needs a string of its own; use "https://a.com", "https://b.com"`},
	{"a long entry", origins("https://" + strings.Repeat("a", 500)),
		`cors: AllowOrigins[0]: "https://` + strings.Repeat("a", 112) + `"… (508 bytes) has a host of more than 253 bytes and has a label of more than 63 bytes in its host; copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"every host of https", origins("https://*"),
		`cors: AllowOrigins[0]: "https://*" allows every host; list the hosts, or use "*" for every origin`},

	// credentials for strangers
	{"http with credentials", credentialed("http://myapp.com"),
		`cors: AllowOrigins[0]: "http://myapp.com" is not safe with AllowCredentials: anyone on the network can change a page that is sent over http, and act for your users (Unsafe.InsecureOrigins permits it); use "https://myapp.com"`},
	{"http on the port of https with credentials", credentialed("http://myapp.com:443"),
		`cors: AllowOrigins[0]: "http://myapp.com:443" is not safe with AllowCredentials: anyone on the network can change a page that is sent over http, and act for your users (Unsafe.InsecureOrigins permits it); use "https://myapp.com"`},
	{"http subdomains with credentials", credentialed("http://*.myapp.com:*"),
		`cors: AllowOrigins[0]: "http://*.myapp.com:*" is not safe with AllowCredentials: anyone on the network can change a page that is sent over http, and act for your users (Unsafe.InsecureOrigins permits it); use "https://*.myapp.com:*"`},
	{"a whole scheme with credentials", credentialed("moz-extension://*"),
		`cors: AllowOrigins[0]: "moz-extension://*" is not safe with AllowCredentials: every application with that scheme could act for your users; list its hosts, or set Unsafe.InsecureOrigins to true`},
	{"a public suffix with credentials", credentialed("https://*.github.io"),
		`cors: AllowOrigins[0]: "https://*.github.io" is not safe with AllowCredentials: anyone can register a name below the public suffix "github.io", and act for your users; put your own name before it, such as "https://*.myapp.github.io", or set Unsafe.PublicSuffixes to true`},
	{"labels right below a public suffix with credentials", credentialed("https://pr-*.vercel.app"),
		`cors: AllowOrigins[0]: "https://pr-*.vercel.app" is not safe with AllowCredentials: anyone can register a name below the public suffix "vercel.app", and act for your users; list the names that are yours, or set Unsafe.PublicSuffixes to true, as preview deployments need it`},
	{"regional public suffixes with credentials", credentialed("https://*.kawasaki.jp"),
		`cors: AllowOrigins[0]: "https://*.kawasaki.jp" is not safe with AllowCredentials: anyone can register a name below the public suffix "*.kawasaki.jp", and act for your users; list the names that are yours, or set Unsafe.PublicSuffixes to true`},

	{"subdomains above a public suffix with credentials", credentialed("https://*.railway.app"), `cors: AllowOrigins[0]: "https://*.railway.app" is not safe with AllowCredentials: anyone can register a name below the public suffix "up.railway.app", and act for your users; list the names that are yours, or set Unsafe.PublicSuffixes to true`},
	{"subdomains above a public suffix of AWS with credentials", credentialed("https://*.amazonaws.com:*"), `cors: AllowOrigins[0]: "https://*.amazonaws.com:*" is not safe with AllowCredentials: anyone can register a name below the public suffix "s3.amazonaws.com", and act for your users; list the names that are yours, or set Unsafe.PublicSuffixes to true`},
	{"labels right below a private suffix with credentials", credentialed("https://*--app.netlify.app"), `cors: AllowOrigins[0]: "https://*--app.netlify.app" is not safe with AllowCredentials: anyone can register a name below the public suffix "netlify.app", and act for your users; list the names that are yours, or set Unsafe.PublicSuffixes to true, as preview deployments need it`},
	{"labels right below a suffix", origins("https://*example.com"), `cors: AllowOrigins[0]: "https://*example.com" also allows "https://evilexample.com", a domain that anyone can register; use "https://*.example.com"`},
	{"labels right below a suffix of several labels", origins("https://*example.co.uk:*"), `cors: AllowOrigins[0]: "https://*example.co.uk:*" also allows "https://evilexample.co.uk", a domain that anyone can register; use "https://*.example.co.uk:*"`},
	{"labels right below a suffix, after a text", origins("https://pr-*.com"), `cors: AllowOrigins[0]: "https://pr-*.com" also allows "https://pr-evil.com", a domain that anyone can register; write your own domain after it, such as "https://pr-*.myapp.com"`},
	{"labels right below a suffix, around a text", origins("https://a-*-b.com"), `cors: AllowOrigins[0]: "https://a-*-b.com" also allows "https://a-evil-b.com", a domain that anyone can register; write your own domain after it, such as "https://a-*-b.myapp.com"`},
	{"an address of a local network with credentials", credentialed("http://192.168.1.5:3000"), `cors: AllowOrigins[0]: "http://192.168.1.5:3000" is not safe with AllowCredentials: anyone on the network can change a page that is sent over http, and act for your users; set Unsafe.InsecureOrigins to true for development, or serve the page over https`},
	{"the address of listening servers with credentials", credentialed("http://0.0.0.0:*"), `cors: AllowOrigins[0]: "http://0.0.0.0:*" is not safe with AllowCredentials: anyone on the network can change a page that is sent over http, and act for your users (servers listen on 0.0.0.0, but pages are opened at localhost); use "http://localhost:*"`},
	{"a suggestion that credentials exclude", credentialed("http://MyApp.com/"), `cors: AllowOrigins[0]: "http://MyApp.com/" has a trailing slash and has upper case in its host, and "http://myapp.com" is not safe with AllowCredentials: anyone on the network can change a page that is sent over http, and act for your users (Unsafe.InsecureOrigins permits it); use "https://myapp.com"`},
	{"a suggestion that is everything, with credentials", credentialed(" * "), `cors: AllowOrigins[0]: " * " has blanks around it, and "*" is not possible with AllowCredentials: every site could act for your users, and browsers refuse it; list your origins, or decide in AllowOriginFunc, or set AllowCredentials to false`},
	{"a suggestion right below a suffix, with credentials", credentialed("*.github.io"), `cors: AllowOrigins[0]: "*.github.io" has no scheme such as https://, and "https://*.github.io" is not safe with AllowCredentials: anyone can register a name below the public suffix "github.io", and act for your users; put your own name before it, such as "https://*.myapp.github.io", or set Unsafe.PublicSuffixes to true`},
	{"the origin of app shells", origins("file://"), `cors: AllowOrigins[0]: "file://" is an origin that every file on a device can have, and as weak as "null"; remove it, or set Unsafe.NullOrigin to true`},
	{"every origin of files", origins("file://*"), `cors: AllowOrigins[0]: "file://*" is not what browsers send for a page from a file: that is "null", or "file://" in some app shells; remove it, or write "file://" and set Unsafe.NullOrigin to true`},
	{"invalid Punycode", origins("http://xn--f"), `cors: AllowOrigins[0]: "http://xn--f" has "xn--f" in its host, which is not valid Punycode; copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},
	{"no room for a label", origins("https://*." + strings.Repeat("abc.", 62) + "abcd"), `cors: AllowOrigins[0]: "https://*.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.abc.ab"… (262 bytes) has a host so long that nothing fits in place of the asterisk: a host has at most 253 bytes, a label 63; copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`},

	// regular expressions
	{"a regular expression for all with credentials", cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://.*`)}, AllowCredentials: true},
		`cors: AllowOriginRegexps[0]: "https://.*" also matches "https://evil.com": with AllowCredentials, anyone who registers that domain can act for your users; name your own domains in it, at most nine`},
	{"a regular expression for http with credentials", cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`http://a\.com`)}, AllowCredentials: true},
		`cors: AllowOriginRegexps[0]: "http://a\\.com" matches "http://a.com": with AllowCredentials, anyone on the network can change that page, and act for your users (Unsafe.InsecureOrigins permits it); use "https://a\\.com"`},
	{"a regular expression for nothing", cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`a\.com`)}},
		`cors: AllowOriginRegexps[0]: "a\\.com" matches no origin: it must match a whole origin, as browsers send it, such as "https://myapp.com"; use "https://a\\.com"`},
	{"a regular expression cut at its comma", expressions(`https://[a-z]{2`, `3}\.myapp\.com`), `cors: AllowOriginRegexps[0]: "https://[a-z]{2" is a part of an expression that was cut at a comma: "https://[a-z]{2,3}\\.myapp\\.com"; use "https://[a-z][a-z][a-z]?\\.myapp\\.com"`},
	{"a regular expression cut at two commas, with credentials", credentialedRegexps(`https://[a-z]{1`, `2}-[0-9]{2`, `}\.myapp\.com`), `cors: AllowOriginRegexps[0]: "https://[a-z]{1" is a part of an expression that was cut at a comma: "https://[a-z]{1,2}-[0-9]{2,}\\.myapp\\.com"; use "https://[a-z][a-z]?-[0-9][0-9]+\\.myapp\\.com"`},
	{"a regular expression with a long repetition, cut", expressions(`https://[a-z]{1`, `63}\.myapp\.com`), `cors: AllowOriginRegexps[0]: "https://[a-z]{1" is a part of an expression that was cut at a comma: "https://[a-z]{1,63}\\.myapp\\.com"; write it without a comma, as in [a-z][a-z]? for [a-z]{1,2}`},
	{"a regular expression that is nil", cors.Config{AllowOriginRegexps: []*regexp.Regexp{nil}},
		`cors: AllowOriginRegexps[0]: "" is nil; remove it`},
	{"a regular expression with an open quotation", cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`\Qhttps://a.com`)}},
		"cors: AllowOriginRegexps[0]: \"\\\\Qhttps://a.com\" cannot be anchored: error parsing regexp: missing closing ): `\\A(?:\\Qhttps://a.com)\\z`"},

	// methods
	{"an empty method", with(func(c *cors.Config) { c.AllowMethods = []string{"GET", ""} }),
		`cors: AllowMethods[1]: "" is empty; set the variable or file that it comes from, or remove it`},
	{"a method that is not a token", with(func(c *cors.Config) { c.AllowMethods = []string{"G@T"} }),
		`cors: AllowMethods[0]: "G@T" is not a valid method; use letters, digits and hyphens only`},
	{"a method with blanks", with(func(c *cors.Config) { c.AllowMethods = []string{" PUT "} }),
		`cors: AllowMethods[0]: " PUT " is not a valid method; use "PUT"`},
	{"several methods in one string", with(func(c *cors.Config) { c.AllowMethods = []string{"GET, PUT,DELETE"} }),
		`cors: AllowMethods[0]: "GET, PUT,DELETE" holds several names, but each needs a string of its own; use "GET", "PUT", "DELETE"`},
	{"patch with blanks", with(func(c *cors.Config) { c.AllowMethods = []string{" Patch "} }), `cors: AllowMethods[0]: " Patch " is not a valid method; use "PATCH"`},
	{"several methods, one of them forbidden", with(func(c *cors.Config) { c.AllowMethods = []string{"get|patch|trace"} }), `cors: AllowMethods[0]: "get|patch|trace" holds several names, but each needs a string of its own; use "GET", "PATCH"`},
	{"a part of an array of methods", with(func(c *cors.Config) { c.AllowMethods = []string{`["PUT"`} }), `cors: AllowMethods[0]: "[\"PUT\"" is not a valid method; use "PUT"`},
	{"a variable for methods", with(func(c *cors.Config) { c.AllowMethods = []string{"$METHODS"} }), `cors: AllowMethods[0]: "$METHODS" contains a variable that was not replaced by its value; write the value, or remove it`},
	{"a forbidden method", with(func(c *cors.Config) { c.AllowMethods = []string{"trace"} }),
		`cors: AllowMethods[0]: "trace" is a method that browsers never send; remove it`},
	{"patch in mixed case", with(func(c *cors.Config) { c.AllowMethods = []string{"Patch"} }),
		`cors: AllowMethods[0]: "Patch" allows only requests with the method in this case: browsers do not upper-case it; use "PATCH"`},
	{"patch in lower case", with(func(c *cors.Config) { c.AllowMethods = []string{"put", "patch"} }),
		`cors: AllowMethods[1]: "patch" allows only requests with the method in this case: browsers do not upper-case it; use "PATCH"`},

	// header names
	{"an empty header name", with(func(c *cors.Config) { c.AllowHeaders = []string{" "} }),
		`cors: AllowHeaders[0]: " " is empty; set the variable or file that it comes from, or remove it`},
	{"a header name with a colon", with(func(c *cors.Config) { c.AllowHeaders = []string{"X-A:"} }),
		`cors: AllowHeaders[0]: "X-A:" is not a valid header name; use "X-A"`},
	{"a line break in a header name", with(func(c *cors.Config) { c.AllowHeaders = []string{"X-A\r\nSet-Cookie: a=b"} }),
		`cors: AllowHeaders[0]: "X-A\r\nSet-Cookie: a=b" is not a valid header name; use letters, digits and hyphens only`},
	{"several header names in one string", with(func(c *cors.Config) { c.AllowHeaders = []string{"X-A, X-B"} }),
		`cors: AllowHeaders[0]: "X-A, X-B" holds several names, but each needs a string of its own; use "X-A", "X-B"`},
	{"only a comma", with(func(c *cors.Config) { c.AllowHeaders = []string{","} }),
		`cors: AllowHeaders[0]: "," is not a valid header name; remove it`},
	{"several header names, one without effect", with(func(c *cors.Config) { c.AllowHeaders = []string{"X-A, Cookie, X-B"} }), `cors: AllowHeaders[0]: "X-A, Cookie, X-B" holds several names, but each needs a string of its own; use "X-A", "X-B"`},
	{"several exposed header names, one without effect", with(func(c *cors.Config) { c.ExposeHeaders = []string{"ETag Set-Cookie"} }), `cors: ExposeHeaders[0]: "ETag Set-Cookie" holds several names, but each needs a string of its own; use "ETag"`},
	{"an exposed header name with quotes", with(func(c *cors.Config) { c.ExposeHeaders = []string{`"ETag"`} }),
		`cors: ExposeHeaders[0]: "\"ETag\"" is not a valid header name; use "ETag"`},
	{"the header of cookies", with(func(c *cors.Config) { c.AllowHeaders = []string{"X-A", "Cookie"} }), `cors: AllowHeaders[1]: "Cookie" is a header that scripts cannot set: browsers send cookies themselves, with AllowCredentials; remove it, and set AllowCredentials to true if you use cookies`},
	{"the header of cookies with credentials", with(func(c *cors.Config) { c.AllowHeaders, c.AllowCredentials = []string{"cookie"}, true }), `cors: AllowHeaders[0]: "cookie" is a header that scripts cannot set: browsers send cookies themselves, with AllowCredentials; remove it`},
	{"the header that sets cookies, in requests", with(func(c *cors.Config) { c.AllowHeaders = []string{"Set-Cookie"} }), `cors: AllowHeaders[0]: "Set-Cookie" is a header that scripts cannot set: browsers send cookies themselves, with AllowCredentials; remove it, and set AllowCredentials to true if you use cookies`},
	{"the header that sets cookies, exposed", with(func(c *cors.Config) { c.ExposeHeaders = []string{"Set-Cookie"} }), `cors: ExposeHeaders[0]: "Set-Cookie" is a header that scripts never see: browsers store cookies themselves, with AllowCredentials; remove it, and set AllowCredentials to true if you use cookies`},
	{"the older header that sets cookies, exposed with credentials", with(func(c *cors.Config) { c.ExposeHeaders, c.AllowCredentials = []string{"set-cookie2"}, true }), `cors: ExposeHeaders[0]: "set-cookie2" is a header that scripts never see: browsers store cookies themselves, with AllowCredentials; remove it`},
	{"a header that browsers set", with(func(c *cors.Config) { c.AllowHeaders = []string{"Sec-CH-UA"} }), `cors: AllowHeaders[0]: "Sec-CH-UA" is a header that browsers set, and scripts cannot; remove it`},
	{"a header for proxies", with(func(c *cors.Config) { c.AllowHeaders = []string{"Proxy-Authorization"} }), `cors: AllowHeaders[0]: "Proxy-Authorization" is a header for proxies, which scripts cannot set; remove it`},
	{"a header of preflights", with(func(c *cors.Config) { c.AllowHeaders = []string{"Access-Control-Request-Headers"} }), `cors: AllowHeaders[0]: "Access-Control-Request-Headers" is a header of preflights, which browsers set, and scripts cannot; remove it`},
	{"every header exposed with credentials", with(func(c *cors.Config) { c.ExposeHeaders, c.AllowCredentials = []string{"ETag", "*"}, true }),
		`cors: ExposeHeaders[1]: "*" exposes nothing together with AllowCredentials: browsers take it for the name of a header; list the headers by name`},
	{"a name in Vary that is none", with(func(c *cors.Config) { c.Vary = []string{"X Tenant"} }),
		`cors: Vary[0]: "X Tenant" holds several names, but each needs a string of its own; use "X", "Tenant"`},
	{"an asterisk in Vary", with(func(c *cors.Config) { c.Vary = []string{"*"} }),
		`cors: Vary[0]: "*" is not the name of a request header; list the headers that choose the policy`},

	// numbers
	{"a max-age in nanoseconds", with(func(c *cors.Config) { c.MaxAge = 300 }),
		`cors: MaxAge: "300ns" is not in whole seconds; write 300 * time.Second`},
	{"a max-age in half seconds", with(func(c *cors.Config) { c.MaxAge = 1500 * time.Millisecond }),
		`cors: MaxAge: "1.5s" is not in whole seconds; use "2s"`},
	{"a preflight status outside 2xx", with(func(c *cors.Config) { c.PreflightStatus = 301 }),
		`cors: PreflightStatus: "301" is not a 2xx status; browsers would reject every preflight; use "204"`},
	{"a preflight status that is too small", with(func(c *cors.Config) { c.PreflightStatus = 199 }),
		`cors: PreflightStatus: "199" is not a 2xx status; browsers would reject every preflight; use "204"`},
	{"a negative preflight status", with(func(c *cors.Config) { c.PreflightStatus = -1 }),
		`cors: PreflightStatus: "-1" is not a 2xx status; browsers would reject every preflight; use "204"`},
}

// with returns a valid Config with one change.
func with(change func(*cors.Config)) cors.Config {
	cfg := origins("https://myapp.com")
	change(&cfg)
	return cfg
}

func TestRefusedConfigs(t *testing.T) {
	for _, tc := range refusedConfigs {
		t.Run(tc.name, func(t *testing.T) {
			p, err := cors.New(tc.cfg)
			if p != nil || err == nil {
				t.Fatalf("New = %v, %v; want no policy, but an error", p, err)
			}
			if err.Error() != tc.want {
				t.Errorf("error:\n got %s\nwant %s", err, tc.want)
			}
			if problem, ok := errors.AsType[*cors.ConfigError](err); !ok || problem.Error() != tc.want {
				t.Errorf("errors.As finds %v, want the same problem", problem)
			}
			if p = new(cors.Policy); p.Reconfigure(tc.cfg) == nil {
				t.Error("Reconfigure accepts what New refuses")
			}
			if d, err := decide(t.Context(), p, cors.Request{Method: "GET", Origin: "https://myapp.com"}); d != (decision{}) || err != nil {
				t.Errorf("after the refusal, Decide = %+v, %v; want the zero Decision", d, err)
			}
		})
	}
}

func TestProblemOrder(t *testing.T) {
	_, err := cors.New(cors.Config{
		AllowOrigins:       []string{"https://a.com/", "*", "https://ok.com", "http://b.com", "null"},
		AllowOriginRegexps: []*regexp.Regexp{nil},
		AllowMethods:       []string{"GET POST", "TRACE"},
		AllowHeaders:       []string{"X A"},
		ExposeHeaders:      []string{"*"},
		AllowCredentials:   true,
		Vary:               []string{"*"},
		MaxAge:             time.Millisecond,
		PreflightStatus:    404,
	})
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		t.Fatalf("New returns %T, want joined errors", err)
	}
	var got []string
	for _, one := range joined.Unwrap() {
		problem, ok := one.(*cors.ConfigError)
		if !ok {
			t.Fatalf("joined a %T, want only *ConfigError", one)
		}
		got = append(got, strings.SplitAfterN(problem.Error(), `"`, 3)[0]+problem.Value)
	}
	want := []string{
		`cors: AllowOrigins[0]: "https://a.com/`,
		`cors: AllowOrigins[1]: "*`,
		`cors: AllowOrigins[3]: "http://b.com`,
		`cors: AllowOrigins[4]: "null`,
		`cors: AllowOrigins: "*`,
		`cors: AllowOriginRegexps[0]: "`,
		`cors: AllowMethods[0]: "GET POST`,
		`cors: AllowMethods[1]: "TRACE`,
		`cors: AllowHeaders[0]: "X A`,
		`cors: ExposeHeaders[0]: "*`,
		`cors: Vary[0]: "*`,
		`cors: MaxAge: "1ms`,
		`cors: PreflightStatus: "404`,
	}
	if g, w := strings.Join(got, "\n"), strings.Join(want, "\n"); g != w {
		t.Errorf("problems:\n%s\n\nwant:\n%s", g, w)
	}
	if lines := strings.Count(err.Error(), "\n") + 1; lines != len(want) {
		t.Errorf("the message has %d lines, want one for each of %d problems", lines, len(want))
	}
}

func TestConfigErrorFields(t *testing.T) {
	_, err := cors.New(origins("https://ok.com", "HTTPS://MyApp.com"))
	problem, ok := errors.AsType[*cors.ConfigError](err)
	want := cors.ConfigError{
		Field: "AllowOrigins", Index: 1, Code: cors.CodeOriginUpperCase, Value: "HTTPS://MyApp.com",
		Reason: "has upper case in its scheme and has upper case in its host", Suggestion: "https://myapp.com",
	}
	if !ok || *problem != want {
		t.Errorf("got  %+v\nwant %+v", problem, want)
	}

	_, err = cors.New(cors.Config{})
	if problem, ok = errors.AsType[*cors.ConfigError](err); !ok || problem.Index != -1 {
		t.Errorf("got %+v, want the index -1 for a problem of a whole field", problem)
	}
}

func TestConfigErrorOneLine(t *testing.T) {
	for _, value := range []string{"https://a\nb", "\x1b[31m", "https://a\r\nSet-Cookie: x", "\xff\xfe", strings.Repeat("é", 300)} {
		for _, cfg := range []cors.Config{
			origins(value),
			with(func(c *cors.Config) { c.AllowMethods = []string{value} }),
			with(func(c *cors.Config) { c.ExposeHeaders = []string{value} }),
		} {
			_, err := cors.New(cfg)
			if err == nil {
				t.Errorf("%q is accepted", value)
				continue
			}
			if text := err.Error(); strings.ContainsAny(text, "\r\n\x1b") || len(text) > 1000 {
				t.Errorf("%q: the message is not one short, printable line: %q", value, text)
			}
		}
	}
}
