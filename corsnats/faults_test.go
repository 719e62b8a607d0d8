package corsnats_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
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

// A logBook is what LogEvents writes.
type logBook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// has reports whether an event with an error is logged.
func (b *logBook) has(event, err string) bool {
	for line := range strings.Lines(b.String()) {
		if strings.Contains(line, " event="+event+" ") && strings.HasSuffix(line, fmt.Sprintf(" error=%q\n", err)) {
			return true
		}
	}
	return false
}

func (b *logBook) options() corslive.Options {
	return corslive.Options{
		FirstTimeout: 20 * time.Second,
		OnEvent:      corslive.LogEvents(slog.New(slog.NewTextHandler(b, nil))),
	}
}

// A doorman authenticates users and returns their permissions. Reloading the
// options of a running server would do the same, but nats-server 2.15 has a data
// race there.
type doorman struct {
	mu    sync.Mutex
	users map[string]*server.User
}

func (d *doorman) Check(c server.ClientAuthentication) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	user := d.users[c.GetOpts().Username]
	if user == nil || user.Password != c.GetOpts().Password {
		return false
	}
	c.RegisterUser(user)
	return true
}

func (d *doorman) set(name string, user *server.User) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.users[name] = user
}

// A stage is a server with a document, and a connection to publish others.
type stage struct {
	*server.Server
	opts     *server.Options
	doorman  *doorman
	operator *nats.Conn
}

func newStage(t *testing.T) *stage {
	t.Helper()
	d := &doorman{users: map[string]*server.User{
		"operator": {Username: "operator", Password: "secret"},
		"follower": {Username: "follower", Password: "secret"},
	}}
	opts := &server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true, CustomClientAuthentication: d}
	s := launch(t, opts)
	operator := connect(t, s.ClientURL(), nats.UserInfo("operator", "secret"))
	createBucket(t, operator, 1)
	publish(t, operator, 1)
	return &stage{s, opts, d, operator}
}

// follower connects as the user who follows.
func (s *stage) follower(t *testing.T, options ...nats.Option) *nats.Conn {
	t.Helper()
	return connect(t, s.ClientURL(), append(options, nats.UserInfo("follower", "secret"), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))...)
}

// allow changes what the follower may do, and makes it connect again, as a server
// does whose users change. If permissions is nil, it may do everything.
func (s *stage) allow(t *testing.T, permissions *server.Permissions) {
	t.Helper()
	s.doorman.set("follower", &server.User{Username: "follower", Password: "secret", Permissions: permissions})
	s.disconnectFollower(t)
}

// revoke takes the follower's credentials away.
func (s *stage) revoke(t *testing.T) {
	t.Helper()
	s.doorman.set("follower", nil)
	s.disconnectFollower(t)
}

func (s *stage) disconnectFollower(t *testing.T) {
	t.Helper()
	all, err := s.Connz(&server.ConnzOptions{Username: true})
	must(t, err)
	for _, c := range all.Conns {
		if c.AuthorizedUser == "follower" {
			must(t, s.DisconnectClientByID(c.Cid))
		}
	}
}

func (s *stage) bucket(t *testing.T) jetstream.KeyValue {
	t.Helper()
	js, err := jetstream.New(s.operator)
	must(t, err)
	kv, err := js.KeyValue(t.Context(), bucket)
	must(t, err)
	return kv
}

// The tests cause the faults of the README, and end them, while a policy follows
// the key.
var faults = map[string]struct {
	options    []nats.Option
	cause, end func(*testing.T, *stage)
}{
	"a deleted key": {
		cause: func(t *testing.T, s *stage) { must(t, s.bucket(t).Delete(t.Context(), key)) },
	},
	"an invalid document, not from Publish": {
		cause: func(t *testing.T, s *stage) { put(t, s, `{"allowOrigins": ["n3.example"]}`) },
	},
	"an empty document, not from Publish": {
		cause: func(t *testing.T, s *stage) { put(t, s, "") },
	},
	"the server is away": {
		cause: func(t *testing.T, s *stage) {
			s.opts.Port = port(s.Server)
			s.Shutdown()
			s.WaitForShutdown()
		},
		end: func(t *testing.T, s *stage) { s.Server = launch(t, s.opts) },
	},
	"revoked credentials": {
		options: []nats.Option{nats.IgnoreAuthErrorAbort()},
		cause:   func(t *testing.T, s *stage) { s.revoke(t) },
		end:     func(t *testing.T, s *stage) { s.allow(t, nil) },
	},
	"a revoked permission": {
		cause: func(t *testing.T, s *stage) {
			s.allow(t, &server.Permissions{Publish: &server.SubjectPermission{Deny: []string{"$JS.API.>"}}})
		},
		end: func(t *testing.T, s *stage) { s.allow(t, nil) },
	},
}

func put(t *testing.T, s *stage, document string) {
	t.Helper()
	_, err := s.bucket(t).PutString(t.Context(), key, document)
	must(t, err)
}

// faultTable returns the rows of the README's table of faults: the event and the
// error, by fault.
func faultTable(t *testing.T) map[string][2]string {
	t.Helper()
	readme, err := os.ReadFile("README.md")
	must(t, err)
	rows := map[string][2]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| (.+?) \\| `(refused|failed)` \\| `(.+)` \\|$").FindAllStringSubmatch(string(readme), -1) {
		rows[row[1]] = [2]string{row[2], row[3]}
	}
	return rows
}

// Each fault has the event and the log line of the README. It changes nothing,
// and the follower catches up when it ends.
func TestFaults(t *testing.T) {
	table := faultTable(t)
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			var log logBook
			p := new(cors.Policy)
			f, err := corslive.Follow(t.Context(), p, corsnats.Key(s.follower(t, fault.options...), bucket, key), log.options())
			must(t, err)
			waitUntilWatched(t, s, p)
			fault.cause(t, s)
			row := table[name]
			eventually(t, "the log has the event "+row[0]+" with "+row[1], func() bool { return log.has(row[0], row[1]) })
			waitForOrigin(t, p, 2) // still in force
			if status := f.Status(); status.Err == nil || status.Revision == "" {
				t.Errorf("status %+v, want the revision and an error", status)
			}
			if fault.end != nil {
				fault.end(t, s)
			}
			publish(t, s.operator, 4)
			waitForOrigin(t, p, 4)
		})
	}
}

// waitUntilWatched waits until the follower has a change: then its connection and
// its watch are complete.
func waitUntilWatched(t *testing.T, s *stage, p *cors.Policy) {
	t.Helper()
	publish(t, s.operator, 2)
	waitForOrigin(t, p, 2)
}

// Without nats.IgnoreAuthErrorAbort, revoked credentials end the connection.
func TestRevokedForGood(t *testing.T) {
	t.Parallel()
	row := faultTable(t)["revoked credentials, without IgnoreAuthErrorAbort"]
	s := newStage(t)
	var log logBook
	p := new(cors.Policy)
	_, err := corslive.Follow(t.Context(), p, corsnats.Key(s.follower(t), bucket, key), log.options())
	must(t, err)
	waitUntilWatched(t, s, p)
	s.revoke(t)
	eventually(t, "the log has the event "+row[0]+" with "+row[1], func() bool { return log.has(row[0], row[1]) })
	waitForOrigin(t, p, 2) // still in force
}

func TestFaultsAtStart(t *testing.T) {
	t.Parallel()
	table, s := faultTable(t), newStage(t)
	away := connect(t, "nats://127.0.0.1:1", nats.RetryOnFailedConnect(true))
	for name, tt := range map[string]struct {
		source corslive.Source
		err    error
	}{
		"a wrong bucket":     {corsnats.Key(s.operator, "wrong", key), jetstream.ErrBucketNotFound},
		"a wrong key":        {corsnats.Key(s.operator, bucket, "wrong"), jetstream.ErrKeyNotFound},
		"the server is away": {corsnats.Key(away, bucket, key), nats.ErrDisconnected},
	} {
		t.Run(name, func(t *testing.T) {
			var log logBook
			_, err := corslive.Follow(t.Context(), new(cors.Policy), tt.source, log.options())
			if row := table[name]; !errors.Is(err, tt.err) || err.Error() != "corslive: "+row[1] || !log.has(row[0], row[1]) {
				t.Errorf("error %v, log\n%s\nwant %s", err, log.String(), row[1])
			}
		})
		t.Run(name+", with StartFromBase", func(t *testing.T) {
			var log logBook
			p, opts := new(cors.Policy), log.options()
			opts.StartFromBase, opts.Base = true, cors.Config{AllowOrigins: []string{origin(9)}}
			_, err := corslive.Follow(t.Context(), p, tt.source, opts)
			must(t, err)
			if !log.has("base-used", table[name][1]) {
				t.Errorf("the log is\n%s\nwant base-used and %s", log.String(), table[name][1])
			}
			waitForOrigin(t, p, 9)
		})
	}
}

// A server that starts before NATS does starts from Base.
func TestServerAwayAtStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := start(t, dir, -1)
	operator := connect(t, s.ClientURL())
	createBucket(t, operator, 1)
	publish(t, operator, 1)
	port := port(s)
	s.Shutdown()
	s.WaitForShutdown()

	nc := connect(t, fmt.Sprintf("nats://127.0.0.1:%d", port), nats.RetryOnFailedConnect(true))
	var log logBook
	p, opts := new(cors.Policy), log.options()
	opts.StartFromBase, opts.Base = true, cors.Config{AllowOrigins: []string{origin(9)}}
	_, err := corslive.Follow(t.Context(), p, corsnats.Key(nc, bucket, key), opts)
	must(t, err)
	waitForOrigin(t, p, 9)
	start(t, dir, port)
	waitForOrigin(t, p, 1)
}

func TestFaultTable(t *testing.T) {
	want := append(slices.Collect(maps.Keys(faults)), "a wrong bucket", "a wrong key", "revoked credentials, without IgnoreAuthErrorAbort")
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(faultTable(t))); !slices.Equal(got, want) {
		t.Errorf("the README has the faults %q, want %q", got, want)
	}
}

func TestPublishTooLong(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	document := fmt.Appendf(nil, `{"allowOrigins": [%q]}%s`, origin(2), strings.Repeat(" ", 1<<20))
	if revision, err := corsnats.Publish(t.Context(), s.operator, bucket, key, document, nil); !errors.Is(err, nats.ErrMaxPayload) || revision != "" {
		t.Errorf("revision %q, %v; want %v", revision, err, nats.ErrMaxPayload)
	}
	p, _ := follow(t, s.operator, nil)
	waitForOrigin(t, p, 1)
}
