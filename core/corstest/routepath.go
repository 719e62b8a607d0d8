package corstest

import (
	"regexp"
	"strings"
)

// fill puts values in the place of the parameters of a route: of ":id", "*any",
// "{id}", "{id:[0-9]+}", "{path...}", and what else gin, echo, fiber, chi and
// net/http know. Where parameters are in braces, the colon is a character like
// any other. (In a constraint of fiber, it is the brace that is.)
func fill(pattern string) string {
	braces := strings.Contains(pattern, "{") && !strings.Contains(pattern, "<")
	var b strings.Builder
	for i := 0; i < len(pattern); {
		rest := pattern[i:]
		switch c := pattern[i]; {
		case c == '\\' && len(rest) > 1:
			b.WriteByte(rest[1])
			i += 2
		case c == '{' && braces:
			inner := rest[:braced(rest)]
			b.WriteString(braceValue(inner))
			i += len(inner)
		case c == ':' && !braces && nameLength(rest[1:]) > 0:
			value, length := colonValue(rest)
			b.WriteString(value)
			i += length
		case c == '*', c == '+' && strings.HasSuffix(pattern[:i], "/"):
			b.WriteString(placeholder)
			i += 1 + nameLength(rest[1:])
		default:
			b.WriteByte(c)
			i++
		}
	}
	if b.Len() == 0 {
		return "/"
	}
	return b.String()
}

// placeholder stands for a parameter that may be anything. It is a number, for
// the sake of handlers that want one.
const placeholder = "1"

// candidates are tried on parameters that may not be anything.
var candidates = []string{
	placeholder, "10", "100", "2000", "a", "A", "aa", "aaa", "abc", "a-b", "a1", "2000/01", "en", "en-US", "true", "0.1", "v1",
	"2000-01-01", "00000000-0000-4000-8000-000000000000", "000000000000000000000000", "a@b.example", "a.txt",
}

// nameLength returns how much of s is the name of a parameter.
func nameLength(s string) int {
	return len(s) - len(strings.TrimLeft(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"))
}

// braced returns the length of the group in braces that s begins with.
func braced(s string) int {
	depth := 0
	for i, c := range s {
		switch c {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(s)
}

// braceValue returns the value of a parameter of chi or net/http.
func braceValue(group string) string {
	if group == "{$}" {
		return ""
	}
	_, expression, ok := strings.Cut(strings.TrimSuffix(group, "}"), ":")
	if !ok {
		return placeholder
	}
	return matching(expression)
}

// colonValue returns the value of a parameter of gin, echo or fiber, with
// fiber's constraint, if there is one, and the length of it all.
func colonValue(s string) (value string, length int) {
	value, length = placeholder, 1+nameLength(s[1:])
	if end := strings.IndexByte(s[length:], '>'); end > 0 && s[length] == '<' {
		value = constrained(s[length+1 : length+end])
		length += end + 1
	}
	if strings.HasPrefix(s[length:], "?") {
		length++
	}
	return value, length
}

// constrained returns a value for the constraints of fiber that are about the
// kind of a value, rather than its size.
func constrained(constraint string) string {
	switch {
	case constraint == "alpha":
		return "a"
	case constraint == "bool":
		return "true"
	case constraint == "guid":
		return "00000000-0000-4000-8000-000000000000"
	case strings.HasPrefix(constraint, "regex("):
		return matching(strings.TrimSuffix(strings.TrimPrefix(constraint, "regex("), ")"))
	}
	return placeholder
}

// matching returns a value that matches the whole of a regular expression, as
// far as one is known.
func matching(expression string) string {
	re, err := regexp.Compile("^(?:" + expression + ")$")
	if err != nil {
		return placeholder
	}
	for _, value := range candidates {
		if re.MatchString(value) {
			return value
		}
	}
	return placeholder
}
