package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/fatih/color"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/probe"
	"github.com/polycors/polycors/core/cmd/corscheck/internal/terminal"
)

// The exit statuses.
const (
	exitAllowed = iota
	exitRefused
	exitUnknown
)

// An exitError ends the command with a status, after all output is written.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// streams are the command's input and outputs.
type streams struct {
	in  io.Reader
	out terminal.Output
	err terminal.Output
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, streams{
		in:  os.Stdin,
		out: terminal.Output{Writer: os.Stdout, Width: terminal.Width(os.Stdout)},
		err: terminal.Output{Writer: os.Stderr, Width: terminal.Width(os.Stderr)},
	}, os.Args))
}

// run runs the command and returns its exit status.
func run(ctx context.Context, s streams, args []string) int {
	err := newCommand(s).Run(ctx, args)
	if err == nil {
		return exitAllowed
	}
	if exit, ok := errors.AsType[exitError](err); ok {
		return int(exit)
	}
	showError(s, err)
	return exitUnknown
}

// exit returns the error for a verdict.
func exit(v probe.Verdict) error {
	switch v {
	case probe.Allowed:
		return nil
	case probe.Refused:
		return exitError(exitRefused)
	}
	return exitError(exitUnknown)
}

// showVerdict writes a verdict, why it is so, and what to change.
func showVerdict(o terminal.Output, v probe.Verdict, reason, message, hint string) {
	verdict := map[probe.Verdict]struct {
		style *color.Color
		text  string
	}{
		probe.Allowed: {terminal.Green, "allowed"},
		probe.Refused: {terminal.Red, "refused"},
		probe.Unknown: {terminal.Yellow, "could not tell"},
	}[v]
	line := verdict.style.Sprint(verdict.text)
	if reason != "" {
		line += " (" + reason + ")"
	}
	fmt.Fprintln(o, line)
	o.Row(terminal.Bold, "  why", 10, message)
	if hint != "" {
		o.Row(terminal.Bold, "  change", 10, hint)
	}
}

// writeJSON writes v for machines.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
