package routers

import (
	"net/http"
	"testing"

	kratos "github.com/go-kratos/kratos/v2/transport/http"
)

func kratosRouter(routes []route) http.Handler {
	s := kratos.NewServer()
	for _, r := range routes {
		s.Route("/").Handle(r.method, r.path, func(ctx kratos.Context) error {
			r.handler(ctx.Response(), ctx.Request())
			return nil
		})
	}
	return s
}

func TestKratos(t *testing.T) {
	handler := func(ctx kratos.Context) error {
		ok(ctx.Response(), ctx.Request())
		return nil
	}
	with := func(filter []kratos.FilterFunc, options ...kratos.ServerOption) http.Handler {
		s := kratos.NewServer(options...)
		s.Route("/", filter...).PUT("/items/{id}", handler)
		return s
	}
	update.check(t,
		mounting{name: "around the server", app: middleware(kratosRouter(items))},
		mounting{name: "with Filter", app: with(nil, kratos.Filter(middleware))},
		mounting{name: "with the filter of a route", lost: 404, app: with([]kratos.FilterFunc{middleware})},
	)
}
