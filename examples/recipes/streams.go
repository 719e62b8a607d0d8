package recipes

import (
	"bufio"
	"context"
	"fmt"
	"net/http"

	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
)

// Recipe 14, server-sent events: new EventSource(url, {withCredentials: true})
// sends no preflight. Its response needs the CORS headers before the first
// event. The policy runs before the handler, which ensures that.

// Events is the policy of a stream that recognizes its users by a cookie.
func Events() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowMethods:     []string{"GET"},
		AllowHeaders:     []string{"Last-Event-ID"}, // for clients that use fetch
		AllowCredentials: true,
	}
}

// Subscribe returns the events that follow, and closes the channel when ctx
// ends.
type Subscribe func(ctx context.Context) <-chan string

// Stream sends events on net/http, and in gin, echo and chi.
func Stream(subscribe Subscribe) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		flush := http.NewResponseController(w).Flush
		for event := range subscribe(r.Context()) {
			fmt.Fprintf(w, "data: %s\n\n", event)
			if flush() != nil {
				return
			}
		}
	}
}

// StreamFiber sends events in fiber, where an error of Flush is the only sign
// that the client has disconnected.
func StreamFiber(subscribe Subscribe) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set("Content-Type", "text/event-stream")
		c.Context().SetBodyStreamWriter(func(w *bufio.Writer) {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			for event := range subscribe(ctx) {
				fmt.Fprintf(w, "data: %s\n\n", event)
				if w.Flush() != nil {
					return
				}
			}
		})
		return nil
	}
}
