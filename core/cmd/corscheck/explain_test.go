package main

import (
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	for _, tt := range []struct {
		name   string
		args   []string
		status int
	}{
		{"allowed", []string{"-origin", "https://pr-7.myapp.dev", "-method", "PUT", "-header", "content-type: application/json"}, exitAllowed},
		{"safelisted-header", []string{"-origin", "https://myapp.com", "-header", "Content-Type: text/plain"}, exitAllowed},
		{"loopback-name", []string{"-origin", "http://127.0.0.1:5173"}, exitRefused},
		{"apex", []string{"-origin", "https://tenants.example"}, exitRefused},
		{"http", []string{"-origin", "http://myapp.com", "-credentials"}, exitRefused},
		{"lookalike", []string{"-origin", "https://evilmyapp.com"}, exitRefused},
		{"missing-authorization", []string{"-origin", "https://myapp.com", "-method", "POST", "-header", "Authorization"}, exitRefused},
		{"lower-case-patch", []string{"-origin", "https://myapp.com", "-method", "patch"}, exitRefused},
		{"null", []string{"-origin", "null"}, exitRefused},
		{"json", []string{"-json", "-origin", "http://127.0.0.1:5173", "-method", "PUT"}, exitRefused},
	} {
		t.Run(tt.name, func(t *testing.T) {
			transcript, status := corscheck(t, "", append([]string{"explain", "testdata/policies/valid.yaml"}, tt.args...)...)
			if status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			golden(t, "explain/"+tt.name+".txt", transcript)
		})
	}
}

func TestExplainCredentialsThatAreNotAllowed(t *testing.T) {
	transcript, status := corscheck(t, "allowOrigins: ['*']", "explain", "-", "-origin", "https://a.example", "-credentials")
	if status != exitRefused || !strings.Contains(transcript, "refused (credentials-not-allowed)") ||
		!strings.Contains(transcript, "in allowOrigins instead") {
		t.Error(transcript)
	}
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		name, args string
		status     int
		want       string
	}{
		{"no command", "", exitUnknown, "Commands:"},
		{"an unknown command", "prob http://a.example", exitUnknown, `corscheck: there is no command "prob": use probe, lint or explain`},
		{"help", "-h", exitAllowed, "corscheck <command> [flags]"},
		{"help of a command", "probe -h", exitAllowed, "Examples:\n  corscheck probe -origin https://myapp.com"},
		{"an unknown flag", "probe -orgin a http://a.example", exitUnknown, `flag provided but not defined: -orgin; see "corscheck probe -h"`},
		{"no URL", "probe", exitUnknown, "probe needs a URL"},
		{"two URLs", "probe http://a.example http://b.example", exitUnknown, "probe takes one argument, a URL, but got 2"},
		{"a URL without a scheme", "probe localhost:8080/x", exitUnknown, `"localhost:8080/x" has no scheme: write "http://localhost:8080/x" or "https://localhost:8080/x"`},
		{"a URL of another scheme", "probe ws://a.example", exitUnknown, `"ws://a.example" is no URL of http or https`},
		{"a URL with a user", "probe http://me:pw@a.example", exitUnknown, "browsers fetch no URL with a user name"},
		{"an origin with a slash", "probe -origin https://myapp.com/ http://a.example", exitUnknown, `-origin: "https://myapp.com/" has a trailing slash; use "https://myapp.com"`},
		{"an origin without a scheme", "probe -origin myapp.com http://a.example", exitUnknown, `has no scheme`},
		{"an origin with an asterisk", "probe -origin https://*.myapp.com http://a.example", exitUnknown, `give the origin of one page`},
		{"a method that is none", "probe -method TRACE http://a.example", exitUnknown, `no browser sends such a method`},
		{"a header that is none", "probe -header : http://a.example", exitUnknown, `-header ":": write "Name: value"`},
		{"a timeout of nothing", "probe -timeout 0s http://a.example", exitUnknown, `-timeout has to be positive`},
		{"no file", "lint", exitUnknown, "lint needs a file"},
		{"a file that is not there", "lint no-such-file.yaml", exitUnknown, "no-such-file.yaml: no such file"},
		{"explain without an origin", "explain testdata/policies/valid.yaml", exitUnknown, "explain needs -origin"},
		{"explain of a policy with problems", "explain testdata/policies/problems.yaml -origin https://a.example", exitUnknown, "has a trailing slash"},
		{"flags with two dashes and after the argument", "explain testdata/policies/valid.yaml --origin=https://myapp.com", exitAllowed, "allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			transcript, status := corscheck(t, "", strings.Fields(tt.args)...)
			if status != tt.status || !strings.Contains(transcript, tt.want) {
				t.Errorf("want status %d and %q:\n%s", tt.status, tt.want, transcript)
			}
		})
	}
}
