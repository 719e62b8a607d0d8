// Package document reads the tree of a JSON or YAML document into a struct.
// Package cors and corscheck both use it, and therefore accept the same
// documents.
//
// Reading is strict: unknown keys, duplicate keys (in any case) and nulls are
// problems. A list replaces the previous list. The work is bounded by the size
// of the document, because values that no field needs are not examined.
package document

import (
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/internal/show"
	"github.com/polycors/polycors/core/internal/spelling"
)

// Kind is the kind of a value in a document.
type Kind int

const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Group   // keys with values
	Other   // what no field needs, such as a date; Text says what it is
	Invalid // what has no value; Text says why
)

// A Node is a value in a document.
type Node struct {
	Kind Kind
	Text string // of a scalar: a string without its quotes
	Place
	Items   iter.Seq[Node]        // of a List
	Entries iter.Seq2[Node, Node] // of a Group: keys, which are Strings, and values
}

// A Place is where a node begins. It is zero if that is not known.
type Place struct{ Line, Column int }

// A Problem is something that is wrong with a document.
type Problem struct {
	Path    string // such as "allowOrigins[1]" or "unsafe.nullOrigin"
	Group   string // the part of Path before an unknown key: "", or such as "unsafe."
	Unknown string // the key that Path ends with, if it is unknown
	Message string // phrased to follow the path
	Place   Place
}

// MaxProblems is the number of problems that are reported. Nobody reads more, and
// each takes time.
const MaxProblems = 100

// A Reader reads documents, and collects what is wrong with them.
type Reader struct {
	Problems []Problem
	More     int // the number of further problems

	// Places maps paths to the places of the values that were read.
	Places map[string]Place
	// Kept maps the path of a list to the indexes of those of its elements that
	// were read.
	Kept map[string][]int
	// Meant contains the paths that were probably intended by unknown keys.
	Meant map[string]bool

	program int // the size of the expressions that were read
	nesting int // how many pointers lead to the group that is read
}

// NewReader returns a Reader without problems.
func NewReader() *Reader {
	return &Reader{Places: map[string]Place{}, Kept: map[string][]int{}, Meant: map[string]bool{}}
}

// Read reads a document into the struct that v points to. Keys are the names in
// the json tags of its fields, in any case. Fields without a key keep their
// values.
func (r *Reader) Read(root Node, v any) {
	r.group("", root, reflect.ValueOf(v).Elem())
}

func (r *Reader) add(path string, at Place, format string, args ...any) {
	r.addProblem(Problem{Path: path, Message: fmt.Sprintf(format, args...), Place: at})
}

func (r *Reader) addProblem(p Problem) {
	if r.full() {
		r.More++
		return
	}
	r.Problems = append(r.Problems, p)
}

func (r *Reader) full() bool { return len(r.Problems) >= MaxProblems }

// A first is the first occurrence of a key.
type first struct {
	key string
	at  Place
}

func (r *Reader) group(path string, n Node, fields reflect.Value) {
	if n.Kind != Group {
		r.mismatch(path, n, "a group of keys", "")
		return
	}
	prefix := ""
	if path != "" {
		prefix = path + "."
	}
	known := byKey(fields)
	seen := map[string]first{}
	for key, value := range n.Entries {
		lower := strings.ToLower(key.Text)
		if before, twice := seen[lower]; twice {
			r.add(prefix+show.Plain(key.Text, show.Line), key.Place, "%s", duplicate(key.Text, before))
			continue
		}
		seen[lower] = first{key.Text, key.Place}
		f, ok := known[lower]
		if !ok {
			r.unknown(prefix, key, known)
			continue
		}
		r.Places[prefix+f.key] = key.Place
		r.field(prefix+f.key, value, f.value)
	}
}

func duplicate(key string, before first) string {
	message := "duplicate key"
	if key != before.key {
		message += fmt.Sprintf(": case does not matter, and %s is the same", show.Quoted(before.key))
	}
	if before.at.Line > 0 {
		message += fmt.Sprintf("; first defined on line %d", before.at.Line)
	}
	return message
}

// A field is a field of a struct with its key.
type field struct {
	key   string
	value reflect.Value
}

// byKey returns the fields of a struct by their keys in lower case.
func byKey(fields reflect.Value) map[string]field {
	known := map[string]field{}
	for i := range fields.NumField() {
		key, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		if key != "-" {
			known[strings.ToLower(key)] = field{key, fields.Field(i)}
		}
	}
	return known
}

func (r *Reader) unknown(prefix string, key Node, known map[string]field) {
	text := show.Plain(key.Text, show.Line)
	p := Problem{Path: prefix + text, Group: prefix, Unknown: key.Text, Message: "unknown key", Place: key.Place}
	if r.full() {
		r.addProblem(p)
		return
	}
	var keys []string
	for _, f := range known {
		keys = append(keys, f.key)
	}
	slices.Sort(keys)
	if meant := spelling.Nearest(keys, key.Text); meant != "" {
		p.Message += fmt.Sprintf("; did you mean %q?", prefix+meant)
		r.Meant[prefix+meant] = true
	}
	r.addProblem(p)
}

// mismatch adds the problem of a value of the wrong kind. The fix is what to
// write instead, or empty.
func (r *Reader) mismatch(path string, n Node, needed, fix string) {
	if n.Kind == Invalid {
		r.add(path, n.Place, "%s", n.Text)
		return
	}
	message := "needs " + needed + ", not " + n.Describe()
	if fix != "" {
		message += "; write " + fix
	}
	r.add(path, n.Place, "%s", message)
}

// Describe says what a value is.
func (n Node) Describe() string {
	switch n.Kind {
	case Null:
		return "null"
	case List:
		return "a list"
	case Group:
		return "a group of keys"
	case Bool, Other:
		return n.Text
	case Number:
		return "the number " + show.Plain(n.Text, show.Line)
	}
	return show.Quoted(n.Text)
}
