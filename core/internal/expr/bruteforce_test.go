package expr_test

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/polycors/polycors/core/internal/expr"
	"github.com/polycors/polycors/core/internal/origin"
)

// smallHosts returns all valid hosts of at most seven characters of "ab.".
func smallHosts() (hosts []string) {
	for texts := []string{""}; len(texts[0]) < 7; {
		var longer []string
		for _, text := range texts {
			for _, c := range []string{"a", "b", "."} {
				longer = append(longer, text+c)
			}
		}
		for _, text := range longer {
			if _, ok := origin.Parse("https://" + text); ok {
				hosts = append(hosts, text)
			}
		}
		texts = longer
	}
	return hosts
}

// small returns an expression for some of these hosts, and of no others.
func (w writer) small() string {
	var b strings.Builder
	for n := 1 + w.IntN(7); n > 0; n-- {
		b.WriteString(w.pick("a", "b", `\.`, `[ab]`, `[ab]`, `[ab.]`, `[ab.]`, `a?`, `(?:b|\.)?`, `[b.]`, `(?:|a|b|\.)`, `(?i:A)`, `\b[ab.]`, `[ab.]\B`, `(?:a$|[ab])`, `(?:\Ba|\bb)`))
	}
	e := b.String()
	switch w.IntN(4) {
	case 0:
		e = "(?:" + e + "|" + w.pick(`a\.[ab]`, `[ab.]{1,3}`, `[ab]{2}\.a`, `\b[ab.]{4}\b`) + ")"
	case 1:
		e = "(?:" + e + ")$"
	}
	return w.pick("https", "http", "https?") + "://" + e
}

// TestBruteForce compares what Judge says with all origins that an expression
// can match.
func TestBruteForce(t *testing.T) {
	expressions := 1000
	if testing.Short() {
		expressions = 100
	}
	checkBruteForce(t, 1, expressions)
}

func checkBruteForce(t *testing.T, seed uint64, expressions int) {
	w := writer{rand.New(rand.NewPCG(seed, 4))}
	hosts := smallHosts()
	for range expressions {
		text := w.small()
		re := regexp.MustCompile(`\A(?:` + text + `)\z`)
		owners, http, any := map[string]bool{}, false, false
		for _, host := range hosts {
			for _, scheme := range []string{"https", "http"} {
				if o := scheme + "://" + host; re.MatchString(o) {
					owners[owner(origin.Parts{Scheme: scheme, Host: host})] = true
					http = http || scheme == "http"
					any = true
				}
			}
		}
		left := expr.Steps
		var many, insecure, none bool
		findings := expr.Judge(re, &left)
		for _, f := range findings {
			many = many || f.Kind == expr.Domains || f.Kind == expr.BelowSuffix
			insecure = insecure || f.Kind == expr.Insecure
			none = none || f.Kind == expr.NoOrigin
		}
		if many != (len(owners) > 9) || insecure != http || none == any {
			t.Errorf("%q matches %d domains, http: %t, any: %t; the findings are %+v", text, len(owners), http, any, findings)
		}
	}
}
