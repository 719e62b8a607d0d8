package chicors_test

import (
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	chicors "github.com/polycors/polycors/chiadapter"
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
