package main

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/playground/internal/snippets"
)

// A change is a fix that has not been tried yet.
type change struct {
	label string
	edit  func(*cors.Config)
}

const maxFixes = 3

// problemFixes returns the fixes for a problem of cfg: those of the changes that
// its suggestion speaks of after which the problem is gone.
func problemFixes(cfg cors.Config, e *cors.ConfigError, r snippets.Request) []fix {
	before := len(configErrors(second(cors.New(cfg))))
	fixes := []fix{}
	for _, c := range changes(cfg, e, r) {
		edited := clone(cfg)
		c.edit(&edited)
		if len(configErrors(second(cors.New(edited)))) >= before || len(fixes) == maxFixes {
			continue
		}
		if data, err := encode(edited); err == nil {
			fixes = append(fixes, fix{Label: c.label, Policy: data})
		}
	}
	return fixes
}

func second[T any](_ T, err error) error { return err }

var (
	quoted     = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)
	expression = regexp.MustCompile(`^remove it, and add ("(?:[^"\\]|\\.)*") to AllowOriginRegexps`)
	example    = regexp.MustCompile(`such as ("(?:[^"\\]|\\.)*")`)
	setting    = regexp.MustCompile(`set (Unsafe\.\w+|AllowCredentials) to (true|false)`)
	seconds    = regexp.MustCompile(`^write (\d+) \* time\.Second$`)
)

// changes returns the changes that may solve a problem, the best first.
func changes(cfg cors.Config, e *cors.ConfigError, r snippets.Request) (list []change) {
	add := func(label string, edit func(*cors.Config)) { list = append(list, change{label, edit}) }
	replace := func(values ...string) func(*cors.Config) {
		return func(c *cors.Config) {
			if l := listOf(c, e.Field); l != nil && e.Index >= 0 && e.Index < len(*l) {
				*l = slices.Replace(*l, e.Index, e.Index+1, values...)
			}
		}
	}
	s := e.Suggestion
	switch {
	case e.Field == "MaxAge" || e.Field == "PreflightStatus":
		return number(e)
	case e.Index < 0:
		list = wholeList(cfg, e, r)
	case strings.HasPrefix(s, `"`):
		add("Use "+s, replace(unquoteAll(s)...))
	case !strings.Contains(s, " "):
		add(fmt.Sprintf("Use %q", s), replace(s))
	case expression.MatchString(s):
		text := unquoteAll(expression.FindStringSubmatch(s)[1])[0]
		add("Use the expression "+text, func(c *cors.Config) {
			replace()(c)
			if re, err := regexp.Compile(text); err == nil {
				c.AllowOriginRegexps = append(c.AllowOriginRegexps, re)
			}
		})
	case example.MatchString(s):
		value := unquoteAll(example.FindStringSubmatch(s)[1])[0]
		add(fmt.Sprintf("Use %q", value), replace(value))
	case e.Value == "*" && e.Field == "AllowOrigins" && r.Page != "null":
		add(fmt.Sprintf("List %q instead", r.Page), replace(r.Page))
	}
	if m := setting.FindStringSubmatch(s); m != nil {
		add(fmt.Sprintf("Set %s to %s", m[1], m[2]), func(c *cors.Config) {
			if target := switchOf(c, m[1]); target != nil {
				*target = m[2] == "true"
			}
		})
	}
	if e.Index >= 0 {
		add("Remove "+strconv.Quote(e.Value), replace())
	}
	return list
}

// number returns the changes for a field that is a number.
func number(e *cors.ConfigError) []change {
	if e.Field == "PreflightStatus" {
		return []change{{"Use 204", func(c *cors.Config) { c.PreflightStatus = http.StatusNoContent }}}
	}
	age, err := time.ParseDuration(e.Suggestion)
	if m := seconds.FindStringSubmatch(e.Suggestion); m != nil {
		age, err = time.ParseDuration(m[1] + "s")
	}
	if err != nil {
		return nil
	}
	return []change{{"Use " + spaced(age), func(c *cors.Config) { c.MaxAge = age }}}
}

// wholeList returns the changes for a problem of AllowOrigins as a whole.
func wholeList(cfg cors.Config, e *cors.ConfigError, r snippets.Request) (list []change) {
	if e.Value == "*" {
		list = append(list,
			change{`Keep only "*"`, func(c *cors.Config) { c.AllowOrigins, c.AllowOriginRegexps = []string{"*"}, nil }},
			change{`Remove "*"`, func(c *cors.Config) {
				c.AllowOrigins = slices.DeleteFunc(c.AllowOrigins, func(o string) bool { return o == "*" })
			}})
	}
	if e.Code == cors.CodeNoOrigins {
		if r.Page != "null" {
			list = append(list, change{fmt.Sprintf("Allow %q", r.Page), func(c *cors.Config) { c.AllowOrigins = []string{r.Page} }})
		}
		if !cfg.AllowCredentials {
			list = append(list, change{"Allow every origin", func(c *cors.Config) { c.AllowOrigins = []string{"*"} }})
		}
	}
	return list
}

func unquoteAll(s string) (values []string) {
	for _, q := range quoted.FindAllString(s, -1) {
		if v, err := strconv.Unquote(q); err == nil {
			values = append(values, v)
		}
	}
	return values
}

func listOf(c *cors.Config, field string) *[]string {
	switch field {
	case "AllowOrigins":
		return &c.AllowOrigins
	case "AllowMethods":
		return &c.AllowMethods
	case "AllowHeaders":
		return &c.AllowHeaders
	case "ExposeHeaders":
		return &c.ExposeHeaders
	case "Vary":
		return &c.Vary
	}
	return nil
}

func switchOf(c *cors.Config, field string) *bool {
	switch field {
	case "AllowCredentials":
		return &c.AllowCredentials
	case "Unsafe.InsecureOrigins":
		return &c.Unsafe.InsecureOrigins
	case "Unsafe.PublicSuffixes":
		return &c.Unsafe.PublicSuffixes
	case "Unsafe.NullOrigin":
		return &c.Unsafe.NullOrigin
	}
	return nil
}

func clone(c cors.Config) cors.Config {
	for _, field := range []string{"AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "Vary"} {
		l := listOf(&c, field)
		*l = slices.Clone(*l)
	}
	c.AllowOriginRegexps = slices.Clone(c.AllowOriginRegexps)
	return c
}
