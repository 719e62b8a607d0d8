package recipes

import (
	"net/http"

	fiberws "github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"

	cors "github.com/polycors/polycors/core"
)

// Recipe 14, WebSockets: CORS does not apply to them. A browser lets any site
// open one, cookies and all, and leaves it to the server to look at Origin. The
// policy of the API has the answer: by AllowsOrigin where a library asks, or by
// RejectDisallowed, since the handshake is a GET that comes through the
// middleware. The latter lets the server's own pages pass; for AllowsOrigin,
// their origin has to be listed like any other.

// Upgrader opens WebSockets for the origins of a policy. A program other than a
// browser sends no Origin, and passes.
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

// EchoSocket says what it hears. Mount it by gin.WrapF, by echo.WrapHandler, or
// as it is in chi.
func EchoSocket(upgrader *websocket.Upgrader) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			return // Upgrade has answered
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

// CheckOriginFiber goes before websocket.New in fiber, whose Config.Origins
// takes a list only, and every origin if that is empty.
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

// EchoSocketFiber says what it hears, in fiber.
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
