package routes

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	"github.com/polycors/polycors/core/corstest"
)

func ginRoutes(engine *gin.Engine) []corstest.Route {
	var routes []corstest.Route
	for _, r := range engine.Routes() {
		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	return routes
}

func echoRoutes(e *echo.Echo) []corstest.Route {
	var routes []corstest.Route
	for _, r := range e.Routes() {
		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	return routes
}

func echo5Routes(e *echo5.Echo) []corstest.Route {
	var routes []corstest.Route
	for _, r := range e.Router().Routes() {
		if r.Method == echo5.RouteAny {
			r.Method = http.MethodPut // an example, which needs a preflight
		}
		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	return routes
}

func fiberRoutes(app *fiber.App) []corstest.Route {
	var routes []corstest.Route
	app.Handler() // adds the routes of mounted apps, which are not in the list before
	for _, r := range app.GetRoutes(true) {
		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	return routes
}

func fiber3Routes(app *fiber3.App) []corstest.Route {
	var routes []corstest.Route
	app.Handler() // adds the routes of mounted apps, which are not in the list before
	for _, r := range app.GetRoutes(true) {
		routes = append(routes, corstest.Route{Method: r.Method, Path: r.Path})
	}
	return routes
}

func chiRoutes(r chi.Router) []corstest.Route {
	var routes []corstest.Route
	err := chi.Walk(r, func(method, path string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		routes = append(routes, corstest.Route{Method: method, Path: path})
		return nil
	})
	if err != nil {
		panic(err)
	}
	return routes
}

func Example_gin() {
	engine := gin.New()
	engine.Group("/api").PUT("/items/:id", func(*gin.Context) {})

	fmt.Println(ginRoutes(engine))
	// Output: [{PUT /api/items/:id}]
}

func Example_echo4() {
	e := echo.New()
	e.Group("/api").PUT("/items/:id", func(echo.Context) error { return nil })

	fmt.Println(echoRoutes(e))
	// Output: [{PUT /api/items/:id}]
}

func Example_echo5() {
	e := echo5.New()
	e.Group("/api").PUT("/items/:id", func(*echo5.Context) error { return nil })

	fmt.Println(echo5Routes(e))
	// Output: [{PUT /api/items/:id}]
}

func Example_fiber2() {
	api := fiber.New()
	api.Put("/items/:id", func(*fiber.Ctx) error { return nil })
	app := fiber.New()
	app.Mount("/api", api)

	fmt.Println(fiberRoutes(app))
	// Output: [{PUT /api/items/:id}]
}

func Example_fiber3() {
	api := fiber3.New()
	api.Put("/items/:id", func(fiber3.Ctx) error { return nil })
	app := fiber3.New()
	app.Use("/api", api)

	fmt.Println(fiber3Routes(app))
	// Output: [{PUT /api/items/:id}]
}

func Example_chi() {
	api := chi.NewRouter()
	api.Put("/items/{id}", func(http.ResponseWriter, *http.Request) {})
	r := chi.NewRouter()
	r.Mount("/api", api)

	fmt.Println(chiRoutes(r))
	// Output: [{PUT /api/items/{id}}]
}

// The doc comment of CheckRoutes has the code of this file.
func TestDoc(t *testing.T) {
	doc, err := os.ReadFile("../../core/corstest/routes.go")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("list_test.go")
	if err != nil {
		t.Fatal(err)
	}
	shown := 0
	for line := range strings.Lines(string(doc)) {
		statement, ok := strings.CutPrefix(line, "//\t")
		if !ok || strings.HasPrefix(statement, "//") {
			continue
		}
		shown++
		if !strings.Contains(string(code), statement) {
			t.Errorf("the doc comment has %q", statement)
		}
	}
	if shown == 0 {
		t.Error("the doc comment has no code")
	}
}
