package apps

import (
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"
	echo5 "github.com/labstack/echo/v5"
	echo5middleware "github.com/labstack/echo/v5/middleware"

	"github.com/polycors/polycors/core/httpcors"

	chicors "github.com/polycors/polycors/chiadapter"
	echo5cors "github.com/polycors/polycors/echo5adapter"
	echocors "github.com/polycors/polycors/echoadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// netHTTP serves what build returns, with the limits that a server on the open
// network needs.
func netHTTP(build func(*App) http.Handler) func(net.Listener, *App) func() {
	return func(ln net.Listener, a *App) func() {
		srv := &http.Server{
			Handler:           build(a),
			ErrorLog:          log.New(io.Discard, "", 0),
			ReadHeaderTimeout: timeout,
			WriteTimeout:      timeout,
			IdleTimeout:       timeout,
			Protocols:         new(http.Protocols),
		}
		srv.Protocols.SetHTTP1(true)
		srv.Protocols.SetUnencryptedHTTP2(true)
		done := make(chan struct{})
		go func() { defer close(done); _ = srv.Serve(ln) }()
		return func() { srv.Close(); <-done }
	}
}

// timeout is how long a server waits for a slow client.
const timeout = 10 * time.Second

// ServeHTTP serves an item.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	res := a.item(r.Method, idOf(r.URL.Path), r.Header.Get("If-None-Match"))
	for _, line := range res.header {
		if line[0] == "Vary" { // on one line: see docs/production.md about nginx
			line[1] = strings.Join(append(w.Header().Values("Vary"), line[1]), ", ")
		}
		w.Header().Set(line[0], line[1])
	}
	w.WriteHeader(res.status)
	_, _ = io.WriteString(w, res.body)
}

// The other handlers of applications on net/http.

func slow(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, slowBody) }
func failing(http.ResponseWriter, *http.Request)  { panic(errHandler) }
func fail(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "fail", http.StatusInternalServerError)
}
func absent(w http.ResponseWriter, _ *http.Request) { http.Error(w, "absent", http.StatusNotFound) }

func ginApp(a *App) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	app := gin.New()
	app.Use(gin.RecoveryWithWriter(io.Discard), gincors.From(a.Policy))
	for _, method := range Methods[:len(Methods)-1] {
		app.Handle(method, "/items/:id", gin.WrapH(a))
	}
	app.GET("/slow", gin.WrapF(slow))
	app.GET("/fail", func(c *gin.Context) { c.AbortWithError(http.StatusInternalServerError, errHandler) })
	app.GET("/panic", gin.WrapF(failing))
	return app
}

func echoApp(a *App) http.Handler {
	app := echo.New()
	app.Logger.SetOutput(io.Discard)
	app.Use(echomiddleware.Recover(), echocors.From(a.Policy))
	for _, method := range Methods {
		app.Add(method, "/items/:id", echo.WrapHandler(a))
	}
	app.GET("/slow", echo.WrapHandler(http.HandlerFunc(slow)))
	app.GET("/fail", func(echo.Context) error { return errHandler })
	app.GET("/panic", echo.WrapHandler(http.HandlerFunc(failing)))
	return app
}

func echo5App(a *App) http.Handler {
	app := echo5.New()
	app.Logger = slog.New(slog.DiscardHandler)
	app.Use(echo5middleware.Recover(), echo5cors.From(a.Policy))
	for _, method := range Methods {
		app.Add(method, "/items/:id", echo5.WrapHandler(a))
	}
	app.GET("/slow", echo5.WrapHandler(http.HandlerFunc(slow)))
	app.GET("/fail", func(*echo5.Context) error { return errHandler })
	app.GET("/panic", echo5.WrapHandler(http.HandlerFunc(failing)))
	return app
}

// registerMethods tells chi the methods that it does not know. It keeps them for
// the whole program.
var registerMethods = sync.OnceFunc(func() {
	for _, method := range Methods {
		chi.RegisterMethod(method)
	}
})

func chiApp(a *App) http.Handler {
	registerMethods()
	app := chi.NewRouter()
	app.Use(recoverer, chicors.From(a.Policy))
	for _, method := range Methods {
		app.Method(method, "/items/{id}", a)
	}
	app.Get("/slow", slow)
	app.Get("/fail", fail)
	app.Get("/panic", failing)
	return app
}

func muxApp(a *App) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/items/{id}", a)
	mux.HandleFunc("GET /slow", slow)
	mux.HandleFunc("GET /fail", fail)
	mux.HandleFunc("GET /panic", failing)
	mux.HandleFunc("/", absent)
	return recoverer(httpcors.From(a.Policy)(mux))
}

// recoverer does what chi's does, without writing the stack to stderr.
func recoverer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if v := recover(); v == http.ErrAbortHandler {
				panic(v)
			} else if v != nil {
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}
