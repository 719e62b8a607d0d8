package main

import (
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/go-chi/chi/v5"

	chicors "github.com/polycors/polycors/chiadapter"
)

func main() {
	router := chi.NewRouter()
	router.Use(chicors.New(chicors.Config{AllowOrigins: []string{"https://myapp.com"}}))
	router.Put("/items/1", func(http.ResponseWriter, *http.Request) {})

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, router))
}
