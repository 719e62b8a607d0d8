package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/playground/internal/snippets"
)

// summary says in one sentence what a policy allows.
func summary(cfg cors.Config) string {
	parts := []string{whom(cfg), "without cookies", methods(cfg.AllowMethods)}
	if cfg.AllowCredentials {
		parts[1] = "with cookies"
	}
	if len(cfg.AllowHeaders) > 0 {
		parts = append(parts, headers(cfg.AllowHeaders))
	}
	if len(cfg.ExposeHeaders) > 0 {
		parts = append(parts, "scripts read "+headers(cfg.ExposeHeaders))
	}
	switch age := cfg.MaxAge; {
	case age < 0:
		parts = append(parts, "preflights not remembered")
	case age == 0:
		parts = append(parts, "preflights remembered 5 s, as browsers do by default")
	default:
		parts = append(parts, "preflights remembered "+spaced(age))
	}
	return strings.Join(parts, ", ")
}

// whom says which origins are allowed.
func whom(cfg cors.Config) string {
	patterns := 0
	for _, o := range cfg.AllowOrigins {
		if strings.Contains(o, "*") {
			patterns++
		}
	}
	origins := len(cfg.AllowOrigins) - patterns
	switch {
	case slices.Contains(cfg.AllowOrigins, "*"):
		return "Any origin"
	case origins == 1 && patterns+len(cfg.AllowOriginRegexps) == 0:
		return cfg.AllowOrigins[0]
	}
	var parts []string
	for _, kind := range []struct {
		n    int
		noun string
	}{{origins, "origin"}, {patterns, "pattern"}, {len(cfg.AllowOriginRegexps), "regular expression"}} {
		switch {
		case kind.n == 1:
			parts = append(parts, "1 "+kind.noun)
		case kind.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", kind.n, kind.noun))
		}
	}
	if len(parts) == 0 {
		return "No origin"
	}
	return and(parts)
}

func methods(list []string) string {
	switch {
	case list == nil:
		return "the usual methods"
	case slices.Contains(list, "*"):
		return "any method"
	case len(list) == 0:
		return "GET, HEAD and POST"
	case len(list) > 4:
		return fmt.Sprintf("%d methods", len(list))
	}
	return and(list)
}

func headers(list []string) string {
	switch {
	case slices.Contains(list, "*"):
		return "any header"
	case len(list) > 3:
		return fmt.Sprintf("%d headers", len(list))
	case len(list) == 1:
		return "the header " + list[0]
	}
	return "the headers " + and(list)
}

func and(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	last := len(list) - 1
	return strings.Join(list[:last], ", ") + " and " + list[last]
}

// spaced returns a duration such as "1 h 30 min".
func spaced(d time.Duration) string {
	units := strings.NewReplacer("h", " h ", "m", " min ", "s", " s ")
	return strings.TrimSpace(units.Replace(snippets.Duration(d)))
}
