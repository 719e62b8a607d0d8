package recipes

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// twoEvents is a Subscribe with two events.
func twoEvents(context.Context) <-chan string {
	events := make(chan string, 2)
	events <- "one"
	events <- "two"
	close(events)
	return events
}

func TestEvents(t *testing.T) {
	a := newApps()
	Mount(Events(), a.gin, a.echo, a.fiber, a.chi)
	a.gin.GET("/events", gin.WrapF(Stream(twoEvents)))
	a.echo.GET("/events", echo.WrapHandler(Stream(twoEvents)))
	a.fiber.Get("/events", StreamFiber(twoEvents))
	a.chi.Get("/events", Stream(twoEvents))

	forEach(t, a.servers(), func(t *testing.T, api http.RoundTripper) {
		page := withCookies(myApp, api)
		res := corstest.Allows(t, page, "GET", "/events", "Accept: text/event-stream")
		if body, err := io.ReadAll(res.Body); err != nil || string(body) != "data: one\n\ndata: two\n\n" {
			t.Errorf("body %q, %v", body, err)
		}
		if kind := res.Header.Get("Content-Type"); kind != "text/event-stream" || page.Preflights() != 0 {
			t.Errorf("Content-Type %q after %d preflights", kind, page.Preflights())
		}
		corstest.Allows(t, withCookies(myApp, api), "GET", "/events", "Last-Event-ID: 7")
		corstest.RefusesWith(t, withCookies(evil, api), noOrigin, "GET", "/events", "Accept: text/event-stream")
	})
}

// sockets serves WebSockets on loopback, with a policy, and returns the URLs.
func sockets(t *testing.T, policy *cors.Policy, upgrader *websocket.Upgrader, checkInFiber fiber.Handler) map[string]string {
	t.Helper()
	a := newApps()
	a.fiber = fiber.New(fiber.Config{DisableStartupMessage: true})
	MountPolicy(policy, a.gin, a.echo, a.fiber, a.chi)
	a.gin.GET("/ws", gin.WrapF(EchoSocket(upgrader)))
	a.echo.GET("/ws", echo.WrapHandler(EchoSocket(upgrader)))
	a.fiber.Get("/ws", checkInFiber, EchoSocketFiber())
	a.chi.Get("/ws", EchoSocket(upgrader))

	urls := map[string]string{"fiber": listening(t, a.fiber)}
	for name, h := range map[string]http.Handler{"gin": a.gin, "echo": a.echo, "chi": a.chi} {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		urls[name] = srv.URL
	}
	return urls
}

// dial opens a WebSocket as a page of an origin does, sends a message, and
// expects it back.
func dial(t *testing.T, url, origin string) (status int) {
	t.Helper()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, res, err := websocket.DefaultDialer.DialContext(t.Context(), strings.Replace(url, "http", "ws", 1)+"/ws", header)
	if err != nil {
		if res == nil {
			t.Fatal(err)
		}
		return res.StatusCode
	}
	defer conn.Close()
	if err := conn.WriteMessage(websocket.TextMessage, []byte("hello")); err != nil {
		t.Fatal(err)
	}
	if _, message, err := conn.ReadMessage(); err != nil || string(message) != "hello" {
		t.Errorf("read %q, %v", message, err)
	}
	return res.StatusCode
}

func TestUpgrader(t *testing.T) {
	policy := must(cors.New(cors.Config{AllowOrigins: []string{myApp, "https://*.myapp.com"}, AllowCredentials: true}))
	for name, url := range sockets(t, policy, Upgrader(policy), CheckOriginFiber(policy)) {
		t.Run(name, func(t *testing.T) {
			for origin, want := range map[string]int{
				myApp: 101, "https://eu.myapp.com": 101, "": 101,
				evil: 403, "http://myapp.com": 403, "null": 403, "https://myapp.com.evil.example": 403,
			} {
				if got := dial(t, url, origin); got != want {
					t.Errorf("from %q: %d, want %d", origin, got, want)
				}
			}
		})
	}
}

func TestWebSocketRejectDisallowed(t *testing.T) {
	policy := must(cors.New(cors.Config{AllowOrigins: []string{myApp}, RejectDisallowed: true}))
	careless := &websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	for name, url := range sockets(t, policy, careless, func(c *fiber.Ctx) error { return c.Next() }) {
		t.Run(name, func(t *testing.T) {
			for origin, want := range map[string]int{myApp: 101, "": 101, url: 101, evil: 403, "null": 403} {
				if got := dial(t, url, origin); got != want {
					t.Errorf("from %q: %d, want %d", origin, got, want)
				}
			}
		})
	}
}
