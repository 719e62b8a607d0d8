package fibercors_test

import (
	"fmt"
	"net/http"

	"github.com/gofiber/fiber/v3"

	cors "github.com/polycors/polycors/core"
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

// The program creates the policy itself, to handle the error and to change the
// policy while the server runs.
func ExampleFrom() {
	policy, err := cors.New(fibercors.Config{AllowOrigins: []string{"https://myapp.com"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	app := fiber.New()
	transport := corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return app.Test(r) })
	app.Use(fibercors.From(policy))
	app.Get("/items", func(c fiber.Ctx) error { return c.SendString("items") })

	page := &corstest.Page{Origin: "https://beta.myapp.com", Transport: transport}
	fmt.Println(allowed(page))
	err = policy.Reconfigure(fibercors.Config{AllowOrigins: []string{"https://myapp.com", "https://beta.myapp.com"}})
	fmt.Println(allowed(page), err)
	// Output:
	// false
	// true <nil>
}

// A policy for each host that the server has.
func ExampleSelect() {
	open, err := cors.New(cors.AllowAll())
	if err != nil {
		fmt.Println(err)
		return
	}
	app := fiber.New()
	transport := corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return app.Test(r) })
	app.Use(fibercors.Select(func(c fiber.Ctx) *cors.Policy {
		if c.Host() == "public.example" {
			return open
		}
		return nil // no CORS headers
	}))
	app.Get("/items", func(c fiber.Ctx) error { return c.SendString("items") })

	for _, host := range []string{"https://public.example", "https://internal.example"} {
		page := &corstest.Page{Origin: "https://myapp.com", Server: host, Transport: transport}
		fmt.Println(host, allowed(page))
	}
	// Output:
	// https://public.example true
	// https://internal.example false
}

// allowed reports whether a page may read the items.
func allowed(page *corstest.Page) bool {
	req, _ := http.NewRequest("GET", "/items", nil)
	res, err := page.Fetch(req)
	if err != nil {
		return false
	}
	res.Body.Close()
	return true
}
