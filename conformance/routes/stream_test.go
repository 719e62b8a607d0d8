package routes

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/polycors/polycors/core/corstest"
	gincors "github.com/polycors/polycors/ginadapter"
)

// gin's Stream needs an http.CloseNotifier.
func TestGinStream(t *testing.T) {
	events := 0
	engine := gin.New()
	engine.Use(gincors.New(policy))
	engine.GET("/events", func(c *gin.Context) {
		c.Stream(func(w io.Writer) bool {
			events++
			c.SSEvent("tick", events)
			return events < 3
		})
	})
	engine.GET("/endless", func(c *gin.Context) {
		c.Stream(func(io.Writer) bool {
			c.SSEvent("tick", 1)
			time.Sleep(100 * time.Millisecond)
			return true
		})
	})
	page := &corstest.Page{Origin: "https://myapp.com", Transport: corstest.Handler(engine)}
	res := corstest.Allows(t, page, "GET", "/events", "Accept: text/event-stream")
	const want = "event:tick\ndata:1\n\nevent:tick\ndata:2\n\nevent:tick\ndata:3\n\n"
	if body, err := io.ReadAll(res.Body); err != nil || string(body) != want || res.StatusCode != http.StatusOK {
		t.Errorf("%d %q, %v, want %q", res.StatusCode, body, err, want)
	}
	synctest.Test(t, func(t *testing.T) { // the clock of a bubble waits for nothing
		corstest.CheckRoutes(t, page, ginRoutes(engine))
		time.Sleep(time.Minute) // until the handlers end
	})
}
