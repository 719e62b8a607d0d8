// An API that follows a policy in a file, and shows Prometheus which policy is in
// force and what browsers refuse:
//
//	echo '{"allowOrigins": ["http://localhost:*"], "reportOnly": {"allowOrigins": ["http://localhost:5173"]}}' >cors.json
//	go run ./examples/metrics -policy cors.json
//	curl -s http://127.0.0.1:8080/items -H 'Origin: http://localhost:3000' >/dev/null
//	curl -s http://127.0.0.1:8080/items -H 'Origin: http://127.0.0.1:5173' >/dev/null
//	curl -s http://127.0.0.1:8080/metrics | grep ^cors
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
	"github.com/polycors/polycors/core/httpcors"
)

// base has what a document cannot hold, and what applies where it says nothing.
func base(reg prometheus.Registerer) cors.Config {
	return cors.Config{
		AllowOrigins: []string{"http://localhost:5173"},
		AllowMethods: []string{"GET", "PUT"},
		OnReject:     countRejections(reg),
	}
}

// handler serves the API, and its metrics without CORS. It follows a policy until
// ctx ends, and starts from base if there is none.
func handler(ctx context.Context, reg *prometheus.Registry, source corslive.Source) (http.Handler, error) {
	policy := new(cors.Policy)
	follower, err := corslive.Follow(ctx, policy, source, corslive.Options{
		Base:          base(reg),
		StartFromBase: true,
		OnEvent:       corslive.LogEvents(nil),
	})
	if err != nil {
		return nil, err
	}
	collectStatus(reg, follower.Status)

	api := http.NewServeMux()
	api.HandleFunc("GET /items", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, `[{"id":1}]`) })
	api.HandleFunc("PUT /items/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })

	mux := http.NewServeMux()
	mux.Handle("/", httpcors.From(policy)(api))
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	return mux, nil
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	path := flag.String("policy", "cors.json", "file with the policy")
	flag.Parse()
	h, err := handler(context.Background(), prometheus.NewRegistry(), corslive.File(*path, 0))
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on http://%s", *addr)
	server := &http.Server{Addr: *addr, Handler: h, ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}
