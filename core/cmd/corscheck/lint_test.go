package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLint(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		status     int
	}{
		{"valid-yaml", "valid.yaml", exitAllowed},
		{"valid-json", "valid.json", exitAllowed},
		{"problems-yaml", "problems.yaml", exitRefused},
		{"problems-json", "problems.json", exitRefused},
		{"broken-json", "broken.json", exitRefused},
		{"broken-yaml", "broken.yaml", exitRefused},
		{"star-without-quotes", "star.yaml", exitRefused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			transcript, status := corscheck(t, "", "lint", "testdata/policies/"+tt.file)
			if status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			golden(t, "lint/"+tt.name+".txt", transcript)
		})
	}
	for _, file := range []string{"valid.yaml", "problems.yaml"} {
		transcript, _ := corscheck(t, "", "lint", "-json", "testdata/policies/"+file)
		golden(t, "lint/json-"+strings.TrimSuffix(file, ".yaml")+".txt", transcript)
	}
}

// lines returns what lint says, less the name of the file.
func lines(transcript string) string {
	var found []string
	for line := range strings.Lines(transcript) {
		if rest, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "-:"); ok {
			found = append(found, rest)
		}
	}
	return strings.Join(found, "\n")
}

func TestLintFinds(t *testing.T) {
	const origin = "allowOrigins: [https://a.example]\n"
	for _, tt := range []struct{ name, policy, want string }{
		{"an unknown key", origin + "maxage: 5\nalowHeaders: []", `3:1: alowHeaders: there is no such key; did you mean "allowHeaders"?`},
		{"a key of another library", origin + "headers: [a]\nallow_methods: [GET]\nwhatever: 1",
			"2:1: headers: there is no such key; did you mean \"allowHeaders\"?\n" +
				"3:1: allow_methods: there is no such key; did you mean \"allowMethods\"?\n4:1: whatever: there is no such key"},
		{"a misspelt list, but not that it is empty", "origins: [https://a.example]", `1:1: origins: there is no such key; did you mean "allowOrigins"?`},
		{"an unknown key in a group", origin + "unsafe:\n  nullorigin: true\n  nulOrigin: true",
			`4:3: unsafe.nulOrigin: there is no such key; did you mean "unsafe.nullOrigin"?`},
		{"a group that is none", origin + "unsafe: true", `2:9: unsafe: needs a group of keys, not "true"`},
		{"a string instead of a list", "allowOrigins: https://a.example", `1:15: allowOrigins: needs a list, not "https://a.example"; write ["https://a.example"]`},
		{"a string that YAML takes for none", origin + "allowCredentials: yes", `2:19: allowCredentials: needs true or false, not "yes"`},
		{"a duration without a unit", origin + "maxAge: 24", ""},
		{"a duration in days", origin + "maxAge: 1d", `2:9: maxAge: "1d" is no duration; write a string such as "24h", or whole seconds such as 86400`},
		{"a duration of nanoseconds", origin + "maxAge: 300ns", `2:1: maxAge: "300ns" is not in whole seconds; use "300s"`},
		{"a number in a list", "allowOrigins: [https://a.example, 3]", `1:35: allowOrigins[1]: needs a string, not "3"`},
		{"null without quotes", "allowOrigins:\n- https://a.example\n- null\n- https://b.example/",
			"3:3: allowOrigins[1]: is empty: remove it, or write \"null\" with quotes for the origin of that name\n" +
				`4:3: allowOrigins[2]: "https://b.example/" has a trailing slash; use "https://b.example"`},
		{"a bad regular expression", "allowOriginRegexps: ['https://(a', 'https://b']", "1:22: allowOriginRegexps[0]: \"https://(a\" is no regular expression: missing closing ): `https://(a`"},
		{"a key that stands twice", origin + origin, `2:1: allowOrigins: stands here a second time: line 1 has it already`},
		{"fields in messages by their keys", "allowOrigins: ['null']", `1:16: allowOrigins[0]: "null" is an origin that any site can take on, by a sandboxed frame; remove it, or set unsafe.nullOrigin to true`},
		{"but not within values", "allowOrigins: ['https://AllowOrigins.example']", `1:16: allowOrigins[0]: "https://AllowOrigins.example" has upper case in its host; use "https://alloworigins.example"`},
		{"what aliases stand for", "allowOrigins: &o [https://a.example/]\nvary: [X]\nexposeHeaders: *o",
			"1:19: allowOrigins[0]: \"https://a.example/\" has a trailing slash; use \"https://a.example\"\n" +
				`1:19: exposeHeaders[0]: "https://a.example/" is not a valid header name; use letters, digits and hyphens only`},
		{"keys that are merged", "<<: {alowMethods: [GET]}\n" + origin, `1:6: alowMethods: there is no such key; did you mean "allowMethods"?`},
		{"a policy that is a list", "- a", `1:1: the file holds a list, not the keys of a policy, such as allowOrigins`},
		{"keys that are none", "? [a]\n: 1\n" + origin, `1:3: there is no such key`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			transcript, status := corscheck(t, tt.policy, "lint", "-")
			if got := lines(transcript); got != tt.want || (status == exitRefused) != (tt.want != "") {
				t.Errorf("exit status %d:\n%s\nwant:\n%s", status, got, tt.want)
			}
		})
	}
}

func TestLintOfAnEmptyFile(t *testing.T) {
	transcript, status := corscheck(t, "", "lint", "-")
	if status != exitRefused || !strings.Contains(transcript, "-: allowOrigins: is empty, and so are allowOriginRegexps and AllowOriginFunc") {
		t.Error(transcript)
	}
}

func TestLintReadsWhatTheLibraryWrites(t *testing.T) {
	data, err := json.Marshal(shop())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "policy.json")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if transcript, status := corscheck(t, "", "lint", file); status != exitAllowed {
		t.Error(transcript)
	}
}

// Whatever a file holds, lint has to end, and to say something harmless.
func FuzzLint(f *testing.F) {
	for _, file := range []string{"valid.yaml", "valid.json", "problems.yaml", "problems.json", "broken.yaml"} {
		data, err := os.ReadFile("testdata/policies/" + file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("a: &a [*a]")
	f.Add("<<: &a {<<: *a}")
	f.Fuzz(func(t *testing.T, policy string) {
		transcript, status := corscheck(t, policy, "lint", "-")
		if status != exitAllowed && status != exitRefused {
			t.Errorf("exit status %d: %s", status, transcript)
		}
		if i := strings.IndexFunc(transcript, func(r rune) bool { return r < ' ' && r != '\n' }); i >= 0 {
			t.Errorf("the output has %q", transcript[i])
		}
	})
}
