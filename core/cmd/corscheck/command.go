package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"
)

// helpTemplate shows flags with one dash, as the examples do; two work as well.
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
  2  could not tell: the server cannot be reached, or the command is misused
`

const rootTemplate = `corscheck: {{.Usage}}

Usage:
  corscheck <command> [flags] <argument>

Commands:
{{range .VisibleCommands}}  {{.Name}}	{{.Usage}}
{{end}}
Examples:
{{.UsageText}}

"corscheck <command> -h" tells more.
`

// newCommand describes the command line.
func newCommand(s streams) *cli.Command {
	root := &cli.Command{
		Name:  "corscheck",
		Usage: "asks a server what a browser would make of it, and says why",
		UsageText: `  corscheck probe -origin https://myapp.com -method PUT https://api.example/items/1
  corscheck lint policy.yaml
  corscheck explain policy.yaml -origin http://127.0.0.1:5173`,
		CustomRootCommandHelpTemplate: rootTemplate,
		Commands:                      []*cli.Command{probeCommand(s), lintCommand(s), explainCommand(s)},
		HideHelpCommand:               true,
		Reader:                        s.in,
		Writer:                        s.out,
		ErrWriter:                     s.err,
		// What the library would print and exit by itself is left to run.
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		OnUsageError:   usageError,
		Action: func(_ context.Context, cmd *cli.Command) error {
			if name := cmd.Args().First(); name != "" {
				return fmt.Errorf("there is no command %q: use probe, lint or explain", name)
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

// askFlags are those that say what a script fetches; origin is a remark on the
// flag of that name.
func askFlags(origin string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "origin", Value: defaultOrigin, Usage: "origin of the page, or null for a sandboxed frame " + origin},
		&cli.StringFlag{Name: "method", Value: "GET", Usage: "method that the script uses; case matters, as in fetch (default: GET)"},
		&cli.StringSliceFlag{Name: "header", Usage: "header that the script sets, as in 'Authorization: Bearer token'; may be repeated"},
		&cli.BoolFlag{Name: "credentials", Usage: `the script uses credentials: "include"; no cookies are sent`},
	}
}

// defaultOrigin is nobody's in particular.
const defaultOrigin = "https://myapp.com"

func askOf(cmd *cli.Command) (ask, error) {
	return parseAsk(cmd.String("origin"), cmd.String("method"), cmd.StringSlice("header"), cmd.Bool("credentials"))
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "write JSON"}
}

func probeCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "probe",
		Usage:     "does what a browser does, with any server, and says why it refuses",
		ArgsUsage: "[flags] URL",
		Description: `Sends the preflight and the request that a browser sends when a page fetches
URL, shows both, and judges the answers as the browser does. Then it visits as
other origins, such as attackers would use, and warns if one is let in with
credentials; and it looks at how the answers are cached.

Only GET, HEAD and OPTIONS are really sent. Of other methods, which may change
something, it sends the preflight alone, unless -send is given. The other
origins get preflights and plain GETs, never the headers of -header.`,
		Flags: append(askFlags("(default: "+defaultOrigin+")"),
			&cli.BoolFlag{Name: "send", Usage: "send the request itself too, with an empty body, though its method may change something"},
			&cli.BoolFlag{Name: "quick", Usage: "leave out the other origins and the caching"},
			&cli.DurationFlag{Name: "timeout", Value: 10 * time.Second, Usage: "how long to wait for an answer (default: 10s)"},
			&cli.BoolFlag{Name: "strict", Usage: "exit with status 1 on warnings too"},
			jsonFlag()),
		DisableSliceFlagSeparator: true,
		UsageText: `  corscheck probe -origin https://myapp.com https://api.example/items
  corscheck probe -origin https://myapp.com -method PUT -credentials \
    -header 'Authorization: Bearer token' -header 'Content-Type: application/json' \
    https://api.example/items/1
  corscheck probe -origin http://localhost:5173 -method DELETE -send http://localhost:8080/items/1
  corscheck probe -json -strict https://api.example/ | jq '.findings[] | select(.level == "warning")'`,
		Action: func(ctx context.Context, cmd *cli.Command) error { return probe(ctx, s, cmd) },
	}
}

func probe(ctx context.Context, s streams, cmd *cli.Command) error {
	raw, err := argument(cmd, "a URL")
	if err != nil {
		return err
	}
	target, err := parseTarget(raw)
	if err != nil {
		return err
	}
	a, err := askOf(cmd)
	if err != nil {
		return err
	}
	timeout := cmd.Duration("timeout")
	if timeout <= 0 {
		return errors.New("-timeout has to be positive")
	}
	p := &prober{client: newClient(timeout), target: target, ask: a, send: cmd.Bool("send"), quick: cmd.Bool("quick")}
	r := p.run(ctx)
	if r.Verdict == refused && !cmd.IsSet("origin") {
		r.Findings = append(r.Findings, finding{levelNote, "request", "-origin says which page asks; this was " + defaultOrigin, nil})
	}
	if cmd.Bool("json") {
		if err := writeJSON(s.out, r); err != nil {
			return err
		}
	} else {
		r.show(s, a)
	}
	if r.Verdict == allowed && cmd.Bool("strict") && r.hasWarnings() {
		return exitError(exitRefused)
	}
	return r.Verdict.exit()
}

func lintCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "finds all that is wrong with a policy in a JSON or YAML file",
		ArgsUsage: "[flags] FILE",
		Description: `Reads a policy as the library does, and lists its problems with their lines and
what to write instead; or, if there are none, what the policy allows. The keys
are those of cors.Config, such as allowOrigins. FILE may be - for the input.`,
		Flags: []cli.Flag{jsonFlag()},
		UsageText: `  corscheck lint policy.yaml
  kubectl get configmap api -o jsonpath='{.data.cors\.yaml}' | corscheck lint -`,
		Action: func(_ context.Context, cmd *cli.Command) error {
			name, err := argument(cmd, "a file")
			if err != nil {
				return err
			}
			f, err := readPolicy(name, s.in)
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
		Usage:     "says what a policy in a file makes of a request, without a server",
		ArgsUsage: "[flags] FILE",
		Description: `Answers as a server with this policy would, and says which entry allows the
origin, or what is missing. FILE may be - for the input.`,
		Flags:                     append(askFlags("(needed)"), jsonFlag()),
		DisableSliceFlagSeparator: true,
		UsageText: `  corscheck explain policy.yaml -origin http://127.0.0.1:5173
  corscheck explain policy.json -origin https://myapp.com -method PUT -header Authorization -credentials`,
		Action: func(ctx context.Context, cmd *cli.Command) error { return explainFile(ctx, s, cmd) },
	}
}

func explainFile(ctx context.Context, s streams, cmd *cli.Command) error {
	name, err := argument(cmd, "a file")
	if err != nil {
		return err
	}
	if !cmd.IsSet("origin") {
		return fmt.Errorf("explain needs -origin: see %q", cmd.FullName()+" -h")
	}
	a, err := askOf(cmd)
	if err != nil {
		return err
	}
	f, err := readPolicy(name, s.in)
	if err != nil {
		return err
	}
	if f.policy == nil {
		s.out = s.err
		s.problems(f)
		return exitError(exitUnknown)
	}
	e, err := explain(ctx, f.policy, a)
	if err != nil {
		return err
	}
	if cmd.Bool("json") {
		if err := writeJSON(s.out, e); err != nil {
			return err
		}
	} else {
		e.show(s)
	}
	return e.Verdict.exit()
}
