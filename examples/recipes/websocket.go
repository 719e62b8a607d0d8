package recipes

import (
	"net/http"

	fiberws "github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"

	cors "github.com/polycors/polycors/core"
)

// Recipe 14, WebSockets: CORS does not apply to them. A browser lets any site
// open a WebSocket, with cookies, and the server has to check Origin. There are
// two ways to use the policy of the API for it: AllowsOrigin where a library
// asks, or RejectDisallowed, because the handshake is a GET request. With
// RejectDisallowed the server's own pages pass. Handshakes never have
// Sec-Fetch-Site, so only Host shows that: a proxy in front has to pass it on, or
// the pages' origin has to be listed, as for AllowsOrigin.

// Upgrader accepts WebSockets from the origins of a policy. Programs other than
// browsers send no Origin and are accepted too.
func Upgrader(policy *cors.Policy) *websocket.Upgrader {
	return &websocket.Upgrader{CheckOrigin: func(r *http.Request) bool {
		origin := r.Header.Get("Origin")
		if origin == "" {
			return true
		}
		ok, err := policy.AllowsOrigin(r.Context(), origin)
		return ok && err == nil
	}}
}

// EchoSocket sends back each message that it receives. Mount it with gin.WrapF
// in gin, with echo.WrapHandler in echo, and as it is in chi.
func EchoSocket(upgrader *websocket.Upgrader) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // Upgrade has sent the response
		}
		defer conn.Close()
		for {
			kind, message, err := conn.ReadMessage()
			if err != nil || conn.WriteMessage(kind, message) != nil {
				return
			}
		}
	}
}

// CheckOriginFiber runs before websocket.New in fiber. The Config.Origins of
// fiber's package is a list and allows every origin if it is empty.
//
//	app.Get("/ws", recipes.CheckOriginFiber(policy), websocket.New(handler))
func CheckOriginFiber(policy *cors.Policy) fiber.Handler {
	return func(c *fiber.Ctx) error {
		origin := c.Get(fiber.HeaderOrigin)
		if origin == "" {
			return c.Next()
		}
		switch ok, err := policy.AllowsOrigin(c.UserContext(), origin); {
		case err != nil:
			return err
		case !ok:
			return fiber.ErrForbidden
		}
		return c.Next()
	}
}

// EchoSocketFiber is [EchoSocket] for fiber.
func EchoSocketFiber() fiber.Handler {
	return fiberws.New(func(conn *fiberws.Conn) {
		for {
			kind, message, err := conn.ReadMessage()
			if err != nil || conn.WriteMessage(kind, message) != nil {
				return
			}
		}
	})
}
