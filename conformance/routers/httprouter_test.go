package routers

import (
	"net/http"
	"strings"
	"testing"

	"github.com/julienschmidt/httprouter"
)

func httprouterRouter(routes []route) http.Handler {
	router := httprouter.New()
	for _, r := range routes {
		router.HandlerFunc(r.method, strings.NewReplacer("{", ":", "}", "").Replace(r.path), r.handler)
	}
	return router
}

func TestHTTPRouter(t *testing.T) {
	with := func(setUp func(*httprouter.Router)) http.Handler {
		router := httprouter.New()
		setUp(router)
		return router
	}
	update.check(t,
		mounting{name: "around the router", app: middleware(httprouterRouter(items))},
		mounting{name: "around the handler", lost: 200, app: with(func(r *httprouter.Router) {
			r.Handler("PUT", "/items/:id", middleware(http.HandlerFunc(ok)))
		})},
		mounting{name: "around the handler, without HandleOPTIONS", lost: 405, app: with(func(r *httprouter.Router) {
			r.HandleOPTIONS = false
			r.Handler("PUT", "/items/:id", middleware(http.HandlerFunc(ok)))
		})},
		mounting{name: "as GlobalOPTIONS alone", bare: true, app: with(func(r *httprouter.Router) {
			r.GlobalOPTIONS = middleware(http.NotFoundHandler())
			r.HandlerFunc("PUT", "/items/:id", ok)
		})},
		mounting{name: "as GlobalOPTIONS, and around the handler", app: with(func(r *httprouter.Router) {
			r.GlobalOPTIONS = middleware(http.NotFoundHandler())
			r.Handler("PUT", "/items/:id", middleware(http.HandlerFunc(ok)))
		})},
	)
}
