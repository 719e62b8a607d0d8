package cors_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
)

const fullJSON = `{
	"allowOrigins": ["https://myapp.com", "https://*.myapp.com"],
	"allowOriginRegexps": ["https://[a-z]+\\.example"],
	"allowMethods": ["GET", "PUT"],
	"allowHeaders": ["Content-Type"],
	"exposeHeaders": ["ETag"],
	"allowCredentials": true,
	"maxAge": "24h",
	"vary": ["X-Tenant"],
	"preflightContinue": true,
	"preflightStatus": 200,
	"rejectDisallowed": true,
	"reportOnly": {"allowOrigins": ["https://myapp.com"]},
	"unsafe": {"insecureOrigins": true, "publicSuffixes": true, "nullOrigin": true}
}`

func decoded() cors.Config {
	return cors.Config{
		AllowOrigins:       []string{"https://myapp.com", "https://*.myapp.com"},
		AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://[a-z]+\.example`)},
		AllowMethods:       []string{"GET", "PUT"},
		AllowHeaders:       []string{"Content-Type"},
		ExposeHeaders:      []string{"ETag"},
		AllowCredentials:   true,
		MaxAge:             24 * time.Hour,
		Vary:               []string{"X-Tenant"},
		PreflightContinue:  true,
		PreflightStatus:    200,
		RejectDisallowed:   true,
		ReportOnly:         &cors.Config{AllowOrigins: []string{"https://myapp.com"}},
		Unsafe:             cors.Unsafe{InsecureOrigins: true, PublicSuffixes: true, NullOrigin: true},
	}
}

// yamlUnmarshal does what a YAML package does: it calls UnmarshalYAML with a
// function that decodes the document into its argument.
func yamlUnmarshal(tree any) func(any) error {
	return func(into any) error {
		reflect.ValueOf(into).Elem().Set(reflect.ValueOf(tree))
		return nil
	}
}

func TestDecodeFields(t *testing.T) {
	var fromJSON cors.Config
	if err := json.Unmarshal([]byte(fullJSON), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if want := decoded(); !reflect.DeepEqual(fromJSON, want) {
		t.Errorf("from JSON\n%+v\nwant\n%+v", fromJSON, want)
	}

	var tree map[string]any
	if err := json.Unmarshal([]byte(fullJSON), &tree); err != nil {
		t.Fatal(err)
	}
	var fromYAML cors.Config
	if err := fromYAML.UnmarshalYAML(yamlUnmarshal(tree)); err != nil {
		t.Fatal(err)
	}
	if want := decoded(); !reflect.DeepEqual(fromYAML, want) {
		t.Errorf("from YAML\n%+v\nwant\n%+v", fromYAML, want)
	}
}

func TestDecodeOldYAML(t *testing.T) {
	var cfg cors.Config
	err := cfg.UnmarshalYAML(yamlUnmarshal(map[string]any{
		"allowOrigins": []any{"null"},
		"maxAge":       3600,
		"unsafe":       map[any]any{"nullOrigin": true},
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := cors.Config{AllowOrigins: []string{"null"}, MaxAge: time.Hour, Unsafe: cors.Unsafe{NullOrigin: true}}
	if !reflect.DeepEqual(cfg, want) {
		t.Errorf("got  %+v\nwant %+v", cfg, want)
	}
}

func TestUnmarshalYAMLError(t *testing.T) {
	failure := errors.New("line 3: bad indentation")
	var cfg cors.Config
	if err := cfg.UnmarshalYAML(func(any) error { return failure }); !errors.Is(err, failure) {
		t.Errorf("err = %v, want that of the package", err)
	}
	err := cfg.UnmarshalYAML(yamlUnmarshal(map[string]any{"maxAge": func() {}}))
	if err == nil || !strings.HasPrefix(err.Error(), "cors: reading Config: ") {
		t.Errorf("err = %v, want one of this package", err)
	}
	if err := cfg.UnmarshalYAML(yamlUnmarshal(map[string]any(nil))); err != nil {
		t.Errorf("an empty document: %v", err)
	}
}

func TestDecodeMaxAge(t *testing.T) {
	for text, want := range map[string]time.Duration{
		`"24h"`: 24 * time.Hour, `"90s"`: 90 * time.Second, `"1h30m"`: 90 * time.Minute, `"-1s"`: -time.Second, `"0"`: 0,
		`86400`: 24 * time.Hour, `0`: 0, `-1`: -time.Second, `1e3`: 1000 * time.Second, `600.0`: 600 * time.Second,
	} {
		var cfg cors.Config
		if err := json.Unmarshal([]byte(`{"maxAge": `+text+`}`), &cfg); err != nil || cfg.MaxAge != want {
			t.Errorf("maxAge %s is read as %v, %v; want %v", text, cfg.MaxAge, err, want)
		}
	}
}

func TestDecodeKeyCase(t *testing.T) {
	var cfg cors.Config
	if err := json.Unmarshal([]byte(`{"AllowOrigins": ["https://a.com"], "Unsafe": {"NULLORIGIN": true}}`), &cfg); err != nil {
		t.Fatal(err)
	}
	if len(cfg.AllowOrigins) != 1 || !cfg.Unsafe.NullOrigin {
		t.Errorf("read as %+v", cfg)
	}
}

func TestDecodeErrors(t *testing.T) {
	for text, want := range map[string]string{
		// keys
		`{"allowOrigin": ["https://a.com"]}`:                    `cors: reading Config: unknown key "allowOrigin"; did you mean "allowOrigins"?`,
		`{"unsafe": {"null": true}}`:                            `cors: reading Config: unsafe: unknown key "null"`,
		`{"unsafe": {"nulOrigin": true}}`:                       `cors: reading Config: unsafe: unknown key "nulOrigin"; did you mean "unsafe.nullOrigin"?`,
		`{"allowOriginFunc": "x"}`:                              `cors: reading Config: unknown key "allowOriginFunc"`,
		`{"b": 1, "a\n": 2}`:                                    "cors: reading Config: unknown key \"b\"\ncors: reading Config: unknown key \"a\\n\"",
		`{"vary": ["A"], "vary": ["A"]}`:                        `cors: reading Config: vary: duplicate key`,
		`{"vary": ["A"], "v\u0061ry": ["A"]}`:                   `cors: reading Config: vary: duplicate key`,
		`{"allowCredentials": false, "allowcredentials": true}`: `cors: reading Config: allowcredentials: duplicate key: case does not matter, and "allowCredentials" is the same`,
		`{"unsafe": {"nullOrigin": true, "NullOrigin": false}}`: `cors: reading Config: unsafe.NullOrigin: duplicate key: case does not matter, and "nullOrigin" is the same`,
		`{"unsafe": {}, "unsafe": {"nullOrigin": true}}`:        `cors: reading Config: unsafe: duplicate key`,
		`{"b": 1, "b": 2}`:                                      "cors: reading Config: unknown key \"b\"\ncors: reading Config: b: duplicate key",

		// null
		`null`:                   `cors: reading Config: needs a group of keys, not null`,
		`{"allowOrigins": null}`: `cors: reading Config: allowOrigins: needs a list, not null; write [] for an empty list`,
		`{"allowOrigins": ["https://a.com", null]}`: `cors: reading Config: allowOrigins[1]: is null: remove it, or write "null" with quotes`,
		`{"allowOriginRegexps": [null]}`:            `cors: reading Config: allowOriginRegexps[0]: is null: remove it, or write "null" with quotes`,
		`{"allowCredentials": null}`:                `cors: reading Config: allowCredentials: needs true or false, not null`,
		`{"maxAge": null}`:                          `cors: reading Config: maxAge: needs a string such as "24h", or whole seconds such as 86400, not null`,
		`{"preflightStatus": null}`:                 `cors: reading Config: preflightStatus: needs a whole number, not null`,
		`{"unsafe": null}`:                          `cors: reading Config: unsafe: needs a group of keys, not null`,

		// kinds of values
		`["https://a.com"]`:                                  `cors: reading Config: needs a group of keys, not a list`,
		`{"allowOrigins": "https://a.com"}`:                  `allowOrigins: needs a list, not "https://a.com"; write ["https://a.com"]`,
		`{"allowMethods": "GET, POST"}`:                      `allowMethods: needs a list, not "GET, POST"; write ["GET", "POST"]`,
		`{"allowOrigins": {"a": 1}}`:                         `allowOrigins: needs a list, not a group of keys`,
		`{"allowOrigins": [["https://a.com"]]}`:              `allowOrigins[0]: needs a string, not a list`,
		`{"allowHeaders": [1, true]}`:                        "allowHeaders[0]: needs a string, not the number 1; write \"1\"\ncors: reading Config: allowHeaders[1]: needs a string, not true; write \"true\"",
		`{"allowOriginRegexps": ["("]}`:                      `allowOriginRegexps[0]: "(" is not a valid regular expression: missing closing ): "("`,
		`{"allowCredentials": "yes"}`:                        `allowCredentials: needs true or false, not "yes"; write true`,
		`{"allowCredentials": 0}`:                            `allowCredentials: needs true or false, not the number 0; write false`,
		`{"allowCredentials": "maybe"}`:                      `allowCredentials: needs true or false, not "maybe"`,
		`{"maxAge": "a day"}`:                                `maxAge: "a day" is not a duration; write a string such as "24h", or whole seconds such as 86400`,
		`{"maxAge": "86400"}`:                                `maxAge: "86400" is not a duration`,
		`{"maxAge": 1.5}`:                                    `maxAge: 1.5 is not a whole number of seconds`,
		`{"maxAge": 1e300}`:                                  `maxAge: 1e300 is not a whole number of seconds`,
		`{"maxAge": -1e12}`:                                  `is not a whole number of seconds`,
		`{"maxAge": true}`:                                   `maxAge: needs a string such as "24h", or whole seconds such as 86400, not true`,
		`{"maxAge": ["24h"]}`:                                `maxAge: needs a string such as "24h", or whole seconds such as 86400, not a list`,
		`{"preflightStatus": "204"}`:                         `preflightStatus: needs a whole number, not "204"; write 204`,
		`{"preflightStatus": 204.5}`:                         `preflightStatus: needs a whole number, not the number 204.5`,
		`{"unsafe": {"nullOrigin": 1}}`:                      `unsafe.nullOrigin: needs true or false, not the number 1; write true`,
		`{"unsafe": true}`:                                   `unsafe: needs a group of keys, not true`,
		`{"allowOrigins": ["https://a.com"],}`:               `invalid character`,
		`{"maxAge": "5", "maxage": 1, "vary": "A", "b": {}}`: `vary: needs a list`,
	} {
		cfg := origins("https://before.example")
		err := json.Unmarshal([]byte(text), &cfg)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: err = %v, want it to contain %q", text, err, want)
		}
		if !reflect.DeepEqual(cfg, origins("https://before.example")) {
			t.Errorf("%s: the Config has changed to %+v", text, cfg)
		}
	}
}

func TestDecodeAbsentFields(t *testing.T) {
	cfg := full()
	if err := json.Unmarshal([]byte(`{"allowOrigins": ["https://new.example"]}`), &cfg); err != nil {
		t.Fatal(err)
	}
	want := full()
	want.AllowOrigins = []string{"https://new.example"}
	if !reflect.DeepEqual(cfg, want) {
		t.Errorf("got  %+v\nwant %+v", cfg, want)
	}
}

func TestDecodeLists(t *testing.T) {
	cfg := origins("https://old1.example", "https://old2.example", "https://old3.example")
	cfg.AllowOriginRegexps = []*regexp.Regexp{regexp.MustCompile("old"), regexp.MustCompile("older")}
	if err := json.Unmarshal([]byte(`{"allowOrigins": ["https://new.example"], "allowOriginRegexps": []}`), &cfg); err != nil {
		t.Fatal(err)
	}
	if len(cfg.AllowOrigins) != 1 || cfg.AllowOrigins[0] != "https://new.example" || len(cfg.AllowOriginRegexps) != 0 {
		t.Errorf("read as %+v", cfg)
	}
	if all := cfg.AllowOrigins[:cap(cfg.AllowOrigins)]; slices.Contains(all, "https://old2.example") {
		t.Errorf("the list has room with %q", all)
	}
}

// Documents that are hostile, or not policies, take time in proportion to their
// size, and errors stay readable.
func TestDecodeLarge(t *testing.T) {
	const n = 100_000
	var keys, same strings.Builder
	for i := range n {
		fmt.Fprintf(&keys, `"allowOrigin%d": 1,`, i)
		same.WriteString(`"Vary": [],`)
	}
	for name, tt := range map[string]struct{ text, want string }{
		"unknown keys":           {"{" + keys.String() + `"z": 1}`, "and 99901 more problems"},
		"one key":                {"{" + same.String() + `"vary": []}`, "and 99900 more problems"},
		"null elements":          {`{"allowOrigins": [` + strings.Repeat("null,", n) + `null]}`, "and 99901 more problems"},
		"deep lists":             {`{"x": ` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + "}", `unknown key "x"`},
		"large expressions":      {`{"allowOriginRegexps": [` + strings.Repeat(`".{1000}",`, n) + `"a"]}`, "it is too large, or one of many large ones"},
		"a long key":             {`{"` + strings.Repeat("a", 1<<20) + `": 1}`, "(1048576 bytes)"},
		"a long string":          {`{"allowCredentials": "` + strings.Repeat("a", 1<<20) + `"}`, "(1048576 bytes)"},
		"a long number":          {`{"maxAge": ` + strings.Repeat("1", 1<<20) + `}`, "(1048576 bytes)"},
		"a long string of names": {`{"vary": "` + strings.Repeat("a,", 1<<19) + `"}`, "(1048576 bytes)"},
	} {
		var cfg cors.Config
		err := json.Unmarshal([]byte(tt.text), &cfg)
		if err == nil || !strings.Contains(err.Error(), tt.want) || len(err.Error()) > 100_000 {
			t.Errorf("%s: %.500v, want it to contain %q", name, err, tt.want)
		}
	}
}

// An assignment copies a Config, so two of them may share lists.
func TestDecodeSharedLists(t *testing.T) {
	defaults := filled()
	for _, text := range []string{
		`{"allowOrigins": ["https://new.example"], "allowMethods": ["PATCH"], "allowOriginRegexps": ["new"], "vary": ["X-New"]}`,
		`{"allowOrigins": ["https://new.example"], "allowOriginRegexps": ["new", "("]}`, // fails on the way
	} {
		cfg := defaults
		err := json.Unmarshal([]byte(text), &cfg)
		if got, want := fmt.Sprint(defaults), fmt.Sprint(filled()); got != want {
			t.Errorf("decoding %s (%v) has changed another Config to\n%s\nfrom\n%s", text, err, got, want)
		}
	}
}

func TestDecodeEmptyList(t *testing.T) {
	var cfg cors.Config
	if err := json.Unmarshal([]byte(`{"allowMethods": []}`), &cfg); err != nil {
		t.Fatal(err)
	}
	if cfg.AllowMethods == nil || cfg.AllowHeaders != nil {
		t.Errorf("AllowMethods = %#v, AllowHeaders = %#v", cfg.AllowMethods, cfg.AllowHeaders)
	}
	data, err := json.Marshal(cfg)
	if want := `{"allowMethods":[]}`; string(data) != want || err != nil {
		t.Errorf("written as %s, %v; want %s", data, err, want)
	}
}

func TestEncode(t *testing.T) {
	for name, cfg := range map[string]cors.Config{
		"zero":                  {},
		"all":                   cors.AllowAll(),
		"every field":           decoded(),
		"negative max-age":      with(func(c *cors.Config) { c.MaxAge = -1 }),
		"empty lists":           {AllowMethods: []string{}, AllowHeaders: []string{}},
		"characters of HTML":    {AllowHeaders: []string{"x-a&b"}},
		"what a Policy returns": mustPolicy(t, full()).Config(),
	} {
		t.Run(name, func(t *testing.T) {
			data, err := json.Marshal(cfg)
			if err != nil {
				t.Fatal(err)
			}
			var got cors.Config
			if err := json.Unmarshal(data, &got); err != nil {
				t.Fatalf("%s: %v", data, err)
			}
			if !reflect.DeepEqual(got, cfg) {
				t.Errorf("%s\n got %+v\nwant %+v", data, got, cfg)
			}

			tree, err := cfg.MarshalYAML()
			if err != nil {
				t.Fatal(err)
			}
			var fromYAML cors.Config
			if err := fromYAML.UnmarshalYAML(yamlUnmarshal(tree)); err != nil {
				t.Fatalf("%v: %v", tree, err)
			}
			if !reflect.DeepEqual(fromYAML, cfg) {
				t.Errorf("by way of YAML %v\n got %+v\nwant %+v", tree, fromYAML, cfg)
			}
		})
	}
	data, err := json.Marshal(cors.Config{AllowOriginFunc: never})
	if string(data) != "{}" || err != nil {
		t.Errorf("a callback is written as %s, %v", data, err)
	}
}
