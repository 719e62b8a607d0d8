package fibercors_test

import (
	"fmt"
	"net/http"

	"github.com/gofiber/fiber/v3"

	"github.com/polycors/polycors/core/corstest"
	fibercors "github.com/polycors/polycors/fiber3adapter"
)

// A test of the policy, as a browser sees it.
func ExampleNew() {
	app := fiber.New()
	app.Use(fibercors.New(fibercors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowCredentials: true,
	}))
	app.Put("/items/:id", func(c fiber.Ctx) error { return c.SendString("saved") })

	transport := corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return app.Test(r, fiber.TestConfig{Timeout: 0}) })

	for _, origin := range []string{"https://myapp.com", "https://evil.example"} {
		page := &corstest.Page{Origin: origin, Credentials: corstest.Include, Transport: transport}
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
