package main

import (
	"fmt"
	"log"
	"net"
	"net/http"

	"github.com/labstack/echo/v4"

	echocors "github.com/polycors/polycors/echoadapter"
)

func main() {
	e := echo.New()
	e.Use(echocors.New(echocors.Config{AllowOrigins: []string{"https://myapp.com"}}))
	e.PUT("/items/1", func(echo.Context) error { return nil })

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(http.Serve(listener, e))
}
