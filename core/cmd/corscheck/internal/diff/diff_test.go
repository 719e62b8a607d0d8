package diff_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/diff"
)

// line returns a change in one line.
func line(c diff.Change) string {
	s := string(c.Effect)
	if c.Cookies {
		s += " with cookies"
	}
	if c.Tried {
		s += " if enforced"
	}
	s += ", " + string(c.Aspect) + ": " + c.Value
	if c.Unsure {
		s += " (cannot tell)"
	}
	if w := c.Witness; w != nil && !c.Exact {
		s += " (" + strings.Join(strings.Fields(w.Origin+" "+w.Method+" "+w.Header+" "+w.Exposed), " ") + ")"
	}
	return s + " at " + c.Key
}

func lines(changes []diff.Change) string {
	var all []string
	for _, c := range changes {
		all = append(all, line(c))
	}
	return strings.Join(all, "\n")
}

func origins(list ...string) cors.Config { return cors.Config{AllowOrigins: list} }

// with returns a policy with one origin, and with what set does.
func with(set func(c *cors.Config)) cors.Config {
	c := origins("https://a.example")
	set(&c)
	return c
}

func regexps(texts ...string) cors.Config {
	var c cors.Config
	for _, text := range texts {
		c.AllowOriginRegexps = append(c.AllowOriginRegexps, regexp.MustCompile(text))
	}
	return c
}

func TestCompare(t *testing.T) {
	one := origins("https://a.example")
	cookies := with(func(c *cors.Config) { c.AllowCredentials = true })
	nobody := cors.Config{AllowOrigins: []string{}}
	headers := func(names ...string) cors.Config { return with(func(c *cors.Config) { c.AllowHeaders = names }) }
	methods := func(names ...string) cors.Config { return with(func(c *cors.Config) { c.AllowMethods = names }) }
	exposed := func(names ...string) cors.Config { return with(func(c *cors.Config) { c.ExposeHeaders = names }) }
	for _, tt := range []struct {
		name     string
		from, to cors.Config
		want     string
	}{
		{"the same", one, one, ""},
		{"another order, and duplicates", origins("https://a.example", "https://b.example"), origins("https://b.example", "https://a.example", "https://b.example"), ""},
		{"an origin", one, origins("https://a.example", "https://b.example"), "opens, origins: https://b.example at allowOrigins[1]"},
		{"an origin with cookies", cookies, with(func(c *cors.Config) {
			c.AllowCredentials, c.AllowOrigins = true, append(c.AllowOrigins, "https://b.example")
		}),
			"opens with cookies, origins: https://b.example at allowOrigins[1]"},
		{"an origin that is removed", origins("https://a.example", "https://b.example"), one, "closes, origins: https://b.example at allowOrigins[1]"},
		{"an origin that a wildcard allows", origins("https://*.a.example"), origins("https://*.a.example", "https://b.a.example"), ""},
		{"a wildcard", one, origins("https://a.example", "https://*.a.example"), "opens, origins: https://*.a.example (https://x.a.example) at allowOrigins[1]"},
		{"a wildcard that is narrower", origins("https://*.a.example"), origins("https://pr-*.a.example"), "closes, origins: https://*.a.example (https://x.a.example) at allowOrigins[0]"},
		{"a wildcard instead of its origins", origins("https://b.a.example"), origins("https://*.a.example"), "opens, origins: https://*.a.example (https://x.a.example) at allowOrigins[0]"},
		{"any port", origins("http://localhost:3000"), origins("http://localhost:*"), "opens, origins: http://localhost:* (http://localhost) at allowOrigins[0]"},
		{"one port instead of any", origins("http://localhost:*"), origins("http://localhost:3000"), "closes, origins: http://localhost:* (http://localhost) at allowOrigins[0]"},
		{"apps", origins("moz-extension://a"), origins("moz-extension://*"), "opens, origins: moz-extension://* (moz-extension://x) at allowOrigins[0]"},
		{"every origin", one, origins("*"), "opens, origins: every origin (https://stranger.example) at allowOrigins"},
		{"a list instead of every origin", origins("*"), one, "closes, origins: every origin that is not listed (https://stranger.example) at allowOrigins"},
		{"null", one, with(func(c *cors.Config) { c.AllowOrigins, c.Unsafe.NullOrigin = append(c.AllowOrigins, "null"), true }),
			"opens, origins: null at allowOrigins\ndiffers, unsafe: nullOrigin is true; before: false at unsafe.nullOrigin"},
		{"an expression for the same origins", origins("https://a.example", "https://b.example"), regexps(`https://[ab]\.example`), ""},
		{"an expression of a wildcard", origins("https://*.a.example"), regexps(`https://([a-z0-9_-]+\.)+a\.example`), ""},
		{"an expression within a wildcard", origins("https://*.a.example"), regexps(`https://pr-\d+\.a\.example`), "closes, origins: https://*.a.example (https://x.a.example) at allowOrigins[0]"},
		{"an expression with a dot that matches anything", regexps(`https://a\.example`), regexps(`https://a.example`), "opens, origins: /https://a.example/ (https://axexample) at allowOriginRegexps[0]"},
		{"an expression that is too large", regexps(`https://[ab]*a[ab]{29}\.example`), regexps(`https://[ab]*a[ab]{30}\.example|https://[ab]*a[ab]{29}\.example`),
			`opens, origins: /https://[ab]*a[ab]{30}\.example|https://[ab]*a[ab]{29}\.example/ (cannot tell) at allowOriginRegexps[0]` +
				"\n" + `closes, origins: /https://[ab]*a[ab]{29}\.example/ (cannot tell) at allowOriginRegexps[0]`},
		{"cookies", one, cookies, "opens with cookies, credentials: requests with cookies at allowCredentials"},
		{"no cookies", cookies, one, "closes with cookies, credentials: requests with cookies at allowCredentials"},
		{"methods", methods("GET"), methods("put", "GET", "PURGE"), "opens, methods: put at allowMethods[0]\nopens, methods: PURGE at allowMethods[2]"},
		{"methods that need no permission", methods("GET"), methods("HEAD", "post"), ""},
		{"the methods of an absent list", methods("GET", "PUT", "PATCH", "POST", "DELETE"), one, ""},
		{"any method", one, methods("*"), "opens, methods: any method (https://a.example X-OTHER) at allowMethods"},
		{"fewer methods", one, methods("PUT"), "closes, methods: PATCH at allowMethods[3]\ncloses, methods: DELETE at allowMethods[5]"},
		{"methods of a policy without origins", nobody, cors.Config{AllowOrigins: []string{}, AllowMethods: []string{"*"}, AllowCredentials: true}, ""},
		{"headers", headers("x-a"), headers("X-A", "X-B"), "opens, headers: X-B at allowHeaders[1]"},
		{"headers that scripts cannot set", one, headers("Origin"), ""},
		{"any header", headers("X-A"), headers("*"), "opens, headers: any header but Authorization (https://a.example x-other) at allowHeaders"},
		{"Authorization beside any header", headers("*"), headers("*", "Authorization"), "opens, headers: Authorization at allowHeaders[1]"},
		{"Authorization instead of any header", headers("*"), headers("Authorization"),
			"opens, headers: Authorization at allowHeaders[0]\ncloses, headers: any header but Authorization (https://a.example x-other) at allowHeaders"},
		{"exposed headers", exposed("ETag"), exposed("etag", "X-Total", "Content-Type"), "opens, exposed: X-Total at exposeHeaders[1]"},
		{"every exposed header", one, exposed("*"), "opens, exposed: every response header (https://a.example X-OTHER) at exposeHeaders"},
		{"no rejection", with(func(c *cors.Config) { c.RejectDisallowed = true }), one,
			"opens, rejection: handlers run for requests from origins that are not allowed, instead of a 403 at rejectDisallowed"},
		{"rejection", one, with(func(c *cors.Config) { c.RejectDisallowed = true }),
			"closes, rejection: requests from origins that are not allowed get a 403, and their handlers do not run at rejectDisallowed"},
		{"no rejection where every origin is allowed", cors.Config{AllowOrigins: []string{"*"}, RejectDisallowed: true}, origins("*"), ""},
		{"max-age", with(func(c *cors.Config) { c.MaxAge = time.Minute }), with(func(c *cors.Config) { c.MaxAge = -1 * time.Second }),
			"differs, preflights: not cached; before: cached for 1m at maxAge"},
		{"the status of preflights", one, with(func(c *cors.Config) { c.PreflightStatus = 200 }), "differs, preflights: answered with 200; before: with 204 at preflightStatus"},
		{"the default status", one, with(func(c *cors.Config) { c.PreflightStatus = 204 }), ""},
		{"who answers preflights", one, with(func(c *cors.Config) { c.PreflightContinue = true }),
			"differs, preflights: answered by the next handler; before: by the policy at preflightContinue"},
		{"vary", with(func(c *cors.Config) { c.Vary = []string{"X-A", "x-b"} }), with(func(c *cors.Config) { c.Vary = []string{"X-B", "x-a", "X-C"} }),
			"differs, vary: x-a, X-B, X-C; before: X-A, x-b at vary"},
		{"unsafe", one, with(func(c *cors.Config) { c.Unsafe.PublicSuffixes = true }), "differs, unsafe: publicSuffixes is true; before: false at unsafe.publicSuffixes"},
		{"the most dangerous first", methods("GET"), cors.Config{AllowOrigins: []string{"https://b.example", "https://*.b.example"}, AllowMethods: []string{"PUT"}, AllowCredentials: true, MaxAge: time.Second},
			"opens with cookies, origins: https://*.b.example (https://x.b.example) at allowOrigins[1]\n" +
				"opens with cookies, origins: https://b.example at allowOrigins[0]\n" +
				"opens with cookies, credentials: requests with cookies at allowCredentials\n" +
				"opens with cookies, methods: PUT at allowMethods[0]\n" +
				"closes, origins: https://a.example at allowOrigins[0]\n" +
				"differs, preflights: cached for 1s; before: cached for 5s, the browsers' default at maxAge"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changes, err := diff.Compare(tt.from, tt.to)
			if got := lines(changes); err != nil || got != tt.want {
				t.Errorf("%v\n%s\nwant:\n%s", err, got, tt.want)
			}
		})
	}
}

// TestReportOnly compares policies that are tried out.
func TestReportOnly(t *testing.T) {
	public, list, longer := origins("*"), origins("https://a.example"), origins("https://a.example", "https://b.example")
	for _, tt := range []struct {
		name      string
		from      cors.Config
		fromTried *cors.Config
		to        cors.Config
		toTried   *cors.Config
		want      string
	}{
		{"a first trial", public, nil, public, &list, "differs, report only: a policy is tried out, and refuses nothing at reportOnly\n" +
			"closes if enforced, origins: every origin that is not listed (https://stranger.example) at allowOrigins"},
		{"a change of the trial", public, &list, public, &longer, "opens if enforced, origins: https://b.example at reportOnly.allowOrigins[1]"},
		{"the trial is enforced", public, &list, list, nil, "closes, origins: every origin that is not listed (https://stranger.example) at allowOrigins\n" +
			"differs, report only: no policy is tried out at reportOnly"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			changes, err := diff.CompareTried(tt.from, tt.fromTried, tt.to, tt.toTried)
			if got := lines(changes); err != nil || got != tt.want {
				t.Errorf("%v\n%s\nwant:\n%s", err, got, tt.want)
			}
		})
	}
}

func TestInvalid(t *testing.T) {
	if _, err := diff.Compare(origins("*"), cors.Config{}); err == nil {
		t.Error("no error")
	}
}

// TestFields fails if Config has a field that Compare does not know.
func TestFields(t *testing.T) {
	known := " AllowOrigins AllowOriginRegexps AllowMethods AllowHeaders ExposeHeaders AllowCredentials MaxAge Vary" +
		" PreflightContinue PreflightStatus RejectDisallowed ReportOnly Unsafe "
	for i := range reflect.TypeFor[cors.Config]().NumField() {
		field := reflect.TypeFor[cors.Config]().Field(i)
		if field.Type.Kind() != reflect.Func && !strings.Contains(known, " "+field.Name+" ") {
			t.Errorf("a change of %s is not compared", field.Name)
		}
	}
}

// TestLarge compares lists that were generated.
func TestLarge(t *testing.T) {
	var from, to cors.Config
	for i := range 5000 {
		from.AllowOrigins = append(from.AllowOrigins, fmt.Sprintf("https://a%d.example", i))
		to.AllowOrigins = append(to.AllowOrigins, fmt.Sprintf("https://a%d.example", i+1))
	}
	for i := range 100 {
		from.AllowOrigins = append(from.AllowOrigins, fmt.Sprintf("https://*.b%d.example", i))
		to.AllowOrigins = append(to.AllowOrigins, fmt.Sprintf("https://pr-*.b%d.example", i))
	}
	changes, err := diff.Compare(from, to)
	if err != nil || len(changes) != 102 || changes[0].Value != "https://a5000.example" {
		t.Errorf("%d changes, %v", len(changes), err)
	}
}
