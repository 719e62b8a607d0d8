package main

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/fatih/color"
	"github.com/urfave/cli/v3"

	"github.com/polycors/polycors/core/internal/show"
	"github.com/polycors/polycors/core/internal/spelling"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/terminal"
)

// helpWidth is the width of help: that of the narrowest terminals in use.
const helpWidth = 80

// statuses says what the exit statuses of commands mean.
var statuses = map[string][3]string{
	"probe":   {"allowed", "refused", "corscheck could not tell, or the command line is wrong"},
	"lint":    {"all policies are valid", "a policy is not valid", "a file cannot be read, or the command line is wrong"},
	"explain": {"allowed", "refused", "the policy is not valid, or the command line is wrong"},
	"diff":    {"nothing opens", "something opens, or corscheck cannot tell", "a policy cannot be read, or the command line is wrong"},
	"schema":  {"always", "never", "the command line is wrong"},
}

// helpTemplate returns the help of a command. It shows flags with one dash, as the
// examples do. Two dashes work too.
func helpTemplate(cmd *cli.Command) string {
	var b strings.Builder
	b.WriteString("{{.FullName}}: {{.Usage}}\n\nUsage:\n  {{.FullName}} {{.ArgsUsage}}\n" +
		"{{if .Description}}\n{{.Description}}\n{{end}}\nFlags:\n")
	o := terminal.Output{Writer: &b, Width: helpWidth}
	for _, f := range cmd.Flags {
		if doc, ok := f.(cli.DocGenerationFlag); ok {
			o.Row(plain, "  -"+f.Names()[0], 16, doc.GetUsage())
		}
	}
	o.Row(plain, "  -help", 16, "show help")
	b.WriteString("\nExamples:\n{{.UsageText}}\n")
	if status, ok := statuses[cmd.Name]; ok {
		fmt.Fprintf(&b, "\nExit status:\n  0  %s\n  1  %s\n  2  %s\n", status[0], status[1], status[2])
	}
	return b.String()
}

var plain = color.New()

const rootTemplate = `corscheck: {{.Usage}}

Usage:
  corscheck <command> [flags] <argument>

Commands:
{{range .VisibleCommands}}  {{.Name}}	{{.Usage}}
{{end}}
Examples:
{{.UsageText}}

Run "corscheck <command> -h" for more, and "corscheck -version" for the version.
`

// describeCompletion shows the command that prints completion scripts.
func describeCompletion(cmd *cli.Command) {
	cmd.Hidden = false
	cmd.Usage = "prints a script that completes commands in a shell"
	cmd.Description = ""
	cmd.UsageText = `  source <(corscheck completion bash)
  corscheck completion zsh >"${fpath[1]}/_corscheck"
  corscheck completion fish >~/.config/fish/completions/corscheck.fish`
	cmd.OnUsageError = usageError
}

// unknownCommand returns the error for a word in place of a command.
func unknownCommand(cmd *cli.Command, word string) error {
	var names []string
	for _, c := range cmd.VisibleCommands() {
		names = append(names, c.Name)
	}
	quoted := show.Quoted(word)
	if flag, ok := map[string]string{"help": "-h", "version": "-version"}[word]; ok {
		return fmt.Errorf("unknown command %s; did you mean %q?", quoted, "corscheck "+flag)
	}
	if strings.Contains(word, "://") {
		return fmt.Errorf("unknown command %s; did you mean %q?", quoted, "corscheck probe "+show.Plain(word, show.Line))
	}
	if strings.ContainsAny(word, ".") {
		return fmt.Errorf("unknown command %s; did you mean %q?", quoted, "corscheck lint "+show.Plain(word, show.Line))
	}
	if meant := spelling.Nearest(names, word); meant != "" {
		return fmt.Errorf("unknown command %s; did you mean %q?", quoted, meant)
	}
	return fmt.Errorf("unknown command %s: use one of %s", quoted, strings.Join(names, ", "))
}

var (
	undefinedFlag = regexp.MustCompile(`^flag provided but not defined: -(.*)$`)
	missingValue  = regexp.MustCompile(`^flag needs an argument: -*(.*)$`)
	invalidValue  = regexp.MustCompile(`^invalid value ("(?:[^"\\]|\\.)*") for flag -(\w+): `)
)

// usageError says what is wrong with a flag, in other words than the library.
func usageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	text := err.Error()
	help := fmt.Sprintf("; see %q", cmd.FullName()+" -h")
	if m := undefinedFlag.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("unknown flag -%s%s", show.Plain(m[1], show.Field), cmp.Or(proposal(cmd, m[1]), help))
	}
	if m := missingValue.FindStringSubmatch(text); m != nil {
		return fmt.Errorf("the flag -%s needs a value%s", show.Plain(m[1], show.Field), help)
	}
	if m := invalidValue.FindStringSubmatch(text); m != nil {
		needed := "true or false"
		if m[2] == "timeout" {
			needed = "a duration such as 10s"
		}
		return fmt.Errorf("-%s: needs %s, not %s%s", m[2], needed, show.Plain(m[1], show.Field), help)
	}
	return fmt.Errorf("%w%s", err, help)
}

// proposal says what was probably meant by an unknown flag. It may be empty.
func proposal(cmd *cli.Command, flag string) string {
	var names []string
	for _, f := range cmd.VisibleFlags() {
		for _, name := range f.Names() {
			if len(name) > 1 {
				names = append(names, name)
			} else if rest, ok := strings.CutPrefix(flag, name); ok && strings.ContainsAny(name, "XHu") {
				return fmt.Sprintf("; write a space after it: -%s %s", name, show.Quoted(rest)) // as curl reads it
			}
		}
	}
	if advice := curlFlags[flag]; advice != "" && cmd.Name == "probe" {
		return ": " + advice
	}
	if meant := spelling.Nearest(names, flag); meant != "" {
		return "; did you mean -" + meant + "?"
	}
	return ""
}
