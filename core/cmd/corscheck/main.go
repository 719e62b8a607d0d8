package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"golang.org/x/term"
)

// The exit statuses.
const (
	exitAllowed = iota
	exitRefused
	exitUnknown
)

// An exitError ends the command with a status, after everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// streams is where the command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
	colour   bool // out is a terminal that shows colours
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	s := streams{in: os.Stdin, out: os.Stdout, err: os.Stderr, colour: hasColour()}
	os.Exit(run(ctx, s, os.Args))
}

// hasColour: see https://no-color.org
func hasColour() bool {
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(os.Stdout.Fd()))
}

// run is the command but for what belongs to the process.
func run(ctx context.Context, s streams, args []string) int {
	err := newCommand(s).Run(ctx, args)
	var exit exitError
	switch {
	case err == nil:
		return exitAllowed
	case errors.As(err, &exit):
		return int(exit)
	}
	fmt.Fprintf(s.err, "corscheck: %s\n", printable(err.Error()))
	return exitUnknown
}
