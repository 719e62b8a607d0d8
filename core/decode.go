package cors

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
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
// policy that was meant.
func (c *Config) UnmarshalJSON(data []byte) error {
	next := c.clone() // decoding overwrites the elements of lists in place
	wire := configJSON{plainConfig: (*plainConfig)(&next), MaxAge: jsonDuration(c.MaxAge)}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&wire); err != nil {
		return fmt.Errorf("cors: reading Config: %w", err)
	}
	next.MaxAge = time.Duration(wire.MaxAge)
	*c = next
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
			return fmt.Errorf("maxAge: %q is no duration; write a string such as %q, or whole seconds such as 86400", v, "24h")
		}
		*d = jsonDuration(parsed)
	case float64:
		const most = 1e9 // 31 years, far from overflow
		if v != float64(int64(v)) || v > most || v < -most {
			return fmt.Errorf("maxAge: %v is not a whole number of seconds", v)
		}
		*d = jsonDuration(time.Duration(v) * time.Second)
	case nil:
	default:
		return fmt.Errorf("maxAge: expected a string such as %q, or whole seconds such as 86400", "24h")
	}
	return nil
}

func (d jsonDuration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}
