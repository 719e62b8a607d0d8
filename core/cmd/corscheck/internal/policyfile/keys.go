package policyfile

import (
	"reflect"
	"regexp"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// keys returns the keys of a policy file by the names of the fields of
// cors.Config: "unsafe.nullOrigin" by "Unsafe.NullOrigin".
func keys() map[string]string {
	found := map[string]string{}
	var walk func(t reflect.Type, fieldPrefix, keyPrefix string)
	walk = func(t reflect.Type, fieldPrefix, keyPrefix string) {
		for i := range t.NumField() {
			field := t.Field(i)
			key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			group := field.Type
			if group.Kind() == reflect.Pointer {
				group = group.Elem()
			}
			if key == "-" {
				continue
			}
			found[fieldPrefix+field.Name] = keyPrefix + key
			endless := group == t && fieldPrefix != "" // a policy in a policy in a policy
			if group.Kind() == reflect.Struct && !endless {
				walk(group, fieldPrefix+field.Name+".", keyPrefix+key+".")
			}
		}
	}
	walk(reflect.TypeFor[cors.Config](), "", "")
	return found
}

// Spelling replaces the names of fields in a message by keys, except within
// quotes, where values are.
func Spelling(message string) string {
	known := keys()
	return fieldName.ReplaceAllStringFunc(message, func(word string) string {
		if key, ok := known[word]; ok {
			return key
		}
		return word
	})
}

var fieldName = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|\b(?:[A-Z]\w+\.)*[A-Z]\w+\b`)
