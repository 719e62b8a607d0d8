package policyfile

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/polycors/polycors/core/internal/show"
)

// jsonWords says in the words of JSON what package json says in those of its
// scanner. The character in quotes is the one at the place of the error.
var jsonWords = []struct {
	pattern *regexp.Regexp
	message string
}{
	{regexp.MustCompile(`^unexpected end of JSON input$`), "the file ends too early: a closing bracket or quote is missing"},
	{regexp.MustCompile(`^invalid character '/' looking for beginning of`), "JSON has no comments: remove it"},
	{regexp.MustCompile(`^invalid character '([\]}])' looking for beginning of`), "there is a comma before $1: remove it"},
	{regexp.MustCompile(`^invalid character .* looking for beginning of object key string`), "a key begins here: write it in double quotes"},
	{regexp.MustCompile(`^invalid character .* (?:looking for beginning of value|in literal)`), "a value begins here: write a text in double quotes, a number, true or false"},
	{regexp.MustCompile(`^invalid character .* after object key$`), "a colon is missing between a key and its value"},
	{regexp.MustCompile(`^invalid character .* after object key:value pair`), "a comma or } is missing before this"},
	{regexp.MustCompile(`^invalid character .* after array element`), "a comma or ] is missing before this"},
	{regexp.MustCompile(`^invalid character .* after top-level value`), "the file continues after its last bracket"},
	{regexp.MustCompile(`^invalid character .* in string literal`), "a text contains a line break or another control character: its closing quote may be missing"},
	{regexp.MustCompile(`^invalid character .* in (?:string escape code|\\u hexadecimal)`), `a backslash in a text is written twice: \\`},
	{regexp.MustCompile(`^invalid character .* in (?:numeric literal|exponent)|after decimal point`), "this is not a number"},
	{regexp.MustCompile(`exceeded max depth`), "the file is too complex: not a policy"},
}

func jsonMessage(err *json.SyntaxError) string {
	text := err.Error()
	for _, w := range jsonWords {
		if at := w.pattern.FindStringSubmatchIndex(text); at != nil {
			return string(w.pattern.ExpandString(nil, w.message, text, at))
		}
	}
	return show.Plain(text, show.Line)
}

// yamlWords says what to do about the mistakes that are made most.
var yamlWords = map[string]string{
	"mapping value is not allowed in this context":                 "a colon followed by a space begins a value: put the text in quotes, or the key on a line of its own",
	"value is not allowed in this context":                         "this line does not continue the one before it: check the indentation, and the brackets above",
	"',' or ']' must be specified":                                 "a comma or ] is missing before this",
	"',' or '}' must be specified":                                 "a comma or } is missing before this",
	"could not find flow mapping end token '}'":                    "the closing } is missing",
	"could not find '[' character corresponding to ']'":            "there is no [ for this ]",
	"could not find '{' character corresponding to '}'":            "there is no { for this }",
	"could not find end character of double-quoted text":           `the closing " is missing`,
	"could not find end character of single-quoted text":           "the closing ' is missing",
	"found character '\t' that cannot start any token":             "a line begins with a tab: indent it with spaces",
	"found a tab character where an indentation space is expected": "a line is indented with a tab: use spaces",
	"block sequence entries are not allowed in this context":       "a list begins here: write it on the lines below its key",
	"non-map value is specified":                                   "this is not a key with a value: a colon, or a space after the colon, is missing",
	"unexpected key name":                                          "a key begins here: check the indentation",
}

var (
	unknownEscape = regexp.MustCompile(`^found unknown escape character '(.*)'$`)
	reserved      = regexp.MustCompile(`^'(.)' is a reserved character$`)
)

func yamlMessage(text string) string {
	if message := yamlWords[text]; message != "" {
		return message
	}
	if m := unknownEscape.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf(`\%s has no meaning in double quotes: use single quotes, in which a backslash is a backslash`, show.Plain(m[1], show.Field))
	}
	if m := reserved.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s cannot begin a value: put it in quotes", m[1])
	}
	text, _, _ = strings.Cut(text, "\n")
	return show.Plain(text, show.Line)
}
