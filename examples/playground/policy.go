package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/playground/internal/snippets"
)

// A draft is a policy and a request, as they are in the form.
type draft struct {
	Policy  string           `json:"policy"` // JSON
	Request snippets.Request `json:"request"`
	Apply   bool             `json:"apply"` // puts the policy in force if it is valid
}

// A checked draft is what the page shows about a draft.
type checked struct {
	Problems []problem         `json:"problems"`
	Request  string            `json:"request"` // what is wrong with the request
	Summary  string            `json:"summary"` // of the policy in force
	Applied  bool              `json:"applied"`
	After    int64             `json:"after"` // the number of the last exchange before the policy came into force
	Snippets snippets.Snippets `json:"snippets"`
}

// A problem is one thing that is wrong with the policy.
type problem struct {
	Key     string    `json:"key"` // the field in JSON; empty if the text is not JSON
	Index   int       `json:"index"`
	Code    cors.Code `json:"code"`
	Message string    `json:"message"`
	Fixes   []fix     `json:"fixes"`
}

// A fix is a change that is applied by a button.
type fix struct {
	Label   string            `json:"label"`
	Policy  json.RawMessage   `json:"policy,omitempty"`
	Request *snippets.Request `json:"request,omitempty"`
}

// check checks a draft, and puts its policy in force if that is asked for.
func (p *playground) check(d draft) (checked, error) {
	c := checked{Problems: []problem{}}
	if err := d.Request.Check(p.origins()); err != nil {
		c.Request = err.Error()
	}
	cfg, problems := p.problems(d)
	if len(problems) > 0 {
		c.Problems = problems
	} else if c.Request == "" {
		c.Snippets = snippets.Of(cfg, d.Request, p.apis[0].URL)
	}
	p.applying.Lock()
	defer p.applying.Unlock()
	if d.Apply && len(problems) == 0 {
		if err := p.policy.Reconfigure(cfg); err != nil {
			return c, err
		}
		c.Applied = true
	}
	c.After = p.log.Last()
	c.Summary = summary(p.policy.Config())
	return c, nil
}

func (p *playground) origins() []string {
	var origins []string
	for _, page := range p.pages {
		origins = append(origins, page.Origin)
	}
	return origins
}

// problems decodes the policy of a draft, and returns what is wrong with it.
func (p *playground) problems(d draft) (cors.Config, []problem) {
	var cfg cors.Config
	if err := json.Unmarshal([]byte(d.Policy), &cfg); err != nil {
		return cfg, decodingProblems(err)
	}
	_, err := cors.New(cfg)
	var problems []problem
	for _, e := range configErrors(err) {
		problems = append(problems, problem{
			Key: jsonKey(e.Field), Index: e.Index, Code: e.Code,
			Message: strings.TrimPrefix(e.Error(), "cors: "),
			Fixes:   problemFixes(cfg, e, d.Request),
		})
	}
	return cfg, problems
}

func configErrors(err error) (list []*cors.ConfigError) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return nil
	}
	for _, err := range joined.Unwrap() {
		if e, ok := errors.AsType[*cors.ConfigError](err); ok {
			list = append(list, e)
		}
	}
	return list
}

// decodingProblems is for a text that is not the JSON of a Config.
func decodingProblems(err error) (problems []problem) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		message := strings.TrimPrefix(line, "cors: reading Config: ")
		key, _, _ := strings.Cut(message, ":")
		if !isKey(key) {
			key = ""
		}
		problems = append(problems, problem{Key: key, Index: -1, Message: message, Fixes: []fix{}})
	}
	return problems
}

// isKey reports whether a word is a key of a Config in JSON.
func isKey(word string) bool {
	data, err := json.Marshal(cors.Config{
		AllowOrigins: []string{}, AllowMethods: []string{}, AllowHeaders: []string{}, ExposeHeaders: []string{},
		AllowCredentials: true, MaxAge: time.Second, Vary: []string{}, PreflightContinue: true, PreflightStatus: 204,
		RejectDisallowed: true, Unsafe: cors.Unsafe{NullOrigin: true},
	})
	return err == nil && word != "" && bytes.Contains(data, fmt.Appendf(nil, "%q:", word))
}

// jsonKey returns the key of a field.
func jsonKey(field string) string { return strings.ToLower(field[:1]) + field[1:] }

// encode returns the JSON of cfg, with "2h" for "2h0m0s".
func encode(cfg cors.Config) (json.RawMessage, error) {
	data, err := json.Marshal(cfg)
	long, short := cfg.MaxAge.String(), snippets.Duration(cfg.MaxAge)
	return bytes.Replace(data, fmt.Appendf(nil, `"maxAge":%q`, long), fmt.Appendf(nil, `"maxAge":%q`, short), 1), err
}
