// Package moving shows what the next major version of echo and fiber changes for
// users of polycors: the import paths. The packages below it are the same file
// before and after.
package moving

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	fiber3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	echo5 "github.com/labstack/echo/v5"

	echobefore "github.com/polycors/polycors/conformance/moving/echo4"
	echoafter "github.com/polycors/polycors/conformance/moving/echo5"
	fiberbefore "github.com/polycors/polycors/conformance/moving/fiber2"
	fiberafter "github.com/polycors/polycors/conformance/moving/fiber3"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestOnlyImportPathsChange(t *testing.T) {
	for _, tt := range []struct {
		before, after string
		paths         *strings.Replacer
	}{
		{"echo4", "echo5", strings.NewReplacer(
			`"github.com/labstack/echo/v4"`, `"github.com/labstack/echo/v5"`,
			"polycors/echoadapter", "polycors/echo5adapter")},
		{"fiber2", "fiber3", strings.NewReplacer(
			`"github.com/gofiber/fiber/v2"`, `"github.com/gofiber/fiber/v3"`,
			"polycors/fiberadapter", "polycors/fiber3adapter")},
	} {
		t.Run(tt.before+" to "+tt.after, func(t *testing.T) {
			before, after := read(t, tt.before), read(t, tt.after)
			if got := tt.paths.Replace(before); got != after {
				t.Errorf("with new import paths, %s is\n%s\nwant\n%s", tt.before, got, after)
			}
		})
	}
}

func read(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "mount.go"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestBothAnswerAlike(t *testing.T) {
	e4, e5, f2, f3 := echo.New(), echo5.New(), fiber.New(), fiber3.New()
	for _, tt := range []struct {
		name      string
		mount     func() (*cors.Policy, error)
		transport http.RoundTripper
	}{
		{"echo v4", func() (*cors.Policy, error) { return echobefore.Mount(e4) }, corstest.Handler(e4)},
		{"echo v5", func() (*cors.Policy, error) { return echoafter.Mount(e5) }, corstest.Handler(e5)},
		{"fiber v2", func() (*cors.Policy, error) { return fiberbefore.Mount(f2) },
			corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return f2.Test(r, -1) })},
		{"fiber v3", func() (*cors.Policy, error) { return fiberafter.Mount(f3) },
			corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return f3.Test(r, fiber3.TestConfig{}) })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := tt.mount(); err != nil {
				t.Fatal(err)
			}
			page := func(origin string) *corstest.Page {
				return &corstest.Page{Origin: origin, Credentials: corstest.Include, Transport: tt.transport}
			}
			corstest.Allows(t, page("https://shop.myapp.com"), "PUT", "/items/1", "Authorization: Bearer token")
			corstest.Refuses(t, page("https://evil.example"), "PUT", "/items/1", "Authorization: Bearer token")
		})
	}
}
