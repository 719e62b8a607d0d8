package gincors_test

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"github.com/polycors/polycors/core/corstest"
	gincors "github.com/polycors/polycors/ginadapter"
)

// A test of the policy, as a browser sees it.
func ExampleNew() {
	router := gin.New()
	router.Use(gincors.New(gincors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowCredentials: true,
	}))
	router.PUT("/items/:id", func(c *gin.Context) { c.String(http.StatusOK, "saved") })

	for _, origin := range []string{"https://myapp.com", "https://evil.example"} {
		page := &corstest.Page{Origin: origin, Credentials: corstest.Include, Transport: corstest.Handler(router)}
		req, _ := http.NewRequest("PUT", "/items/1", nil)
		res, err := page.Fetch(req)
		if err != nil {
			fmt.Println(err)
			continue
		}
		res.Body.Close()
		fmt.Println(origin, "gets", res.Status, "after", page.Preflights(), "preflight")
	}
	// Output:
	// https://myapp.com gets 200 OK after 1 preflight
	// Access to fetch at 'https://api.example/items/1' from origin 'https://evil.example' has been blocked by CORS policy: Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.
}
