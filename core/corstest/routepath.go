package corstest

import (
	"regexp"
	"strings"
)

// fill replaces the parameters of a route by values: ":id", "*any", "{id}",
// "{id:[0-9]+}", "{path...}", and the other forms of gin, echo, fiber, chi and
// net/http. In a pattern with parameters in braces, the colon has no meaning. In
// one with a constraint of fiber, braces have none.
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

// placeholder is the value of a parameter that accepts any value. It is a number,
// because some handlers require one.
const placeholder = "1"

// candidates are the values to try for a parameter with a regular expression.
var candidates = []string{
	placeholder, "10", "100", "2000", "a", "A", "aa", "aaa", "abc", "a-b", "a1", "2000/01", "en", "en-US", "true", "0.1", "v1",
	"2000-01-01", "00000000-0000-4000-8000-000000000000", "000000000000000000000000", "a@b.example", "a.txt",
}

// nameLength returns the length of the parameter name that s begins with.
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

// braceValue returns a value for a parameter of chi or net/http.
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

// colonValue returns a value for the parameter of gin, echo or fiber that s begins
// with, and the length of the parameter, with its constraint if it has one.
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

// constrained returns a value for a constraint of fiber. It supports those on the
// type of a value, not those on its size.
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

// matching returns the first candidate that matches the whole of a regular
// expression, or the placeholder.
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
