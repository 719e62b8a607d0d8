package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/urfave/cli/v3"

	"github.com/polycors/polycors/core/internal/document"
	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/diff"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/policyfile"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/terminal"
)

func diffCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "diff",
		Usage:     "says what a change of a policy opens and what it closes",
		ArgsUsage: "[flags] OLD NEW",
		Description: `Compares what two policies allow, not their texts: an origin that a wildcard
allows already is not a change. Changes that open with cookies come first. If
regular expressions are too large to compare, the change counts as opening.
Use - for standard input.`,
		Flags: append([]cli.Flag{keyFlag()}, append(formatFlags(), timeoutFlag("reading and comparing", fileTimeout))...),
		UsageText: `  corscheck diff old.yaml new.yaml
  git show main:cors.yaml | corscheck diff - cors.yaml
  git show main:app.yaml | corscheck diff -key server.cors - app.yaml`,
		Action: withTimeout(func(ctx context.Context, cmd *cli.Command) error { return runDiff(ctx, s, cmd) }),
	}
}

func runDiff(ctx context.Context, s streams, cmd *cli.Command) error {
	names := cmd.Args().Slice()
	if len(names) != 2 {
		return fmt.Errorf("diff needs two files, the old policy and the new one, but got %d: see %q", len(names), cmd.FullName()+" -h")
	}
	if names[0] == "-" && names[1] == "-" {
		return fmt.Errorf("diff can read only one of the policies from standard input")
	}
	form, err := parseFormat(cmd)
	if err != nil {
		return err
	}
	var files [2]*policyfile.File
	for i, name := range names {
		f, err := readPolicy(ctx, s, cmd, name)
		if err != nil {
			return err
		}
		if f.Policy == nil {
			showProblems(s.err, f)
			if form == asGitHub {
				if err := annotateProblems(s.out, f); err != nil {
					return err
				}
			}
			return exitError(exitUnknown)
		}
		files[i] = f
	}
	changes, err := bounded(ctx, func() ([]diff.Change, error) { return diff.Compare(files[0].Config, files[1].Config) })
	if err != nil {
		return err
	}
	return showDiff(s.out, files[0], files[1], changes, form)
}

// diffReport is the result of diff for machines.
type diffReport struct {
	Verdict string        `json:"verdict"` // opens, or nothing opens
	Old     string        `json:"old"`
	New     string        `json:"new"`
	Changes []diff.Change `json:"changes"`
}

// showDiff writes the changes, and returns the error for the exit status.
func showDiff(o terminal.Output, before, after *policyfile.File, changes []diff.Change, form format) error {
	opens := slices.ContainsFunc(changes, func(c diff.Change) bool { return c.Effect == diff.Opens && !c.Tried })
	var err error
	switch groups := grouped(changes); form {
	case asJSON:
		verdict := map[bool]string{true: "opens", false: "nothing opens"}[opens]
		err = writeJSON(o, diffReport{verdict, before.Name, after.Name, append([]diff.Change{}, changes...)})
	case asGitHub:
		err = annotate(o, after, groups)
	default:
		showGroups(o, groups)
		fmt.Fprintln(o, summary(changes, opens))
	}
	if err == nil && opens {
		return exitError(exitRefused)
	}
	return err
}

// A group has the changes with the same effect, which are shown together.
type group struct {
	heading string
	level   string // of an annotation
	style   *color.Color
	rows    []row
}

// A row has the changes of one aspect in one line.
type row struct {
	aspect diff.Aspect
	text   string
	key    string // of the first change, in the new policy; may be empty
	shared bool   // its values need no explanation
}

// grouped returns the changes as people read them.
func grouped(changes []diff.Change) (groups []group) {
	for _, c := range changes {
		g := groupOf(c)
		last := len(groups) - 1
		if last < 0 || groups[last].heading != g.heading {
			groups = append(groups, g)
			last++
		}
		groups[last].rows = appendRow(groups[last].rows, c)
	}
	for _, g := range groups {
		for i := range g.rows {
			g.rows[i].text = shorten(g.rows[i].text)
		}
	}
	return groups
}

func groupOf(c diff.Change) group {
	g := group{heading: "differs", level: "notice", style: terminal.Dim}
	with := ""
	if c.Cookies {
		with = ", with cookies"
	}
	switch c.Effect {
	case diff.Opens:
		g = group{heading: "opens" + with, level: "warning", style: terminal.Yellow}
		if c.Cookies {
			g.level, g.style = "error", terminal.Red
		}
	case diff.Closes:
		g = group{heading: "closes" + with, level: "notice", style: terminal.Green}
	}
	if c.Tried { // nothing of it is in force
		would := map[diff.Effect]string{diff.Opens: "would open", diff.Closes: "would close", diff.Differs: "would differ"}
		g.heading, g.level = "report only: "+would[c.Effect]+with, "notice"
	}
	return g
}

// separator is between the values of a row, which may contain commas.
const separator = "\x00"

// appendRow adds a change to the rows. Values that need no explanation share a
// row.
func appendRow(rows []row, c diff.Change) []row {
	key := c.Key
	if c.Effect == diff.Closes {
		key = "" // it is of the old policy
	}
	last := len(rows) - 1
	shared := c.Exact && c.Effect != diff.Differs
	if shared && last >= 0 && rows[last].shared && rows[last].aspect == c.Aspect {
		rows[last].text += separator + c.Value
		return rows
	}
	text := c.Value
	switch {
	case c.Unsure:
		text = "cannot tell about " + c.Value + ": it is too large to compare"
	case !c.Exact && c.Aspect == diff.Origins && c.Witness != nil && c.Key != "allowOrigins": // every origin needs no example
		text += ", such as " + c.Witness.Origin
	}
	return append(rows, row{c.Aspect, text, key, shared})
}

// shorten returns the values of a row, or the first ones if there are many.
func shorten(text string) string { return list(strings.Split(text, separator), "") }

func showGroups(o terminal.Output, groups []group) {
	for _, g := range groups {
		fmt.Fprintln(o, g.style.Sprint(g.heading))
		previous := diff.Aspect("")
		for _, r := range g.rows {
			label := ""
			if r.aspect != previous {
				label = "  " + string(r.aspect)
			}
			o.Row(terminal.Bold, label, 15, r.text)
			previous = r.aspect
		}
	}
}

// annotate writes the changes for a review.
func annotate(o terminal.Output, after *policyfile.File, groups []group) error {
	for _, g := range groups {
		for _, r := range g.rows {
			var at document.Place
			if r.key != "" {
				at = after.Place(r.key)
			}
			a := annotation{g.level, after.Name, at, "CORS: " + g.heading, string(r.aspect) + ": " + show.Plain(r.text, show.Text)}
			if err := a.write(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// summary says in one line what a change means.
func summary(changes []diff.Change, opens bool) string {
	counts := map[diff.Effect]int{}
	for _, c := range changes {
		if !c.Tried {
			counts[c.Effect]++
		}
	}
	switch {
	case len(changes) == 0:
		return terminal.Green.Sprint("no change") + ": the policies allow the same"
	case opens:
		return terminal.Red.Sprint("opens") + fmt.Sprintf(": %s", counted(counts))
	}
	return terminal.Green.Sprint("nothing opens") + fmt.Sprintf(": %s", cmp.Or(counted(counts), "only the policy that is tried out changes"))
}

func counted(counts map[diff.Effect]int) string {
	var parts []string
	for _, c := range []struct {
		effect    diff.Effect
		one, many string
	}{{diff.Opens, "opens", "open"}, {diff.Closes, "closes", "close"}, {diff.Differs, "differs", "differ"}} {
		switch n := counts[c.effect]; n {
		case 0:
		case 1:
			parts = append(parts, "1 "+c.one)
		default:
			parts = append(parts, fmt.Sprintf("%d %s", n, c.many))
		}
	}
	return strings.Join(parts, ", ")
}
