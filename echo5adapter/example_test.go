package echocors_test

import (
	"fmt"
	"net/http"

	"github.com/labstack/echo/v5"

	"github.com/polycors/polycors/core/corstest"
	echocors "github.com/polycors/polycors/echo5adapter"
)

// A test of the policy, as a browser sees it.
func ExampleNew() {
	e := echo.New()
	e.Use(echocors.New(echocors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowCredentials: true,
	}))
	e.PUT("/items/:id", func(c *echo.Context) error { return c.String(http.StatusOK, "saved") })

	for _, origin := range []string{"https://myapp.com", "https://evil.example"} {
		page := &corstest.Page{Origin: origin, Credentials: corstest.Include, Transport: corstest.Handler(e)}
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
