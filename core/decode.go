package cors

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/polycors/polycors/core/internal/document"
	"github.com/polycors/polycors/core/internal/show"
)

// plainConfig has the fields of a Config without its methods, which
// encoding/json would call again.
type plainConfig Config

// configJSON is the JSON form of a Config. Its MaxAge shadows the MaxAge of the
// embedded struct.
type configJSON struct {
	*plainConfig
	MaxAge jsonDuration `json:"maxAge,omitzero"`
}

// UnmarshalJSON decodes a Config. Fields that data does not contain keep their
// values. A list in data replaces the previous list. Unknown keys, duplicate
// keys (in any case) and null are errors, because a policy with a misspelled key
// is not the intended policy. The error joins up to a hundred problems, each
// with its key. After an error, the Config is unchanged.
func (c *Config) UnmarshalJSON(data []byte) error {
	if !json.Valid(data) {
		var v any
		return json.Unmarshal(data, &v)
	}
	return c.read(document.JSON(data))
}

// UnmarshalYAML decodes a Config as UnmarshalJSON does. All YAML packages in use
// call a method of this form, so package cors imports none of them.
//
// The YAML package decides about a duplicate key in the same case, because it
// passes on only one value. go.yaml.in/yaml/v3, gopkg.in/yaml.v3 and
// github.com/goccy/go-yaml return an error. gopkg.in/yaml.v2 and
// sigs.k8s.io/yaml return an error from UnmarshalStrict, and use the last value
// in Unmarshal.
func (c *Config) UnmarshalYAML(unmarshal func(any) error) error {
	var tree any
	if err := unmarshal(&tree); err != nil {
		return err
	}
	return c.read(document.Of(tree))
}

func (c *Config) read(root document.Node) error {
	next := *c
	r := document.NewReader()
	r.Read(root, &next)
	var errs []error
	for _, p := range r.Problems {
		errs = append(errs, fmt.Errorf("cors: reading Config: %s", describe(p)))
	}
	if r.More > 0 {
		errs = append(errs, fmt.Errorf("cors: reading Config: and %d more problems", r.More))
	}
	if errs != nil {
		return errors.Join(errs...)
	}
	*c = next
	return nil
}

// describe returns the text of a problem. It quotes unknown keys, which may
// contain any characters.
func describe(p document.Problem) string {
	switch {
	case p.Unknown != "":
		group := strings.Replace(p.Group, ".", ": ", 1)
		return group + "unknown key " + show.Quoted(p.Unknown) + strings.TrimPrefix(p.Message, "unknown key")
	case p.Path == "":
		return p.Message
	}
	return p.Path + ": " + p.Message
}

// MarshalJSON encodes a Config in the form that UnmarshalJSON decodes. It omits
// functions. A ReportOnly inside ReportOnly, which [New] refuses, is an error.
func (c Config) MarshalJSON() ([]byte, error) {
	if c.ReportOnly != nil && c.ReportOnly.ReportOnly != nil {
		return nil, errors.New("cors: writing Config: ReportOnly.ReportOnly is set") // it may be a cycle
	}
	return json.Marshal(configJSON{(*plainConfig)(&c), jsonDuration(c.MaxAge)})
}

// MarshalYAML returns a value that UnmarshalYAML decodes. Without it, YAML
// packages would omit an empty list, which differs from nil.
func (c Config) MarshalYAML() (any, error) {
	data, err := c.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	err = json.Unmarshal(data, &tree)
	return tree, err
}

// jsonDuration is encoded as a string such as "24h0m0s".
type jsonDuration time.Duration

func (d jsonDuration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}
