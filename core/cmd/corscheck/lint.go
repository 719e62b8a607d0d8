package main

import (
	"fmt"
	"strings"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/internal/document"
	"github.com/polycors/polycors/core/internal/fetch"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/policyfile"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/probe"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/terminal"
)

// lintReport is the result of lint for machines.
type lintReport struct {
	Verdict  string               `json:"verdict"` // valid or invalid
	File     string               `json:"file"`
	Problems []policyfile.Problem `json:"problems"`
	Policy   *cors.Config         `json:"policy,omitempty"` // only if it is valid
}

// lint writes the problems of a policy or, if there are none, what it allows.
func lint(s streams, f *policyfile.File, form format) error {
	r := lintReport{Verdict: "invalid", File: f.Name, Problems: append([]policyfile.Problem{}, f.Problems...)}
	if f.Policy != nil {
		r.Verdict, r.Policy = "valid", &f.Config
	}
	switch {
	case form == asJSON:
		if err := writeJSON(s.out, r); err != nil {
			return err
		}
	case form == asGitHub:
		if err := annotateProblems(s.out, f); err != nil {
			return err
		}
	case f.Policy != nil:
		showPolicy(s.out, f)
	default:
		showProblems(s.out, f)
	}
	if f.Policy == nil {
		return exitError(exitRefused)
	}
	return nil
}

// annotateProblems writes problems as annotations.
func annotateProblems(o terminal.Output, f *policyfile.File) error {
	for _, p := range f.Problems {
		a := annotation{"error", f.Name, document.Place{Line: p.Line, Column: p.Column}, "CORS policy", show.Plain(p.Text(), show.Text)}
		if err := a.write(o); err != nil {
			return err
		}
	}
	return nil
}

// showProblems writes problems as compilers do. Editors find the places.
func showProblems(o terminal.Output, f *policyfile.File) {
	for _, p := range f.Problems {
		place := show.Plain(f.Name, show.Line)
		if p.Line > 0 {
			place += fmt.Sprintf(":%d:%d", p.Line, p.Column)
		}
		o.Row(terminal.Bold, place+":", 2, p.Text())
	}
	noun := "problems"
	if len(f.Problems) == 1 {
		noun = "problem"
	}
	fmt.Fprintf(o, "%s: %d %s\n", terminal.Red.Sprint("invalid"), len(f.Problems), noun)
}

// showPolicy writes what a policy allows.
func showPolicy(o terminal.Output, f *policyfile.File) {
	cfg := f.Config
	row := func(label, text string) { o.Row(terminal.Bold, "  "+label, 15, text) }
	fmt.Fprintf(o, "%s: %s\n", terminal.Green.Sprint("valid"), show.Plain(f.Name, show.Line))
	origins := append([]string{}, cfg.AllowOrigins...)
	for _, re := range cfg.AllowOriginRegexps {
		origins = append(origins, "/"+re.String()+"/")
	}
	closed := ""
	if cfg.AllowOrigins != nil && len(cfg.AllowOrigins) == 0 {
		closed = "; allowOrigins is an empty list"
	}
	row("origins", list(origins, "none")+closed)
	for _, remark := range originRemarks(cfg) {
		row("", remark)
	}
	if cfg.AllowMethods == nil {
		cfg.AllowMethods = fetch.CommonMethods()
	}
	row("methods", methodsInForce(cfg.AllowMethods))
	row("headers", headersInForce(cfg.AllowHeaders))
	for _, name := range cfg.AllowHeaders {
		if strings.HasPrefix(strings.ToLower(name), "access-control-allow-") {
			row("", name+" is a header of responses: a front end that sends it has a mistake")
		}
	}
	row("exposed", exposedInForce(cfg.ExposeHeaders))
	row("credentials", map[bool]string{true: "allowed", false: "not allowed"}[cfg.AllowCredentials])
	row("preflights", probe.Caching(cfg.MaxAge))
	if cfg.PreflightContinue {
		row("", "the next handler answers them, if they are allowed")
	}
	if cfg.ReportOnly != nil {
		row("tried out", "reportOnly has another policy, which refuses nothing, but reports what it would refuse")
	}
	if cfg.RejectDisallowed {
		row("others", "requests from other origins get 403, and do not reach their handlers")
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
		row("unsafe", strings.Join(unsafe, ", "))
	}
}

// list returns the names, or the first ones if there are many.
func list(names []string, none string) string {
	const maxNames = 12
	switch {
	case len(names) == 0:
		return none
	case len(names) > maxNames:
		return strings.Join(names[:maxNames], ", ") + fmt.Sprintf(" and %d more", len(names)-maxNames)
	}
	return strings.Join(names, ", ")
}
