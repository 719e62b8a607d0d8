package gorilla

import (
	"net/http"
	"testing"

	"github.com/polycors/polycors/conformance/migrate"
	"github.com/polycors/polycors/core/corstest"
)

func Test(t *testing.T) {
	migrate.Compare(t, "gorilla.md", app(before), app(after))
}

func app(mount func(*http.ServeMux) http.Handler) migrate.App {
	mux := http.NewServeMux()
	handler, ran := migrate.Handler()
	mux.Handle("/items", handler)
	return migrate.App{Transport: corstest.Handler(mount(mux)), Ran: ran}
}
