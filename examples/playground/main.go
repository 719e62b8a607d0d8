// The playground shows what real browsers make of a CORS policy. Its page has a
// policy and a request. The browser sends the request from a page of another
// origin to the same small API on each framework that polycors has an adapter
// for, and the page shows the verdict, what went over the wire, and why.
//
//	go run ./examples/playground
//
// Everything listens on loopback only. A port that is in use is replaced by the
// next one that is free, for the page, the front ends and the APIs alike.
//
// The tests need Chromium, and axe-core from npm:
//
//	cd examples/playground && go test .
//	go test . -run Screenshots -update     # writes docs/playground-*.png
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	port := flag.Int("port", usual().page, "port of the page, or the next one that is free")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *port); err != nil {
		log.Fatal(err)
	}
}

// run serves the playground until ctx ends.
func run(ctx context.Context, port int) error {
	want := usual()
	want.page = port
	p, err := start(want)
	if err != nil {
		return err
	}
	fmt.Printf("playground: open %s (stop with Ctrl+C)\n", p.url)
	select {
	case err = <-p.failed:
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancel()
	p.stop(stopping)
	return err
}
