package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"go.yaml.in/yaml/v3"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
	"github.com/polycors/polycors/corsnats"
)

// first is the policy of a fleet that has none.
//
//go:embed first.yaml
var first []byte

// An instance is a server that follows the policy. As on a machine of its own, it
// has its own policy and its own connection to NATS.
type instance struct {
	name, url string
	nc        *nats.Conn
	follower  *corslive.Follower
	shutdown  func(context.Context) error
}

// start starts an instance, which follows the policy until ctx ends.
func start(ctx context.Context, f framework, ln net.Listener, natsURL string) (*instance, error) {
	nc, err := connect(natsURL)
	if err != nil {
		return nil, err
	}
	logger := slog.With("instance", f.name)
	policy := new(cors.Policy)
	follower, err := corslive.Follow(ctx, policy, corsnats.Key(nc, bucket, key), corslive.Options{
		Base:         cors.Config{OnReject: cors.LogRejections(logger)},
		Decode:       yaml.Unmarshal,
		OnEvent:      corslive.LogEvents(logger),
		FirstTimeout: 10 * time.Second,
	})
	if err != nil {
		nc.Close()
		return nil, err
	}
	i := &instance{name: f.name, url: "http://" + ln.Addr().String(), nc: nc, follower: follower, shutdown: f.serve(policy, ln)}
	return i, i.reportStatus()
}

func (i *instance) stop() error {
	ctx, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	err := i.shutdown(ctx)
	i.nc.Close()
	return err
}

// run runs the fleet until ctx ends.
func run(ctx context.Context, natsURL string, out io.Writer) (err error) {
	if natsURL == "" {
		server, err := embedded()
		if err != nil {
			return err
		}
		defer server.stop()
		natsURL = server.ClientURL()
	}
	if err := prepare(ctx, natsURL); err != nil {
		return err
	}
	listeners, err := listen(len(frameworks()))
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var fleet []*instance
	defer func() {
		stop()
		err = errors.Join(err, stopAll(fleet))
	}()
	fmt.Fprintf(out, "NATS at %s: bucket %s, key %s\n", natsURL, bucket, key)
	for n, f := range frameworks() {
		i, err := start(ctx, f, listeners[n], natsURL)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		fleet = append(fleet, i)
		fmt.Fprintf(out, "%-7s %s/items\n", i.name, i.url)
	}
	option := ""
	if natsURL != defaultURL {
		option = "-nats " + natsURL + " "
	}
	fmt.Fprintf(out, "change the policy: go run ./examples/fleet %sset examples/fleet/admin.yaml\n", option)
	<-ctx.Done()
	fmt.Fprintln(out, "stopping")
	return nil
}

func stopAll(fleet []*instance) error {
	errs := make([]error, len(fleet))
	var wg sync.WaitGroup
	for n, i := range fleet {
		wg.Go(func() { errs[n] = i.stop() })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// listen listens on consecutive ports of this machine, from 8081 on or, if one of
// them is in use, from 9081 on, and so on.
func listen(n int) ([]net.Listener, error) {
	var errs []error
	for port := 8081; port < 64_000; port += 1000 {
		listeners, err := listenFrom(port, n)
		if err == nil {
			return listeners, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

func listenFrom(port, n int) ([]net.Listener, error) {
	var listeners []net.Listener
	for i := range n {
		ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+i))
		if err != nil {
			for _, ln := range listeners {
				ln.Close()
			}
			return nil, err
		}
		listeners = append(listeners, ln)
	}
	return listeners, nil
}
