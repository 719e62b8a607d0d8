package corsnats_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
	"github.com/polycors/polycors/corsnats"
)

const bucket, key = "config", "cors"

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func origin(i int) string { return fmt.Sprintf("https://n%d.example", i) }

// start starts a server with JetStream; port -1 means any free port.
func start(t *testing.T, dir string, port int) *server.Server {
	t.Helper()
	return launch(t, &server.Options{Host: "127.0.0.1", Port: port, JetStream: true, StoreDir: dir, NoLog: true, NoSigs: true})
}

func launch(t *testing.T, opts *server.Options) *server.Server {
	t.Helper()
	s, err := server.NewServer(opts)
	must(t, err)
	go s.Start()
	if !s.ReadyForConnections(time.Minute) {
		t.Fatal("the server does not start")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

func port(s *server.Server) int { return s.Addr().(*net.TCPAddr).Port }

func connect(t *testing.T, urls string, options ...nats.Option) *nats.Conn {
	t.Helper()
	options = append(options, nats.MaxReconnects(-1), nats.ReconnectWait(250*time.Millisecond), nats.ReconnectJitter(0, 0))
	nc, err := nats.Connect(urls, options...)
	must(t, err)
	t.Cleanup(nc.Close)
	return nc
}

func createBucket(t *testing.T, nc *nats.Conn, replicas int) {
	t.Helper()
	js, err := jetstream.New(nc)
	must(t, err)
	eventually(t, "the bucket exists", func() bool {
		ctx, done := context.WithTimeout(t.Context(), 2*time.Second)
		defer done()
		_, err = js.CreateOrUpdateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: bucket, Replicas: replicas})
		return err == nil
	})
}

func publish(t *testing.T, nc *nats.Conn, i int) (revision string) {
	t.Helper()
	eventually(t, "the document is published", func() bool {
		ctx, done := context.WithTimeout(t.Context(), 2*time.Second)
		defer done()
		var err error
		revision, err = corsnats.Publish(ctx, nc, bucket, key, fmt.Appendf(nil, `{"allowOrigins": [%q]}`, origin(i)), nil)
		return err == nil
	})
	return revision
}

// eventually waits for a condition, for as long as even a slow machine needs.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("it does not happen that %s", what)
		}
	}
}

// events records the events of followers.
type events struct {
	mu   sync.Mutex
	text []string
}

func (e *events) add(event corslive.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.text = append(e.text, event.String())
}

func (e *events) has(part string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Contains(strings.Join(e.text, "\n"), part)
}

func follow(t *testing.T, nc *nats.Conn, e *events) (*cors.Policy, *corslive.Follower) {
	t.Helper()
	opts := corslive.Options{FirstTimeout: 20 * time.Second}
	if e != nil {
		opts.OnEvent = e.add
	}
	p := new(cors.Policy)
	f, err := corslive.Follow(t.Context(), p, corsnats.Key(nc, bucket, key), opts)
	must(t, err)
	return p, f
}

func waitForOrigin(t *testing.T, p *cors.Policy, i int) {
	t.Helper()
	eventually(t, origin(i)+" is allowed", func() bool {
		ok, err := p.AllowsOrigin(t.Context(), origin(i))
		return ok && err == nil
	})
}

func TestKey(t *testing.T) {
	s := start(t, t.TempDir(), -1)
	nc := connect(t, s.ClientURL())

	if _, err := corslive.Follow(t.Context(), new(cors.Policy), corsnats.Key(nc, bucket, key), corslive.Options{}); !errors.Is(err, jetstream.ErrBucketNotFound) {
		t.Errorf("without a bucket: %v", err)
	}
	createBucket(t, nc, 1)
	if _, err := corslive.Follow(t.Context(), new(cors.Policy), corsnats.Key(nc, bucket, key), corslive.Options{}); !errors.Is(err, jetstream.ErrKeyNotFound) {
		t.Errorf("without a key: %v", err)
	}

	publish(t, nc, 1)
	var e events
	p, f := follow(t, nc, &e)
	waitForOrigin(t, p, 1)
	revision := publish(t, nc, 2)
	waitForOrigin(t, p, 2)
	if s := f.Status(); s.Revision != revision || s.Err != nil {
		t.Errorf("status %+v, want the revision %s", s, revision)
	}

	js, err := jetstream.New(nc)
	must(t, err)
	kv, err := js.KeyValue(t.Context(), bucket)
	must(t, err)
	_, err = kv.Put(t.Context(), key, []byte(`{"allowOrigins": ["n3.example"]}`))
	must(t, err)
	eventually(t, "an invalid document is refused", func() bool { return e.has("has no scheme") })
	must(t, kv.Delete(t.Context(), key))
	eventually(t, "a deleted key is a failure", func() bool { return e.has("key") && f.Status().Err != nil })
	waitForOrigin(t, p, 2) // still in force
	publish(t, nc, 4)
	waitForOrigin(t, p, 4)
}

func TestServerRestart(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir, -1)
	nc := connect(t, s.ClientURL())
	createBucket(t, nc, 1)
	publish(t, nc, 1)
	var e events
	p, _ := follow(t, nc, &e)

	port := port(s)
	s.Shutdown()
	s.WaitForShutdown()
	eventually(t, "the outage is reported", func() bool { return e.has("failed") })
	waitForOrigin(t, p, 1)
	start(t, dir, port)
	publish(t, nc, 2)
	waitForOrigin(t, p, 2)
}

func TestLostBucket(t *testing.T) {
	s := start(t, t.TempDir(), -1)
	nc := connect(t, s.ClientURL())
	createBucket(t, nc, 1)
	publish(t, nc, 1)
	var e events
	p, _ := follow(t, nc, &e)

	port := port(s)
	s.Shutdown()
	s.WaitForShutdown()
	start(t, t.TempDir(), port) // without its store
	eventually(t, "the loss is reported", func() bool { return e.has("bucket not found") })
	waitForOrigin(t, p, 1)
	createBucket(t, nc, 1)
	publish(t, nc, 2)
	waitForOrigin(t, p, 2)
}

func TestClosedConnection(t *testing.T) {
	s := start(t, t.TempDir(), -1)
	nc := connect(t, s.ClientURL())
	createBucket(t, nc, 1)
	publish(t, nc, 1)
	var e events
	p, f := follow(t, nc, &e)
	nc.Close()
	eventually(t, "the end is reported", func() bool { return e.has("nats.MaxReconnects(-1)") })
	waitForOrigin(t, p, 1)
	eventually(t, "the status has the reason", func() bool { return errors.Is(f.Status().Err, nats.ErrConnectionClosed) })
}

// A follower behind a network that loses everything, without an end of its
// connection, keeps the policy and catches up.
func TestPartition(t *testing.T) {
	s := start(t, t.TempDir(), -1)
	direct := connect(t, s.ClientURL())
	createBucket(t, direct, 1)
	publish(t, direct, 1)

	link := newLink(t, fmt.Sprintf("127.0.0.1:%d", port(s)))
	nc, err := nats.Connect("nats://"+link.addr, nats.MaxReconnects(-1), nats.ReconnectWait(250*time.Millisecond),
		nats.PingInterval(time.Second), nats.MaxPingsOutstanding(2), nats.IgnoreDiscoveredServers())
	must(t, err)
	t.Cleanup(nc.Close)
	var e events
	p, _ := follow(t, nc, &e)
	link.cut(true)
	publish(t, direct, 2)
	eventually(t, "the partition is reported", func() bool { return e.has("failed") })
	waitForOrigin(t, p, 1)
	link.cut(false)
	waitForOrigin(t, p, 2)
}

// A link forwards connections until it is cut, and then discards what is sent.
type link struct {
	addr  string
	mu    sync.Mutex
	isCut bool
	conns []net.Conn
}

func newLink(t *testing.T, target string) *link {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	l := &link{addr: ln.Addr().String()}
	t.Cleanup(func() { _ = ln.Close(); l.closeAll() })
	go func() {
		for {
			in, err := ln.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", target)
			if err != nil {
				_ = in.Close()
				continue
			}
			l.mu.Lock()
			l.conns = append(l.conns, in, out)
			l.mu.Unlock()
			go l.forward(in, out)
			go l.forward(out, in)
		}
	}()
	return l
}

func (l *link) forward(to io.WriteCloser, from io.Reader) {
	defer to.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		l.mu.Lock()
		lost := l.isCut
		l.mu.Unlock()
		if lost {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func (l *link) cut(cut bool) {
	l.mu.Lock()
	l.isCut = cut
	l.mu.Unlock()
	if !cut {
		l.closeAll() // what was lost is lost: clients connect anew
	}
}

func (l *link) closeAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.conns {
		_ = c.Close()
	}
	l.conns = nil
}

func TestLostNode(t *testing.T) {
	// JetStream needs to know the routes before the first node starts. On an
	// address of its own, no other process takes the ports.
	host := fmt.Sprintf("127.%d.%d.%d", 1+os.Getpid()>>16%250, os.Getpid()>>8&0xff, 1+os.Getpid()&0xff%250)
	var routes []string
	for i := range 3 {
		routes = append(routes, fmt.Sprintf("nats://%s:%d", host, 6222+i))
	}
	nodes := make([]*server.Server, 3)
	for i := range nodes {
		nodes[i] = launch(t, &server.Options{
			ServerName: fmt.Sprintf("n%d", i), Host: host, Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true,
			Cluster: server.ClusterOpts{Name: "test", Host: host, Port: 6222 + i},
			Routes:  server.RoutesFromStr(strings.Join(routes, ",")),
		})
	}
	var urls []string
	for _, s := range nodes {
		urls = append(urls, s.ClientURL())
	}
	operator := connect(t, strings.Join(urls, ","))
	createBucket(t, operator, 3)
	publish(t, operator, 1)
	var policies []*cors.Policy
	for range 6 {
		p, _ := follow(t, connect(t, strings.Join(urls, ",")), nil)
		policies = append(policies, p)
	}
	nodes[0].Shutdown()
	nodes[0].WaitForShutdown()
	publish(t, operator, 2)
	for _, p := range policies {
		waitForOrigin(t, p, 2)
	}
}

func TestManyFollowers(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir, -1)
	operator := connect(t, s.ClientURL())
	createBucket(t, operator, 1)
	publish(t, operator, 1)
	policies := make([]*cors.Policy, 200)
	for i := range policies {
		policies[i], _ = follow(t, connect(t, s.ClientURL()), nil)
	}
	all := func(n int) time.Duration {
		began := time.Now()
		for _, p := range policies {
			waitForOrigin(t, p, n)
		}
		return time.Since(began)
	}
	for n := 2; n < 6; n++ {
		publish(t, operator, n)
		t.Logf("all have change %d %s after it was published", n, all(n))
	}
	port := port(s)
	s.Shutdown()
	s.WaitForShutdown()
	start(t, dir, port)
	began := time.Now()
	publish(t, operator, 6)
	t.Logf("published %s after the server was back, and %s later all have it", time.Since(began), all(6))
}

func TestPublish(t *testing.T) {
	s := start(t, t.TempDir(), -1)
	nc := connect(t, s.ClientURL())
	document := []byte(`{"allowOrigins": ["https://n1.example"]}`)
	if _, err := corsnats.Publish(t.Context(), nc, bucket, key, document, nil); !errors.Is(err, jetstream.ErrBucketNotFound) {
		t.Errorf("without a bucket: %v", err)
	}
	createBucket(t, nc, 1)
	tried := []byte(`{"allowOrigins": ["*"], "reportOnly": {"allowOrigins": ["https://n1.example"]}}`)
	if _, err := corsnats.Publish(t.Context(), nc, bucket, key, tried, nil); err != nil {
		t.Errorf("a policy that tries out another: %v", err)
	}
	revision, err := corsnats.Publish(t.Context(), nc, bucket, key, document, nil)
	if err != nil || revision != corslive.Revision(document) {
		t.Errorf("revision %q, %v; want %q", revision, err, corslive.Revision(document))
	}
	for _, invalid := range []string{`{"allowOrigins": ["*"], "reportOnly": {}}`, "", "{", "null", `{}`, `{"allowOrigins": ["n1.example"]}`, `{"allowOrigins": ["*"], "allowCredentials": true}`, `{"allowOrigin": []}`} {
		if revision, err := corsnats.Publish(t.Context(), nc, bucket, key, []byte(invalid), nil); revision != "" || err == nil || !strings.Contains(err.Error(), "not published") {
			t.Errorf("%s: revision %q, %v", invalid, revision, err)
		}
	}
	p, _ := follow(t, nc, nil)
	waitForOrigin(t, p, 1)
}
