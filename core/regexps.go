package cors

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/expr"
	"github.com/polycors/polycors/core/internal/show"
)

// Limits on the steps for judging all expressions of a Config, and for finding
// better ones. A Config may have many expressions, or large ones.
const (
	maxJudging     = 8 * expr.Steps
	maxJudgingEach = 1 << 12
	maxRewriting   = 4 * expr.Steps
)

// compileRegexps compiles AllowOriginRegexps. It refuses expressions that match
// what AllowOrigins may not list.
func (c *compiled) compileRegexps(p *problems) {
	const field = "AllowOriginRegexps"
	judging := maxJudging + maxJudgingEach*len(c.cfg.AllowOriginRegexps)
	rest := 0 // how many of the next expressions are parts of one that is reported
	for i, re := range c.cfg.AllowOriginRegexps {
		if rest > 0 {
			rest--
			continue
		}
		if whole, parts := uncut(c.cfg.AllowOriginRegexps[i:]); parts > 1 {
			suggestion := "write it without a comma, as in [a-z][a-z]? for [a-z]{1,2}"
			if better := withoutComma(whole); better != "" && c.accepts(better, &p.left) {
				suggestion = better
			}
			p.addAt(CodeRegexpCut, field, i, re.String(), "is a part of an expression that was cut at a comma: "+show.Quoted(whole), suggestion)
			rest = parts - 1
			continue
		}
		if re == nil {
			p.addAt(CodeRegexpNil, field, i, "", "is nil", "remove it")
			continue
		}
		whole, err := anchored(re.String())
		if err != nil {
			p.addAt(CodeRegexpInvalid, field, i, re.String(), "cannot be anchored: "+err.Error(), "")
			continue
		}
		if found := c.judge(whole, &judging); len(found) > 0 {
			better := ""
			if p.left > 0 {
				better = c.rewrite(re.String(), &p.left)
			}
			for _, f := range found {
				reason, suggestion := c.describe(f, whole, better)
				p.addAt(regexpCode(f, whole), field, i, re.String(), reason, suggestion)
			}
		}
		c.regexps = append(c.regexps, whole)
	}
}

// accepts reports whether an expression would be accepted. It subtracts the
// steps that it takes from left.
func (c *compiled) accepts(text string, left *int) bool {
	whole, err := anchored(text)
	return err == nil && *left > 0 && len(c.judge(whole, left)) == 0
}

// rewrite returns an expression that is accepted in place of another, or an empty
// string.
func (c *compiled) rewrite(text string, left *int) string {
	return expr.Rewrite(text, func(text string) bool { return c.accepts(text, left) })
}

// uncut joins the first expressions of a list if they are the parts of one that
// was cut at the comma of a repetition, such as {2,3}. Packages that read
// environment variables split lists at every comma.
func uncut(list []*regexp.Regexp) (whole string, parts int) {
	var texts []string
	for _, re := range list {
		if re == nil || texts != nil && (!cutAfter.MatchString(texts[len(texts)-1]) || !cutBefore.MatchString(re.String())) {
			break
		}
		texts = append(texts, re.String())
	}
	return strings.Join(texts, ","), len(texts)
}

var (
	cutAfter  = regexp.MustCompile(`\{\d+$`)
	cutBefore = regexp.MustCompile(`^\d*\}`)
)

// withoutComma writes out the repetitions of an expression. It returns an empty
// string if the result is long, or still has a comma.
func withoutComma(text string) string {
	const maxLen = 200
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return ""
	}
	if text = parsed.Simplify().String(); len(text) > maxLen || strings.Contains(text, ",") {
		return ""
	}
	return text
}

// anchored compiles an expression so that it matches whole origins only. The
// group keeps the anchors from binding to one alternative.
func anchored(text string) (*regexp.Regexp, error) { return regexp.Compile(`\A(?:` + text + `)\z`) }

// judge returns the findings about an expression that the Config does not
// permit. It subtracts the steps that it takes from left.
func (c *compiled) judge(whole *regexp.Regexp, left *int) (found []expr.Finding) {
	given := min(*left, expr.Steps)
	steps := given
	if c.cfg.AllowCredentials {
		found = expr.Judge(whole, &steps)
	} else if !expr.MatchesOrigin(whole, &steps) {
		found = []expr.Finding{{Kind: expr.NoOrigin}}
	}
	*left -= given - max(steps, 0)
	return slices.DeleteFunc(found, func(f expr.Finding) bool {
		switch f.Kind {
		case expr.NoOrigin:
			return c.cfg.Unsafe.NullOrigin && matchesOpaque(whole) != ""
		case expr.Insecure, expr.AnyHost:
			return c.cfg.Unsafe.InsecureOrigins
		case expr.BelowSuffix:
			return c.cfg.Unsafe.PublicSuffixes
		}
		return false
	})
}

// regexpCodes maps kinds of findings to codes. The codes for NoOrigin and
// Domains also depend on other fields.
var regexpCodes = [...]Code{
	expr.NoOrigin:    CodeRegexpNoOrigin,
	expr.TooLarge:    CodeRegexpTooLarge,
	expr.Schemes:     CodeRegexpSchemes,
	expr.Domains:     CodeRegexpDomains,
	expr.AnyHost:     CodeRegexpAnyApp,
	expr.Insecure:    CodeRegexpInsecure,
	expr.BelowSuffix: CodeRegexpBelowSuffix,
}

// matchesOpaque returns the first opaque origin that an expression matches, or
// an empty string.
func matchesOpaque(whole *regexp.Regexp) string {
	for _, o := range []string{"null", "file://"} {
		if whole.MatchString(o) {
			return o
		}
	}
	return ""
}

func regexpCode(f expr.Finding, whole *regexp.Regexp) Code {
	switch {
	case f.Kind == expr.NoOrigin && matchesOpaque(whole) != "":
		return CodeRegexpNull
	case f.Listed:
		return CodeRegexpManyDomains
	}
	return regexpCodes[f.Kind]
}

// describe says what is wrong with an expression, and what to do. A better
// expression is empty if there is none to propose.
func (c *compiled) describe(f expr.Finding, whole *regexp.Regexp, better string) (reason, suggestion string) {
	matches := fmt.Sprintf("matches %q: with AllowCredentials, ", f.Witness)
	also := "also " + matches
	permitted := ""
	switch f.Kind {
	case expr.NoOrigin:
		reason = `matches no origin: it must match a whole origin, as browsers send it, such as "https://myapp.com"`
		suggestion = "write scheme, host and port, but no path"
		if o := matchesOpaque(whole); o != "" {
			return fmt.Sprintf("matches no origin but %q, which does not identify the sender", o), "remove it, or set Unsafe.NullOrigin to true"
		}
	case expr.TooLarge:
		return "is too large to judge, as AllowCredentials requires", "split it, or list the origins in AllowOrigins"
	case expr.Schemes:
		reason, suggestion = also+"any application with a scheme of its own can act for your users", "begin it with https://, or name the schemes in it"
	case expr.Domains:
		reason, suggestion = also+"anyone who registers that domain can act for your users", "name your own domains in it, at most nine"
		switch {
		case f.Listed:
			reason = fmt.Sprintf("matches more than nine domains, such as that of %q: with AllowCredentials, all of them can act for your users", f.Witness)
			suggestion = "split it, or list the origins in AllowOrigins"
		case f.Address:
			reason, suggestion = also+"whatever runs at that address can act for your users", "name your own addresses in it, at most nine"
		}
	case expr.AnyHost:
		reason = matches + fmt.Sprintf("every application of the scheme %q can act for your users", f.Scheme)
		suggestion, permitted = "list its hosts", "Unsafe.InsecureOrigins"
	case expr.Insecure:
		reason = matches + "anyone on the network can change that page, and act for your users"
		suggestion, permitted = "begin it with https://", "Unsafe.InsecureOrigins"
	case expr.BelowSuffix:
		reason = also + fmt.Sprintf("anyone who registers a name below the public suffix %q can act for your users", f.Suffix)
		suggestion, permitted = "put your own domain before it", "Unsafe.PublicSuffixes"
	}
	switch {
	case better != "" && permitted != "":
		return reason + " (" + permitted + " permits it)", better
	case better != "":
		return reason, better
	case permitted != "":
		return reason, suggestion + ", or set " + permitted + " to true"
	}
	return reason, suggestion
}
