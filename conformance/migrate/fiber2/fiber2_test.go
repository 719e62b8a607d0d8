package fiber2

import (
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/polycors/polycors/conformance/migrate"
	"github.com/polycors/polycors/core/corstest"
)

func Test(t *testing.T) {
	migrate.Compare(t, "fiber2.md", app(before), app(after))
}

func app(mount func(*fiber.App)) migrate.App {
	f := fiber.New()
	mount(f)
	handler, ran := migrate.Handler()
	f.All("/items", func(*fiber.Ctx) error { handler(nil, nil); return nil })
	transport := corstest.RoundTripperFunc(func(r *http.Request) (*http.Response, error) { return f.Test(r, -1) })
	return migrate.App{Transport: transport, Ran: ran}
}
