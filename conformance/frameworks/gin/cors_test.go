package gin_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/polycors/polycors/core/corstest"
	gincors "github.com/polycors/polycors/ginadapter"
)

func newRouter() *gin.Engine {
	router := gin.New()
	router.RedirectTrailingSlash = false // or put the policy around the router
	router.Use(gin.Recovery(), gincors.New(gincors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		AllowCredentials: true,
		MaxAge:           2 * time.Hour,
	}))
	api := router.Group("/api")
	api.GET("/items", func(c *gin.Context) { c.JSON(http.StatusOK, gin.H{"items": 2}) })
	api.PUT("/items/:id", func(c *gin.Context) { c.Status(http.StatusNoContent) })
	return router
}

func TestCORS(t *testing.T) {
	router := newRouter()
	api := corstest.Handler(router)
	app := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: api}
	evil := &corstest.Page{Origin: "https://evil.example", Credentials: corstest.Include, Transport: api}

	corstest.Allows(t, app, "PUT", "/api/items/1", "Content-Type: application/json", "Authorization: Bearer token")
	corstest.Refuses(t, evil, "GET", "/api/items")

	var routes []corstest.Route
	for _, r := range router.Routes() {
		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	corstest.CheckRoutes(t, app, routes)
}
