package main

import (
	"fmt"
	"log"
	"net"

	"github.com/gofiber/fiber/v2"

	fibercors "github.com/polycors/polycors/fiberadapter"
)

func main() {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(fibercors.New(fibercors.Config{AllowOrigins: []string{"https://myapp.com"}}))
	app.Put("/items/1", func(*fiber.Ctx) error { return nil })

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(app.Listener(listener))
}
