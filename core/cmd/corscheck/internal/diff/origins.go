package diff

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/expr"
	"github.com/polycors/polycors/core/internal/origin"
)

// An entry is what allows origins: an entry of AllowOrigins, or an expression.
type entry struct {
	text, key string
	exact     bool           // it is one origin
	pattern   origin.Pattern // zero for an expression
	whole     *regexp.Regexp // what it matches; nil if it is exact, or too large to compile
	within    *regexp.Regexp // like whole, but nil if that matches more than the entry
}

func (s *side) readOrigins() {
	for i, text := range s.cfg.AllowOrigins {
		pattern, mistake := origin.ParsePattern(text)
		e := entry{text: text, key: indexed("allowOrigins", i), pattern: pattern}
		switch {
		case text == "*":
			s.anything = true
			continue
		case mistake != nil: // null, which is checked separately
			continue
		case pattern.Wildcard == origin.None && pattern.Port != origin.AnyPort:
			e.exact = true
		default:
			e.whole = anchored(expression(pattern))
			if !strings.HasSuffix(pattern.Host, ".") { // the longest names with a final dot are left out of patterns only
				e.within = e.whole
			}
		}
		s.entries = append(s.entries, e)
	}
	for i, re := range s.cfg.AllowOriginRegexps {
		whole := anchored(re.String())
		s.entries = append(s.entries, entry{text: "/" + re.String() + "/", key: indexed("allowOriginRegexps", i), whole: whole, within: whole})
	}
	for _, e := range s.entries {
		s.texts[e.text] = true
	}
}

// anchored returns the expression for whole origins, or nil if it is too large.
func anchored(text string) *regexp.Regexp {
	re, err := regexp.Compile(`\A(?:` + text + `)\z`)
	if err != nil {
		return nil
	}
	return re
}

// expression returns an expression that matches, of all valid origins, those that a
// pattern allows.
func expression(p origin.Pattern) string {
	// The labels of web origins are of valid length. Those of other schemes are
	// bounded by patterns only.
	const chars = `[a-z0-9_-]`
	label := chars + "+"
	if p.Scheme != "http" && p.Scheme != "https" {
		label = fmt.Sprintf("%s{1,%d}", chars, 63-len(p.Before)-len(p.After))
	}
	var b strings.Builder
	b.WriteString(regexp.QuoteMeta(p.Scheme + "://"))
	switch p.Wildcard {
	case origin.None:
		b.WriteString(regexp.QuoteMeta(p.Host))
	case origin.Subdomains:
		b.WriteString(`(?:` + label + `\.)+` + regexp.QuoteMeta(p.Host))
	case origin.Label:
		b.WriteString(regexp.QuoteMeta(p.Before) + label + regexp.QuoteMeta(p.After+"."+p.Host))
	case origin.AnyHost:
		b.WriteString(`[A-Za-z0-9._-]+`)
	}
	switch p.Port {
	case "":
	case origin.AnyPort:
		b.WriteString(`(?::[0-9]+)?`)
	default:
		b.WriteString(":" + p.Port)
	}
	return b.String()
}

// The values of changes that concern every origin.
const (
	everyOrigin      = "every origin"
	everyOtherOrigin = "every origin that is not listed"
)

// origins adds the origins that one side allows and the other does not.
func (c *comparison) origins(d direction) {
	switch {
	case d.has.anything && !d.lacks.anything:
		change := Change{Aspect: Origins, Value: everyOrigin, Key: "allowOrigins"}
		if d.effect == Closes && len(d.lacks.entries) > 0 {
			change.Value = everyOtherOrigin
		}
		if o := c.stranger(d); o != "" {
			change.Witness = &Request{Origin: o}
		}
		c.add(d, change)
		return
	case d.lacks.anything:
		return
	}
	for _, o := range []string{"null", "file://"} {
		if d.has.allows(o) && !d.lacks.allows(o) {
			c.add(d, Change{Aspect: Origins, Value: o, Key: "allowOrigins", Exact: true, Witness: &Request{Origin: o}})
		}
	}
	seen := map[string]bool{}
	for _, e := range d.has.entries {
		if d.lacks.texts[e.text] || seen[e.text] {
			continue
		}
		seen[e.text] = true
		change := Change{Aspect: Origins, Value: e.text, Key: e.key, Exact: e.exact}
		if e.exact {
			if !d.lacks.allows(e.text) {
				change.Witness = &Request{Origin: e.text}
				c.add(d, change)
			}
			continue
		}
		witness, sure := c.beyond(d, e)
		switch {
		case witness != "":
			change.Witness = &Request{Origin: witness}
			c.add(d, change)
		case !sure:
			change.Unsure = true
			c.add(d, change)
		}
	}
}

// beyond returns an origin that an entry of one side allows and the other side does
// not. It reports false if it cannot tell.
func (c *comparison) beyond(d direction, e entry) (witness string, sure bool) {
	if e.whole == nil {
		return "", false
	}
	other, ok := d.lacks.expression(e)
	if !ok {
		return "", false
	}
	steps := min(c.steps, expr.Steps)
	c.steps -= steps
	witness, sure = expr.Beyond(e.whole, other, func(o string) bool { return d.has.allows(o) && !d.lacks.allows(o) }, &steps)
	c.steps += max(steps, 0)
	return witness, sure
}

// expression returns an expression for the entries of a side that matter for
// another entry, or nil if there are none. It reports false if it is too large.
func (s *side) expression(of entry) (re *regexp.Regexp, ok bool) {
	var parts []string
	for _, e := range s.entries {
		switch {
		case apart(e.pattern, of.pattern):
		case e.within != nil:
			parts = append(parts, e.within.String())
		case e.exact && of.whole.MatchString(e.text):
			parts = append(parts, `\A`+regexp.QuoteMeta(e.text)+`\z`)
		}
	}
	if parts == nil {
		return nil, true
	}
	re, err := regexp.Compile(strings.Join(parts, "|"))
	return re, err == nil
}

// apart reports whether the schemes and domains of two patterns show that no
// origin belongs to both.
func apart(a, b origin.Pattern) bool {
	if a.Scheme == "" || b.Scheme == "" { // an expression
		return false
	}
	below := func(a, b origin.Pattern) bool {
		return b.Wildcard == origin.AnyHost || strings.HasSuffix("."+a.Host, "."+b.Host)
	}
	return a.Scheme != b.Scheme || !below(a, b) && !below(b, a)
}

// stranger returns an origin that one side allows because it allows every origin,
// and the other does not.
func (c *comparison) stranger(d direction) string {
	for _, o := range []string{"https://stranger.example", "http://stranger.example:8080", "stranger://app", "null"} {
		if !d.lacks.allows(o) {
			return o
		}
	}
	witness, _ := c.beyond(d, entry{whole: anchored(".*")})
	return witness
}

// sample returns an origin that a side allows, if possible one that both allow. It
// is empty if the side allows none.
func (c *comparison) sample(d direction) string {
	if d.has.anything {
		for _, e := range d.lacks.entries {
			if e.exact {
				return e.text
			}
		}
		return "https://stranger.example"
	}
	const tries = 50
	var samples []string
	for _, e := range d.has.entries[:min(len(d.has.entries), tries)] {
		switch {
		case e.exact:
			samples = append(samples, e.text)
		case e.whole != nil:
			steps := min(c.steps, expr.Steps)
			c.steps -= steps
			o, _ := expr.Beyond(e.whole, nil, d.has.allows, &steps)
			c.steps += max(steps, 0)
			samples = append(samples, o)
		}
	}
	samples = slices.DeleteFunc(append(samples, "null", "file://"), func(o string) bool { return o == "" || !d.has.allows(o) })
	if i := slices.IndexFunc(samples, d.lacks.allows); i >= 0 {
		return samples[i]
	}
	if len(samples) > 0 {
		return samples[0]
	}
	return ""
}
