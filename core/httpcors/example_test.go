package httpcors_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// show sends a request and prints the response.
func show(h http.Handler, method, target, origin string) {
	r := httptest.NewRequest(method, target, nil)
	r.Header.Set("Origin", origin)
	if method == http.MethodOptions {
		r.Header.Set("Access-Control-Request-Method", "PUT")
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Printf("%s %s from %s: %d, allows %q\n", method, target, origin, w.Code, w.Header().Get("Access-Control-Allow-Origin"))
}

func ExampleNew() {
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /items/{id}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "updated", r.PathValue("id"))
	})
	handler := httpcors.New(httpcors.Config{
		AllowOrigins: []string{"https://myapp.com"},
		AllowMethods: []string{"GET", "PUT"},
	})(mux)

	show(handler, "OPTIONS", "/items/7", "https://myapp.com")
	show(handler, "PUT", "/items/7", "https://myapp.com")
	show(handler, "OPTIONS", "/items/7", "https://evil.example")
	// Output:
	// OPTIONS /items/7 from https://myapp.com: 204, allows "https://myapp.com"
	// PUT /items/7 from https://myapp.com: 200, allows "https://myapp.com"
	// OPTIONS /items/7 from https://evil.example: 403, allows ""
}

func ExamplePaths() {
	open, err := cors.New(cors.AllowAll())
	if err != nil {
		panic(err)
	}
	strict, err := cors.New(cors.Config{AllowOrigins: []string{"https://myapp.com"}})
	if err != nil {
		panic(err)
	}
	handler := httpcors.Paths(cors.Paths{"/public/": open, "/api/": strict})(http.NotFoundHandler())

	show(handler, "GET", "/public/logo.svg", "https://other.example")
	show(handler, "GET", "/api/users", "https://other.example")
	show(handler, "GET", "/api/users", "https://myapp.com")
	// Output:
	// GET /public/logo.svg from https://other.example: 404, allows "*"
	// GET /api/users from https://other.example: 404, allows ""
	// GET /api/users from https://myapp.com: 404, allows "https://myapp.com"
}

// A policy for each host, such as those of tenants.
func ExampleSelect() {
	tenants := map[string]*cors.Policy{}
	for _, tenant := range []string{"one", "two"} {
		policy, err := cors.New(cors.Config{AllowOrigins: []string{"https://" + tenant + ".example"}})
		if err != nil {
			panic(err)
		}
		tenants[tenant+".api.example"] = policy
	}
	handler := httpcors.Select(func(r *http.Request) *cors.Policy { return tenants[r.Host] })(http.NotFoundHandler())

	show(handler, "GET", "http://one.api.example/", "https://one.example")
	show(handler, "GET", "http://two.api.example/", "https://one.example")
	// Output:
	// GET http://one.api.example/ from https://one.example: 404, allows "https://one.example"
	// GET http://two.api.example/ from https://one.example: 404, allows ""
}
