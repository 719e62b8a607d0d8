package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/nats-io/nats.go"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
	"github.com/polycors/polycors/core/httpcors"
	"github.com/polycors/polycors/corsnats"
)

// The program starts without its NATS server: it follows the key when the server
// is there, and has a policy until then.
func main() {
	nc, err := nats.Connect("127.0.0.1:1", nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1))
	if err != nil {
		log.Fatal(err)
	}
	policy := new(cors.Policy)
	_, err = corslive.Follow(context.Background(), policy, corsnats.Key(nc, "config", "cors"), corslive.Options{
		Base:          cors.Config{AllowOrigins: []string{"https://myapp.com"}},
		StartFromBase: true,
		FirstTimeout:  time.Second,
	})
	if err != nil {
		log.Fatal(err)
	}

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, httpcors.From(policy)(http.NotFoundHandler())))
}
