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
// config/middlewares.js, with origin, methods, headers, credentials, and so on.
//
//	# cors.yaml
//	allowOrigins:
//	  - https://myapp.com
//	  - https://*.myapp.com
//	allowMethods: [GET, POST, PUT, DELETE]
//	allowHeaders: [Content-Type, Authorization]
//	allowCredentials: true
//	maxAge: 24h

// PolicyFromFile reads a policy in JSON or YAML. The error names the file, the
// key, and what to write instead; an unknown key is one too, because a policy
// with a misspelt key is not the one that was meant.
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
		return nil, fmt.Errorf("%s:\n%w", path, err) // a line for each problem
	}
	return policy, nil
}

// A ServerFile is the file of a whole program, of which CORS is a part.
type ServerFile struct {
	Addr string      `json:"addr" yaml:"addr"`
	CORS cors.Config `json:"cors" yaml:"cors"`
}
