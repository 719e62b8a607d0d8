package main

import (
	"fmt"
	"log"
	"net"
	"net/http"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /items/1", func(http.ResponseWriter, *http.Request) {})
	handler := httpcors.New(cors.Config{AllowOrigins: []string{"https://myapp.com"}})(mux)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, handler))
}
