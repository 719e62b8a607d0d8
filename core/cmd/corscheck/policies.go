package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v3"

	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/policyfile"
)

// This file has the commands that read policies.

// fileTimeout is how long a command that reads files may take. It takes longer only
// if standard input does not end.
const fileTimeout = 30 * time.Second

func keyFlag() cli.Flag {
	return &cli.StringFlag{Name: "key", Usage: "key of the policy in a larger file, such as server.cors"}
}

// bounded calls work, and stops waiting for it when ctx ends.
func bounded[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := work()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return none, errors.New("reading the policy takes too long: use -timeout to wait longer")
		}
		return none, errors.New("interrupted")
	}
}

// readPolicy reads the policy in a file.
func readPolicy(ctx context.Context, s streams, cmd *cli.Command, name string) (*policyfile.File, error) {
	return bounded(ctx, func() (*policyfile.File, error) { return policyfile.Read(name, cmd.String("key"), s.in) })
}

// withTimeout bounds an action by the flag -timeout.
func withTimeout(action func(context.Context, *cli.Command) error) cli.ActionFunc {
	return func(ctx context.Context, cmd *cli.Command) error {
		d, err := timeout(cmd)
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		return action(ctx, cmd)
	}
}

func lintCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "lint",
		Usage:     "finds all problems of policies in JSON or YAML files",
		ArgsUsage: "[flags] FILE...",
		Description: `Reads policies as the library does, and lists their problems with their lines
and what to write instead. If there are none, it shows what the policy allows.
The keys are those of cors.Config, such as allowOrigins. Use - for standard
input.`,
		Flags: append([]cli.Flag{keyFlag()}, append(formatFlags(), timeoutFlag("reading", fileTimeout))...),
		UsageText: `  corscheck lint policy.yaml
  corscheck lint -key server.cors config/*.yaml
  corscheck lint -format github policies/*.yaml
  kubectl get configmap api -o jsonpath='{.data.cors\.yaml}' | corscheck lint -`,
		Action: withTimeout(func(ctx context.Context, cmd *cli.Command) error { return runLint(ctx, s, cmd) }),
	}
}

// runLint checks all files, and returns the worst result.
func runLint(ctx context.Context, s streams, cmd *cli.Command) error {
	names := cmd.Args().Slice()
	if len(names) == 0 {
		return fmt.Errorf("lint needs a file: see %q", cmd.FullName()+" -h")
	}
	form, err := parseFormat(cmd)
	if err != nil {
		return err
	}
	worst := exitAllowed
	for _, name := range names {
		f, err := readPolicy(ctx, s, cmd, name)
		if err != nil && len(names) == 1 {
			return err
		}
		if err != nil {
			showError(s, err)
			worst = exitUnknown
			continue
		}
		switch err := lint(s, f, form); {
		case errors.Is(err, exitError(exitRefused)):
			worst = max(worst, exitRefused)
		case err != nil:
			return err
		}
	}
	if worst > exitAllowed {
		return exitError(worst)
	}
	return nil
}

func explainCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "explain",
		Usage:     "applies a policy in a file to a request, without a server",
		ArgsUsage: "[flags] FILE",
		Description: `Says whether a server with this policy allows a request, and which entry allows
the origin, or what is missing. Use - for standard input.`,
		Flags:                     slices.Concat(fetchFlags("(required)"), []cli.Flag{keyFlag(), jsonFlag(), timeoutFlag("reading", fileTimeout)}),
		DisableSliceFlagSeparator: true,
		UsageText: `  corscheck explain policy.yaml -origin http://127.0.0.1:5173
  corscheck explain policy.json -origin https://myapp.com -method PUT \
    -header Authorization -credentials`,
		Action: withTimeout(func(ctx context.Context, cmd *cli.Command) error { return runExplain(ctx, s, cmd) }),
	}
}

func runExplain(ctx context.Context, s streams, cmd *cli.Command) error {
	name, err := argument(cmd, "a file")
	if err != nil {
		return err
	}
	f, given, err := parseFetch(cmd)
	if err != nil {
		return err
	}
	if !given {
		return fmt.Errorf("explain needs -origin: see %q", cmd.FullName()+" -h")
	}
	file, err := readPolicy(ctx, s, cmd, name)
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

// showError writes an error that does not end the command, or ends it.
func showError(s streams, err error) {
	const prefix = "corscheck: "
	s.err.Line(prefix, len(prefix), 2, show.Plain(err.Error(), show.Text))
}
