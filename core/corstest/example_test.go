package corstest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

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

// In a test, t is its argument. Here, it prints the failures.
var t testing.TB = printer{}

type printer struct{ testing.TB }

func (printer) Helper()                           {}
func (printer) Context() context.Context          { return context.Background() }
func (printer) Error(args ...any)                 { fmt.Println(args...) }
func (printer) Errorf(format string, args ...any) { fmt.Printf(format, args...) }
func (printer) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func ExampleAllows() {
	page := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: corstest.Handler(items())}

	res := corstest.Allows(t, page, "PUT", "/items/1", corstest.Body("application/json", `{"name": "Pear"}`))
	if res.StatusCode != http.StatusOK {
		t.Errorf("status %d, want 200", res.StatusCode)
	}
	// Output:
}

func ExampleRefuses() {
	page := &corstest.Page{Origin: "https://evil.example", Transport: corstest.Handler(items())}

	corstest.Refuses(t, page, "PUT", "/items/1")
	// Output:
}

func ExampleRefusesWith() {
	page := &corstest.Page{Origin: "https://myapp.com", Transport: corstest.Handler(items())}

	corstest.RefusesWith(t, page, corstest.IssueHeaderDisallowed, "PUT", "/items/1", "Authorization: Bearer token")
	// Output:
}

func ExampleCheckRoutes() {
	page := &corstest.Page{Origin: "https://myapp.com", Transport: corstest.Handler(items())}

	corstest.CheckRoutes(t, page, []corstest.Route{{Method: "PUT", Path: "/items/{id}"}})
	// Output:
}

// A server of httptest needs no transport.
func ExampleAllows_httptest() {
	srv := httptest.NewServer(items())
	defer srv.Close()
	page := &corstest.Page{Origin: "https://myapp.com", Server: srv.URL}

	corstest.Allows(t, page, "PUT", "/items/1")
	// Output:
}

// Pages of one browser share cookies and preflights.
func ExamplePage_Open() {
	app := &corstest.Page{Origin: "https://myapp.com", Credentials: corstest.Include, Transport: corstest.Handler(items())}
	corstest.Allows(t, app, "PUT", "/items/1")
	tab := app.Open("https://myapp.com")
	corstest.Allows(t, tab, "PUT", "/items/1")

	fmt.Println(app.Preflights(), tab.Preflights())
	// Output: 1 0
}

// A user with the cookie of a session visits another site.
func ExampleJar() {
	session := &http.Cookie{Name: "session", Value: "1", Secure: true, SameSite: http.SameSiteLaxMode}
	jar := new(corstest.Jar)
	jar.SetCookies(&url.URL{Scheme: "https", Host: "api.myapp.com"}, []*http.Cookie{session})
	app := &corstest.Page{
		Origin: "https://myapp.com", Server: "https://api.myapp.com",
		Credentials: corstest.Include, Jar: jar, Transport: corstest.Handler(items()),
	}
	evil := app.Open("https://evil.example")

	corstest.Allows(t, app, "GET", "/items")
	corstest.Refuses(t, evil, "GET", "/items")
	fmt.Printf("%q\n", app.Exchanges()[0].RequestHeader["Cookie"])
	fmt.Printf("%q\n", evil.Exchanges()[0].RequestHeader["Cookie"])
	// Output:
	// ["session=1"]
	// []
}

func ExampleHosts() {
	login := http.NewServeMux()
	login.Handle("/", http.RedirectHandler("https://api.myapp.com/items", http.StatusFound))
	page := &corstest.Page{Origin: "https://myapp.com", Transport: corstest.Hosts(map[string]http.Handler{
		"api.myapp.com":   items(),
		"login.myapp.com": httpcors.AllowAll()(login),
	})}

	blocked := corstest.Refuses(t, page, "GET", "https://login.myapp.com/")
	fmt.Println(blocked.URL, blocked.Origin)
	// Output: https://api.myapp.com/items null
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
