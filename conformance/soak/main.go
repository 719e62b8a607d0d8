// Command soak puts each framework under full load for a while, with everything
// that goes wrong on the open network: hostile, slow and half-open clients, clients
// that go away, handlers and callbacks that panic, and a policy that changes all the
// time. It checks every response, and that memory and goroutines do not grow.
//
//	go run ./conformance/soak -d 10m
//
// It prints a line for each framework. Its exit status is 1 if a response is wrong,
// or if something grows.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/polycors/polycors/conformance/internal/apps"
)

func main() {
	d := flag.Duration("d", 10*time.Minute, "the time for all frameworks")
	only := flag.String("only", "", "the name of the only framework to run")
	flag.Parse()
	var frameworks []apps.Framework
	for _, f := range apps.Frameworks() {
		if *only == "" || f.Name == *only {
			frameworks = append(frameworks, f)
		}
	}
	if len(frameworks) == 0 {
		fmt.Fprintf(os.Stderr, "soak: no framework is called %q\n", *only)
		os.Exit(2)
	}
	ok := true
	for _, f := range frameworks {
		r, err := soak(f, *d/time.Duration(len(frameworks)))
		if err != nil {
			fmt.Fprintln(os.Stderr, "soak:", err)
			os.Exit(2)
		}
		fmt.Println(r)
		if faults := r.faults(); len(faults) > 0 {
			ok = false
			fmt.Println("\t" + strings.Join(faults, "\n\t"))
		}
	}
	if !ok {
		os.Exit(1)
	}
}
