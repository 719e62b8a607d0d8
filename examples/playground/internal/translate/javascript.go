package translate

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

var (
	callOfCors = regexp.MustCompile(`\bcors\(\s*\)`)
	option     = regexp.MustCompile(`(?m)^\s*['"]?(origin|methods|allowedHeaders|exposedHeaders|credentials|maxAge|preflightContinue|optionsSuccessStatus)['"]?\s*:|[{,]\s*['"]?(origin|credentials|methods)['"]?\s*:`)
)

// looksLikeJavaScript reports whether a text is for Express rather than for Go.
func looksLikeJavaScript(text string, asGo source) bool {
	if len(asGo.fields) > 0 || asGo.preset != "" {
		return false
	}
	return option.MatchString(text) || callOfCors.MatchString(text)
}

// readJavaScript reads the options of the npm package cors, wherever they are.
func readJavaScript(code string) source {
	s := source{fields: map[string]value{}}
	if callOfCors.MatchString(code) {
		s.preset = "cors"
	}
	names := map[string]bool{"origin": true, "methods": true, "allowedHeaders": true, "exposedHeaders": true, "credentials": true,
		"maxAge": true, "preflightContinue": true, "optionsSuccessStatus": true}
	tokens := tokenize(code)
	for i := 0; i+2 < len(tokens); i++ {
		name := tokens[i]
		if names[name.text] && tokens[i+1].text == ":" && !tokens[i+1].quoted {
			s.fields[name.text] = jsValue(tokens[i+2:])
		}
	}
	return s
}

// A jsToken is a word, a number, a string without its quotes, an expression
// without its slashes, or a single character.
type jsToken struct {
	text    string
	quoted  bool
	pattern bool
}

func tokenize(code string) (tokens []jsToken) {
	for code != "" {
		c := code[0]
		rest := code[1:]
		switch {
		case strings.HasPrefix(code, "//"):
			_, rest, _ = strings.Cut(code, "\n")
		case strings.HasPrefix(code, "/*"):
			_, rest, _ = strings.Cut(code, "*/")
		case c == '\'' || c == '"' || c == '`' || c == '/':
			var text string
			text, rest = delimited(rest, c)
			tokens = append(tokens, jsToken{text, c != '/', c == '/'})
			if c == '/' {
				rest = strings.TrimLeft(rest, "gimsuy")
			}
		case isWordByte(c):
			n := strings.IndexFunc(code, func(r rune) bool { return r > unicode.MaxASCII || !isWordByte(byte(r)) })
			if n < 0 {
				n = len(code)
			}
			tokens = append(tokens, jsToken{text: code[:n]})
			rest = code[n:]
		case c > ' ':
			tokens = append(tokens, jsToken{text: string(c)})
		}
		code = rest
	}
	return tokens
}

func isWordByte(c byte) bool {
	return c == '_' || c == '$' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// delimited returns what is before the closing delimiter, and what is after it.
func delimited(code string, delimiter byte) (text, rest string) {
	var b strings.Builder
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '\\' && i+1 < len(code):
			if delimiter == '/' && code[i+1] != '/' {
				b.WriteByte(c)
			}
			i++
			b.WriteByte(code[i])
		case c == delimiter:
			return b.String(), code[i+1:]
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// jsValue returns the value that tokens begin with.
func jsValue(tokens []jsToken) value {
	first := tokens[0]
	switch {
	case first.quoted:
		return value{kind: text, text: first.text}
	case first.pattern:
		return value{kind: list, list: []string{}, regexps: []string{first.text}}
	case first.text == "true" || first.text == "false":
		return value{kind: boolean, isTrue: first.text == "true"}
	case first.text == "[":
		return jsList(tokens[1:])
	case first.text == "(" || first.text == "function" || first.text == "async" || len(tokens) > 2 && tokens[1].text == "=" && tokens[2].text == ">":
		return value{kind: function}
	}
	if n, err := strconv.ParseInt(first.text, 10, 64); err == nil {
		return jsProduct(n, tokens[1:])
	}
	return value{}
}

// jsProduct evaluates 60 * 60.
func jsProduct(n int64, tokens []jsToken) value {
	for len(tokens) > 1 && tokens[0].text == "*" {
		factor, err := strconv.ParseInt(tokens[1].text, 10, 64)
		if err != nil {
			return value{}
		}
		n *= factor
		tokens = tokens[2:]
	}
	return value{kind: number, number: n}
}

func jsList(tokens []jsToken) value {
	v := value{kind: list, list: []string{}}
	for _, t := range tokens {
		switch {
		case t.quoted:
			v.list = append(v.list, t.text)
		case t.pattern:
			v.regexps = append(v.regexps, t.text)
		case t.text == "]":
			return v
		case t.text != ",":
			return value{}
		}
	}
	return v
}
