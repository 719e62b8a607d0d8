package recipes

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// twoEvents ends after two events.
func twoEvents(context.Context) <-chan string {
	events := make(chan string, 2)
	events <- "one"
	events <- "two"
	close(events)
	return events
}

func TestEvents(t *testing.T) {
	policy, err := cors.New(Events())
	if err != nil {
		t.Fatal(err)
	}
	r, e, app, m := gin.New(), echo.New(), fiber.New(), chi.NewRouter()
	r.Use(gincors.From(policy))
	r.GET("/events", EventsGin(twoEvents))
	e.Use(echocors.From(policy))
	e.GET("/events", EventsEcho(twoEvents))
	app.Use(fibercors.From(policy))
	app.Get("/events", EventsFiber(twoEvents))
	m.Use(chicors.From(policy))
	m.Get("/events", EventsChi(twoEvents))

	forEach(t, inAll(r, e, app, m), func(t *testing.T, api http.RoundTripper) {
		page := withCookies(myApp, api)
		res := corstest.Allows(t, page, "GET", "/events", "Accept: text/event-stream")
		body, err := io.ReadAll(res.Body)
		if got := strings.ReplaceAll(string(body), "data: ", "data:"); err != nil || !strings.Contains(got, "data:one\n\n") || !strings.Contains(got, "data:two\n\n") {
			t.Errorf("body %q, %v", body, err)
		}
		if kind := res.Header.Get("Content-Type"); !strings.HasPrefix(kind, "text/event-stream") || page.Preflights() != 0 {
			t.Errorf("Content-Type %q after %d preflights", kind, page.Preflights())
		}
		corstest.Allows(t, withCookies(myApp, api), "GET", "/events", "Last-Event-ID: 7")
		refuses(t, withCookies(evil, api), "MissingAllowOriginHeader", "GET", "/events", "Accept: text/event-stream")
	})
}

// sockets serves WebSockets on loopback, behind the middleware of a policy, and
// returns the URLs.
func sockets(t *testing.T, policy *cors.Policy, upgrader *websocket.Upgrader, checkInFiber fiber.Handler) map[string]string {
	t.Helper()
	handler := EchoSocket(upgrader)
	r, e, m := gin.New(), echo.New(), chi.NewRouter()
	r.Use(gincors.From(policy))
	r.GET("/ws", gin.WrapF(handler))
	e.Use(echocors.From(policy))
	e.GET("/ws", echo.WrapHandler(handler))
	m.Use(chicors.From(policy))
	m.Get("/ws", handler)

	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(fibercors.From(policy))
	app.Get("/ws", checkInFiber, EchoSocketFiber())

	urls := map[string]string{"fiber": listening(t, app)}
	for name, h := range map[string]http.Handler{"gin": r, "echo": e, "chi": m} {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		urls[name] = srv.URL
	}
	return urls
}

// dial opens a WebSocket as a page of an origin does, and has it repeat a word.
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

func TestWebSocketsAreOpenedForTheOriginsOfThePolicy(t *testing.T) {
	policy, err := cors.New(cors.Config{AllowOrigins: []string{myApp, "https://*.myapp.com"}, AllowCredentials: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, url := range sockets(t, policy, Upgrader(policy), CheckOriginFiber(policy)) {
		t.Run(name, func(t *testing.T) {
			for origin, want := range map[string]int{
				myApp: 101, "https://eu.myapp.com": 101, "": 101, // none: no browser
				evil: 403, "http://myapp.com": 403, "null": 403, "https://myapp.com.evil.example": 403,
			} {
				if got := dial(t, url, origin); got != want {
					t.Errorf("from %q: %d, want %d", origin, got, want)
				}
			}
		})
	}
}

func TestRejectDisallowedKeepsStrangersFromWebSocketsToo(t *testing.T) {
	policy, err := cors.New(cors.Config{AllowOrigins: []string{myApp}, RejectDisallowed: true})
	if err != nil {
		t.Fatal(err)
	}
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
