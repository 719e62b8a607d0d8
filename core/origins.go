package cors

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/origin"
)

const originsField = "AllowOrigins"

// opaque maps the origins that do not consist of a scheme and a host to their
// faults. Anybody can send them, from a sandboxed frame or a file.
var opaque = map[string]fault{
	"null": {CodeOriginNull, "is an origin that any site can have, by means of a sandboxed frame",
		"remove it, or set Unsafe.NullOrigin to true"},
	"file://": {CodeOriginFile, `is an origin that every file on a device can have, and as weak as "null"`,
		"remove it, or set Unsafe.NullOrigin to true"},
}

// isOpaque reports whether o is one of the opaque origins. It does not use the
// map, because it is called for requests.
func isOpaque(o string) bool { return o == "null" || o == "file://" }

// A fault is something that is wrong with an entry.
type fault struct {
	code               Code
	reason, suggestion string
}

// compileOrigins reads AllowOrigins, and checks what it allows as a whole.
func (c *compiled) compileOrigins(p *problems) {
	c.origins = origin.NewSet(c.cfg.AllowOrigins)
	for i, entry := range c.cfg.AllowOrigins {
		pattern, found := c.checkOrigin(entry, &p.left)
		for _, f := range found {
			p.addAt(f.code, originsField, i, entry, f.reason, f.suggestion)
		}
		switch {
		case entry == "*":
			c.anyOrigin = true
			c.origins.AddAll()
		case len(found) == 0:
			c.origins.Add(pattern, entry)
			if len(c.resembled) < maxResembled && pattern != (origin.Pattern{}) {
				c.resembled = append(c.resembled, pattern)
			}
		}
	}
	c.checkAllOrigins(p)
}

// checkAllOrigins checks what the three fields that allow origins do together.
func (c *compiled) checkAllOrigins(p *problems) {
	others := len(c.cfg.AllowOriginRegexps) > 0 || c.cfg.AllowOriginFunc != nil
	switch {
	case c.anyOrigin && others:
		p.add(CodeAnyWithFunc, originsField, "*", "allows every origin: AllowOriginRegexps and AllowOriginFunc are never used",
			`remove them, or remove "*"`)
	case c.anyOrigin && !allEqual(c.cfg.AllowOrigins, "*"):
		p.add(CodeAnyWithOthers, originsField, "*", "allows every origin: the other entries have no effect",
			`remove them, or remove "*"`)
	case !others && c.cfg.AllowOrigins == nil:
		suggestion := "set it, or the variable or file that it comes from, to the origins of your front ends"
		if !c.cfg.AllowCredentials {
			suggestion += `, or to "*" for a public API`
		}
		p.add(CodeNoOrigins, originsField, "", "is not set, and neither are AllowOriginRegexps and AllowOriginFunc: no origin would be allowed", suggestion)
	}
}

// checkOrigin parses an entry, and returns what is wrong with it. The Pattern of
// an opaque origin is zero. It subtracts the steps for finding an expression to
// suggest from left.
func (c *compiled) checkOrigin(entry string, left *int) (origin.Pattern, []fault) {
	cfg := &c.cfg
	if entry == "*" {
		if !cfg.AllowCredentials {
			return origin.Pattern{}, nil
		}
		return origin.Pattern{}, []fault{{CodeAnyWithCredentials, "is not possible with AllowCredentials: every site could act for your users, and browsers refuse it",
			"list your origins, or decide in AllowOriginFunc, or set AllowCredentials to false"}}
	}
	if f, ok := opaque[entry]; ok {
		if cfg.Unsafe.NullOrigin {
			return origin.Pattern{}, nil
		}
		return origin.Pattern{}, []fault{f}
	}
	pattern, mistake := origin.ParsePattern(entry)
	switch {
	case mistake != nil:
		return pattern, []fault{c.correct(mistake, left)}
	case cfg.AllowCredentials:
		return pattern, c.checkWithCredentials(pattern)
	}
	return pattern, nil
}

// correct turns a mistake into a fault. A suggested entry may itself be refused,
// for example because it is not safe with credentials. The reason then also says
// what is wrong with that entry, and the suggestion for that entry replaces it.
func (c *compiled) correct(m *origin.Mistake, left *int) fault {
	f := fault{Code(m.Code), m.Reason, m.Suggestion()}
	if c.cfg.AllowCredentials && m.Every {
		f.reason += ", and with AllowCredentials every site could act for your users"
		f.suggestion = "list your origins, or decide in AllowOriginFunc"
		return f
	}
	if m.Expr != "" && len(m.Entries) == 0 {
		if better := c.acceptable(m.Expr, left); better != "" {
			f.suggestion = fmt.Sprintf("remove it, and add %q to AllowOriginRegexps", better)
		} else if f.code == CodeOriginStarAddress && !c.cfg.Unsafe.InsecureOrigins {
			f.suggestion += ", and set Unsafe.InsecureOrigins to true for development"
		}
	}
	if !c.cfg.AllowCredentials && slices.Contains(m.Entries, "*") {
		f.suggestion = "*" // it allows the others
		return f
	}
	var good []string
	for _, entry := range m.Entries {
		replaced, why := c.settle(entry, left)
		if replaced != "" {
			good = append(good, replaced)
		}
		if why != (fault{}) && !strings.Contains(f.reason, why.reason) {
			f.reason += fmt.Sprintf(", and %q %s", entry, why.reason)
			f.suggestion = why.suggestion
		}
	}
	switch len(good) {
	case 0:
	case 1:
		f.suggestion = good[0]
	default:
		f.suggestion = origin.Quote(good)
	}
	return f
}

// settle returns the entry to suggest for a valid entry: the entry itself if it
// is accepted, or else the one that its fault suggests. It returns an empty
// string if there is none. The fault says what is wrong with the entry.
func (c *compiled) settle(entry string, left *int) (suggested string, f fault) {
	_, found := c.checkOrigin(entry, left)
	if len(found) == 0 {
		return entry, fault{}
	}
	f = found[0]
	if len(found) > 1 || strings.Contains(f.suggestion, " ") {
		return "", f
	}
	return f.suggestion, f
}

// acceptable returns the expression if it is accepted, and otherwise a better
// one. It returns an empty string if there is none.
func (c *compiled) acceptable(text string, left *int) string {
	if _, err := regexp.Compile(text); err != nil || *left <= 0 {
		return ""
	}
	if c.accepts(text, left) {
		return text
	}
	return c.rewrite(text, left)
}

// checkWithCredentials returns the faults of a pattern that lets strangers act
// for users.
func (c *compiled) checkWithCredentials(pattern origin.Pattern) (found []fault) {
	unsafe := c.cfg.Unsafe
	switch {
	case !pattern.IsInsecure() || unsafe.InsecureOrigins:
	case pattern.Wildcard == origin.AnyHost:
		found = append(found, fault{CodeOriginAnyApp, "is not safe with AllowCredentials: every application with that scheme could act for your users",
			"list its hosts, or set Unsafe.InsecureOrigins to true"})
	default:
		found = append(found, insecure(pattern))
	}
	if suffix := pattern.PublicSuffix(); suffix != "" && !unsafe.PublicSuffixes {
		found = append(found, belowSuffix(pattern, suffix))
	}
	return found
}

// belowSuffix returns the fault of a pattern that allows names right below a
// public suffix.
func belowSuffix(pattern origin.Pattern, suffix string) fault {
	f := fault{code: CodeOriginBelowSuffix, reason: fmt.Sprintf("is not safe with AllowCredentials: "+
		"anyone can register a name below the public suffix %q, and act for your users", suffix)}
	switch host := strings.TrimSuffix(pattern.Host, "."); {
	case strings.HasSuffix(suffix, "."+host):
		f.code, f.suggestion = CodeOriginAboveSuffix, "list the names that are yours, or set Unsafe.PublicSuffixes to true"
	case pattern.Wildcard == origin.Label:
		f.suggestion = "list the names that are yours, or set Unsafe.PublicSuffixes to true, as preview deployments need it"
	default:
		pattern.Host = "myapp." + pattern.Host
		f.suggestion = fmt.Sprintf("put your own name before it, such as %q, or set Unsafe.PublicSuffixes to true", pattern)
	}
	return f
}

// insecure returns the fault of a pattern that allows http origins. It does not
// suggest https on a local network, which often has none.
func insecure(pattern origin.Pattern) fault {
	const reason = "is not safe with AllowCredentials: anyone on the network can change a page that is sent over http, and act for your users"
	f := fault{CodeOriginInsecure, reason, ""}
	if origin.IsUnspecified(pattern.Host) {
		f.reason += fmt.Sprintf(" (servers listen on %s, but pages are opened at localhost)", pattern.Host)
		pattern.Host = "localhost"
		f.suggestion = pattern.String()
		return f
	}
	if origin.IsLocal(pattern.Host) {
		f.suggestion = "set Unsafe.InsecureOrigins to true for development, or serve the page over https"
		return f
	}
	pattern.Scheme = "https"
	if pattern.Port == "443" {
		pattern.Port = ""
	}
	if suffix := pattern.PublicSuffix(); suffix != "" {
		f.suggestion = "serve the page over https, or set Unsafe.InsecureOrigins to true"
		return f
	}
	f.reason += " (Unsafe.InsecureOrigins permits it)"
	f.suggestion = pattern.String()
	return f
}

func allEqual(list []string, want string) bool {
	for _, s := range list {
		if s != want {
			return false
		}
	}
	return true
}
