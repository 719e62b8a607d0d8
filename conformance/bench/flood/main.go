// Command flood shows what a flood of refused requests costs a server that says
// why. It starts servers on loopback, without OnReject and with LogRejections, and
// floods them in turn with the origins that are most work to explain. It prints
// the requests per second of processor time, that of the clients included, and the
// median of their ratios. What else the machine does has little influence on it.
//
//	go run ./conformance/bench/flood [-rounds 60] [-burst 50ms] [-connections 8]
package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("flood: ")
	rounds := flag.Int("rounds", 60, "how often each server is flooded")
	burst := flag.Duration("burst", 50*time.Millisecond, "how long a flood lasts")
	connections := flag.Int("connections", 8, "how many connections send at once")
	flag.Parse()
	fmt.Printf("%-10s %-22s %12s %12s %7s\n", "server", "origin", "silent", "logging", "ratio")
	for _, framework := range []struct {
		name  string
		serve func(cors.Config) (net.Listener, error)
	}{{"net/http", serveHTTP}, {"fiber", serveFiber}} {
		for _, hostile := range origins() {
			if err := compare(framework.name, framework.serve, hostile, *rounds, *burst, *connections); err != nil {
				log.Fatal(err)
			}
		}
	}
}

// A hostile origin is refused by the policy of config.
type hostile struct{ name, origin string }

func origins() []hostile {
	return []hostile{
		{"usual", "https://evil.example"},
		{"like many entries", "https://tenant-99999999.example"},
		{"as long as can be", "https://" + strings.Repeat(strings.Repeat("a", 60)+".", 4) + "example"},
		{"not an origin", strings.Repeat("https://a.example,", 100)},
		{"not even text", strings.Repeat("\xff", 400)},
	}
}

// config has a thousand entries to compare an origin with.
func config() cors.Config {
	cfg := cors.Config{AllowCredentials: true}
	for i := range 1000 {
		cfg.AllowOrigins = append(cfg.AllowOrigins, fmt.Sprintf("https://tenant-%07d.example", i))
	}
	return cfg
}

// compare floods a silent server and a logging one in turn.
func compare(name string, serve func(cors.Config) (net.Listener, error), h hostile, rounds int, burst time.Duration, connections int) error {
	logging := config()
	logging.OnReject = cors.LogRejections(slog.New(slog.NewJSONHandler(io.Discard, nil)))
	var rates [2][]float64
	var addrs [2]string
	for i, cfg := range []cors.Config{config(), logging} {
		ln, err := serve(cfg)
		if err != nil {
			return err
		}
		defer ln.Close()
		addrs[i] = ln.Addr().String()
	}
	var ratios []float64
	for range rounds {
		for i, addr := range addrs {
			rate, err := flood(addr, h.origin, burst, connections)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", name, h.name, err)
			}
			rates[i] = append(rates[i], rate)
		}
		last := len(rates[0]) - 1
		ratios = append(ratios, rates[1][last]/rates[0][last])
	}
	fmt.Printf("%-10s %-22s %12.0f %12.0f %7.2f\n", name, h.name, median(rates[0]), median(rates[1]), median(ratios))
	return nil
}

func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// flood returns how many requests per second of processor time a server answers.
func flood(addr, origin string, burst time.Duration, connections int) (float64, error) {
	request := []byte("GET /items HTTP/1.1\r\nHost: api.example\r\nOrigin: " + origin + "\r\n\r\n")
	var answered atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, connections)
	start, end := processorTime(), time.Now().Add(burst)
	for i := range connections {
		all.Go(func() { errs[i] = send(addr, request, end, &answered) })
	}
	all.Wait()
	return float64(answered.Load()) / (processorTime() - start).Seconds(), errors.Join(errs...)
}

// processorTime returns the time that the program has used.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		log.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// send sends a request again and again over one connection, until the deadline.
func send(addr string, request []byte, deadline time.Time, answered *atomic.Int64) error {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	for time.Now().Before(deadline) {
		if _, err := conn.Write(request); err != nil {
			return err
		}
		for { // a response without a body
			line, err := r.ReadSlice('\n')
			if err != nil {
				return err
			}
			if len(bytes.TrimSpace(line)) == 0 {
				break
			}
		}
		answered.Add(1)
	}
	return nil
}

func serveHTTP(cfg cors.Config) (net.Listener, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: httpcors.New(cfg)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNoContent)
	}))}
	go func() { _ = srv.Serve(ln) }() // until ln is closed
	return ln, nil
}

func serveFiber(cfg cors.Config) (net.Listener, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(fibercors.New(cfg))
	app.Get("/items", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusNoContent) })
	go func() { _ = app.Listener(ln) }()
	return ln, nil
}
