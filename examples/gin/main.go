// A small API on gin that front ends on other origins use, with cookies.
//
//	ALLOWED_ORIGINS=https://myapp.com,https://admin.myapp.com go run ./examples/gin
package main

import (
	"log"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/internal/shop"
	gincors "github.com/polycors/polycors/ginadapter"
)

func main() {
	policy, err := cors.New(cors.Config{
		AllowOrigins:     shop.Origins(),
		AllowMethods:     []string{"GET", "POST", "DELETE"},
		AllowHeaders:     []string{"Content-Type"},
		ExposeHeaders:    []string{"X-Total-Count"},
		AllowCredentials: true,
		MaxAge:           2 * time.Hour,
	})
	if err != nil {
		log.Fatal(err)
	}
	gin.SetMode(gin.ReleaseMode)
	s, r := shop.New(), gin.New()
	r.Use(gin.Recovery(), gincors.From(policy)) // before the routes

	r.POST("/login", func(c *gin.Context) {
		c.SetCookieData(s.Login())
		c.Status(http.StatusNoContent)
	})
	r.GET("/me", func(c *gin.Context) {
		if token, err := c.Cookie("session"); err != nil || !s.LoggedIn(token) {
			c.JSON(http.StatusUnauthorized, gin.H{"error": "log in first"})
			return
		}
		c.JSON(http.StatusOK, gin.H{"name": "Ada"})
	})
	r.GET("/items", func(c *gin.Context) {
		items := s.Items()
		c.Header("X-Total-Count", strconv.Itoa(len(items)))
		c.JSON(http.StatusOK, items)
	})
	r.DELETE("/items/:id", func(c *gin.Context) {
		s.Delete(c.Param("id"))
		c.Status(http.StatusNoContent)
	})
	log.Fatal(r.Run(shop.Addr()))
}
