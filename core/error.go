package cors

import (
	"errors"
	"fmt"
	"strings"

	"github.com/polycors/polycors/core/internal/show"
)

// A ConfigError is one problem of a [Config]. [New] and [Policy.Reconfigure]
// report all of them at once, joined by [errors.Join]; [errors.As] finds the
// first.
type ConfigError struct {
	Field      string // the field of Config, such as "AllowOrigins" or "ReportOnly.AllowOrigins"
	Index      int    // the index of the entry in the field's list; -1 if the problem is not about an entry
	Code       Code   // the kind of problem, for programs
	Value      string // the value that is refused; may be empty
	Reason     string // what is wrong, phrased to follow the value: "has a trailing slash"
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

// empty is the suggestion for an empty entry. Most empty entries come from a
// variable that is not set.
const empty = "set the variable or file that it comes from, or remove it"
