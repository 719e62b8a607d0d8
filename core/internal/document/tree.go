package document

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Of returns the node of a value that a YAML package has decoded into a variable
// of type any. Its places are not known, and the keys of groups are sorted.
func Of(v any) Node {
	switch v := v.(type) {
	case nil:
		return Node{Kind: Null}
	case bool:
		return Node{Kind: Bool, Text: strconv.FormatBool(v)}
	case string:
		return Node{Kind: String, Text: v}
	case int, int64, uint64:
		return Node{Kind: Number, Text: fmt.Sprint(v)}
	case float64:
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if math.IsInf(v, 0) || math.IsNaN(v) {
			text = strings.ToLower(text)
		}
		return Node{Kind: Number, Text: text}
	case []any:
		return Node{Kind: List, Items: func(yield func(Node) bool) {
			for _, item := range v {
				if !yield(Of(item)) {
					return
				}
			}
		}}
	case map[string]any:
		return group(v)
	case map[any]any: // of older packages
		byText := make(map[string]any, len(v))
		for key, value := range v {
			byText[fmt.Sprint(key)] = value
		}
		return group(byText)
	case time.Time:
		return Node{Kind: Other, Text: "a date"}
	}
	return Node{Kind: Other, Text: "another value"}
}

func group(m map[string]any) Node {
	return Node{Kind: Group, Entries: func(yield func(Node, Node) bool) {
		keys := make([]string, 0, len(m))
		for key := range m {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			if !yield(Node{Kind: String, Text: key}, Of(m[key])) {
				return
			}
		}
	}}
}

// JSON returns the node of a JSON text, which must be valid. Duplicate keys are
// separate entries.
func JSON(data []byte) Node { return (&source{}).node(data, 0) }

// JSONFile is like JSON, and also records the places of values.
func JSONFile(data []byte) Node {
	s := &source{data: data, lines: []int{0}, column: 1}
	for i, c := range data {
		if c == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	return s.node(data, 0)
}

// A source is a JSON text with the offsets of its lines, which may be nil.
type source struct {
	data  []byte
	lines []int

	last, column int // an offset and its column: a file may be one long line
}

func (s *source) place(offset int) Place {
	if s.lines == nil {
		return Place{}
	}
	line, exact := slices.BinarySearch(s.lines, offset)
	if !exact {
		line--
	}
	if s.last < s.lines[line] || s.last > offset {
		s.last, s.column = s.lines[line], 1
	}
	s.column += utf8.RuneCount(s.data[s.last:offset])
	s.last = offset
	return Place{line + 1, s.column}
}

// node returns the node of a value that begins at an offset, after blanks.
func (s *source) node(raw []byte, offset int) Node {
	trimmed := bytes.TrimLeft(raw, " \t\r\n")
	offset += len(raw) - len(trimmed)
	n := Node{Place: s.place(offset)}
	switch trimmed[0] {
	case '{':
		n.Kind = Group
		n.Entries = func(yield func(Node, Node) bool) { s.entries(trimmed, offset, yield) }
	case '[':
		n.Kind = List
		n.Items = func(yield func(Node) bool) { s.items(trimmed, offset, yield) }
	case '"':
		n.Kind = String
		_ = json.Unmarshal(trimmed, &n.Text) // it is valid
	case 't', 'f':
		n.Kind, n.Text = Bool, string(bytes.TrimSpace(trimmed))
	case 'n':
		n.Kind = Null
	default:
		n.Kind, n.Text = Number, string(bytes.TrimSpace(trimmed))
	}
	return n
}

func (s *source) entries(raw []byte, offset int, yield func(key, value Node) bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	_, err := d.Token()
	for err == nil && d.More() {
		before := d.InputOffset()
		start := offset + len(raw) - len(bytes.TrimLeft(raw[before:], ", \t\r\n"))
		token, err := d.Token()
		if err != nil {
			return
		}
		var value json.RawMessage
		if err = d.Decode(&value); err != nil {
			return
		}
		key := Node{Kind: String, Text: token.(string), Place: s.place(start)}
		if !yield(key, s.node(value, offset+int(d.InputOffset())-len(value))) {
			return
		}
	}
}

func (s *source) items(raw []byte, offset int, yield func(Node) bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	_, err := d.Token()
	for err == nil && d.More() {
		var value json.RawMessage
		if err = d.Decode(&value); err != nil {
			return
		}
		if !yield(s.node(value, offset+int(d.InputOffset())-len(value))) {
			return
		}
	}
}
