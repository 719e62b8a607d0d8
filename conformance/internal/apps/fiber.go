package apps

import (
	"net"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"
	fiberrecover "github.com/gofiber/fiber/v2/middleware/recover"
	fiber3 "github.com/gofiber/fiber/v3"
	fiber3recover "github.com/gofiber/fiber/v3/middleware/recover"

	fiber3cors "github.com/polycors/polycors/fiber3adapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

func serveFiber(ln net.Listener, a *App) (stop func()) {
	app := fiber.New(fiber.Config{
		DisableStartupMessage: true,
		RequestMethods:        requestMethods(fiber.DefaultMethods),
		ReadTimeout:           timeout,
		WriteTimeout:          timeout,
		IdleTimeout:           timeout,
	})
	app.Use(fiberrecover.New(), fibercors.From(a.Policy))
	for _, method := range Methods {
		app.Add(method, "/items/:id", func(c *fiber.Ctx) error {
			res := a.item(c.Method(), c.Params("id"), c.Get("If-None-Match"))
			for _, line := range res.header {
				c.Response().Header.Add(line[0], line[1])
			}
			return c.Status(res.status).SendString(res.body)
		})
	}
	app.Get("/slow", func(c *fiber.Ctx) error { return c.SendString(slowBody) })
	app.Get("/fail", func(*fiber.Ctx) error { return errHandler })
	app.Get("/panic", func(*fiber.Ctx) error { panic(errHandler) })
	return untilStopped(func() error { return app.Listener(ln) }, app.ShutdownWithTimeout)
}

func serveFiber3(ln net.Listener, a *App) (stop func()) {
	app := fiber3.New(fiber3.Config{
		RequestMethods: requestMethods(fiber3.DefaultMethods),
		ReadTimeout:    timeout,
		WriteTimeout:   timeout,
		IdleTimeout:    timeout,
	})
	app.Use(fiber3recover.New(), fiber3cors.From(a.Policy))
	app.Add(Methods, "/items/:id", func(c fiber3.Ctx) error {
		res := a.item(c.Method(), c.Params("id"), c.Get("If-None-Match"))
		for _, line := range res.header {
			c.Response().Header.Add(line[0], line[1])
		}
		return c.Status(res.status).SendString(res.body)
	})
	app.Get("/slow", func(c fiber3.Ctx) error { return c.SendString(slowBody) })
	app.Get("/fail", func(fiber3.Ctx) error { return errHandler })
	app.Get("/panic", func(fiber3.Ctx) error { panic(errHandler) })
	return untilStopped(func() error { return app.Listener(ln, fiber3.ListenConfig{DisableStartupMessage: true}) }, app.ShutdownWithTimeout)
}

// requestMethods returns the methods that an app of fiber knows, with those that
// items have besides.
func requestMethods(known []string) []string {
	methods := slices.Clone(known)
	for _, method := range Methods {
		if !slices.Contains(methods, method) {
			methods = append(methods, method)
		}
	}
	return methods
}

// untilStopped runs serve until stop is called, which waits a moment for the
// connections.
func untilStopped(serve func() error, shutdown func(time.Duration) error) (stop func()) {
	done := make(chan struct{})
	go func() { defer close(done); _ = serve() }()
	return func() { _ = shutdown(time.Second); <-done }
}
