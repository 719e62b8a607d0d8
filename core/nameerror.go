package cors

import (
	"strings"
	"unicode"

	"github.com/polycors/polycors/core/internal/fetch"
)

// addName adds the problem of an entry that is not a valid name, and suggests
// what was probably meant. The kind is "method" or "header name". The function
// correct returns the form of a name that is accepted, or an empty string.
func (p *problems) addName(field string, index int, value, kind string, correct func(string) string) {
	code, reason := CodeNameInvalid, "is not a valid "+kind
	parts := namesIn(value)
	switch {
	case strings.TrimSpace(value) == "":
		p.addAt(CodeNameEmpty, field, index, value, "is empty", empty)
		return
	case isVariable(value):
		p.addAt(CodeNameVariable, field, index, value, "contains a variable that was not replaced by its value", "write the value, or remove it")
		return
	case len(parts) > 1:
		code, reason = CodeNameSeveral, "holds several names, but each needs a string of its own"
	}
	var names []string
	for _, part := range parts {
		switch {
		case strings.Contains(part, "*") && part != "*":
			suggestion := "list the names"
			if correct("*") != "" {
				suggestion += `, or use "*" for all`
			}
			p.addAt(CodeNameInvalid, field, index, value, "has an asterisk inside a name, where it has no meaning", suggestion)
			return
		case !isName(part):
			p.addAt(CodeNameInvalid, field, index, value, "is not a valid "+kind, "use letters, digits and hyphens only")
			return
		}
		if name := correct(part); name != "" {
			names = append(names, name)
		}
	}
	suggestion := "remove it"
	switch {
	case len(names) == 1:
		suggestion = names[0]
	case len(names) > 1:
		suggestion = `"` + strings.Join(names, `", "`) + `"`
	}
	p.addAt(code, field, index, value, reason, suggestion)
}

// namesIn returns the names in an entry. It drops separators, quotes, comments
// and the values of headers.
func namesIn(entry string) []string {
	name, value, ok := strings.Cut(entry, ":")
	if ok && fetch.IsToken(strings.TrimSpace(name)) && !strings.HasPrefix(value, "//") {
		return []string{strings.TrimSpace(name)}
	}
	entry, _, _ = strings.Cut(entry, " #")
	var names []string
	for _, part := range strings.FieldsFunc(entry, separatesNames) {
		if part == "*" || strings.ContainsFunc(part, isAlphanumeric) {
			names = append(names, part)
		}
	}
	return names
}

func separatesNames(c rune) bool {
	return strings.ContainsRune(",;|/\"'`[](){}<>", c) || unicode.IsSpace(c) || unicode.IsControl(c) ||
		c > unicode.MaxASCII && !unicode.IsLetter(c) // quotes of text processors, characters that cannot be seen
}

func isAlphanumeric(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) }

// isName reports whether a name is one token, and not a list, a variable, a
// pattern or a name in quotes.
func isName(s string) bool {
	quoted := strings.Trim(s, "'`") != s
	return fetch.IsToken(s) && !quoted && !strings.Contains(s, "|") && !isVariable(s) && (s == "*" || !strings.Contains(s, "*"))
}

// isVariable reports whether a name has the form of a variable in a shell, a
// template or a file of settings.
func isVariable(s string) bool {
	return strings.Contains(s, "$") || strings.Contains(s, "{{") ||
		len(s) > 1 && strings.HasPrefix(s, "%") && strings.HasSuffix(s, "%")
}
