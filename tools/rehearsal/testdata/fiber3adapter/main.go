package main

import (
	"fmt"
	"log"
	"net"

	"github.com/gofiber/fiber/v3"

	fibercors "github.com/polycors/polycors/fiber3adapter"
)

func main() {
	app := fiber.New()
	app.Use(fibercors.New(fibercors.Config{AllowOrigins: []string{"https://myapp.com"}}))
	app.Put("/items/1", func(fiber.Ctx) error { return nil })

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	log.Fatal(app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}))
}
