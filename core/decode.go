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
	next := *c
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

// UnmarshalYAML reads a Config as UnmarshalJSON does. Its form is understood by
// all the YAML packages in use, without this one importing any.
func (c *Config) UnmarshalYAML(unmarshal func(any) error) error {
	var tree map[string]any
	if err := unmarshal(&tree); err != nil {
		return err
	}
	data, err := json.Marshal(tree)
	if err != nil {
		return fmt.Errorf("cors: reading Config: %w", err)
	}
	return c.UnmarshalJSON(data)
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
