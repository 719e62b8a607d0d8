package cors_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	cors "github.com/polycors/polycors/core"
)

// A request presents an *http.Request to a policy.
type request struct{ *http.Request }

func (r request) Method() string            { return r.Request.Method }
func (r request) TLS() bool                 { return r.Request.TLS != nil }
func (r request) Host() string              { return r.Request.Host }
func (r request) Path() string              { return r.URL.EscapedPath() }
func (r request) Header(name string) string { return strings.Join(r.Request.Header[name], ",") }

func middleware(policy *cors.Policy, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var d cors.Decision
		err := policy.Decide(request{r}, &d)
		h := w.Header()
		for _, name := range d.Absent() {
			h.Del(name)
		}
		for i := range d.Len() {
			h.Set(d.Header(i))
		}
		if names := d.Vary(h.Values("Vary")...); names != "" {
			h.Add("Vary", names)
		}
		switch {
		case err != nil:
			http.Error(w, "try again later", http.StatusInternalServerError)
		case d.Status() != 0:
			w.WriteHeader(d.Status())
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// A complete adapter, here for net/http. An adapter for a framework reads a
// request and writes headers by that framework's own means, and passes the tests
// of package adaptertest.
func Example_adapter() {
	policy, err := cors.New(cors.Config{AllowOrigins: []string{"https://myapp.com"}})
	if err != nil {
		panic(err)
	}
	app := middleware(policy, http.NotFoundHandler())

	r := httptest.NewRequest("OPTIONS", "/items/1", nil)
	r.Header.Set("Origin", "https://myapp.com")
	r.Header.Set("Access-Control-Request-Method", "PUT")
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)

	fmt.Println(w.Code)
	fmt.Println(w.Header().Get("Access-Control-Allow-Origin"))
	fmt.Println(w.Header().Get("Access-Control-Allow-Methods"))
	fmt.Println(w.Header().Get("Vary"))
	// Output:
	// 204
	// https://myapp.com
	// GET, HEAD, PUT, PATCH, POST, DELETE
	// Origin, Access-Control-Request-Method, Access-Control-Request-Headers
}
