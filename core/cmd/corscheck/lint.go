package main

import (
	"fmt"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
)

// lintReport is what lint says to machines.
type lintReport struct {
	Verdict  string       `json:"verdict"` // valid or invalid
	File     string       `json:"file"`
	Problems []problem    `json:"problems"`
	Policy   *cors.Config `json:"policy,omitempty"` // as it was read, if it is valid
}

// lint writes what is wrong with a policy or, if nothing is, what it allows.
func lint(s streams, f *policyFile, asJSON bool) error {
	verdict := "valid"
	if f.policy == nil {
		verdict = "invalid"
	}
	switch {
	case asJSON:
		r := lintReport{Verdict: verdict, File: f.name, Problems: append([]problem{}, f.problems...)}
		if f.policy != nil {
			r.Policy = &f.cfg
		}
		if err := writeJSON(s.out, r); err != nil {
			return err
		}
	case f.policy != nil:
		s.summary(f)
	default:
		s.problems(f)
	}
	if f.policy == nil {
		return exitError(exitRefused)
	}
	return nil
}

// problems writes them as compilers do, so that editors find the places.
func (s streams) problems(f *policyFile) {
	for _, p := range f.problems {
		place := value(f.name)
		if p.Line > 0 {
			place += fmt.Sprintf(":%d", p.Line)
		}
		if p.Column > 0 {
			place += fmt.Sprintf(":%d", p.Column)
		}
		message := p.Message
		if p.Key != "" {
			message = p.Key + ": " + message
		}
		fmt.Fprintf(s.out, "%s %s\n", s.paint(bold, place+":"), printable(message))
	}
	many := "problems"
	if len(f.problems) == 1 {
		many = "problem"
	}
	fmt.Fprintf(s.out, "%s: %d %s\n", s.paint(red, "invalid"), len(f.problems), many)
}

// summary says what a policy allows.
func (s streams) summary(f *policyFile) {
	cfg := f.cfg
	fmt.Fprintf(s.out, "%s: %s\n", s.paint(green, "valid"), value(f.name))
	origins := append([]string{}, cfg.AllowOrigins...)
	for _, re := range cfg.AllowOriginRegexps {
		origins = append(origins, "/"+re.String()+"/")
	}
	s.row("origins", list(origins, "none"))
	methods := cfg.AllowMethods
	if methods == nil {
		methods = []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"}
	}
	s.row("methods", list(methods, "GET, HEAD and POST, which need no permission"))
	s.row("headers", list(cfg.AllowHeaders, "those that need no permission"))
	s.row("exposed", list(cfg.ExposeHeaders, "those that need no permission"))
	s.row("credentials", map[bool]string{true: "allowed", false: "not allowed"}[cfg.AllowCredentials])
	switch {
	case cfg.MaxAge == 0:
		s.row("preflights", "remembered for 5s, the browsers' default")
	case cfg.MaxAge < 0:
		s.row("preflights", "not remembered")
	default:
		s.row("preflights", "remembered for "+short(cfg.MaxAge)+beyond(cfg.MaxAge))
	}
	var unsafe []string
	for _, u := range []struct {
		on  bool
		key string
	}{
		{cfg.Unsafe.InsecureOrigins, "insecureOrigins"},
		{cfg.Unsafe.PublicSuffixes, "publicSuffixes"},
		{cfg.Unsafe.NullOrigin, "nullOrigin"},
	} {
		if u.on {
			unsafe = append(unsafe, u.key)
		}
	}
	if len(unsafe) > 0 {
		s.row("unsafe", strings.Join(unsafe, ", "))
	}
}

func (s streams) row(label, text string) {
	s.paragraph(bold, "  "+label, 15, text)
}

// list is a list in words, the first of many.
func list(names []string, none string) string {
	const most = 12
	switch {
	case len(names) == 0:
		return none
	case len(names) > most:
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// beyond tells of browsers that do not remember for so long.
func beyond(age time.Duration) string {
	var at []string
	for _, b := range browsers {
		if age > b.cap {
			at = append(at, b.name+" for "+short(b.cap))
		}
	}
	if len(at) == 0 {
		return ""
	}
	return ", but by " + strings.Join(at, " and by ") + " at most"
}
