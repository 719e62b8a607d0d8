package snippets_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/playground/internal/snippets"
	"go.yaml.in/yaml/v3"
)

const url = "http://localhost:8101/items/1"

// full has a value in every field that can be in a file.
func full() cors.Config {
	return cors.Config{
		AllowOrigins:       []string{"https://myapp.com", "https://*.myapp.com", "null"},
		AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://pr-[0-9]+\.myapp\.dev`), regexp.MustCompile("https://`?\\.myapp\\.test|https://x\\.test")},
		AllowMethods:       []string{"GET", "PUT"},
		AllowHeaders:       []string{"Content-Type", "Authorization"},
		ExposeHeaders:      []string{"X-Total-Count"},
		AllowCredentials:   true,
		MaxAge:             90 * time.Minute,
		Vary:               []string{"X-Tenant"},
		PreflightStatus:    200,
		RejectDisallowed:   true,
		Unsafe:             cors.Unsafe{NullOrigin: true, InsecureOrigins: true},
	}
}

func put(page string) snippets.Request {
	return snippets.Request{Page: page, Method: "put", Headers: []string{"Content-Type: application/json", "X-Quote: it's \"fine\" $(id) `id`"}, Credentials: true, Body: `{"a":"it's"}`}
}

// TestGo vets the programs and runs the tests, in packages of this module.
func TestGo(t *testing.T) {
	everything := full()
	everything.AllowHeaders = append(everything.AllowHeaders, "X-Quote")
	dir, err := os.MkdirTemp(".", "generated-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	write := func(path, code string) {
		path = filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(code), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		cfg    cors.Config
		r      snippets.Request
		expect string
	}{
		"everything": {everything, put("https://myapp.com"), "Allows"},
		"star":       {cors.Config{AllowOrigins: []string{"*"}}, put("https://myapp.com"), "Refuses"},
		"nobody":     {cors.Config{AllowOrigins: []string{}}, snippets.Request{Page: "null", Method: "GET"}, "Refuses"},
	} {
		s := snippets.Of(tt.cfg, tt.r, url)
		if !strings.Contains(s.Test, "corstest."+tt.expect+"(") {
			t.Errorf("%s: want %s:\n%s", name, tt.expect, s.Test)
		}
		for id, code := range s.Go {
			write(filepath.Join(name, id, "main.go"), code)
		}
		write(filepath.Join(name, "test", "cors_test.go"), s.Test)
	}
	run(t, "vet", "./"+dir+"/...")
	run(t, "test", "-vet=off", "./"+dir+"/everything/test", "./"+dir+"/star/test", "./"+dir+"/nobody/test")
}

func run(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		t.Errorf("go %s: %v\n%s", args[0], err, out)
	}
}

func TestYAML(t *testing.T) {
	want := full()
	s := snippets.Of(want, put("https://myapp.com"), url)
	var got cors.Config
	if err := yaml.Unmarshal([]byte(s.YAML), &got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v\n%s", got, want, s.YAML)
	}
	if !strings.Contains(s.YAML, "maxAge: 1h30m\n") {
		t.Errorf("maxAge is not short:\n%s", s.YAML)
	}
}

// TestShell has a shell split the commands into arguments.
func TestShell(t *testing.T) {
	s := snippets.Of(full(), put("https://myapp.com"), url)
	quote := `X-Quote: it's "fine" $(id) ` + "`id`"
	for _, tt := range []struct {
		name, command string
		want          []string
	}{
		{"corscheck", s.Corscheck, []string{"probe", "-origin", "https://myapp.com", "-method", "put",
			"-header", "Content-Type: application/json", "-header", quote, "-credentials", url}},
		{"curl", s.Curl, []string{
			"-si", "-X", "OPTIONS", url, "-H", "Origin: https://myapp.com", "-H", "Access-Control-Request-Method: PUT",
			"-H", "Access-Control-Request-Headers: content-type,x-quote",
			"-si", "-X", "PUT", url, "-H", "Origin: https://myapp.com", "-H", "Content-Type: application/json", "-H", quote, "--data-raw", `{"a":"it's"}`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, err := exec.Command("sh", "-c", tt.name+` () { printf '%s\n' "$@"; }`+"\n"+tt.command).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n"); !slices.Equal(got, tt.want) {
				t.Errorf("%q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	ok := put("https://myapp.com")
	for _, tt := range []struct {
		name   string
		change func(*snippets.Request)
		valid  bool
	}{
		{"as it is", func(*snippets.Request) {}, true},
		{"a page that is not there", func(r *snippets.Request) { r.Page = "https://evil.example" }, false},
		{"a method with a blank", func(r *snippets.Request) { r.Method = "G ET" }, false},
		{"an option as a method", func(r *snippets.Request) { r.Method = "trace" }, false},
		{"a body of GET", func(r *snippets.Request) { r.Method = "get" }, false},
		{"a body that ends a paste", func(r *snippets.Request) { r.Body = "\x1b[201~id\n" }, false},
		{"a header without a colon", func(r *snippets.Request) { r.Headers = []string{"@/etc/passwd"} }, false},
		{"a header with an escape sequence", func(r *snippets.Request) { r.Headers = []string{"X-A: \x1b[201~"} }, false},
		{"a header with another line", func(r *snippets.Request) { r.Headers = []string{"X-A: a\nb"} }, false},
		{"a header that is long", func(r *snippets.Request) { r.Headers = []string{"X-A: " + strings.Repeat("a", 2000)} }, false},
		{"a response header that is not a name", func(r *snippets.Request) { r.Reads = "X A" }, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := ok
			tt.change(&r)
			if err := r.Check([]string{"https://myapp.com"}); (err == nil) != tt.valid {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestNeedsPreflight(t *testing.T) {
	for _, tt := range []struct {
		method  string
		headers []string
		want    bool
		names   string
	}{
		{"GET", nil, false, ""},
		{"post", []string{"Content-Type: text/plain;charset=UTF-8"}, false, ""},
		{"POST", []string{"Content-Type: application/json", "X-B: 1", "x-a: 2", "X-b: 3"}, true, "content-type,x-a,x-b"},
		{"PUT", []string{"Cookie: a", "Sec-A: b"}, true, ""},
		{"GET", []string{"Accept: " + strings.Repeat("a", 200)}, true, "accept"},
	} {
		r := snippets.Request{Method: tt.method, Headers: tt.headers}
		if got := r.NeedsPreflight(); got != tt.want || r.PreflightHeaders() != tt.names {
			t.Errorf("%s %q: %t %q, want %t %q", tt.method, tt.headers, got, r.PreflightHeaders(), tt.want, tt.names)
		}
	}
}
