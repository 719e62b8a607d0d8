package origin

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// A Mistake says why an entry is not a valid pattern.
type Mistake struct {
	// Code is the kind of mistake, one of the codes of package cors. If there
	// are several, it is the kind of the first.
	Code string
	// Reason is phrased to follow the entry: "has a trailing slash".
	Reason string
	// Entries are what to write instead of the entry. They are valid entries.
	Entries []string
	// Expr is an expression that allows what the entry was probably meant to
	// allow, if no entry does. It may be dangerous, or not even compile.
	Expr string
	// Every is whether the entry was probably meant to allow every origin.
	Every bool
	// Advice says what to do if there are no Entries.
	Advice string
}

// Suggestion returns the entry to write instead, or several in quotes, or the
// advice.
func (m *Mistake) Suggestion() string {
	switch len(m.Entries) {
	case 0:
		return m.Advice
	case 1:
		return m.Entries[0]
	}
	return Quote(m.Entries)
}

// Quote returns a list of entries in quotes.
func Quote(entries []string) string {
	quoted := make([]string, len(entries))
	for i, entry := range entries {
		quoted[i] = strconv.Quote(entry)
	}
	return strings.Join(quoted, ", ")
}

// Advice where no entry is right for everyone. A quoted origin in an advice is an
// example.
const (
	adviceCopy   = `copy it from the address bar of the browser: scheme, host and port, such as "https://myapp.com"`
	adviceRemove = "remove it"
	adviceUnset  = "set the variable or file that it comes from, or remove it"
)

// explain finds everything that is wrong with an invalid entry. It corrects the
// entry step by step, as a lenient URL parser does, notes a reason for each step,
// and suggests the result if it is a valid entry.
func explain(entry string) Mistake {
	r := new(repair)
	if len(entry) > maxEntry {
		r.note("host", "is much longer than any origin")
		return r.mistake()
	}
	for _, step := range []func(string) (rest string, done bool){
		r.blank, r.invisible, r.word, r.variable, r.json, r.around, r.file, r.comment, r.name,
		r.escapes, r.expression, r.several, r.insideBlank,
	} {
		rest, done := step(entry)
		if done {
			return r.mistake()
		}
		entry = rest
	}
	switch {
	case isEntry(entry):
		r.suggest(entry)
	case len(entry) > maxOne:
		r.note("host", "is much longer than any origin")
	default:
		r.origin(entry)
	}
	return r.mistake()
}

// The lengths of what may be repaired. Every step takes time in proportion to the
// length, and some repeat the others.
const (
	maxEntry = 2048 // one or several origins
	maxOne   = 600
)

// isEntry reports whether an entry is valid, or one of the entries that are not
// patterns.
func isEntry(s string) bool {
	if s == "null" || s == "*" {
		return true
	}
	_, ok := parsePattern(s)
	return ok
}

// A repair corrects an entry and collects the reasons.
type repair struct {
	code    string // of the first reason
	reasons []string
	entries []string
	expr    string
	every   bool
	advice  string
}

func (r *repair) note(code, format string, args ...any) {
	r.code = cmp.Or(r.code, "origin-"+code)
	r.reasons = append(r.reasons, fmt.Sprintf(format, args...))
}

// suggest adds entries, unless one of them is invalid.
func (r *repair) suggest(entries ...string) bool {
	for _, entry := range entries {
		if !isEntry(entry) {
			return false
		}
	}
	r.entries = append(r.entries, entries...)
	return true
}

// suggestFor suggests what is suggested for another entry, or that entry itself if
// it is valid.
func (r *repair) suggestFor(entries ...string) bool {
	var all []string
	for _, entry := range entries {
		if isEntry(entry) {
			all = append(all, entry)
			continue
		}
		m := explain(entry)
		if len(m.Entries) == 0 {
			return false
		}
		all = append(all, m.Entries...)
	}
	return r.suggest(all...)
}

func (r *repair) mistake() Mistake {
	if len(r.reasons) == 0 {
		r.note("invalid", "is not an origin: expected scheme://host or scheme://host:port")
	}
	if len(r.entries) == 0 {
		r.advice = cmp.Or(r.advice, adviceCopy)
	}
	return Mistake{r.code, joinReasons(r.reasons), r.entries, r.expr, r.every, r.advice}
}

// everyHost explains an entry that allows every host.
func (r *repair) everyHost() {
	r.note("every-host", "allows every host")
	r.every, r.advice = true, `list the hosts, or use "*" for every origin`
}

func joinReasons(reasons []string) string {
	last := len(reasons) - 1
	if last == 0 {
		return reasons[0]
	}
	return strings.Join(reasons[:last], ", ") + " and " + reasons[last]
}
