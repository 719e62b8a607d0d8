package snippets

import (
	"bytes"
	"fmt"
	"strings"

	cors "github.com/polycors/polycors/core"
	"go.yaml.in/yaml/v3"
)

// Snippets are the forms in which a policy and a request can be copied.
type Snippets struct {
	Go        map[string]string `json:"go"` // by framework
	YAML      string            `json:"yaml"`
	Test      string            `json:"test"`
	Corscheck string            `json:"corscheck"`
	Curl      string            `json:"curl"`
}

// Of returns the snippets for a valid policy and a request to a URL.
func Of(cfg cors.Config, r Request, url string) Snippets {
	s := Snippets{Go: map[string]string{}, YAML: yamlOf(cfg), Test: testOf(cfg, r), Corscheck: corscheck(r, url), Curl: curl(r, url)}
	for id, m := range mounts {
		s.Go[id] = program(cfg, m)
	}
	return s
}

func yamlOf(cfg cors.Config) string {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(cfg); err != nil {
		return ""
	}
	if d := cfg.MaxAge; d != 0 {
		return strings.Replace(b.String(), "maxAge: "+d.String()+"\n", "maxAge: "+Duration(d)+"\n", 1)
	}
	return b.String()
}

// corscheck returns the command that asks the API with corscheck.
func corscheck(r Request, url string) string {
	args := []string{"corscheck", "probe", "-origin", r.Page, "-method", r.Method}
	for _, h := range r.Headers {
		args = append(args, "-header", h)
	}
	if r.Credentials {
		args = append(args, "-credentials")
	}
	return command(append(args, url))
}

// curl returns the commands that send what a browser sends.
func curl(r Request, url string) string {
	var b strings.Builder
	if r.NeedsPreflight() {
		args := []string{"curl", "-si", "-X", "OPTIONS", url, "-H", "Origin: " + r.Page, "-H", "Access-Control-Request-Method: " + r.SentMethod()}
		if names := r.PreflightHeaders(); names != "" {
			args = append(args, "-H", "Access-Control-Request-Headers: "+names)
		}
		fmt.Fprintf(&b, "# the preflight\n%s\n\n# the request\n", command(args))
	}
	args := []string{"curl", "-si", "-X", r.SentMethod(), url, "-H", "Origin: " + r.Page}
	if r.SentMethod() == "HEAD" { // with -X, curl would wait for a body
		args = []string{"curl", "-sI", url, "-H", "Origin: " + r.Page}
	}
	for _, h := range r.Headers {
		args = append(args, "-H", h)
	}
	if r.Body != "" {
		args = append(args, "--data-raw", r.Body)
	}
	return b.String() + command(args)
}

// command joins arguments for a POSIX shell. Options begin lines, with their values.
func command(args []string) string {
	var b strings.Builder
	for i, a := range args {
		switch {
		case i == 0:
		case strings.HasPrefix(a, "-") && i > 3 && isPlain(a):
			b.WriteString(" \\\n  ")
		default:
			b.WriteString(" ")
		}
		b.WriteString(quote(a))
	}
	return b.String()
}

// quote quotes an argument for a POSIX shell, in which nothing is special between
// single quotes.
func quote(arg string) string {
	if isPlain(arg) {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}

func isPlain(arg string) bool {
	return arg != "" && strings.Trim(arg, "-_./:abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}
