package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/playground/internal/apis"
	"github.com/polycors/polycors/examples/playground/internal/wire"
)

// ports says from which ports on the playground looks for free ones.
type ports struct {
	page      int
	frontEnds []int
	apis      int
}

// usual returns the ports where programmers expect front ends and APIs.
func usual() ports { return ports{page: 8090, frontEnds: []int{5173, 3000}, apis: 8101} }

// A playground is the page, the front ends and the APIs.
type playground struct {
	boot      string // differs after each start
	url       string // of the page, which is also its origin
	policy    *cors.Policy
	applying  sync.Mutex // the policy and the number of the last exchange belong together
	log       wire.Log
	frontEnds []int // their ports
	pages     []page
	apis      []api

	failed   chan error
	serves   []func()
	stopping context.Context
	stops    []func(context.Context) error
}

// A page is an origin from which the browser sends requests.
type page struct {
	Origin  string `json:"origin"` // "null" for the sandboxed one
	Frame   string `json:"frame"`  // the URL of its document
	Sandbox bool   `json:"sandbox"`
}

// An api is the API on one framework.
type api struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

// start starts a playground, which serves until it is stopped.
func start(want ports) (*playground, error) {
	policy, err := cors.New(cors.Config{AllowOrigins: []string{}})
	if err != nil {
		return nil, err
	}
	p := &playground{boot: rand.Text(), policy: policy, failed: make(chan error, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	p.stopping = ctx
	p.stops = append(p.stops, func(context.Context) error { cancel(); return nil })
	for _, step := range []func(ports) error{p.startPage, p.startFrontEnds, p.startAPIs} {
		if err := step(want); err != nil {
			p.stop(ctx)
			return nil, err
		}
	}
	for _, serve := range p.serves { // everything is known by then
		go serve()
	}
	return p, nil
}

func (p *playground) startPage(want ports) error {
	listeners, port, err := listen(want.page)
	if err != nil {
		return err
	}
	p.url = fmt.Sprintf("http://localhost:%d", port)
	p.serve(listeners, newServer(p.pageHandler(port)))
	return nil
}

func (p *playground) startFrontEnds(want ports) error {
	for i, first := range want.frontEnds {
		listeners, port, err := listen(first)
		if err != nil {
			return err
		}
		p.frontEnds = append(p.frontEnds, port)
		hosts := []string{fmt.Sprintf("localhost:%d", port), fmt.Sprintf("127.0.0.1:%d", port)}
		if i == 0 { // browsers resolve names below localhost themselves
			hosts = append(hosts, fmt.Sprintf("app.localhost:%d", port), fmt.Sprintf("pr-7.app.localhost:%d", port))
		}
		for _, host := range hosts {
			p.pages = append(p.pages, page{Origin: "http://" + host, Frame: "http://" + host + "/frame"})
		}
		p.serve(listeners, newServer(p.frontEnd(hosts)))
	}
	p.pages = append(p.pages, page{Origin: "null", Frame: p.pages[0].Frame, Sandbox: true})
	return nil
}

func (p *playground) startAPIs(want ports) error {
	next := want.apis
	for _, f := range apis.All() {
		listeners, port, err := listen(next)
		if err != nil {
			return err
		}
		next = port + 1
		hosts := []string{fmt.Sprintf("localhost:%d", port), fmt.Sprintf("127.0.0.1:%d", port)}
		p.serve(listeners, f.Server(p.policy, &p.log, hosts))
		p.apis = append(p.apis, api{f.ID, f.Name, "http://" + hosts[0] + apis.Path})
	}
	return nil
}

// newServer returns the server for a handler of the page or a front end.
func newServer(h http.Handler) apis.Server {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	return apis.Server{Serve: srv.Serve, Stop: srv.Shutdown}
}

func (p *playground) serve(listeners []net.Listener, srv apis.Server) {
	p.stops = append(p.stops, srv.Stop)
	for _, l := range listeners {
		p.stops = append(p.stops, func(context.Context) error { return l.Close() })
		p.serves = append(p.serves, func() {
			err := srv.Serve(l)
			if err == nil || p.stopping.Err() != nil || errors.Is(err, http.ErrServerClosed) {
				return
			}
			select {
			case p.failed <- fmt.Errorf("serving %s: %w", l.Addr(), err):
			default:
			}
		})
	}
}

// stop stops everything. Requests that are being served may finish until ctx ends.
func (p *playground) stop(ctx context.Context) {
	var wg sync.WaitGroup
	for _, stop := range p.stops {
		wg.Go(func() { _ = stop(ctx) })
	}
	wg.Wait()
}
