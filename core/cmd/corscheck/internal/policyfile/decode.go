package policyfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/internal/show"
	"github.com/polycors/polycors/core/internal/spelling"
)

// A decoder reads a policy value by value, and continues after a bad one, so
// that it reports all of them.
type decoder struct {
	root     ast.Node
	cfg      cors.Config
	problems []Problem

	known   []string            // the keys of a policy
	anchors map[string]ast.Node // by their names
	where   map[string]ast.Node // by key, such as allowOrigins[1] or unsafe.nullOrigin
	kept    map[string][]int    // by key: the indexes in the file of the elements in cfg
	meant   map[string]bool     // keys that others are misspellings of
	merged  map[ast.Node]bool   // by <<
}

func newDecoder(root ast.Node) *decoder {
	d := &decoder{root: root, known: slices.Sorted(maps.Values(keys())), anchors: map[string]ast.Node{}, where: map[string]ast.Node{},
		kept: map[string][]int{}, meant: map[string]bool{}, merged: map[ast.Node]bool{}}
	ast.Walk(d, root)
	return d
}

// Visit collects the anchors.
func (d *decoder) Visit(n ast.Node) ast.Visitor {
	if a, ok := n.(*ast.AnchorNode); ok {
		d.anchors[a.Name.GetToken().Value] = a.Value
	}
	return d
}

func (d *decoder) add(key string, n ast.Node, message string) {
	p := Problem{}
	if n != nil {
		p = at(n)
	}
	p.Key, p.Message = key, message
	d.problems = append(d.problems, p)
}

// resolve returns what an alias stands for.
func (d *decoder) resolve(n ast.Node) ast.Node {
	for range 100 { // an alias may stand for itself
		switch v := n.(type) {
		case *ast.AnchorNode:
			n = v.Value
		case *ast.AliasNode:
			anchored, ok := d.anchors[v.Value.GetToken().Value]
			if !ok {
				return n
			}
			n = anchored
		case *ast.TagNode:
			if _, ok := v.Value.(ast.ScalarNode); ok {
				return n
			}
			n = v.Value
		default:
			return n
		}
	}
	return n
}

func (d *decoder) decode() {
	d.eachKey(d.root.(ast.MapNode), "", map[string]int{}, func(key string, at, content ast.Node) {
		if group, ok := content.(ast.MapNode); ok && key == "unsafe" {
			d.eachKey(group, "unsafe.", map[string]int{}, d.decodeKey)
			return
		}
		d.decodeKey(key, at, content)
	})
}

// eachKey calls visit for the known keys of a group. Keys that are merged by <<
// come last, and count only if the group does not have them. seen holds the
// lines of the keys that were visited.
func (d *decoder) eachKey(group ast.MapNode, prefix string, seen map[string]int, visit func(key string, at, content ast.Node)) {
	var merged []ast.Node
	own := map[string]bool{}
	for m := group.MapRange(); m.Next(); {
		entry := m.KeyValue()
		content := d.resolve(entry.Value)
		if entry.Key.IsMergeKey() {
			merged = append(merged, content)
			continue
		}
		key := prefix + entry.Key.GetToken().Value
		canonical := d.canonical(key)
		line, twice := seen[canonical]
		switch {
		case canonical == "":
			d.addUnknownKey(key, entry.Key)
		case twice && own[canonical]:
			d.add(show.Plain(key, show.Line), entry.Key, fmt.Sprintf("duplicate key; first defined on line %d", line))
		case !twice:
			seen[canonical], own[canonical] = entry.Key.GetToken().Position.Line, true
			visit(canonical, entry.Key, content)
		}
	}
	for _, content := range merged {
		groups := []ast.Node{content}
		if list, ok := content.(*ast.SequenceNode); ok {
			groups = list.Values
		}
		for _, g := range groups {
			g = d.resolve(g)
			if m, ok := g.(ast.MapNode); ok && !d.merged[g] { // an anchor may contain itself
				d.merged[g] = true
				d.eachKey(m, prefix, seen, visit)
			}
		}
	}
}

// canonical returns the known key that a key stands for. Package cors accepts
// any case.
func (d *decoder) canonical(key string) string {
	if i := slices.IndexFunc(d.known, func(k string) bool { return strings.EqualFold(k, key) }); i >= 0 {
		return d.known[i]
	}
	return ""
}

// addUnknownKey suggests the key that was probably meant. That key is not
// reported as missing.
func (d *decoder) addUnknownKey(key string, at ast.Node) {
	message := "unknown key"
	if meant := spelling.Nearest(d.known, key); meant != "" {
		message += fmt.Sprintf("; did you mean %q?", meant)
		d.meant[meant] = true
	}
	d.add(show.Plain(key, show.Line), at, message)
}

// decodeKey reads the value of a key, and a list element by element.
func (d *decoder) decodeKey(key string, at, content ast.Node) {
	d.where[key] = at
	list, ok := content.(*ast.SequenceNode)
	if !ok {
		d.set(key, content, d.value(content))
		return
	}
	good := []any{}
	for i, element := range list.Values {
		path := fmt.Sprintf("%s[%d]", key, i)
		element = d.resolve(element)
		d.where[path] = element
		v := d.value(element)
		if v == nil {
			d.add(path, element, `is empty: remove it, or write "null" with quotes for the origin of that name`)
		} else if d.accepts(path, key, element, v, []any{v}) {
			good = append(good, v)
			d.kept[key] = append(d.kept[key], i)
		}
	}
	d.set(key, content, good)
}

// value returns what a scalar stands for. Of lists and groups it returns only
// the kind: aliases can make them very large.
func (d *decoder) value(n ast.Node) any {
	switch n.(type) {
	case *ast.SequenceNode:
		return []any{}
	case ast.MapNode:
		return map[string]any{}
	case *ast.NullNode:
		return nil
	}
	var v any
	if err := yaml.NodeToValue(n, &v); err != nil {
		return n.String()
	}
	return v
}

// set stores a value in cfg.
func (d *decoder) set(key string, place ast.Node, v any) {
	if d.accepts(key, key, place, v, v) {
		_ = decodeInto(&d.cfg, key, v) // it was accepted
	}
}

// accepts tries a value on an empty policy, and reports what is wrong with it.
// The value is in the form that key needs.
func (d *decoder) accepts(path, key string, place ast.Node, shown, v any) bool {
	if _, ok := place.(*ast.AliasNode); ok {
		d.add(path, place, "undefined alias: "+quoteAsterisk)
		return false
	}
	err := decodeInto(new(cors.Config), key, v)
	if err != nil {
		d.add(path, place, decodeMessage(err, place, shown))
	}
	return err == nil
}

// decodeInto decodes a value as package cors does.
func decodeInto(cfg *cors.Config, key string, v any) error {
	if group, inner, ok := strings.Cut(key, "."); ok {
		key, v = group, map[string]any{inner: v}
	}
	data, err := json.Marshal(map[string]any{key: v})
	if err != nil {
		return errors.New("is not a finite number")
	}
	return json.Unmarshal(data, cfg)
}

// decodeMessage names the kind of value that is needed, rather than the Go type.
func decodeMessage(err error, place ast.Node, v any) string {
	wrongType, ok := errors.AsType[*json.UnmarshalTypeError](err)
	if !ok {
		if bad, ok := errors.AsType[*syntax.Error](err); ok {
			return fmt.Sprintf("%s is not a valid regular expression: %s: `%s`", show.Quoted(fmt.Sprint(v)), bad.Code, show.Plain(bad.Expr, show.Line))
		}
		return strings.TrimPrefix(strings.TrimPrefix(err.Error(), "cors: reading Config: "), "maxAge: ")
	}
	message := "needs " + map[reflect.Kind]string{
		reflect.Slice:   "a list",
		reflect.String:  "a string",
		reflect.Bool:    "true or false",
		reflect.Int:     "a whole number",
		reflect.Map:     "a group of keys",
		reflect.Pointer: "a string",
	}[wrongType.Type.Kind()] + ", not "
	switch v.(type) {
	case []any, map[string]any:
		return message + kindOf(place)
	}
	text := show.Quoted(fmt.Sprint(v))
	message += text
	if wrongType.Type.Kind() == reflect.Slice {
		message += "; write [" + text + "]"
	}
	return message
}

// addConfigErrors adds what cors.New reports.
func (d *decoder) addConfigErrors(err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, err := range joined.Unwrap() {
		if e, ok := errors.AsType[*cors.ConfigError](err); ok {
			d.addConfigError(e)
		} else {
			d.add("", nil, err.Error())
		}
	}
}

// nanoseconds is the advice about a duration that is a bare number in Go.
var nanoseconds = regexp.MustCompile(`; write (\d+) \* time\.Second$`)

func (d *decoder) addConfigError(e *cors.ConfigError) {
	key := keys()[e.Field]
	message := strings.TrimPrefix(e.Error(), "cors: "+e.Field)
	list := key
	if e.Index >= 0 {
		message = strings.TrimPrefix(message, fmt.Sprintf("[%d]", e.Index))
		key += fmt.Sprintf("[%d]", d.kept[list][e.Index])
	}
	message = strings.TrimPrefix(strings.TrimPrefix(message, ":"), " ")
	message = nanoseconds.ReplaceAllString(message, `; use "${1}s"`)
	if e.Index < 0 && (d.hasProblem(list) || d.meant[list]) {
		return // it is empty because its value could not be read
	}
	place := d.where[key]
	if place == nil {
		place = d.where[list]
	}
	d.add(key, place, Spelling(message))
}

// hasProblem reports whether a key, or an element of its list, has a problem.
func (d *decoder) hasProblem(key string) bool {
	return slices.ContainsFunc(d.problems, func(p Problem) bool {
		list, _, _ := strings.Cut(p.Key, "[")
		return list == key
	})
}
