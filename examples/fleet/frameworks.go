package main

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	fiberv2 "github.com/gofiber/fiber/v2"
	fiberv3 "github.com/gofiber/fiber/v3"
	echov4 "github.com/labstack/echo/v4"
	echov5 "github.com/labstack/echo/v5"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echov5cors "github.com/polycors/polycors/echo5adapter"
	echov4cors "github.com/polycors/polycors/echoadapter"
	fiberv3cors "github.com/polycors/polycors/fiber3adapter"
	fiberv2cors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// A framework serves the API with a policy, until shutdown is called.
type framework struct {
	name  string
	serve func(p *cors.Policy, ln net.Listener) (shutdown func(context.Context) error)
}

func frameworks() []framework {
	return []framework{
		{"gin", serveGin}, {"echo4", serveEcho4}, {"echo5", serveEcho5},
		{"fiber2", serveFiber2}, {"fiber3", serveFiber3}, {"chi", serveChi},
	}
}

func serveGin(p *cors.Policy, ln net.Listener) func(context.Context) error {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gincors.From(p))
	r.GET("/items", func(c *gin.Context) { c.JSON(http.StatusOK, []string{"Apple", "Pear"}) })
	return serveHTTP(r, ln)
}

func serveEcho4(p *cors.Policy, ln net.Listener) func(context.Context) error {
	e := echov4.New()
	e.Use(echov4cors.From(p))
	e.GET("/items", func(c echov4.Context) error { return c.JSON(http.StatusOK, []string{"Apple", "Pear"}) })
	return serveHTTP(e, ln)
}

func serveEcho5(p *cors.Policy, ln net.Listener) func(context.Context) error {
	e := echov5.New()
	e.Use(echov5cors.From(p))
	e.GET("/items", func(c *echov5.Context) error { return c.JSON(http.StatusOK, []string{"Apple", "Pear"}) })
	return serveHTTP(e, ln)
}

func serveChi(p *cors.Policy, ln net.Listener) func(context.Context) error {
	r := chi.NewRouter()
	r.Use(chicors.From(p))
	r.Get("/items", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`["Apple","Pear"]`))
	})
	return serveHTTP(r, ln)
}

func serveFiber2(p *cors.Policy, ln net.Listener) func(context.Context) error {
	app := fiberv2.New(fiberv2.Config{DisableStartupMessage: true})
	app.Use(fiberv2cors.From(p))
	app.Get("/items", func(c *fiberv2.Ctx) error { return c.JSON([]string{"Apple", "Pear"}) })
	go func() { logEnd(app.Listener(ln)) }()
	return app.ShutdownWithContext
}

func serveFiber3(p *cors.Policy, ln net.Listener) func(context.Context) error {
	app := fiberv3.New()
	app.Use(fiberv3cors.From(p))
	app.Get("/items", func(c fiberv3.Ctx) error { return c.JSON([]string{"Apple", "Pear"}) })
	go func() { logEnd(app.Listener(ln, fiberv3.ListenConfig{DisableStartupMessage: true})) }()
	return app.ShutdownWithContext
}

// serveHTTP serves what is based on net/http.
func serveHTTP(h http.Handler, ln net.Listener) func(context.Context) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		if err := server.Serve(ln); err != http.ErrServerClosed {
			logEnd(err)
		}
	}()
	return server.Shutdown
}

func logEnd(err error) {
	if err != nil {
		slog.Error("a server ended", "error", err)
	}
}
