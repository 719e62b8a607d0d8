package cors

import (
	"errors"
	"fmt"
	"strings"

	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/show"
)

// A ConfigError is one problem of a [Config]. [New] and [Policy.Reconfigure]
// report all of them at once, joined by [errors.Join]; [errors.As] finds the
// first.
type ConfigError struct {
	Field      string // the field of Config, such as "AllowOrigins" or "ReportOnly.AllowOrigins"
	Index      int    // the entry's place in the field's list; -1 if the problem is not an entry's
	Code       Code   // the kind of problem, for programs
	Value      string // the value that is refused; may be empty
	Reason     string // what is wrong with it, to be read after the value: "has a trailing slash"
	Suggestion string // the value to write instead or, if there are several possibilities, what to do
}

// Error returns the problem in one sentence, with the values in Go quotes.
//
//	cors: AllowOrigins[1]: "https://myapp.com/" has a trailing slash; use "https://myapp.com"
func (e *ConfigError) Error() string {
	var b strings.Builder
	b.WriteString("cors: ")
	b.WriteString(e.Field)
	if e.Index >= 0 {
		fmt.Fprintf(&b, "[%d]", e.Index)
	}
	if e.Index >= 0 || e.Value != "" {
		fmt.Fprintf(&b, ": %s", show.Quoted(e.Value))
	}
	fmt.Fprintf(&b, " %s", e.Reason)
	switch {
	case e.Suggestion == "":
	case strings.HasPrefix(e.Suggestion, `"`): // several values
		fmt.Fprintf(&b, "; use %s", e.Suggestion)
	case strings.Contains(e.Suggestion, " "): // advice
		fmt.Fprintf(&b, "; %s", e.Suggestion)
	default:
		fmt.Fprintf(&b, "; use %q", e.Suggestion)
	}
	return b.String()
}

// problems collects what is wrong with a Config.
type problems struct {
	list []error
	left int // the steps left for finding better expressions
}

// err returns all problems, or nil if there are none.
func (p *problems) err() error { return errors.Join(p.list...) }

// add adds a problem of a whole field.
func (p *problems) add(code Code, field, value, reason, suggestion string) {
	p.addAt(code, field, -1, value, reason, suggestion)
}

// addAt adds a problem of an entry.
func (p *problems) addAt(code Code, field string, index int, value, reason, suggestion string) {
	p.list = append(p.list, &ConfigError{field, index, code, value, reason, suggestion})
}

// empty is what to do about an entry that is empty. Most come from a variable
// that is not set.
const empty = "set the variable or file that it comes from, or remove it"

// addName adds the problem of an entry that is not a valid name, and suggests
// what was probably meant. The kind is "method" or "header name". The function
// correct returns the form of a name that is accepted, or an empty string.
func (p *problems) addName(field string, index int, value, kind string, correct func(string) string) {
	switch {
	case strings.TrimSpace(value) == "":
		p.addAt(CodeNameEmpty, field, index, value, "is empty", empty)
		return
	case isVariable(value):
		p.addAt(CodeNameVariable, field, index, value, "contains a variable that was not replaced by its value", "write the value, or remove it")
		return
	}
	code, reason := CodeNameInvalid, "is not a valid "+kind
	parts := strings.FieldsFunc(value, func(c rune) bool { return strings.ContainsRune(",;|/ \t\r\n\"'`[](){}", c) })
	if len(parts) > 1 {
		code, reason = CodeNameSeveral, "holds several names, but each needs a string of its own"
	}
	for _, part := range parts {
		if !fetch.IsToken(part) {
			p.addAt(CodeNameInvalid, field, index, value, "is not a valid "+kind, "use letters, digits and hyphens only")
			return
		}
	}
	var names []string
	for _, part := range parts {
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

// isName reports whether a name is one token, and no list or variable. Some
// characters of tokens, such as $, are never in the names of methods and headers.
func isName(s string) bool {
	return fetch.IsToken(s) && !strings.Contains(s, "|") && !isVariable(s)
}

// isVariable reports whether a name has the form of a variable in a shell, a
// template or a file of settings.
func isVariable(s string) bool {
	return strings.Contains(s, "$") || strings.Contains(s, "{{") ||
		len(s) > 1 && strings.HasPrefix(s, "%") && strings.HasSuffix(s, "%")
}
