package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/probe"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// newCommand describes the command line.
func newCommand(s streams) *cli.Command {
	root := &cli.Command{
		Name:  "corscheck",
		Usage: "asks a server what a browser would allow, and says why",
		UsageText: `  corscheck probe -origin https://myapp.com https://api.example/items
  corscheck lint policy.yaml
  corscheck explain policy.yaml -origin http://127.0.0.1:5173
  corscheck diff old.yaml new.yaml`,
		CustomRootCommandHelpTemplate: rootTemplate,
		Commands: []*cli.Command{
			probeCommand(s), lintCommand(s), explainCommand(s), diffCommand(s), schemaCommand(s),
		},
		Version:                         version(),
		EnableShellCompletion:           true,
		ConfigureShellCompletionCommand: describeCompletion,
		HideHelpCommand:                 true,
		Reader:                          s.in,
		Writer:                          s.out,
		ErrWriter:                       s.err,
		// The library must not print errors and exit by itself: run does.
		ExitErrHandler: func(context.Context, *cli.Command, error) {},
		OnUsageError:   usageError,
		Action: func(_ context.Context, cmd *cli.Command) error {
			if name := cmd.Args().First(); name != "" {
				return unknownCommand(cmd, name)
			}
			_ = cli.ShowRootCommandHelp(cmd)
			return exitError(exitUnknown)
		},
	}
	for _, cmd := range root.Commands {
		cmd.CustomHelpTemplate = helpTemplate(cmd)
		cmd.HideHelpCommand = true
		cmd.OnUsageError = usageError
	}
	return root
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

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "write JSON"}
}

func timeoutFlag(of string, value time.Duration) cli.Flag {
	return &cli.DurationFlag{Name: "timeout", Value: value, Usage: fmt.Sprintf("how long %s may take (default: %s)", of, value)}
}

// timeout returns the value of the flag -timeout.
func timeout(cmd *cli.Command) (time.Duration, error) {
	if d := cmd.Duration("timeout"); d > 0 {
		return d, nil
	}
	return 0, errors.New("-timeout must be positive")
}

func probeCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "probe",
		Usage:     "does what a browser does, and says what it refuses and why",
		ArgsUsage: "[flags] URL",
		Description: `Sends the preflight and the request that a browser sends when a page fetches
URL, shows both, and checks the responses as the browser does. Then it tries
other origins, such as attackers would use: if the server allows one that any
site can have, with credentials, the exit status is 1. It also checks how the
responses are cached.

Only GET, HEAD and OPTIONS are sent. For other methods, which may change
something, only the preflight is sent, unless you pass -send. For the other
origins, only preflights and GETs without your headers are sent.`,
		Flags: append(fetchFlags("(default: "+defaultOrigin+")"),
			&cli.BoolFlag{Name: "send", Usage: "send the request itself too, with an empty body, even if its method may change something"},
			&cli.BoolFlag{Name: "quick", Usage: "do not check other origins and caching"},
			&cli.DurationFlag{Name: "timeout", Value: 10 * time.Second, Usage: "how long to wait for the server, in all (default: 10s)"},
			&cli.BoolFlag{Name: "strict", Usage: "exit with status 1 if there are warnings"},
			jsonFlag()),
		DisableSliceFlagSeparator: true,
		UsageText: `  corscheck probe -origin https://myapp.com https://api.example/items
  corscheck probe -origin https://myapp.com -method PUT -credentials \
    -header 'Authorization: Bearer token' \
    -header 'Content-Type: application/json' \
    https://api.example/items/1
  corscheck probe -origin http://localhost:5173 -method DELETE -send \
    http://localhost:8080/items/1
  corscheck probe -json https://api.example/ |
    jq '.findings[] | select(.level == "warning")'`,
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
	f, given, err := parseFetch(cmd)
	if err != nil {
		return err
	}
	timeout, err := timeout(cmd)
	if err != nil {
		return err
	}
	r := probe.Run(ctx, probe.Options{URL: target, Fetch: f, Send: cmd.Bool("send"), Quick: cmd.Bool("quick"), Timeout: timeout})
	if r.Verdict == probe.Refused && !given {
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
	if r.Dangerous || r.Verdict == probe.Allowed && cmd.Bool("strict") && r.Has(probe.Warning) {
		return exitError(exitRefused)
	}
	return exit(r.Verdict)
}
