package policyfile_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	cors "github.com/polycors/polycors/core"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/policyfile"
)

// problems reads a policy, and returns its problems one per line.
func problems(t *testing.T, policy string) string {
	t.Helper()
	return problemsAt(t, policy, "")
}

func problemsAt(t *testing.T, policy, key string) string {
	t.Helper()
	f, err := policyfile.Read("-", key, strings.NewReader(policy))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, p := range f.Problems {
		lines = append(lines, fmt.Sprintf("%d:%d: %s: %s", p.Line, p.Column, p.Key, p.Message))
	}
	if (f.Policy == nil) != (len(lines) > 0) {
		t.Errorf("policy %v with %d problems", f.Policy, len(lines))
	}
	return strings.Join(lines, "\n")
}

func TestRead(t *testing.T) {
	const origin = "allowOrigins: [https://a.example]\n"
	for _, tt := range []struct{ name, policy, want string }{
		{"an unknown key", origin + "maxage: 5\nalowHeaders: []", `3:1: alowHeaders: unknown key; did you mean "allowHeaders"?`},
		{"a key of another library", origin + "headers: [a]\nallow_methods: [GET]\nwhatever: 1",
			"2:1: headers: unknown key; did you mean \"allowHeaders\"?\n" +
				"3:1: allow_methods: unknown key; did you mean \"allowMethods\"?\n4:1: whatever: unknown key"},
		{"a misspelt list is not reported as empty too", "origins: [https://a.example]", `1:1: origins: unknown key; did you mean "allowOrigins"?`},
		{"an unknown key in a group", origin + "unsafe:\n  nullorigin: true\n  nulOrigin: true",
			`4:3: unsafe.nulOrigin: unknown key; did you mean "unsafe.nullOrigin"?`},
		{"a value instead of a group", origin + "unsafe: true", `2:9: unsafe: needs a group of keys, not true`},
		{"a string instead of a list", "allowOrigins: https://a.example", `1:15: allowOrigins: needs a list, not "https://a.example"; write ["https://a.example"]`},
		{"a list in a list", "allowOrigins: [[https://a.example], https://b.example]", `1:16: allowOrigins[0]: needs a string, not a list`},
		{"yes is a string", origin + "allowCredentials: yes", `2:19: allowCredentials: needs true or false, not "yes"; write true`},
		{"a number of seconds", origin + "maxAge: 24", ""},
		{"a duration in days", origin + "maxAge: 1d", `2:9: maxAge: "1d" is not a duration; write a string such as "24h", or whole seconds such as 86400`},
		{"a duration of nanoseconds", origin + "maxAge: 300ns", `2:1: maxAge: "300ns" is not in whole seconds; use "300s"`},
		{"an infinite number", origin + "preflightStatus: .inf", `2:18: preflightStatus: needs a whole number, not the number +inf`},
		{"a number in a list", "allowOrigins: [https://a.example, 3]", `1:35: allowOrigins[1]: needs a string, not the number 3; write "3"`},
		{"a number with a tag", "allowOrigins: [https://a.example]\nvary: [!!str 3]", ""},
		{"a policy that is tried out", origin + "reportOnly:\n  allowOrigins: [https://b.example]", ""},
		{"problems of a policy that is tried out",
			origin + "reportOnly:\n  allowOrigins: [https://b.example, 'http://10.0.0.5']\n  allowCredentials: true\n  unsafe: {nulOrigin: true}",
			"3:37: reportOnly.allowOrigins[1]: \"http://10.0.0.5\" is not safe with reportOnly.allowCredentials: anyone on the network can change " +
				"a page that is sent over http, and act for your users; set reportOnly.unsafe.insecureOrigins to true for development, " +
				"or serve the page over https\n" +
				`5:12: reportOnly.unsafe.nulOrigin: unknown key; did you mean "reportOnly.unsafe.nullOrigin"?`},
		{"a policy tried out by one that is tried out", origin + "reportOnly:\n  allowOrigins: ['*']\n  reportOnly:\n    allowOrigins: ['*']",
			"4:3: reportOnly.reportOnly: has no effect: a policy tries out one Config at a time; remove it"},
		{"null without quotes", "allowOrigins:\n- https://a.example\n- null\n- https://b.example/",
			"3:3: allowOrigins[1]: is null: remove it, or write \"null\" with quotes\n" +
				`4:3: allowOrigins[2]: "https://b.example/" has a trailing slash; use "https://b.example"`},
		{"an invalid regular expression", "allowOriginRegexps: ['https://(a', 'https://b']", "1:22: allowOriginRegexps[0]: \"https://(a\" is not a valid regular expression: missing closing ): \"https://(a\""},
		{"a duplicate key", origin + origin, `2:1: allowOrigins: duplicate key; first defined on line 1`},
		{"a duplicate key in another case", origin + "AllowOrigins: []", `2:1: AllowOrigins: duplicate key: case does not matter, and "allowOrigins" is the same; first defined on line 1`},
		{"a duplicate key in JSON", `{"vary": [], "allowOrigins": ["https://a.example"], "vary": []}`, `1:53: vary: duplicate key; first defined on line 1`},
		{"messages contain keys for fields", "allowOrigins: ['null']", `1:16: allowOrigins[0]: "null" is an origin that any site can have, by means of a sandboxed frame; remove it, or set unsafe.nullOrigin to true`},
		{"values are not changed", "allowOrigins: ['https://AllowOrigins.example']", `1:16: allowOrigins[0]: "https://AllowOrigins.example" has upper case in its host; use "https://alloworigins.example"`},
		{"an alias", "allowOrigins: [https://a.example]\nvary: &o [X@]\nexposeHeaders: *o",
			"2:11: exposeHeaders[0]: \"X@\" is not a valid header name; use letters, digits and hyphens only\n" +
				`2:11: vary[0]: "X@" is not a valid header name; use letters, digits and hyphens only`},
		{"an asterisk without quotes", "allowOrigins: *", `1:15: : invalid YAML: an asterisk at the start of a value needs quotes, as in "*"`},
		{"an asterisk without quotes in a list", "allowOrigins: [*]", `1:17: : invalid YAML: an asterisk at the start of a value needs quotes, as in "*"`},
		{"merged keys", "<<: {alowMethods: [GET]}\n" + origin, `1:6: alowMethods: unknown key; did you mean "allowMethods"?`},
		{"merged keys do not replace others", "<<: [{allowOrigins: [x]}, {vary: [A]}]\n" + origin, ``},
		{"a merge of several groups", "allowMethods: &m [GET]\n<<: [{allowOrigins: ['https://a.example/']}, {exposeHeaders: *m}]",
			`2:22: allowOrigins[0]: "https://a.example/" has a trailing slash; use "https://a.example"`},
		{"a merge of an undefined alias", "<<: [*a]\n" + origin, `1:6: : undefined alias *a: the file has no anchor &a`},
		{"a merge of a text", "<<: a\n" + origin, `1:5: : << needs an alias of a group of keys, such as <<: *base`},
		{"methods in one string", origin + "allowMethods: GET, POST", `2:15: allowMethods: needs a list, not "GET, POST"; write ["GET", "POST"]`},
		{"a tab", "allowOrigins:\n\t- https://a.example", `2:1: : invalid YAML: a line begins with a tab: indent it with spaces`},
		{"a quote that is not closed", "allowOrigins: ['https://a.example]", `1:16: : invalid YAML: the closing ' is missing`},
		{"a backslash in double quotes", `allowOriginRegexps: ["https://a\.example"]`,
			`1:33: : invalid YAML: \. has no meaning in double quotes: use single quotes, in which a backslash is a backslash`},
		{"a comma before a bracket in JSON", `{"allowOrigins": ["https://a.example",]}`, `1:39: : invalid JSON: there is a comma before ]: remove it`},
		{"a comment in JSON", `{"allowOrigins": [] // none` + "\n}", `1:21: : invalid JSON: a comma or } is missing before this`},
		{"a key without quotes in JSON", `{allowOrigins: []}`, `1:2: : invalid JSON: a key begins here: write it in double quotes`},
		{"a file of JSON that ends too early", `{"allowOrigins": [`, `1:18: : invalid JSON: the file ends too early: a closing bracket or quote is missing`},
		{"a policy in a larger file", "name: shop\nserver:\n  cors:\n    allowOrigins: []", `3:3: : the policy is under the key "server.cors": use -key server.cors`},
		{"several policies in a larger file", "base: &b\n  allowOrigins: []\n'my cors':\n  <<: *b\n  maxAge: 5", `3:1: : the policy is under the key "my cors": use -key 'my cors'`},
		{"a policy that is tried out", "allowOrigins: ['*']\nreportOnly:\n  allowOrigins: ['https://a.example/']",
			`3:18: reportOnly.allowOrigins[0]: "https://a.example/" has a trailing slash; use "https://a.example"`},
		{"a policy that contains itself", "allowOrigins: ['*']\nreportOnly: &a {allowOrigins: [], reportOnly: *a}",
			"2:16: reportOnly.reportOnly.reportOnly.reportOnly: is nested too deeply\n" +
				"2:35: reportOnly.reportOnly: has no effect: a policy tries out one Config at a time; remove it"},
		{"UTF-16", "\xFF\xFEa\x00", "0:0: : the file is in UTF-16: save it as UTF-8"},
		{"a byte order mark", "\uFEFF" + origin, ``},
		{"a list instead of a policy", "- a", `1:1: : the file contains a list, not the keys of a policy, such as allowOrigins`},
		{"two documents", origin + "---\n" + origin + "---\n" + origin, `0:0: : the file has several documents: not a policy`},
		{"an empty file", "", `0:0: allowOrigins: is not set, and neither are allowOriginRegexps and AllowOriginFunc: no origin would be allowed; set it, or the variable or file that it comes from, to the origins of your front ends, or to "*" for a public API`},
		{"a comment only", "# nothing", `0:0: allowOrigins: is not set, and neither are allowOriginRegexps and AllowOriginFunc: no origin would be allowed; set it, or the variable or file that it comes from, to the origins of your front ends, or to "*" for a public API`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := problems(t, tt.policy); got != tt.want {
				t.Errorf("%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// TestReadHostile has files for which the YAML package needs minutes if they
// are longer.
func TestReadHostile(t *testing.T) {
	const n = 30_000
	var merges strings.Builder
	merges.WriteString("a0: &a0 {x: 1}\n")
	for i := range 30 {
		fmt.Fprintf(&merges, "a%d: &a%d {<<: [*a%d, *a%d]}\n", i+1, i+1, i, i)
	}
	for name, policy := range map[string]string{
		"deep lists":          strings.Repeat("[", n),
		"deep groups":         strings.Repeat("{a: ", n),
		"deep lists of lines": strings.Repeat("- ", n),
		"many keys":           strings.Repeat("a: 1\n", n),
		"many documents":      strings.Repeat("---\na\n", n),
		"many tags":           strings.Repeat("!!x ", n),
		"many anchors":        strings.Repeat("&a ", n),
		"a long flow group":   "{" + strings.Repeat("a,", n),
		"a long line of JSON": `{"a":` + strings.Repeat(`[],"a":`, n) + `1}`,
		"deep JSON":           strings.Repeat(`{"a":`, n),
		"nested merges":       merges.String(),
	} {
		if problems(t, policy) == "" {
			t.Errorf("%s: no problem", name)
		}
	}
}

// TestReadKey reads policies that are parts of larger files.
func TestReadKey(t *testing.T) {
	const file = "server:\n  cors: &cors\n    allowOrigins: [https://a.example/]\n  'a.b': {allowOrigins: []}\n  port: 80\nadmin:\n  <<: *cors\n  maxAge: 5"
	for _, tt := range []struct{ name, policy, key, want string }{
		{"a dotted key", file, "server.cors", `3:20: server.cors.allowOrigins[0]: "https://a.example/" has a trailing slash; use "https://a.example"`},
		{"a key that contains a dot", file, "server.a.b", ``},
		{"a merged group", file, "admin", `3:20: admin.allowOrigins[0]: "https://a.example/" has a trailing slash; use "https://a.example"`},
		{"a misspelt key", file, "server.cros", `0:0: : the file has no key "server.cros"; did you mean -key server.cors?`},
		{"a key that is far off", file, "http", `0:0: : the file has no key "http"; there is a policy under -key server.cors`},
		{"a key below a scalar", file, "server.port.cors", `0:0: : the file has no key "server.port.cors"; there is a policy under -key server.cors`},
		{"a key of a scalar", file, "server.port", `5:9: : the key "server.port" contains the number 80, not the keys of a policy, such as allowOrigins`},
		{"a key of JSON", `{"cors": {"allowOrigins": ["x"]}}`, "cors", `1:28: cors.allowOrigins[0]: "x" has no scheme such as https://; use "https://x"`},
		{"an endless document", "a: &a\n  b: *a", "a.b.c", `0:0: : the file has no key "a.b.c"; did you mean -key a.b.b?`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := problemsAt(t, tt.policy, tt.key); got != tt.want {
				t.Errorf("%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestReadLarge(t *testing.T) {
	_, err := policyfile.Read("-", "", strings.NewReader(strings.Repeat(" ", 2<<20)))
	if err == nil || err.Error() != "- is larger than 1 MiB: not a policy" {
		t.Error(err)
	}
}

func TestReadTOML(t *testing.T) {
	toml := filepath.Join(t.TempDir(), "policy.toml")
	if err := os.WriteFile(toml, []byte("allowOrigins = []"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := policyfile.Read(toml, "", nil)
	if err != nil || len(f.Problems) != 1 || !strings.Contains(f.Problems[0].Message, "YAML or JSON") {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestReadMarshalled(t *testing.T) {
	data, err := json.Marshal(cors.Config{AllowOrigins: []string{"https://a.example"}, AllowMethods: []string{}, MaxAge: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if f, err := policyfile.Read(file, "", nil); err != nil || f.Policy == nil {
		t.Errorf("%+v, %v", f, err)
	}
	if err := os.WriteFile(file, append([]byte("\uFEFF"), data...), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := policyfile.Read(file, "", nil)
	if err != nil || f.Policy != nil || !strings.Contains(f.Problems[0].Message, "byte order mark") {
		t.Errorf("with a byte order mark: %+v, %v", f, err)
	}
}

// documents are policies, and nearly policies.
var documents = []string{
	"allowOrigins:\n  - https://myapp.com\nallowMethods: [GET, POST]\nmaxAge: 24h\nunsafe: {nullOrigin: true}",
	"allowOrigins: &o [https://a.example, 'https://*.b.example']\nexposeHeaders: []\nvary: *o",
	"<<: &base {allowOrigins: ['*'], maxAge: 60}\nmaxAge: 5\nallowHeaders: [X-A]",
	"a: &a {allowCredentials: true}\n<<: [*a, {allowCredentials: false}]\nallowOrigins: [null]",
	"allowOrigins: ['null']\nunsafe: {nullOrigin: yes}\nmaxAge: 1_000\npreflightStatus: 0xcc",
	"allowOrigins: [2001-12-14, 3, true, ~, !!str 4]\nAllowOrigins: []\nmaxAge: .inf",
	"allowOriginRegexps: ['https://[a-z]{2,3}\\.example', '(']\nallowOrigins: []",
	"allowOrigins: [https://a.example]\nmaxAge: 1e3\nmaxAge: 5\nrejectDisallowed: on",
	"{allowOrigins: [https://a.example], vary: [A]}",
	"# nothing", "- a", "allowOrigins:", "? [a]\n: !!int x", "- &a a\n- *b", "allowOrigins: *", "allowOrigins: |\n  https://a.example",
	`{"allowOrigins": ["https://myapp.com", 1, null], "maxAge": 1.5}`,
	`{"allowOrigins": ["https://a.example"], "AllowOrigins": ["https://b.example"]}`,
	`{"allowOrigins": ["https:\/\/a.example"], "v\u0061ry": ["\u0041"], "maxAge": 1e1, "allowCredentials": true}`,
	`{"allowOrigins": [], "allowMethods": [], "unsafe": {"nullOrigin": true, "publicSuffixes": false}}`,
	`{"allowOrigins": ["\ud83d\ude00", "a\u0000"], "b": {"c": [1, {}]}, "preflightStatus": 200.0}`,
}

// FuzzAgree checks that corscheck accepts what package cors accepts, and reads
// the same from it.
func FuzzAgree(f *testing.F) {
	for _, policy := range documents {
		f.Add(policy)
	}
	f.Fuzz(func(t *testing.T, policy string) {
		var cfg cors.Config
		unmarshal := func(data []byte, v any) error { return yaml.Unmarshal(data, v) }
		isJSON := strings.HasPrefix(strings.TrimSpace(policy), "{")
		if isJSON {
			unmarshal = json.Unmarshal
		}
		err := unmarshal([]byte(policy), &cfg)
		if err == nil {
			_, err = cors.New(cfg)
		}
		file, readErr := policyfile.Read("-", "", strings.NewReader(policy))
		switch {
		case readErr != nil:
			t.Fatal(readErr)
		case file.Policy != nil && err != nil:
			t.Errorf("corscheck accepts what package cors refuses: %v", err)
		case file.Policy == nil && err == nil && (isJSON || file.Problems[0].Key != ""): // files that are not policies have no key
			t.Errorf("corscheck refuses what package cors accepts: %v", file.Problems)
		case err == nil && file.Policy != nil && !reflect.DeepEqual(cfg, file.Config):
			t.Errorf("corscheck reads\n%+v\npackage cors reads\n%+v", file.Config, cfg)
		}
	})
}

// FuzzRead checks that reading ends, with a policy or with problems.
func FuzzRead(f *testing.F) {
	for _, policy := range append(documents, "a: &a [*a]", "<<: &a {<<: *a}", "unsafe: &a\n  <<: [*a, {nullOrigin: true}]") {
		f.Add(policy)
	}
	f.Fuzz(func(t *testing.T, policy string) {
		if text := problems(t, policy); utf8.ValidString(policy) && !utf8.ValidString(text) {
			t.Errorf("%q", text)
		}
	})
}
