// An API that counts the requests that browsers refuse, for Prometheus:
//
//	go run ./examples/metrics
//	curl -s http://127.0.0.1:8080/items -H 'Origin: http://127.0.0.1:5173' >/dev/null
//	curl -s http://127.0.0.1:8080/metrics | grep cors
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
	"github.com/polycors/polycors/core/httpcors"
)

// countRejections returns a function for Config.OnReject. The reason is the only
// label because there are few reasons. An origin comes from the client, which
// could create any number of time series.
func countRejections(reg prometheus.Registerer) func(context.Context, cors.Rejection) {
	rejections := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "cors_rejections_total",
		Help: "Requests that browsers refuse because of CORS, by reason.",
	}, []string{"reason"})
	reg.MustRegister(rejections)
	return func(_ context.Context, r cors.Rejection) {
		rejections.WithLabelValues(string(r.Reason)).Inc()
	}
}

// handler serves the API, and its metrics without CORS.
func handler(reg *prometheus.Registry) http.Handler {
	api := http.NewServeMux()
	api.HandleFunc("GET /items", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, `[{"id":1}]`) })
	api.HandleFunc("PUT /items/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })

	withCORS := httpcors.New(cors.Config{
		AllowOrigins: []string{"http://localhost:5173"},
		AllowMethods: []string{"GET", "PUT"},
		OnReject:     countRejections(reg),
	})
	mux := http.NewServeMux()
	mux.Handle("/", withCORS(api))
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	return mux
}

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "address to listen on")
	flag.Parse()
	log.Printf("listening on http://%s", *addr)
	server := &http.Server{Addr: *addr, Handler: handler(prometheus.NewRegistry()), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}
