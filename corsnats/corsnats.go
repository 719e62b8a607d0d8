// Package corsnats lets policies follow a key of a NATS JetStream key-value
// bucket, on any number of servers.
//
//	nc, err := nats.Connect(url, nats.MaxReconnects(-1), nats.ReconnectWait(250*time.Millisecond), nats.IgnoreAuthErrorAbort())
//	// …
//	policy := new(cors.Policy)
//	follower, err := corslive.Follow(ctx, policy, corsnats.Key(nc, "config", "cors"), corslive.Options{})
//
// The options of the connection matter. By default, NATS closes a connection for
// good after 60 attempts to reconnect, or when the server refuses the credentials
// twice, and waits two seconds before each attempt.
//
// [Publish] changes the document under the key, and refuses an invalid one.
package corsnats

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
)

// Times that bound how long a follower can miss a change.
const (
	lookEvery  = 5 * time.Second        // a watch can miss changes without an error
	askFor     = 2 * time.Second        // how long the server may take to answer
	retryAfter = 500 * time.Millisecond // after an error, unless the connection is restored earlier
)

// Key returns a source of the documents under a key of a bucket. It yields an
// error, and tries again, while the server is unreachable, the bucket or the key
// does not exist, or the key is deleted. It ends, after an error, when the
// connection is closed.
//
// The source watches the key, and starts a new watch when the connection is
// restored. It also reads the key every five seconds, because a watch can notice
// a restart of the server after ten seconds, and never notices the loss of a
// bucket.
func Key(nc *nats.Conn, bucket, key string) corslive.Source {
	return func(ctx context.Context) iter.Seq2[[]byte, error] {
		return func(yield func([]byte, error) bool) {
			js, err := jetstream.New(nc)
			if err != nil {
				yield(nil, fmt.Errorf("corsnats: %w", err))
				return
			}
			changes := nc.StatusChanged(nats.RECONNECTING, nats.CONNECTED, nats.CLOSED)
			defer nc.RemoveStatusListener(changes)
			w := &watch{js: js, bucket: bucket, key: key, changes: changes, yield: yield}
			for {
				err := w.follow(ctx)
				switch {
				case w.stopped || ctx.Err() != nil:
					return
				case nc.IsClosed():
					yield(nil, fmt.Errorf("corsnats: %w; connect with nats.MaxReconnects(-1) and nats.IgnoreAuthErrorAbort()", because(nats.ErrConnectionClosed, nc)))
					return
				case err == nil: // the connection is restored
					continue
				case !yield(nil, fmt.Errorf("corsnats: key %q of bucket %q: %w", key, bucket, explain(err, nc))):
					return
				}
				select {
				case <-time.After(retryAfter):
				case <-changes:
				case <-ctx.Done():
					return
				}
			}
		}
	}
}

// explain returns why the server does not answer.
func explain(err error, nc *nats.Conn) error {
	switch {
	case !nc.IsConnected():
		return because(nats.ErrDisconnected, nc)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no answer within %s (does the user have the permission to publish to $JS.API.>?): %w", askFor, err)
	}
	return err
}

// because adds the last error of a connection that is down.
func because(err error, nc *nats.Conn) error {
	if last := nc.LastError(); last != nil && !errors.Is(last, err) {
		return fmt.Errorf("%w: %w", err, last)
	}
	return err
}

// A watch follows a key until an error occurs.
type watch struct {
	js          jetstream.JetStream
	bucket, key string
	changes     <-chan nats.Status
	yield       func([]byte, error) bool
	stopped     bool // yield has returned false
}

// follow yields documents until an error occurs or ctx ends. It returns nil when
// the connection has been restored.
func (w *watch) follow(ctx context.Context) error {
	w.forgetChanges()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	asking, done := context.WithTimeout(ctx, askFor)
	defer done()
	kv, err := w.js.KeyValue(asking, w.bucket)
	if err != nil {
		return err
	}
	if err := w.look(ctx, kv); err != nil || w.stopped {
		return err
	}
	updates, err := kv.Watch(ctx, w.key, jetstream.UpdatesOnly()) // ends with ctx; its Stop would wait for the server
	if err != nil {
		return err
	}
	if err := w.look(ctx, kv); err != nil || w.stopped { // a change before the watch began
		return err
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for !w.stopped {
		select {
		case entry, ok := <-updates.Updates():
			switch {
			case !ok:
				return errors.New("the watch ended")
			case entry == nil: // no more initial values
			case entry.Operation() != jetstream.KeyValuePut:
				return jetstream.ErrKeyDeleted
			default:
				w.stopped = !w.yield(entry.Value(), nil)
			}
		case <-ticker.C:
			if err := w.look(ctx, kv); err != nil {
				return err
			}
		case <-w.changes:
			if !w.js.Conn().IsConnected() {
				return nats.ErrDisconnected
			}
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// forgetChanges discards the earlier changes of the connection. While the server
// refuses the credentials, each attempt to connect is a change.
func (w *watch) forgetChanges() {
	for {
		select {
		case <-w.changes:
		default:
			return
		}
	}
}

// look yields the current document.
func (w *watch) look(ctx context.Context, kv jetstream.KeyValue) error {
	ctx, done := context.WithTimeout(ctx, askFor)
	defer done()
	entry, err := kv.Get(ctx, w.key)
	if err != nil {
		return err
	}
	w.stopped = !w.yield(entry.Value(), nil)
	return nil
}

// Publish puts a policy document under a key of a bucket, for all servers that
// follow the key. It returns the revision that their [corslive.Status] will show.
// The bucket must exist.
//
// Publish refuses a document that is not a valid policy by itself, because it
// does not know the Base of the followers. decode is as in [corslive.Options];
// nil means json.Unmarshal.
func Publish(ctx context.Context, nc *nats.Conn, bucket, key string, document []byte, decode func([]byte, any) error) (revision string, err error) {
	if decode == nil {
		decode = json.Unmarshal
	}
	var cfg cors.Config
	if err := decode(document, &cfg); err != nil {
		return "", fmt.Errorf("corsnats: the document is not published: %w", err)
	}
	if cfg.ReportOnly != nil {
		cfg.OnReject = func(context.Context, cors.Rejection) {} // followers set it in their Base
	}
	if _, err := cors.New(cfg); err != nil {
		return "", fmt.Errorf("corsnats: the document is not published: %w", err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return "", fmt.Errorf("corsnats: %w", err)
	}
	kv, err := js.KeyValue(ctx, bucket)
	if err == nil {
		_, err = kv.Put(ctx, key, document)
	}
	if err != nil {
		return "", fmt.Errorf("corsnats: key %q of bucket %q: %w", key, bucket, err)
	}
	return corslive.Revision(document), nil
}
