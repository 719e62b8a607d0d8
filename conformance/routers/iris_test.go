package routers

import (
	"net/http"
	"testing"

	"github.com/kataras/iris/v12"
)

func newIris(t *testing.T, setUp func(*iris.Application)) http.Handler {
	t.Helper()
	app := iris.New()
	app.Logger().SetLevel("disable")
	setUp(app)
	if err := app.Build(); err != nil {
		t.Fatal(err)
	}
	return app
}

func irisRouter(routes []route) http.Handler {
	app := iris.New()
	app.Logger().SetLevel("disable")
	for _, r := range routes {
		app.Handle(r.method, r.path, iris.FromStd(r.handler))
	}
	if err := app.Build(); err != nil {
		panic(err)
	}
	return app
}

// irisMiddleware is the policy as a handler of iris.
func irisMiddleware(ctx iris.Context) {
	next := func(http.ResponseWriter, *http.Request) { ctx.Next() }
	middleware(http.HandlerFunc(next)).ServeHTTP(ctx.ResponseWriter(), ctx.Request())
}

func TestIris(t *testing.T) {
	with := func(setUp func(*iris.Application)) http.Handler {
		return newIris(t, func(app *iris.Application) {
			setUp(app)
			app.Put("/items/{id}", iris.FromStd(ok))
		})
	}
	update.check(t,
		mounting{name: "around the app", app: middleware(irisRouter(items))},
		mounting{name: "with WrapRouter", app: with(func(app *iris.Application) {
			app.WrapRouter(func(w http.ResponseWriter, r *http.Request, router http.HandlerFunc) {
				middleware(router).ServeHTTP(w, r)
			})
		})},
		mounting{name: "with UseRouter", app: with(func(app *iris.Application) { app.UseRouter(irisMiddleware) })},
		mounting{name: "with Use", lost: 404, app: with(func(app *iris.Application) { app.Use(irisMiddleware) })},
		mounting{name: "with UseGlobal", lost: 404, app: with(func(app *iris.Application) { app.UseGlobal(irisMiddleware) })},
		mounting{name: "with Use of a party", lost: 404, app: newIris(t, func(app *iris.Application) {
			party := app.Party("/items")
			party.Use(irisMiddleware)
			party.Put("/{id}", iris.FromStd(ok))
		})},
		mounting{name: "with Use of a party that allows OPTIONS", app: newIris(t, func(app *iris.Application) {
			party := app.Party("/items").AllowMethods(iris.MethodOptions)
			party.Use(irisMiddleware)
			party.Put("/{id}", iris.FromStd(ok))
		})},
	)
}
