package recipes

import (
	"bufio"
	"context"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	cors "github.com/polycors/polycors/core"
)

// Recipe 14, server-sent events: new EventSource(url, {withCredentials: true})
// sends no preflight, and its response needs the headers like any other. They
// are there before the first event, because the policy comes before the
// handler.

// Events is the policy of a stream that knows its users by a cookie.
func Events() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowMethods:     []string{"GET"},
		AllowHeaders:     []string{"Last-Event-ID"}, // for readers that use fetch
		AllowCredentials: true,
	}
}

// Subscribe returns the events from now on, and closes the channel when the
// context ends.
type Subscribe func(ctx context.Context) <-chan string

// EventsGin streams in gin.
func EventsGin(subscribe Subscribe) gin.HandlerFunc {
	return func(c *gin.Context) {
		for event := range subscribe(c.Request.Context()) {
			c.SSEvent("message", event)
			c.Writer.Flush()
		}
	}
}

// EventsEcho streams in echo.
func EventsEcho(subscribe Subscribe) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set("Content-Type", "text/event-stream")
		for event := range subscribe(c.Request().Context()) {
			if _, err := fmt.Fprintf(c.Response(), "data: %s\n\n", event); err != nil {
				return err
			}
			c.Response().Flush()
		}
		return nil
	}
}

// EventsFiber streams in fiber, which tells by the failing Flush alone that the
// client has gone.
func EventsFiber(subscribe Subscribe) fiber.Handler {
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

// EventsChi streams in chi, and on net/http.
func EventsChi(subscribe Subscribe) http.HandlerFunc {
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
