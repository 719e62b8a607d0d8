package echo5

import (
	"testing"

	"github.com/labstack/echo/v5"

	"github.com/polycors/polycors/conformance/migrate"
	"github.com/polycors/polycors/core/corstest"
)

func Test(t *testing.T) {
	migrate.Compare(t, "echo5.md", app(before), app(after))
}

func app(mount func(*echo.Echo)) migrate.App {
	e := echo.New()
	mount(e)
	handler, ran := migrate.Handler()
	e.Any("/items", echo.WrapHandler(handler))
	return migrate.App{Transport: corstest.Handler(e), Ran: ran}
}
