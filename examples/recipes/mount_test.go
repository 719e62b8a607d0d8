package recipes

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestMount(t *testing.T) {
	forEach(t, mounted(cors.Config{AllowOrigins: []string{myApp}}), func(t *testing.T, api http.RoundTripper) {
		corstest.CheckRoutes(t, on(myApp, api), []corstest.Route{
			{Method: "GET", Path: "/items"}, {Method: "PUT", Path: "/items/1"}, {Method: "DELETE", Path: "/items/1"},
		})
	})
}

func TestAllowAll(t *testing.T) {
	router := gin.New()
	AllowAll(router)
	router.PUT("/items/1", ginNoContent)
	servers := append(mounted(cors.AllowAll()), server{"AllowAll", corstest.Handler(router)})
	forEach(t, servers, func(t *testing.T, api http.RoundTripper) {
		for _, origin := range []string{myApp, evil, "http://localhost:3000", "null"} {
			page := on(origin, api)
			corstest.Allows(t, page, "PUT", "/items/1", "Content-Type: application/json", "Authorization: Bearer token", "X-Anything: 1")
			corstest.NoWarnings(t, page)
		}
		corstest.RefusesWith(t, withCookies(myApp, api), "Preflight"+wildcard, "PUT", "/items/1")
	})
}
