package main

import (
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"

	gincors "github.com/polycors/polycors/ginadapter"
)

func main() {
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.Use(gincors.New(gincors.Config{AllowOrigins: []string{"https://myapp.com"}}))
	router.PUT("/items/1", func(*gin.Context) {})

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, router))
}
