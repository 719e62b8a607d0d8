package expr_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"

	"github.com/polycors/polycors/core/internal/expr"
	"github.com/polycors/polycors/core/internal/origin"
)

// A writer makes up expressions from pieces that matter to origins, and origins
// that they may match.
type writer struct{ *rand.Rand }

func (w writer) pick(list ...string) string { return list[w.IntN(len(list))] }

func (w writer) literal() string {
	return w.pick("a", "b", "app", "myapp", "www", "1", "127", "10", "0", "x-", "-", "_", "xn--a", "localhost", "com", "test", "evil", "app", "a")
}

func (w writer) char() string {
	return w.pick(`.`, `[a-z]`, `[a-z0-9-]`, `\w`, `[^/]`, `[^.]`, `\d`, `[ab]`, `[^a]`, `\S`, `[A-Z]`, `[[:alnum:]]`, `\D`)
}

func (w writer) count() string {
	return w.pick("*", "+", "?", "{2}", "{0,3}", "{1,}", "*?", "+?", "{12}")
}

func (w writer) assertion() string {
	return w.pick(`\b`, `\B`, `^`, `$`, `\A`, `\z`, `(?m:^)`, `(?m:$)`)
}

// part returns an expression of some depth.
func (w writer) part(depth int) string {
	if depth == 0 {
		return w.pick(w.literal(), w.literal(), w.char(), w.char()+w.count(), `\.`, `.`, `-`)
	}
	switch w.IntN(12) {
	case 0, 1, 2, 9, 10:
		return w.part(depth-1) + w.part(depth-1)
	case 3:
		return `(` + w.part(depth-1) + `|` + w.part(depth-1) + `)`
	case 4:
		return `(?:` + w.part(depth-1) + `)` + w.count()
	case 5:
		return `(?:` + w.part(depth-1) + `\.)` + w.pick("*", "?", "+")
	case 6:
		return w.pick(`(?i:`, `(?s:`, `(?U:`, `(?P<x>`) + w.part(depth-1) + `)`
	case 7:
		return w.assertion() + w.part(depth-1)
	default:
		return w.part(depth-1) + w.pick(`\.`, `\.`, `.`, `-`, `:?`, `/?`) + w.part(depth-1)
	}
}

func (w writer) scheme() string {
	return w.pick("https://", "https://", "https://", "https://", "http://", "https?://", "http[s]?://", "app://", "(https|app)://",
		`\w+://`, `.*`, `(?:https://)?`, `[a-z]+-extension://`, `(?i)HTTPS://`, "")
}

func (w writer) suffix() string {
	return w.pick(`\.com`, `\.com`, `.com`, `\.(com|de)`, `\.co\.uk`, `\.github\.io`, `\.myapp\.com`, `\.myapp\.com`, `myapp\.com`, `\.test`,
		`localhost`, `\.localhost`, `127\.0\.0\.1`, `10\.0\.\d+\.1`, `\[::1\]`, `\[::[12]\]`, `\.[a-z]+`, ``, `\.corp`, `\.kawasaki\.jp`)
}

func (w writer) port() string {
	return w.pick("", "", "", "", `(:\d+)?`, `:\d+`, `:8443`, `:*`, `(?::\d{4})?`, `.*`, `:443`, `:(80|443)`, `\.?`, `/?`)
}

func (w writer) expr() string {
	if w.IntN(12) == 0 {
		return w.part(4)
	}
	e := w.scheme() + w.part(w.IntN(4)) + w.suffix() + w.port()
	if w.IntN(8) == 0 {
		e += "|" + w.scheme() + w.part(w.IntN(3)) + w.suffix() + w.port()
	}
	if w.IntN(4) == 0 {
		e = "^" + e + "$"
	}
	return e
}

// word returns a text that an expression matches, assertions apart.
func (w writer) word(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		s := string(re.Rune)
		if re.Flags&syntax.FoldCase != 0 && w.IntN(4) > 0 {
			s = strings.ToLower(s)
		}
		return s
	case syntax.OpCharClass:
		for range 50 {
			c := rune(w.charIn()[0])
			for i := 0; i+1 < len(re.Rune); i += 2 {
				if re.Rune[i] <= c && c <= re.Rune[i+1] {
					return string(c)
				}
			}
		}
		return ""
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return w.charIn()
	case syntax.OpCapture:
		return w.word(re.Sub[0])
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(w.word(sub))
		}
		return b.String()
	case syntax.OpAlternate:
		return w.word(re.Sub[w.IntN(len(re.Sub))])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		least, most := 0, 4
		switch re.Op {
		case syntax.OpPlus:
			least = 1
		case syntax.OpQuest:
			most = 1
		case syntax.OpRepeat:
			least, most = re.Min, re.Max
			if most < 0 {
				most = least + 3
			}
		}
		if re.Sub[0].Op == syntax.OpAnyCharNotNL && least < 2 && most >= 4 {
			switch w.IntN(4) {
			case 0:
				return w.pick("a", "evil", "x.", "a.b", "evil.com", "1", "10.0.0.1", "localhost", ":1", "http://", "https://", "app://a")
			case 1:
				return w.pick("https://", "http://", "app://", "https://") + w.host()
			}
		}
		var b strings.Builder
		for n := least + w.IntN(most-least+1); n > 0; n-- {
			b.WriteString(w.word(re.Sub[0]))
		}
		return b.String()
	}
	return ""
}

func (w writer) charIn() string {
	if w.IntN(5) == 0 {
		return w.pick("A", ":", "/", "[", "+", "Z")
	}
	const usual = "abcdeglmopvwx0123456789.--_.abcdefghijklmnopqrstuvwxyz"
	return string(usual[w.IntN(len(usual))])
}

func (w writer) host() string {
	return w.pick("evil.com", "a.com", "myapp.com", "evilmyapp.com", "x.myapp.com", "evil.de", "evil.co.uk", "evil.github.io", "x.github.io", "localhost",
		"a.localhost", "a.test", "127.0.0.1", "127.1.2.3", "10.0.0.1", "10.0.7.1", "[::1]", "[::2]", "[::a]", "app", "evil.corp", "x.y.kawasaki.jp", "a.b.c.myapp.com")
}

// origin returns an origin that may or may not be matched.
func (w writer) origin(re *syntax.Regexp) string {
	if w.IntN(6) == 0 {
		return w.pick("https://", "https://", "http://", "app://", "x-extension://") + w.host() + w.pick("", "", ":1", ":8443", ":80", ".")
	}
	o := w.word(re)
	switch w.IntN(12) {
	case 0:
		o = strings.TrimPrefix(o, "https://")
		o = w.pick("https://", "http://", "https://a.", "https://evil") + o
	case 1:
		if i := w.IntN(len(o) + 1); i > 0 {
			o = o[:i] + w.charIn() + o[i:]
		}
	}
	return o
}

// owner returns the domain that an origin belongs to, as [expr.Judge] counts
// them; "" if it does not count.
func owner(o origin.Parts) string {
	if o.Scheme != "http" && o.Scheme != "https" {
		return o.Scheme + "://" + o.Host
	}
	host := strings.TrimSuffix(o.Host, ".")
	if origin.IsLoopback(host) && !strings.HasPrefix(host, "[::f") {
		return ""
	}
	if strings.HasPrefix(host, "[") {
		return host
	}
	switch host[strings.LastIndexByte(host, '.')+1:] {
	case "test", "example", "invalid", "internal":
		return ""
	}
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

func insecure(o origin.Parts) bool { return o.Scheme == "http" && !origin.IsLoopback(o.Host) }

// TestProperties compares what Judge says with what the regexp package does with
// origins that are made up.
func TestProperties(t *testing.T) {
	expressions, origins := 1500, 150
	if testing.Short() {
		expressions = 200
	}
	checkProperties(t, 1, expressions, origins)
}

func checkProperties(t *testing.T, seed uint64, expressions, origins int) (pairs, matched int, kinds map[string]int) {
	w := writer{rand.New(rand.NewPCG(seed, 2))}
	kinds = map[string]int{}
	for range expressions {
		text := w.expr()
		re, err := regexp.Compile(`\A(?:` + text + `)\z`)
		if err != nil {
			continue
		}
		tree, _ := syntax.Parse(text, syntax.Perl)
		steps := expr.Steps
		findings := expr.Judge(re, &steps)
		has := func(list ...expr.Kind) bool {
			return slices.ContainsFunc(findings, func(f expr.Finding) bool { return slices.Contains(list, f.Kind) })
		}
		for _, f := range findings {
			kinds[fmt.Sprint(f.Kind)]++
			if err := checkWitness(re, f); err != nil {
				t.Errorf("%q: %+v: %v", text, f, err)
			}
		}
		if len(findings) == 0 {
			kinds["safe"]++
		}
		if steps = expr.Steps; expr.MatchesOrigin(re, &steps) == has(expr.NoOrigin) {
			t.Errorf("%q: MatchesOrigin and Judge (%+v) differ", text, findings)
		}
		owners, schemes, any := map[string]bool{}, map[string]bool{}, false
		for range origins {
			pairs++
			o := w.origin(tree)
			parts, ok := origin.Parse(o)
			if !ok || !re.MatchString(o) {
				continue
			}
			matched++
			any = true
			if insecure(parts) && !has(expr.Insecure, expr.TooLarge) {
				t.Errorf("%q matches %q, but the findings are %+v", text, o, findings)
			}
			owners[owner(parts)] = true
			if parts.Scheme != "http" && parts.Scheme != "https" {
				schemes[parts.Scheme] = true
			}
		}
		delete(owners, "")
		if any && has(expr.NoOrigin) {
			t.Errorf("%q matches no origin, it is said", text)
		}
		if len(owners) > 9 && !has(expr.Domains, expr.BelowSuffix, expr.AnyHost, expr.Schemes, expr.TooLarge) {
			t.Errorf("%q matches the domains %v, but the findings are %+v", text, owners, findings)
		}
		if len(schemes) > 9 && !has(expr.Schemes, expr.TooLarge) {
			t.Errorf("%q matches the schemes %v, but the findings are %+v", text, schemes, findings)
		}
	}
	return pairs, matched, kinds
}

// checkWitness checks what a finding shows.
func checkWitness(re *regexp.Regexp, f expr.Finding) error {
	if f.Kind == expr.NoOrigin || f.Kind == expr.TooLarge {
		if f.Witness != "" {
			return fmt.Errorf("has a witness")
		}
		return nil
	}
	parts, ok := origin.Parse(f.Witness)
	if !ok || !re.MatchString(f.Witness) {
		return fmt.Errorf("the witness is not matched")
	}
	web := parts.Scheme == "http" || parts.Scheme == "https"
	switch f.Kind {
	case expr.Insecure:
		ok = insecure(parts)
	case expr.Schemes:
		ok = !web
	case expr.AnyHost:
		ok = parts.Scheme == f.Scheme && !web
	case expr.BelowSuffix:
		ok = web && strings.HasSuffix(strings.TrimSuffix(parts.Host, "."), "."+f.Suffix)
	case expr.Domains:
		ok = owner(parts) != ""
	}
	if !ok {
		return fmt.Errorf("the witness does not show it")
	}
	return nil
}
