package chicors_test

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// A test of the policy, as a browser sees it.
func ExampleNew() {
	r := chi.NewRouter()
	r.Use(chicors.New(chicors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowCredentials: true,
	}))
	r.Put("/items/{id}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "saved") })

	for _, origin := range []string{"https://myapp.com", "https://evil.example"} {
		page := &corstest.Page{Origin: origin, Credentials: corstest.Include, Transport: corstest.Handler(r)}
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
	policy, err := cors.New(chicors.Config{AllowOrigins: []string{"https://myapp.com"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := chi.NewRouter()
	r.Use(chicors.From(policy))
	r.Get("/items", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "items") })

	page := &corstest.Page{Origin: "https://beta.myapp.com", Transport: corstest.Handler(r)}
	fmt.Println(allowed(page))
	err = policy.Reconfigure(chicors.Config{AllowOrigins: []string{"https://myapp.com", "https://beta.myapp.com"}})
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
	r := chi.NewRouter()
	r.Use(chicors.Select(func(req *http.Request) *cors.Policy {
		if req.Host == "public.example" {
			return open
		}
		return nil // no CORS headers
	}))
	r.Get("/items", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "items") })

	for _, host := range []string{"https://public.example", "https://internal.example"} {
		page := &corstest.Page{Origin: "https://myapp.com", Server: host, Transport: corstest.Handler(r)}
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
