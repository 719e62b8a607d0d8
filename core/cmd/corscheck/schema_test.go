package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	cors "github.com/polycors/polycors/core"
)

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	output, status := corscheck(t, "schema")
	committed, err := os.ReadFile("policy.schema.json")
	if err != nil || output != string(committed) || status != exitAllowed {
		t.Fatalf("the command does not print policy.schema.json: %v, status %d", err, status)
	}
	document, err := jsonschema.UnmarshalJSON(strings.NewReader(output))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("policy.schema.json", document); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("policy.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// validate checks a YAML or JSON document.
func validate(t *testing.T, schema *jsonschema.Schema, document string) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal([]byte(document), &v); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if v, err = jsonschema.UnmarshalJSON(strings.NewReader(string(data))); err != nil {
		t.Fatal(err)
	}
	return schema.Validate(v)
}

func TestSchema(t *testing.T) {
	schema := compileSchema(t)
	for _, tt := range []struct{ name, policy string }{
		{"the README's policy", "allowOrigins: ['https://myapp.com', 'https://*.myapp.com', 'http://localhost:*']\nallowMethods: [GET, POST, PUT, DELETE]\nallowHeaders: [Content-Type, Authorization]\nallowCredentials: true\nmaxAge: 24h"},
		{"a public API", "allowOrigins: ['*']\nallowMethods: ['*']\nallowHeaders: ['*', Authorization]\nexposeHeaders: ['*']\nmaxAge: 600"},
		{"all kinds of origins", "allowOrigins: ['null', 'file://', 'moz-extension://*', 'https://[::1]:8080', 'https://pr-*.a.example']\nunsafe: {nullOrigin: true, insecureOrigins: false, publicSuffixes: true}"},
		{"nobody", "allowOrigins: []"},
		{"the other keys", "allowOriginRegexps: ['https://a\\.example']\nvary: [X-Tenant]\npreflightContinue: true\npreflightStatus: 200\nrejectDisallowed: true\nmaxAge: -1s"},
		{"no value", "{}"},
	} {
		if err := validate(t, schema, tt.policy); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	for _, tt := range []struct{ name, policy string }{
		{"an unknown key", "alowOrigins: ['*']"},
		{"an unknown key in a group", "unsafe: {nullOrign: true}"},
		{"null", "allowOrigins: null"},
		{"a string instead of a list", "allowMethods: GET"},
		{"a slash after an origin", "allowOrigins: ['https://a.example/']"},
		{"an origin without a scheme", "allowOrigins: [a.example]"},
		{"two names in one string", "allowHeaders: ['X-A, X-B']"},
		{"a duration in days", "maxAge: 1d"},
		{"yes", "allowCredentials: 'yes'"},
		{"a status that refuses", "preflightStatus: 404"},
		{"a policy that is tried out within another one", "reportOnly: {reportOnly: {}}"},
		{"a list", "[]"},
	} {
		if validate(t, schema, tt.policy) == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
}

// TestSchemaDocuments checks the policies in this repository: the schema accepts
// those that lint accepts.
func TestSchemaDocuments(t *testing.T) {
	schema := compileSchema(t)
	var documents []string
	scripts, err := filepath.Glob("testdata/scripts/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	section := regexp.MustCompile(`(?ms)^-- (\S+\.(?:yaml|json)) --\n(.*?)(?:^-- |\z)`)
	block := regexp.MustCompile("(?s)```(?:yaml|json)\n(.*?)```")
	pages, err := filepath.Glob("../../../examples/recipes/README.md") // none in the released module
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(scripts, pages...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for m := section.FindStringSubmatchIndex(text); m != nil; m = section.FindStringSubmatchIndex(text) {
			documents = append(documents, text[m[4]:m[5]])
			text = text[m[5]:]
		}
		for _, m := range block.FindAllStringSubmatch(string(data), -1) {
			documents = append(documents, m[1])
		}
	}
	valid := 0
	for _, document := range documents {
		if output, status := corscheckOf(t, document, "lint", "-"); status != exitAllowed {
			continue
		} else if err := validate(t, schema, document); err != nil {
			t.Errorf("lint accepts, but the schema does not: %v\n%s\n%s", err, document, output)
		}
		valid++
	}
	if valid < 5 {
		t.Errorf("only %d valid documents of %d", valid, len(documents))
	}
}

// TestSchemaKeys fails if the schema has other keys than Config.
func TestSchemaKeys(t *testing.T) {
	var schema struct {
		Defs struct {
			Policy struct {
				Properties map[string]struct {
					Description string
					Properties  map[string]struct{ Description string }
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(policySchema), &schema); err != nil {
		t.Fatal(err)
	}
	var got []string
	for key, p := range schema.Defs.Policy.Properties {
		if got = append(got, key); p.Description == "" {
			t.Errorf("%s has no description", key)
		}
		for below, p := range p.Properties {
			if got = append(got, key+"."+below); p.Description == "" {
				t.Errorf("%s.%s has no description", key, below)
			}
		}
	}
	var want []string
	var walk func(fields reflect.Type, prefix string)
	walk = func(fields reflect.Type, prefix string) {
		for i := range fields.NumField() {
			key, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
			if key == "-" {
				continue
			}
			want = append(want, prefix+key)
			if fields.Field(i).Type.Kind() == reflect.Struct {
				walk(fields.Field(i).Type, prefix+key+".")
			}
		}
	}
	walk(reflect.TypeFor[cors.Config](), "")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%q\nwant %q", got, want)
	}
}
