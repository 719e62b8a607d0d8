package cors

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/polycors/polycors/core/internal/show"
	"github.com/polycors/polycors/core/internal/spelling"
)

// plainConfig has the fields of a Config without its methods, so that
// encoding/json does not call those again.
type plainConfig Config

// configJSON is what a Config looks like in JSON. Its MaxAge shadows that of
// the embedded struct, being nearer to the surface.
type configJSON struct {
	*plainConfig
	MaxAge jsonDuration `json:"maxAge,omitzero"`
}

// UnmarshalJSON reads a Config, leaving the fields that data does not name as
// they are. Unknown keys are errors: a policy with a misspelt key is not the
// policy that was meant. Errors name the key, and all are reported at once.
func (c *Config) UnmarshalJSON(data []byte) error {
	next := c.clone() // decoding overwrites the elements of lists in place
	if err := decodeObject(data, reflect.ValueOf(&next).Elem()); err != nil {
		return fmt.Errorf("cors: reading Config: %w", err)
	}
	*c = next
	return nil
}

// decodeObject decodes each key of an object, in any case, into the field of
// that name.
func decodeObject(data []byte, fields reflect.Value) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(data, &object); err != nil {
		return needing("an object", err)
	}
	byKey := map[string]reflect.Value{}
	for i := range fields.NumField() {
		key, _, _ := strings.Cut(fields.Type().Field(i).Tag.Get("json"), ",")
		if key != "-" {
			byKey[key] = fields.Field(i)
		}
	}
	keys := slices.Sorted(maps.Keys(byKey))
	var errs []error
	for _, key := range slices.Sorted(maps.Keys(object)) {
		i := slices.IndexFunc(keys, func(known string) bool { return strings.EqualFold(known, key) })
		if i < 0 {
			err := fmt.Errorf("%s is no key", show.Quoted(key))
			if nearest := spelling.Nearest(keys, key); nearest != "" {
				err = fmt.Errorf("%w; use %q", err, nearest)
			}
			errs = append(errs, err)
		} else if err := decodeField(object[key], byKey[keys[i]].Addr().Interface()); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", key, err))
		}
	}
	return errors.Join(errs...)
}

func decodeField(data []byte, field any) error {
	switch field := field.(type) {
	case *Unsafe:
		return decodeObject(data, reflect.ValueOf(field).Elem())
	case *time.Duration:
		return (*jsonDuration)(field).UnmarshalJSON(data)
	case *[]*regexp.Regexp:
		return decodeRegexps(data, field)
	case *[]string:
		return needing("a list of strings", json.Unmarshal(data, field))
	case *bool:
		return needing("true or false", json.Unmarshal(data, field))
	default:
		return needing("a whole number", json.Unmarshal(data, field))
	}
}

// needing says what a value has to be, in the words of JSON rather than of Go.
func needing(what string, err error) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("needs %s, not %s: %w", what, wrong.Value, err)
	}
	return err
}

func decodeRegexps(data []byte, field *[]*regexp.Regexp) error {
	var list []string
	if err := json.Unmarshal(data, &list); err != nil {
		return needing("a list of strings", err)
	}
	if list == nil {
		*field = nil
		return nil
	}
	compiled := make([]*regexp.Regexp, len(list))
	for i, expr := range list {
		var err error
		if compiled[i], err = regexp.Compile(expr); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
	}
	*field = compiled
	return nil
}

// MarshalJSON writes what UnmarshalJSON reads. Functions are left out.
func (c Config) MarshalJSON() ([]byte, error) {
	return json.Marshal(configJSON{(*plainConfig)(&c), jsonDuration(c.MaxAge)})
}

// MarshalYAML returns what UnmarshalYAML reads. Without it, YAML packages would
// leave out the empty list of AllowMethods, which is not the nil one.
func (c Config) MarshalYAML() (any, error) {
	data, err := c.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	err = json.Unmarshal(data, &tree)
	return tree, err
}

// UnmarshalYAML reads a Config as UnmarshalJSON does. Its form is understood by
// all the YAML packages in use, without this one importing any.
func (c *Config) UnmarshalYAML(unmarshal func(any) error) error {
	var tree map[string]any
	if err := unmarshal(&tree); err != nil {
		return err
	}
	data, err := json.Marshal(withStringKeys(tree))
	if err != nil {
		return fmt.Errorf("cors: reading Config: %w", err)
	}
	return c.UnmarshalJSON(data)
}

// withStringKeys turns the maps of older YAML packages into those of JSON.
func withStringKeys(tree map[string]any) map[string]any {
	for key, value := range tree {
		if old, ok := value.(map[any]any); ok {
			converted := make(map[string]any, len(old))
			for k, v := range old {
				converted[fmt.Sprint(k)] = v
			}
			tree[key] = converted
		}
	}
	return tree
}

// jsonDuration is a string such as "24h", or a number of seconds.
type jsonDuration time.Duration

func (d *jsonDuration) UnmarshalJSON(data []byte) error {
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case string:
		parsed, err := time.ParseDuration(v)
		if err != nil {
			return fmt.Errorf("%q is no duration; write a string such as %q, or whole seconds such as 86400", v, "24h")
		}
		*d = jsonDuration(parsed)
	case float64:
		const most = 1e9 // 31 years, far from overflow
		if v != float64(int64(v)) || v > most || v < -most {
			return fmt.Errorf("%v is not a whole number of seconds", v)
		}
		*d = jsonDuration(time.Duration(v) * time.Second)
	case nil:
	default:
		return fmt.Errorf("expected a string such as %q, or whole seconds such as 86400", "24h")
	}
	return nil
}

func (d jsonDuration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}
