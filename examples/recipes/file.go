package recipes

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"go.yaml.in/yaml/v3"

	cors "github.com/polycors/polycors/core"
)

// Recipe 12: the policy is in a file. In Strapi, strapi::cors in
// config/middlewares.js.

// PolicyFromFile reads a policy in JSON or YAML. The error names the file, the
// key, and the correct value. An unknown key is an error, because the author of
// a misspelt key expects an effect.
func PolicyFromFile(path string) (*cors.Policy, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	unmarshal := json.Unmarshal
	if ext := filepath.Ext(path); ext == ".yaml" || ext == ".yml" {
		unmarshal = yaml.Unmarshal
	}
	var cfg cors.Config
	if err := unmarshal(data, &cfg); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	policy, err := cors.New(cfg)
	if err != nil {
		return nil, fmt.Errorf("%s:\n%w", path, err) // one line for each problem
	}
	return policy, nil
}

// A ServerFile configures a whole program. CORS is a part of it.
type ServerFile struct {
	Addr string      `json:"addr" yaml:"addr"`
	CORS cors.Config `json:"cors" yaml:"cors"`
}
