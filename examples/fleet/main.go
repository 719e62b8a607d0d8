// Six servers, one of each framework, that follow one CORS policy in NATS, and
// the command that changes it while they run:
//
//	go run ./examples/fleet
//	go run ./examples/fleet set examples/fleet/admin.yaml
//	go run ./examples/fleet status
//
// NATS is a part of the program, unless -nats has the URL of a server. It has no
// credentials, and listens on this machine only.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

const usage = `Usage:
	fleet [-nats URL]                   start NATS, unless there is a URL, and six servers
	fleet [-nats URL] set policy.yaml   change the policy of all servers
	fleet [-nats URL] status            show the policy of each server
`

func main() {
	flag.Usage = func() { fmt.Fprint(flag.CommandLine.Output(), usage) }
	url := flag.String("nats", "", "")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, *url, flag.Args(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func command(ctx context.Context, url string, args []string, out io.Writer) error {
	switch {
	case len(args) == 0:
		return run(ctx, url, out)
	case args[0] == "set" && len(args) == 2:
		return set(ctx, url, args[1], out)
	case args[0] == "status" && len(args) == 1:
		return status(ctx, url, out)
	}
	return fmt.Errorf("unknown arguments %q\n%s", args, usage)
}
