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

// configJSON is what a Config looks like in JSON. Its MaxAge shadows that of
// the embedded struct, being nearer to the surface.
type configJSON struct {
	*plainConfig
	MaxAge jsonDuration `json:"maxAge,omitzero"`
}

// UnmarshalJSON reads a Config, leaving the fields that data does not name as
// they are. A list replaces the list that was there. Unknown keys, keys that come
// twice in whatever case, and null are errors: a policy with a misspelt key is
// not the policy that was meant. Errors name the key, and all are reported at
// once, up to a hundred. After an error, the Config is unchanged.
func (c *Config) UnmarshalJSON(data []byte) error {
	if !json.Valid(data) {
		var v any
		return json.Unmarshal(data, &v)
	}
	return c.read(document.JSON(data))
}

// UnmarshalYAML reads a Config as UnmarshalJSON does. Its form is understood by
// all the YAML packages in use, without this one importing any.
//
// The YAML package decides about a key that comes twice in the same case, since
// it passes on only one. go.yaml.in/yaml/v3, gopkg.in/yaml.v3 and
// github.com/goccy/go-yaml return an error. gopkg.in/yaml.v2 and sigs.k8s.io/yaml
// do so in their function UnmarshalStrict, and take the last value in Unmarshal.
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

// describe quotes unknown keys, which can be anything.
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

// MarshalJSON writes what UnmarshalJSON reads. Functions are left out. A
// ReportOnly inside ReportOnly, which [New] refuses, is an error.
func (c Config) MarshalJSON() ([]byte, error) {
	if c.ReportOnly != nil && c.ReportOnly.ReportOnly != nil {
		return nil, errors.New("cors: writing Config: ReportOnly.ReportOnly is set") // it could go on for ever
	}
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

// jsonDuration is written as a string such as "24h0m0s".
type jsonDuration time.Duration

func (d jsonDuration) MarshalJSON() ([]byte, error) {
	return json.Marshal(time.Duration(d).String())
}
