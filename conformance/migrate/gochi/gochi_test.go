package gochi

import (
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/polycors/polycors/conformance/migrate"
	"github.com/polycors/polycors/core/corstest"
)

func Test(t *testing.T) {
	migrate.Compare(t, "go-chi.md", app(before), app(after))
}

func app(mount func(chi.Router)) migrate.App {
	r := chi.NewRouter()
	mount(r)
	handler, ran := migrate.Handler()
	r.Handle("/items", handler)
	return migrate.App{Transport: corstest.Handler(r), Ran: ran}
}
