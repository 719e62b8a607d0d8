package corstest_test

import (
	"errors"
	"fmt"
	"net/http"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/httpcors"
)

func items() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /items/{id}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "saved") })
	return httpcors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	})(mux)
}

func ExamplePage_Fetch() {
	page := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: corstest.Handler(items())}

	req, _ := http.NewRequest("PUT", "https://api.example/items/1", nil)
	res, err := page.Fetch(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	fmt.Println(res.Status, "after", page.Preflights(), "preflight")
	// Output: 200 OK after 1 preflight
}

func ExampleBlockedError() {
	page := &corstest.Page{Origin: "https://myapp.com", Transport: corstest.Handler(items())}

	req, _ := http.NewRequest("PUT", "https://api.example/items/1", nil)
	req.Header.Set("Authorization", "Bearer token")
	_, err := page.Fetch(req)

	var blocked *corstest.BlockedError
	if errors.As(err, &blocked) {
		fmt.Println(blocked.Message)
		fmt.Println("hint:", blocked.Hint)
	}
	// Output:
	// Access to fetch at 'https://api.example/items/1' from origin 'https://myapp.com' has been blocked by CORS policy: Request header field authorization is not allowed by Access-Control-Allow-Headers in preflight response.
	// hint: add "Authorization" to Access-Control-Allow-Headers: "*" does not cover it
}

func ExamplePage_Exchanges() {
	page := &corstest.Page{Origin: "https://evil.example", Transport: corstest.Handler(items())}

	req, _ := http.NewRequest("PUT", "https://api.example/items/1", nil)
	if _, err := page.Fetch(req); err == nil {
		fmt.Println("allowed")
	}
	for _, exchange := range page.Exchanges() {
		fmt.Print(exchange)
	}
	// Output:
	// > OPTIONS https://api.example/items/1
	// > Access-Control-Request-Method: PUT
	// > Origin: https://evil.example
	// < 403 Forbidden
	// < Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers
}
