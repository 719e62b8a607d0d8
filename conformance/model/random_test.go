package model

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	cors "github.com/polycors/polycors/core"

	"github.com/polycors/polycors/conformance/internal/apps"
)

// The parts of random entries and origins.
var (
	schemes  = []string{"https", "https", "https", "http", "moz-extension", "tauri", "ws", "file", "a+b"}
	prefixes = []string{"", "", "www.", "*.", "*.", "pr-*.", "*-x.", "pr-*-x.", "*.*.", "a.*.", "a*b*.", ".", "A.", "a_b."}
	domains  = []string{
		"myapp.com", "myapp.com", "a.b.myapp.com", "app.test", "test", "localhost", "x.localhost", "com", "co.uk", "myapp.co.uk", "github.io",
		"vercel.app", "railway.app", "kawasaki.jp", "xn--bcher-kva.example", "myapp.com.", "127.0.0.1", "10.0.0.5", "1.2.3", "0x7f", "[::1]",
		"[2001:db8::5]", "[2001:DB8::5]", "[::0:1]", "", "*", strings.Repeat("a", 64) + ".com", strings.Repeat("abcdefghi.", 24) + "com",
	}
	ports  = []string{"", "", "", "", ":*", ":8443", ":443", ":80", ":080", ":65535", ":65536", ":0", ":", ":x"}
	oddity = []string{
		"*", "null", "file://", "", " ", "https://", "myapp.com", "https://myapp.com/", "https://myapp.com/x", "https://u@myapp.com",
		"https://myapp.com,https://b.com", "https://bücher.example", "HTTPS://myapp.com", "https:/myapp.com", "https://myapp.com#.b.com",
		"https://func.example", "https://broken.example", "https://re.com", "https://a.re.com", "http://re.com", "https://evilre.com",
	}
	mutations = []string{"*", ".", ":", "/", "-", "_", "a", "A", "0", " ", "@", "%", "#", "\\", "é", "[", "\x00", "\n", ".."}
)

// chance is true once in two, four or eight times, for one to three coins.
func chance(t *rapid.T, coins int, label string) bool {
	for range coins {
		if !rapid.Bool().Draw(t, label) {
			return false
		}
	}
	return true
}

// texts are entries and origins, and what is nearly one of them.
func texts() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		if chance(t, 3, "odd") {
			return rapid.SampledFrom(oddity).Draw(t, "oddity")
		}
		text := rapid.SampledFrom(schemes).Draw(t, "scheme") + "://" + rapid.SampledFrom(prefixes).Draw(t, "prefix") +
			rapid.SampledFrom(domains).Draw(t, "domain") + rapid.SampledFrom(ports).Draw(t, "port")
		return mutated(t, text)
	})
}

// mutated returns a text, or now and then one that differs behind the scheme: a
// scheme that is nearly https is a mistake that the model does not know.
func mutated(t *rapid.T, text string) string {
	start := 0
	if i := strings.Index(text, "://"); i >= 0 {
		start = i + len("://")
	}
	for chance(t, 3, "mutate") {
		i := rapid.IntRange(start, len(text)).Draw(t, "at")
		j := min(len(text), i+rapid.IntRange(0, 1).Draw(t, "without"))
		text = text[:i] + rapid.SampledFrom(mutations).Draw(t, "mutation") + text[j:]
	}
	return text
}

// origins are origins of pages, many of which a policy allows, or nearly.
func origins(p Policy) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		text := ""
		if len(p.AllowOrigins) > 0 && !chance(t, 2, "unrelated") {
			text = rapid.SampledFrom(p.AllowOrigins).Draw(t, "entry")
			text = strings.Replace(text, ":*", rapid.SampledFrom([]string{"", ":1", ":8443", ":443", ":80"}).Draw(t, "port"), 1)
			text = strings.ReplaceAll(text, "*", rapid.SampledFrom([]string{"a", "a.b", "1", "a-b", "-", "evil", ""}).Draw(t, "star"))
			text = mutated(t, text)
		} else {
			text = texts().Draw(t, "text")
		}
		return text
	})
}

// expressions are judged by hand.
var expressions = []Expression{
	{Text: `https://re\.com`},
	{Text: `https://[a-z0-9-]+\.re\.com(:[0-9]+)?`},
	{Text: `https?://localhost(:[0-9]+)?`},
	{Text: `(?i)https://(a|b)\.re\.com`},
	{Text: `https://.*`, Dangerous: true},
	{Text: `https://.*re\.com`, Dangerous: true},
	{Text: `[a-z]+://re\.com`, Dangerous: true},
	{Text: `https?://re\.com`, Insecure: true},
	{Text: `https://[a-z]+\.github\.io`, Public: true},
	{Text: `https://re\.com/`, Impossible: true},
	{Text: `HTTPS://re\.com`, Impossible: true},
}

// callbacks are those of policies; the last one refuses one origin with an error.
var callbacks = []func(context.Context, string) (bool, error){
	nil, nil, nil,
	func(_ context.Context, origin string) (bool, error) { return origin == "https://func.example", nil },
	func(_ context.Context, origin string) (bool, error) {
		if origin == "https://broken.example" {
			return true, errors.New("the callback fails")
		}
		return strings.Contains(origin, "myapp"), nil
	},
}

var (
	headerNames = []string{
		"*", "X-A", "*", "x-b", "Content-Type", "authorization", "X-Requested-With", "Range", "Accept", "Origin", "Content-Length",
		"Cookie", "Sec-Fetch-Site", "Proxy-X", "Access-Control-Request-Method", "X A", "",
	}
	methodNames = []string{"GET", "PUT", "put", "PATCH", "patch", "DELETE", "OPTIONS", "PURGE", "*", "Patch", "TRACE", "P T", "POST"}
	exposed     = []string{"X-One", "x-two", "ETag", "Content-Type", "*", "Set-Cookie", "X,Y"}
	ages        = []time.Duration{0, -1, time.Second, time.Hour, time.Millisecond}
)

// lists are lists of some elements; now and then, a list is nil.
func lists(elements []string) *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		if chance(t, 2, "nil") {
			return nil
		}
		return rapid.SliceOfN(rapid.SampledFrom(elements), 0, 4).Draw(t, "elements")
	})
}

// policies are random; three of four have only elements that fit.
func policies() *rapid.Generator[Policy] {
	flag := rapid.Bool()
	return rapid.Custom(func(t *rapid.T) (p Policy) {
		p.AllowCredentials = flag.Draw(t, "credentials")
		p.Unsafe = cors.Unsafe{InsecureOrigins: flag.Draw(t, "insecure"), PublicSuffixes: flag.Draw(t, "public"), NullOrigin: flag.Draw(t, "null")}
		p.RejectDisallowed, p.PreflightContinue = flag.Draw(t, "reject"), chance(t, 2, "continue")
		p.AllowOriginFunc = callbacks[rapid.IntRange(0, len(callbacks)-1).Draw(t, "callback")]
		p.Expressions = rapid.SliceOfN(rapid.SampledFrom(expressions), 0, 2).Draw(t, "expressions")
		p.AllowMethods = lists(methodNames).Draw(t, "methods")
		p.AllowHeaders = lists(headerNames).Draw(t, "headers")
		p.ExposeHeaders = lists(exposed).Draw(t, "expose")
		p.MaxAge = rapid.SampledFrom(ages).Draw(t, "age")
		p.PreflightStatus = rapid.SampledFrom([]int{0, 0, 0, 200, 299, 199, 404}).Draw(t, "status")
		if chance(t, 2, "any") {
			p.AllowOrigins, p.AllowOriginFunc, p.Expressions = []string{"*"}, nil, nil
		} else {
			p.AllowOrigins = rapid.SliceOfN(texts(), 0, 6).Draw(t, "origins")
		}
		if !chance(t, 2, "odd elements") {
			p = p.fitting()
		}
		return p.compiled()
	})
}

// compiled returns the policy with its expressions in the Config, too.
func (p Policy) compiled() Policy {
	p.AllowOriginRegexps = nil
	for _, e := range p.Expressions {
		p.AllowOriginRegexps = append(p.AllowOriginRegexps, regexp.MustCompile(e.Text))
	}
	return p
}

// fitting returns the policy without the elements that do not fit.
func (p Policy) fitting() Policy {
	if p.anyOrigin() && len(p.AllowOrigins) == 1 {
		p.AllowCredentials = false
	}
	keep := func(list *[]string, with func(element string) Policy) {
		*list = slices.DeleteFunc(slices.Clone(*list), func(e string) bool {
			q := with(e)
			return !q.originsFit() || !q.methodsFit() || !q.headersFit()
		})
	}
	one := func(e string) []string { return []string{e} }
	if !p.anyOrigin() || len(p.AllowOrigins) > 1 {
		keep(&p.AllowOrigins, func(e string) Policy {
			return Policy{Config: cors.Config{AllowOrigins: one(e), AllowCredentials: p.AllowCredentials || e == "*", Unsafe: p.Unsafe}}
		})
	}
	keep(&p.AllowMethods, func(e string) Policy { return Policy{Config: cors.Config{AllowMethods: one(e)}} })
	keep(&p.AllowHeaders, func(e string) Policy { return Policy{Config: cors.Config{AllowHeaders: one(e)}} })
	keep(&p.ExposeHeaders, func(e string) Policy {
		return Policy{Config: cors.Config{ExposeHeaders: one(e), AllowCredentials: p.AllowCredentials}}
	})
	p.Expressions = slices.DeleteFunc(slices.Clone(p.Expressions), func(e Expression) bool {
		q := p
		q.Expressions = []Expression{e}
		return !q.expressionsFit()
	})
	if p.MaxAge == time.Millisecond {
		p.MaxAge = 0
	}
	if p.PreflightStatus/100 != 2 {
		p.PreflightStatus = 0
	}
	return p.compiled()
}

// requestHeaders are headers that scripts set.
var requestHeaders = [][2]string{
	{"Authorization", "Bearer t"}, {"X-A", "1"}, {"Accept", "application/json"}, {"Accept", `a"b`}, {"Accept", strings.Repeat("a", 129)}, {"Accept-Language", "de-AT, de;q=0.5"},
	{"Accept-Language", "de_AT"}, {"Content-Language", "de"}, {"Content-Type", "text/plain; charset=utf-8"},
	{"Content-Type", "application/json"}, {"content-type", "text/plain;charset=\"utf-8\""}, {"Range", "bytes=0-9"}, {"Range", "bytes=0-"},
	{"Range", "bytes=-5"}, {"Range", "bytes=9-0"}, {"x-b", "1"}, {"X-Requested-With", "XMLHttpRequest"},
	{"Cookie", "a=b"}, {"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "same-origin"}, {"Access-Control-Request-Method", "PUT"},
}

// scripts are requests of pages. Many pages have an origin that the policy allows.
func scripts(p Policy) *rapid.Generator[Script] {
	return rapid.Custom(func(t *rapid.T) Script {
		origin := origins(p).Filter(func(o string) bool { return isOrigin(o) || o == "null" }).Draw(t, "origin")
		if chance(t, 3, "own") {
			origin = "own"
		}
		methods := slices.Concat([]string{"GET", "POST", "PUT", "put", "Delete"}, apps.Methods)
		s := Script{Origin: origin, Method: rapid.SampledFrom(methods).Draw(t, "method"), Header: map[string]string{}}
		headers := slices.Clone(requestHeaders)
		for _, name := range slices.Concat(p.AllowHeaders, p.AllowHeaders, p.AllowHeaders) { // three times: the likelier it is
			if name == "*" {
				name = "Authorization"
			}
			headers = append(headers, [2]string{name, "1"})
		}
		for _, h := range rapid.SliceOfN(rapid.SampledFrom(headers), 0, 2).Draw(t, "header") {
			for name := range s.Header {
				if strings.EqualFold(name, h[0]) {
					delete(s.Header, name)
				}
			}
			s.Header[h[0]] = h[1]
		}
		s.Include, s.Lenient = rapid.Bool().Draw(t, "include"), rapid.Bool().Draw(t, "lenient")
		return s
	})
}
