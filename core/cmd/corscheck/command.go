package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/policyfile"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/probe"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// helpTemplate shows flags with one dash, as the examples do. Two dashes work
// too.
const helpTemplate = `{{.FullName}}: {{.Usage}}

Usage:
  {{.FullName}} {{.ArgsUsage}}
{{if .Description}}
{{.Description}}
{{end}}{{if .VisibleFlags}}
Flags:
{{range .VisibleFlags}}  -{{index .Names 0}}	{{.Usage}}
{{end}}{{end}}
Examples:
{{.UsageText}}

Exit status:
  0  allowed, or valid
  1  refused, or not valid
  2  unknown: the server cannot be reached, or the command line is wrong
`

const rootTemplate = `corscheck: {{.Usage}}

Usage:
  corscheck <command> [flags] <argument>

Commands:
{{range .VisibleCommands}}  {{.Name}}	{{.Usage}}
{{end}}
Examples:
{{.UsageText}}

Run "corscheck <command> -h" for more.
`

// newCommand describes the command line.
func newCommand(s streams) *cli.Command {
	root := &cli.Command{
		Name:  "corscheck",
		Usage: "asks a server what a browser would allow, and says why",
		UsageText: `  corscheck probe -origin https://myapp.com -method PUT https://api.example/items/1
  corscheck lint policy.yaml
  corscheck explain policy.yaml -origin http://127.0.0.1:5173`,
		CustomRootCommandHelpTemplate: rootTemplate,
		Commands:                      []*cli.Command{probeCommand(s), lintCommand(s), explainCommand(s)},
		HideHelpCommand:               true,
		Reader:                        s.in,
		Writer:                        s.out,
		ErrWriter:                     s.err,
		// The library must not print errors and exit by itself: run does.
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		OnUsageError:   usageError,
		Action: func(_ context.Context, cmd *cli.Command) error {
			if name := cmd.Args().First(); name != "" {
				return fmt.Errorf("unknown command %q: use probe, lint or explain", name)
			}
			_ = cli.ShowRootCommandHelp(cmd)
			return exitError(exitUnknown)
		},
	}
	for _, cmd := range root.Commands {
		cmd.CustomHelpTemplate = helpTemplate
		cmd.HideHelpCommand = true
		cmd.OnUsageError = usageError
	}
	return root
}

func usageError(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	return fmt.Errorf("%w; see %q", err, cmd.FullName()+" -h")
}

// argument returns the only argument of a command.
func argument(cmd *cli.Command, what string) (string, error) {
	switch cmd.Args().Len() {
	case 1:
		return cmd.Args().First(), nil
	case 0:
		return "", fmt.Errorf("%s needs %s: see %q", cmd.Name, what, cmd.FullName()+" -h")
	}
	return "", fmt.Errorf("%s takes one argument, %s, but got %d: %q", cmd.Name, what, cmd.Args().Len(), cmd.Args().Slice())
}

// fetchFlags are the flags for what a script fetches. The remark is about the
// flag -origin.
func fetchFlags(remark string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "origin", Value: defaultOrigin, Usage: "origin of the page, or null for a sandboxed frame " + remark},
		&cli.StringFlag{Name: "method", Value: "GET", Usage: "method of the request; case matters, as in fetch (default: GET)"},
		&cli.StringSliceFlag{Name: "header", Usage: "header that the script sets, as in 'Authorization: Bearer token'; may be repeated"},
		&cli.BoolFlag{Name: "credentials", Usage: `the script uses credentials: "include"; no cookies are sent`},
	}
}

const defaultOrigin = "https://myapp.com"

func parseFetch(cmd *cli.Command) (script.Fetch, error) {
	return script.Parse(cmd.String("origin"), cmd.String("method"), cmd.StringSlice("header"), cmd.Bool("credentials"))
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "write JSON"}
}

func probeCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "probe",
		Usage:     "does what a browser does, with any server, and says what it refuses and why",
		ArgsUsage: "[flags] URL",
		Description: `Sends the preflight and the request that a browser sends when a page fetches
URL, shows both, and checks the responses as the browser does. Then it tries
other origins, such as attackers would use, and warns if the server allows one
with credentials. It also checks how the responses are cached.

Only GET, HEAD and OPTIONS are sent. For other methods, which may change
something, only the preflight is sent, unless you pass -send. For the other
origins, only preflights and GETs without your headers are sent.`,
		Flags: append(fetchFlags("(default: "+defaultOrigin+")"),
			&cli.BoolFlag{Name: "send", Usage: "send the request itself too, with an empty body, even if its method may change something"},
			&cli.BoolFlag{Name: "quick", Usage: "do not check other origins and caching"},
			&cli.DurationFlag{Name: "timeout", Value: 10 * time.Second, Usage: "how long to wait for a response (default: 10s)"},
			&cli.BoolFlag{Name: "strict", Usage: "exit with status 1 if there are warnings"},
			jsonFlag()),
		DisableSliceFlagSeparator: true,
		UsageText: `  corscheck probe -origin https://myapp.com https://api.example/items
  corscheck probe -origin https://myapp.com -method PUT -credentials \
    -header 'Authorization: Bearer token' -header 'Content-Type: application/json' \
    https://api.example/items/1
  corscheck probe -origin http://localhost:5173 -method DELETE -send http://localhost:8080/items/1
  corscheck probe -json -strict https://api.example/ | jq '.findings[] | select(.level == "warning")'`,
		Action: func(ctx context.Context, cmd *cli.Command) error { return runProbe(ctx, s, cmd) },
	}
}

func runProbe(ctx context.Context, s streams, cmd *cli.Command) error {
	raw, err := argument(cmd, "a URL")
	if err != nil {
		return err
	}
	target, err := script.ParseURL(raw)
	if err != nil {
		return err
	}
	f, err := parseFetch(cmd)
	if err != nil {
		return err
	}
	timeout := cmd.Duration("timeout")
	if timeout <= 0 {
		return errors.New("-timeout must be positive")
	}
	r := probe.Run(ctx, probe.Options{URL: target, Fetch: f, Send: cmd.Bool("send"), Quick: cmd.Bool("quick"), Timeout: timeout})
	if r.Verdict == probe.Refused && !cmd.IsSet("origin") {
		r.Findings = append(r.Findings, probe.Finding{Level: probe.Note, Check: "request",
			Text: "the origin of the page was " + defaultOrigin + ": use -origin to change it"})
	}
	if cmd.Bool("json") {
		if err := writeJSON(s.out, r); err != nil {
			return err
		}
	} else {
		showReport(s.out, r, f)
	}
	if r.Verdict == probe.Allowed && cmd.Bool("strict") && r.HasWarnings() {
		return exitError(exitRefused)
	}
	return exit(r.Verdict)
}

func lintCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "finds all problems of a policy in a JSON or YAML file",
		ArgsUsage: "[flags] FILE",
		Description: `Reads a policy as the library does, and lists its problems with their lines and
what to write instead. If there are none, it shows what the policy allows. The
keys are those of cors.Config, such as allowOrigins. Use - for standard input.`,
		Flags: []cli.Flag{jsonFlag()},
		UsageText: `  corscheck lint policy.yaml
  kubectl get configmap api -o jsonpath='{.data.cors\.yaml}' | corscheck lint -`,
		Action: func(_ context.Context, cmd *cli.Command) error {
			name, err := argument(cmd, "a file")
			if err != nil {
				return err
			}
			f, err := policyfile.Read(name, "", s.in)
			if err != nil {
				return err
			}
			return lint(s, f, cmd.Bool("json"))
		},
	}
}

func explainCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "applies a policy in a file to a request, without a server",
		ArgsUsage: "[flags] FILE",
		Description: `Says whether a server with this policy allows a request, and which entry allows
the origin, or what is missing. Use - for standard input.`,
		Flags:                     append(fetchFlags("(required)"), jsonFlag()),
		DisableSliceFlagSeparator: true,
		UsageText: `  corscheck explain policy.yaml -origin http://127.0.0.1:5173
  corscheck explain policy.json -origin https://myapp.com -method PUT -header Authorization -credentials`,
		Action: func(ctx context.Context, cmd *cli.Command) error { return runExplain(ctx, s, cmd) },
	}
}

func runExplain(ctx context.Context, s streams, cmd *cli.Command) error {
	name, err := argument(cmd, "a file")
	if err != nil {
		return err
	}
	if !cmd.IsSet("origin") {
		return fmt.Errorf("explain needs -origin: see %q", cmd.FullName()+" -h")
	}
	f, err := parseFetch(cmd)
	if err != nil {
		return err
	}
	file, err := policyfile.Read(name, "", s.in)
	if err != nil {
		return err
	}
	if file.Policy == nil {
		showProblems(s.err, file)
		return exitError(exitUnknown)
	}
	e, err := explain(ctx, file.Policy, f)
	if err != nil {
		return err
	}
	if cmd.Bool("json") {
		if err := writeJSON(s.out, e); err != nil {
			return err
		}
	} else {
		showVerdict(s.out, e.Verdict, e.Reason, e.Message, e.Hint)
	}
	return exit(e.Verdict)
}
