package document

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"time"

	"github.com/polycors/polycors/core/internal/show"
)

// field reads a value into a field, which has one of the types that a policy
// needs.
func (r *Reader) field(path string, n Node, v reflect.Value) {
	switch to := v.Addr().Interface().(type) {
	case *[]string:
		list := []string{}
		if r.list(path, n, func(_ string, n Node) bool { list = append(list, n.Text); return true }) {
			*to = list
		}
	case *[]*regexp.Regexp:
		list := []*regexp.Regexp{}
		if r.list(path, n, func(path string, n Node) bool {
			re, err := r.compile(n.Text)
			if err != nil {
				r.add(path, n.Place, "%s is not a valid regular expression: %s", show.Quoted(n.Text), err)
				return false
			}
			list = append(list, re)
			return true
		}) {
			*to = list
		}
	case *time.Duration:
		r.duration(path, n, to)
	case *bool:
		if n.Kind != Bool {
			r.mismatch(path, n, "true or false", meantBool(n))
			return
		}
		*to = n.Text == "true"
	case *int:
		i, ok := n.whole()
		if !ok {
			r.mismatch(path, n, "a whole number", meantNumber(n))
			return
		}
		*to = int(i)
	default:
		r.nested(path, n, v)
	}
}

// nested reads a group into a struct, or into a copy of what a pointer points to.
func (r *Reader) nested(path string, n Node, v reflect.Value) {
	if v.Kind() != reflect.Pointer {
		r.group(path, n, v)
		return
	}
	const most = 3 // an alias may contain itself
	if r.nesting == most {
		r.add(path, n.Place, "is nested too deeply")
		return
	}
	r.nesting++
	defer func() { r.nesting-- }()
	fresh := reflect.New(v.Type().Elem())
	if !v.IsNil() {
		fresh.Elem().Set(v.Elem())
	}
	v.Set(fresh)
	r.group(path, n, fresh.Elem())
}

// list calls add for each string of a list, and reports whether there is a list.
// The function reports whether the string is kept.
func (r *Reader) list(path string, n Node, add func(path string, n Node) bool) bool {
	if n.Kind != List {
		r.mismatch(path, n, "a list", meantList(n))
		return false
	}
	i := -1
	for n := range n.Items {
		i++
		element := path + "[" + strconv.Itoa(i) + "]"
		r.Places[element] = n.Place
		switch {
		case n.Kind == Null:
			r.add(element, n.Place, `is null: remove it, or write "null" with quotes`)
		case n.Kind != String:
			r.mismatch(element, n, "a string", meantString(n))
		case add(element, n):
			r.Kept[path] = append(r.Kept[path], i)
		}
	}
	return true
}

func (r *Reader) duration(path string, n Node, to *time.Duration) {
	const forms = `a string such as "24h", or whole seconds such as 86400`
	switch n.Kind {
	case String:
		parsed, err := time.ParseDuration(n.Text)
		if err != nil {
			r.add(path, n.Place, "%s is not a duration; write %s", show.Quoted(n.Text), forms)
			return
		}
		*to = parsed
	case Number:
		const most = 1e9 // 31 years, far from overflow
		seconds, ok := n.whole()
		if !ok || seconds > most || seconds < -most {
			r.add(path, n.Place, "%s is not a whole number of seconds", show.Plain(n.Text, show.Line))
			return
		}
		*to = time.Duration(seconds) * time.Second
	default:
		r.mismatch(path, n, forms, "")
	}
}

// whole returns the value of a Number that is whole.
func (n Node) whole() (int64, bool) {
	if n.Kind != Number {
		return 0, false
	}
	if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
		return i, true
	}
	f, err := strconv.ParseFloat(n.Text, 64) // 1e3, 600.0
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return 0, false
	}
	return int64(f), true
}

// The following functions return what was probably meant by a value of another
// kind.

func meantBool(n Node) string {
	switch strings.ToLower(n.Text) {
	case "true", "yes", "y", "on", "1":
		return "true"
	case "false", "no", "n", "off", "0":
		return "false"
	}
	return ""
}

func meantNumber(n Node) string {
	if _, err := strconv.ParseInt(n.Text, 10, 32); err == nil && n.Kind == String {
		return n.Text
	}
	return ""
}

func meantString(n Node) string {
	switch n.Kind {
	case Bool, Number:
		return show.Quoted(n.Text)
	case Other:
		return "it in quotes"
	}
	return ""
}

func meantList(n Node) string {
	switch n.Kind {
	case Null:
		return "[] for an empty list"
	case String:
		parts := strings.FieldsFunc(n.Text, func(c rune) bool { return strings.ContainsRune(", \t\r\n", c) })
		const maxParts = 8
		if len(parts) == 0 || len(parts) > maxParts {
			return ""
		}
		for i, part := range parts {
			parts[i] = show.Quoted(part)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return ""
}

// maxProgram bounds the size of all expressions of a document. The program of an
// expression can be a thousand times as long as its text.
const maxProgram = 1 << 20

// compile compiles an expression. Its errors do not repeat the name of the
// package.
func (r *Reader) compile(text string) (*regexp.Regexp, error) {
	parsed, err := syntax.Parse(text, syntax.Perl)
	if bad, ok := errors.AsType[*syntax.Error](err); ok {
		return nil, fmt.Errorf("%s: %s", bad.Code, show.Quoted(bad.Expr))
	}
	if r.program += size(parsed); r.program > maxProgram {
		return nil, errors.New("it is too large, or one of many large ones")
	}
	return regexp.Compile(text)
}

// size returns about as many instructions as the program of an expression has.
func size(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	for _, sub := range re.Sub {
		n += size(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return n
}
