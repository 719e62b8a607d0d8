package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/fatih/color"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/terminal"
)

// corscheck runs the command, and returns both outputs and the exit status.
func corscheck(t *testing.T, args ...string) (output string, status int) {
	t.Helper()
	return corscheckOf(t, "allowOrigins: [https://myapp.com]", args...)
}

// corscheckOf is like corscheck, with a text as standard input.
func corscheckOf(t *testing.T, stdin string, args ...string) (output string, status int) {
	t.Helper()
	var out bytes.Buffer
	o := terminal.Output{Writer: &out}
	status = run(t.Context(), streams{strings.NewReader(stdin), o, o}, append([]string{"corscheck"}, args...))
	return out.String(), status
}

func serve(t *testing.T, h http.Handler) (url string) {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		name, args string
		status     int
		want       string
	}{
		{"no command", "", exitUnknown, "Commands:"},
		{"an unknown command", "prob http://a.example", exitUnknown, `corscheck: unknown command "prob"; did you mean "probe"?`},
		{"the command help", "help", exitUnknown, `unknown command "help"; did you mean "corscheck -h"?`},
		{"the command version", "version", exitUnknown, `unknown command "version"; did you mean "corscheck -version"?`},
		{"a command that is far off", "frobnicate", exitUnknown, `unknown command "frobnicate": use one of probe, lint, explain, diff, schema, completion`},
		{"a URL in place of a command", "http://a.example", exitUnknown, `did you mean "corscheck probe http://a.example"?`},
		{"a file in place of a command", "cors.yaml", exitUnknown, `did you mean "corscheck lint cors.yaml"?`},
		{"the version", "--version", exitAllowed, "corscheck version "},
		{"help", "-h", exitAllowed, "corscheck <command> [flags]"},
		{"help of a command", "probe -h", exitAllowed, "Examples:\n  corscheck probe -origin https://myapp.com"},
		{"an unknown flag", "probe -orgin a http://a.example", exitUnknown, `unknown flag -orgin; did you mean -origin?`},
		{"an unknown flag with two dashes", "lint --fromat json -", exitUnknown, `unknown flag -fromat; did you mean -format?`},
		{"a flag that is far off", "probe -frobnicate http://a.example", exitUnknown, `unknown flag -frobnicate; see "corscheck probe -h"`},
		{"a flag without a value", "probe -origin", exitUnknown, `the flag -origin needs a value; see`},
		{"a flag with an invalid value", "probe -timeout x http://a.example", exitUnknown, `-timeout: needs a duration such as 10s, not "x"`},
		{"a flag that is true or false", "lint -json=x -", exitUnknown, `-json: needs true or false, not "x"`},
		{"cookies of curl", "probe -b a=b http://a.example", exitUnknown, `unknown flag -b: cookies are not sent; use -credentials`},
		{"a body of curl", "probe --data {} http://a.example", exitUnknown, `unknown flag -data: no body is sent`},
		{"a flag of curl without a space", "probe -XPUT http://a.example", exitUnknown, `write a space after it: -X "PUT"`},
		{"a user without a password", "probe -u me http://a.example", exitUnknown, `-user: write name:password`},
		{"two origins", "probe -origin https://a.example -H Origin:https://b.example http://a.example", exitUnknown, `the origin is "https://a.example" already`},
		{"no URL", "probe", exitUnknown, "probe needs a URL"},
		{"two URLs", "probe http://a.example http://b.example", exitUnknown, "probe takes one argument, a URL, but got 2"},
		{"a URL without a scheme", "probe localhost:8080/x", exitUnknown, `"localhost:8080/x" has no scheme: write "http://localhost:8080/x" or "https://localhost:8080/x"`},
		{"a URL of another scheme", "probe ws://a.example", exitUnknown, `"ws://a.example" is not an http or https URL`},
		{"a URL with an invalid port", "probe http://a.example:99999/", exitUnknown, `the port "99999", which is not between 1 and 65535`},
		{"a URL with a user", "probe http://me:pw@a.example", exitUnknown, "browsers do not fetch URLs that contain a user name"},
		{"an origin with a slash", "probe -origin https://myapp.com/ http://a.example", exitUnknown, `-origin: "https://myapp.com/" has a trailing slash; use "https://myapp.com"`},
		{"an origin without a scheme", "probe -origin myapp.com http://a.example", exitUnknown, `has no scheme`},
		{"an origin with an asterisk", "probe -origin https://*.myapp.com http://a.example", exitUnknown, `give the origin of one page`},
		{"a forbidden method", "probe -method TRACE http://a.example", exitUnknown, `-method "TRACE": browsers do not send this method`},
		{"a header without a name", "probe -header : http://a.example", exitUnknown, `-header ":": write "Name: value"`},
		{"a timeout of zero", "probe -timeout 0s http://a.example", exitUnknown, `-timeout must be positive`},
		{"an unknown format", "lint -format jsn -", exitUnknown, `-format "jsn" is unknown; did you mean json?`},
		{"a format that is far off", "lint -format sarif -", exitUnknown, `-format "sarif" is unknown: use text, json, github`},
		{"two formats", "lint -json -format github -", exitUnknown, `-json and -format github exclude each other`},
		{"one policy to compare", "diff -", exitUnknown, `diff needs two files, the old policy and the new one, but got 1`},
		{"standard input twice", "diff - -", exitUnknown, `only one of the policies from standard input`},
		{"an argument of schema", "schema x", exitUnknown, `schema takes no arguments`},
		{"the flags of curl", "explain - -H Origin:https://myapp.com -H Access-Control-Request-Method:PURGE -X OPTIONS", exitRefused, `method "PURGE" is not allowed`},
		{"the requested headers of curl", "explain - -H Origin:https://myapp.com -H access-control-request-headers:x-a", exitRefused, `header "x-a" is not allowed`},
		{"the user of curl", "explain - -origin https://myapp.com -u me:pw", exitRefused, `header "authorization" is not allowed`},
		{"no file", "lint", exitUnknown, "lint needs a file"},
		{"a file that does not exist", "lint no-such-file.yaml", exitUnknown, "no-such-file.yaml: no such file"},
		{"explain without an origin", "explain -", exitUnknown, "explain needs -origin"},
		{"standard input", "lint -", exitAllowed, "valid: -"},
		{"flags with two dashes and after the argument", "explain - --origin=https://myapp.com", exitAllowed, "allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			output, status := corscheck(t, strings.Fields(tt.args)...)
			if status != tt.status || !strings.Contains(output, tt.want) {
				t.Errorf("status %d, want %d and %q:\n%s", status, tt.status, tt.want, output)
			}
		})
	}
}

// TestHelp checks that help fits a terminal.
func TestHelp(t *testing.T) {
	for _, command := range []string{"", "probe", "lint", "explain", "diff", "schema", "completion"} {
		output, status := corscheck(t, append(strings.Fields(command), "-h")...)
		if status != exitAllowed || output == "" {
			t.Errorf("%s: status %d", command, status)
		}
		for line := range strings.Lines(output) {
			if utf8.RuneCountInString(line) > helpWidth+1 {
				t.Errorf("%s: %q", command, line)
			}
		}
	}
}

func TestCompletion(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "pwsh"} {
		if output, status := corscheck(t, "completion", shell); status != exitAllowed || !strings.Contains(output, "--generate-shell-completion") {
			t.Errorf("%s: status %d", shell, status)
		}
	}
	if output, _ := corscheck(t, "lint", "--f", "--generate-shell-completion"); output != "--format:text, json, or github for annotations in a workflow (default: text)\n" {
		t.Errorf("%q", output)
	}
}

// TestEndless has a standard input that does not end.
func TestEndless(t *testing.T) {
	in, writer := io.Pipe()
	defer writer.Close()
	for _, args := range []string{"lint -timeout 50ms -", "explain -timeout 50ms -origin https://a.example -", "diff -timeout 50ms - /dev/null"} {
		var out bytes.Buffer
		o := terminal.Output{Writer: &out}
		status := run(t.Context(), streams{in, o, o}, append([]string{"corscheck"}, strings.Fields(args)...))
		if status != exitUnknown || !strings.Contains(out.String(), "takes too long: use -timeout to wait longer") {
			t.Errorf("%s: status %d: %s", args, status, out.String())
		}
	}
}

func TestVersion(t *testing.T) {
	info := &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}}}
	want := "v1.2.3 (go1.26.0, " + runtime.GOOS + "/" + runtime.GOARCH + ", commit 0123456789ab with changes)"
	if got := describeBuild(info); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestColour(t *testing.T) {
	color.NoColor = false
	defer func() { color.NoColor = true }()
	output, _ := corscheck(t, "probe", serve(t, items()))
	if want := "\x1b[31mrefused\x1b[0m (MissingAllowOriginHeader)"; !strings.Contains(output, want) {
		t.Errorf("no %q in %q", want, output)
	}
}

// listen starts a server that does not speak HTTP. It passes connections to
// serve.
func listen(t *testing.T, serve func(net.Conn)) (url string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				serve(conn)
			}()
		}
	}()
	return "http://" + ln.Addr().String()
}

// answers reads a request's head, and writes a response that an HTTP library
// would not write.
func answers(response string) func(net.Conn) {
	return func(conn net.Conn) {
		buf := make([]byte, 4096)
		if _, err := conn.Read(buf); err == nil {
			_, _ = io.WriteString(conn, response)
		}
	}
}

func serveTLS(t *testing.T, config *tls.Config) (url string) {
	t.Helper()
	s := httptest.NewUnstartedServer(items())
	s.TLS = config
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

func TestNoResponse(t *testing.T) {
	// Systems do not assign this port. A port that was just closed may be
	// assigned again.
	const unused = "127.0.0.1:1"
	plain := serve(t, items())
	slow := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))

	for _, tt := range []struct{ name, url, message, hint string }{
		{"nothing listens", "http://" + unused, "nothing listens on " + unused, "start the server"},
		{"the server is slow", slow, "does not respond within 300ms", "use -timeout to wait longer"},
		{"the server closes the connection", listen(t, func(net.Conn) {}), "closes the connection without a response", "check its log"},
		{"the issuer is unknown", serveTLS(t, nil), "does not trust the issuer", "SSL_CERT_FILE"},
		{"the server does not use TLS", strings.Replace(plain, "http", "https", 1), "does not use TLS", "try " + plain},
		{"the TLS versions differ", serveTLS(t, &tls.Config{MaxVersion: tls.VersionTLS11}), "refuses the TLS connection", "old versions"},
		{"the server is of another protocol", listen(t, answers("SSH-2.0-OpenSSH\x1b[31m\r\n")), "does not respond with HTTP", "another service"},
		{"the headers do not end", listen(t, answers("HTTP/1.1 200 OK\r\nX: "+strings.Repeat("a", 1<<20)+"\r\n\r\n")),
			"more than 256 KiB of headers", "browsers reject this too"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			timeout := "10s"
			if tt.url == slow {
				timeout = "300ms"
			}
			output, status := corscheck(t, "probe", "-method", "PUT", "-timeout", timeout, tt.url)
			if status != exitUnknown || !strings.Contains(output, "could not tell\n") ||
				!strings.Contains(output, tt.message) || !strings.Contains(output, tt.hint) {
				t.Errorf("status %d:\n%s", status, output)
			}
			checkHarmless(t, output)
		})
	}
}

// checkHarmless fails the test if the text contains control sequences for a
// terminal.
func checkHarmless(t *testing.T, text string) {
	t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || 0x7f <= r && r < 0xa0 || r == '\u202e' }); i >= 0 {
		t.Errorf("the output has %q at %q", text[i], text[max(0, i-40):i])
	}
	if len(text) > 20_000 {
		t.Errorf("the output has %d bytes", len(text))
	}
}

func TestHostileResponse(t *testing.T) {
	const escapes = "\x1b]0;owned\x07\x1b[2J\u202e\u009b31m\xff"
	for name, head := range map[string]string{
		"escapes in a value":    "Access-Control-Allow-Origin: " + escapes + "\r\n",
		"escapes in methods":    "Access-Control-Allow-Origin: https://myapp.com\r\nAccess-Control-Allow-Methods: " + escapes + "\r\n",
		"escapes in max-age":    "Access-Control-Allow-Origin: https://myapp.com\r\nAccess-Control-Allow-Methods: PUT\r\nAccess-Control-Max-Age: " + escapes + "\r\n",
		"escapes in vary":       "Vary: " + escapes + "\r\n",
		"escapes in a location": "Location: http://127.0.0.1/" + escapes + "\r\n",
		"a long value":          "Access-Control-Allow-Origin: " + strings.Repeat("https://a.example ", 10_000) + "\r\n",
		"a long location":       "Location: /" + strings.Repeat("a", 200<<10) + "\r\n",
		"a long name":           "Access-Control-" + strings.Repeat("A", 100_000) + ": 1\r\n",
		"many lines":            strings.Repeat("Vary: a\r\n", 5000),
		"a malformed line":      "\x1b[31m\r\n",
	} {
		for _, status := range []string{"200 \x1b[31mOK", "302 Found", "999 \x1b[31m"} {
			t.Run(name+" "+status[:3], func(t *testing.T) {
				url := listen(t, answers(fmt.Sprintf("HTTP/1.1 %s\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n", status, head)))
				for _, args := range [][]string{{"-method", "PUT"}, {"-method", "PUT", "-json"}, nil} {
					output, _ := corscheck(t, append(append([]string{"probe", "-timeout", "5s"}, args...), url)...)
					checkHarmless(t, output)
				}
			})
		}
	}
}
