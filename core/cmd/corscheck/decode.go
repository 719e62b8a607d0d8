package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/internal/spelling"
)

// keys returns the keys of a policy file by the names of the fields that they
// stand for, those of groups with a dot: unsafe.nullOrigin by Unsafe.NullOrigin.
func keys() map[string]string {
	found := map[string]string{}
	var walk func(t reflect.Type, fieldPrefix, keyPrefix string)
	walk = func(t reflect.Type, fieldPrefix, keyPrefix string) {
		for i := range t.NumField() {
			field := t.Field(i)
			key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if key == "-" {
				continue
			}
			found[fieldPrefix+field.Name] = keyPrefix + key
			if field.Type.Kind() == reflect.Struct {
				walk(field.Type, field.Name+".", key+".")
			}
		}
	}
	walk(reflect.TypeFor[cors.Config](), "", "")
	return found
}

// inFileSpelling turns the names of fields in a message into keys, but not
// within quotes, where values are.
func inFileSpelling(message string) string {
	known := keys()
	return fieldName.ReplaceAllStringFunc(message, func(word string) string {
		if key, ok := known[word]; ok {
			return key
		}
		return word
	})
}

var fieldName = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\b(?:Unsafe\.)?[A-Z]\w+\b`)

// decode reads the policy key by key, so that a bad one does not hide the
// others.
func (f *policyFile) decode(root *yaml.Node) {
	known := slices.Sorted(maps.Values(keys()))
	var visit func(key string, at, content *yaml.Node)
	visit = func(key string, at, content *yaml.Node) {
		switch canonical := canonicalKey(known, key); {
		case canonical == "":
			f.addUnknownKey(known, key, at)
		case canonical == "unsafe" && content.Kind == yaml.MappingNode:
			f.eachKey(content, "unsafe.", visit)
		default:
			f.decodeKey(canonical, at, content)
		}
	}
	f.eachKey(root, "", visit)
}

// addUnknownKey names the key that was probably meant, and remembers it, so
// that it is not missed as well.
func (f *policyFile) addUnknownKey(known []string, key string, at *yaml.Node) {
	message := "there is no such key"
	if meant := spelling.Nearest(known, key); meant != "" {
		message += fmt.Sprintf("; did you mean %q?", meant)
		f.meant[meant] = true
	}
	f.add(value(key), at, message)
}

// eachKey calls visit for the keys of a mapping, those that are merged into it
// by << included.
func (f *policyFile) eachKey(mapping *yaml.Node, prefix string, visit func(key string, at, content *yaml.Node)) {
	seen := map[string]int{}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		at, content := mapping.Content[i], resolve(mapping.Content[i+1])
		key := prefix + at.Value
		switch first, twice := seen[key]; {
		case at.ShortTag() == "!!merge" && content.Kind == yaml.MappingNode:
			if !f.merged[content] { // an anchor may hold itself
				f.merged[content] = true
				f.eachKey(content, prefix, visit)
			}
		case twice:
			f.add(value(key), at, fmt.Sprintf("stands here a second time: line %d has it already", first))
		default:
			seen[key] = at.Line
			visit(key, at, content)
		}
	}
}

// canonicalKey returns the known key that a key stands for: encoding/json takes any
// case.
func canonicalKey(known []string, key string) string {
	if i := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, key) }); i >= 0 {
		return known[i]
	}
	return ""
}

// decodeKey reads one value, and an element at a time if it is a list.
func (f *policyFile) decodeKey(key string, at, content *yaml.Node) {
	f.where[key] = at
	if content.Kind != yaml.SequenceNode {
		f.decodeValue(key, content, content)
		return
	}
	good := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for i, element := range content.Content {
		path := fmt.Sprintf("%s[%d]", key, i)
		element = resolve(element)
		f.where[path] = element
		if element.ShortTag() == "!!null" {
			f.add(path, element, `is empty: remove it, or write "null" with quotes for the origin of that name`)
			continue
		}
		if f.decodes(path, element, key, &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{element}}) {
			good.Content = append(good.Content, element)
			f.kept[key] = append(f.kept[key], i)
		}
	}
	f.decodeValue(key, content, good)
}

func (f *policyFile) decodeValue(key string, place, content *yaml.Node) {
	if f.decodes(key, place, key, content) {
		_ = set(&f.cfg, key, content) // as it just did
	}
}

// decodes tries a value on an empty policy, and notes what is wrong with it.
func (f *policyFile) decodes(path string, place *yaml.Node, key string, content *yaml.Node) bool {
	err := set(new(cors.Config), key, content)
	if err == nil {
		return true
	}
	f.add(path, place, decodeMessage(err, place))
	return false
}

// set decodes a value as the library does.
func set(cfg *cors.Config, key string, content *yaml.Node) error {
	var v any
	if err := content.Decode(&v); err != nil {
		return err
	}
	if group, inner, ok := strings.Cut(key, "."); ok {
		key, v = group, map[string]any{inner: v}
	}
	data, err := json.Marshal(map[string]any{key: v})
	if err != nil {
		return err
	}
	return json.Unmarshal(data, cfg)
}

// decodeMessage says what kind of value is needed, rather than what Go type.
func decodeMessage(err error, place *yaml.Node) string {
	var wrongType *json.UnmarshalTypeError
	if !errors.As(err, &wrongType) {
		message := strings.TrimPrefix(err.Error(), "cors: reading Config: ")
		message = strings.TrimPrefix(message, "maxAge: ")
		if bad, ok := errors.AsType[*syntax.Error](err); ok {
			return fmt.Sprintf("%q is no regular expression: %s: `%s`", value(place.Value), bad.Code, bad.Expr)
		}
		return message
	}
	needs := map[reflect.Kind]string{
		reflect.Slice:   "a list",
		reflect.String:  "a string",
		reflect.Bool:    "true or false",
		reflect.Int:     "a whole number",
		reflect.Map:     "a group of keys",
		reflect.Pointer: "a string",
	}[wrongType.Type.Kind()]
	message := "needs " + needs
	if place.Kind == yaml.ScalarNode {
		message += fmt.Sprintf(", not %q", value(place.Value))
		if wrongType.Type.Kind() == reflect.Slice {
			message += fmt.Sprintf("; write [%q]", value(place.Value))
		}
		return message
	}
	return message + ", not " + kindOf(place)
}

// addConfigErrors adds what cors.New reports.
func (f *policyFile) addConfigErrors(err error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return
	}
	for _, err := range joined.Unwrap() {
		var e *cors.ConfigError
		if !errors.As(err, &e) {
			f.add("", nil, err.Error())
			continue
		}
		f.addConfigError(e)
	}
}

// nanoseconds is the advice about a duration that is a bare number in Go.
var nanoseconds = regexp.MustCompile(`; write (\d+) \* time\.Second$`)

func (f *policyFile) addConfigError(e *cors.ConfigError) {
	key := keys()[e.Field]
	message := strings.TrimPrefix(e.Error(), "cors: "+e.Field)
	list := key
	if e.Index >= 0 {
		message = strings.TrimPrefix(message, fmt.Sprintf("[%d]", e.Index))
		key += fmt.Sprintf("[%d]", f.kept[list][e.Index])
	}
	message = strings.TrimPrefix(strings.TrimPrefix(message, ":"), " ")
	message = nanoseconds.ReplaceAllString(message, `; use "${1}s"`)
	if e.Index < 0 && (f.hasProblem(list) || f.meant[list]) {
		return // it is empty because what was meant for it could not be read
	}
	at := f.where[key]
	if at == nil {
		at = f.where[list]
	}
	f.add(key, at, inFileSpelling(message))
}

// hasProblem reports whether a key, or an element of its list, could not be read.
func (f *policyFile) hasProblem(key string) bool {
	return slices.ContainsFunc(f.problems, func(p problem) bool {
		list, _, _ := strings.Cut(p.Key, "[")
		return list == key
	})
}

// sort puts problems in the order of the file; those without a place come last.
func (f *policyFile) sort() {
	slices.SortStableFunc(f.problems, func(a, b problem) int {
		if (a.Line == 0) != (b.Line == 0) {
			return cmp.Compare(b.Line, a.Line)
		}
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
