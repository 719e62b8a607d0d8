package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.yaml.in/yaml/v3"

	"github.com/polycors/polycors/corsnats"
)

const (
	defaultURL  = "nats://127.0.0.1:4222"
	bucket, key = "fleet", "cors"
)

// An embeddedServer is NATS inside this process.
type embeddedServer struct {
	*server.Server
	dir string
}

// embedded starts NATS on its usual port or, if that is in use, on a free one.
func embedded() (*embeddedServer, error) {
	dir, err := os.MkdirTemp("", "fleet-nats-")
	if err != nil {
		return nil, err
	}
	opts := &server.Options{Host: "127.0.0.1", Port: 4222, JetStream: true, StoreDir: dir, NoLog: true, NoSigs: true}
	ln, err := net.Listen("tcp", "127.0.0.1:4222")
	if err != nil {
		opts.Port = server.RANDOM_PORT
	} else {
		ln.Close()
	}
	s := &embeddedServer{dir: dir}
	if s.Server, err = server.NewServer(opts); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		s.stop()
		return nil, errors.New("the embedded NATS does not start")
	}
	return s, nil
}

func (s *embeddedServer) stop() {
	s.Shutdown()
	s.WaitForShutdown()
	os.RemoveAll(s.dir)
}

// connect connects to NATS for as long as the program runs.
func connect(url string) (*nats.Conn, error) {
	url = cmp.Or(url, defaultURL)
	nc, err := nats.Connect(url, nats.MaxReconnects(-1), nats.ReconnectWait(250*time.Millisecond), nats.IgnoreAuthErrorAbort())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", url, err)
	}
	return nc, nil
}

// prepare creates the bucket and the first policy, unless they exist.
func prepare(ctx context.Context, url string) error {
	nc, err := connect(url)
	if err != nil {
		return err
	}
	defer nc.Close()
	ctx, done := context.WithTimeout(ctx, 10*time.Second)
	defer done()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	kv, err := js.KeyValue(ctx, bucket)
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		kv, err = js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: bucket, Description: "CORS policy of examples/fleet"})
	}
	if err != nil {
		return fmt.Errorf("bucket %s: %w", bucket, err)
	}
	if _, err = kv.Get(ctx, key); errors.Is(err, jetstream.ErrKeyNotFound) {
		_, err = corsnats.Publish(ctx, nc, bucket, key, first, yaml.Unmarshal)
	}
	return err
}
