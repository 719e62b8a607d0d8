package origin

import (
	"regexp"
	"strings"
)

// This file explains regular expressions, and globs that no entry can express.

var regexpSyntax = regexp.MustCompile(
	`\\[.dwsSDWb/]` + // escapes
		`|[()^$+]|\[[^\]]*-|\[\^` + // groups, anchors, repetitions, classes
		`|//\.\*|^\.\*|\.\*[A-Za-z0-9\\]|s\?://`) // any text, where it is not a glob for a label

func looksLikeExpression(s string) bool {
	return regexpSyntax.MatchString(s) && !strings.HasPrefix(s, `https:\/\/`) || regexpSyntax.MatchString(strings.ReplaceAll(s, `\/`, "/"))
}

var (
	literal   = regexp.MustCompile(`(?s)^(?:~\*?\s*|regexp?:\s*|re:\s*)?(?:/(.*)/[gimsuy]*|(.*))$`)
	subdomain = regexp.MustCompile(`\((?:\?:)?(?:\.\*|\.\+|\[[^\]]*\][+*]|\\w\+)(?:\\\.|\.|\[\.\])\)[?*]`)
	anyLabel  = regexp.MustCompile(`\(?(?:\.\*\??|\.\+\??|\[\^[./]+\][+*]|\[(?:[a-zA-Z0-9]-[a-zA-Z0-9]|\\w|\\d|[-_.])+\][+*]|\\[wdS][+*])\)?`)
	anyPort   = regexp.MustCompile(`\((?:\?:)?:(?:\\d|\[0-9\])[+*]\)\?|:(?:\\d|\[0-9\])[+*]`)
)

// expression explains a regular expression. It suggests entries if they can say
// nearly the same: they are easier to read.
func (r *repair) expression(s string) (string, bool) {
	if len(s) > maxOne || !looksLikeExpression(s) {
		return s, false
	}
	r.note("regexp", "looks like a regular expression")
	m := literal.FindStringSubmatch(s)
	text := strings.TrimSuffix(strings.TrimPrefix(m[1]+m[2], "^"), "$")
	text = strings.ReplaceAll(text, `\/`, "/")
	r.expr = literalDots(text)
	if !strings.Contains(text, "://") {
		r.expr = "https://" + strings.TrimPrefix(r.expr, "//")
	}
	r.advice = `write it to AllowOriginRegexps, or list the origins, such as "https://myapp.com"`
	plain := func(s string) string {
		s = anyPort.ReplaceAllString(s, ":*")
		s = anyLabel.ReplaceAllString(s, "*")
		return strings.NewReplacer(`\.`, ".", "[.]", ".", `\-`, "-").Replace(s)
	}
	if at := subdomain.FindStringIndex(text); at != nil {
		without, with := plain(text[:at[0]]+text[at[1]:]), plain(text[:at[0]]+`.*\.`+text[at[1]:])
		return "", looksLikeExpression(without) || r.suggestFor(without, with) || true
	}
	if t := plain(text); !looksLikeExpression(t) && strings.Contains(t, ".") || isEntry(t) {
		r.suggestFor(strings.Replace(t, "//.", "//*.", 1))
	}
	return "", true
}

// literalDots returns an expression in which a dot that is not repeated stands for
// a dot only: "https://(www.)?myapp.com" also matches "https://wwwxmyapp.com", which
// anybody can register.
func literalDots(expr string) string {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(expr); i++ {
		c := expr[i]
		switch {
		case c == '\\' && i+1 < len(expr):
			b.WriteByte(c)
			i++
			c = expr[i]
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		case c == '.' && !inClass && (i+1 == len(expr) || !strings.ContainsRune("*+?{", rune(expr[i+1]))):
			b.WriteString("[.]")
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}

// globExpression returns an expression for a glob: an asterisk stands for a part
// of a label, or for a part of a port. It needs no backslashes, which every kind
// of file escapes in its own way.
func globExpression(scheme, host, port string) string {
	label := "[a-z0-9-]+"
	if !isHTTP(scheme) {
		label = "[A-Za-z0-9._-]+"
	}
	if EndsInNumber(strings.ReplaceAll(host, "*", "1")) {
		label = "[0-9]+"
	}
	switch port {
	case "":
	case AnyPort:
		port = "(:[0-9]+)?"
	default:
		port = ":" + port
	}
	host = strings.ReplaceAll(host, ".", "[.]")
	return scheme + "://" + strings.ReplaceAll(host, "*", label) + port
}
