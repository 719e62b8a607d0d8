package museum

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
)

// A mounted is a middleware in its place.
type mounted[M any] struct {
	mount
	middleware M
}

// routeOf returns the middleware for a route, and whether there is one.
func routeOf[M any](ms []mounted[M], r route) (mw []M) {
	for _, m := range ms {
		if m.mount.route == r.method+" "+r.path {
			mw = append(mw, m.middleware)
		}
	}
	return mw
}

// groupOf returns the place and the middleware of the group that a route is in.
func groupOf[M any](ms []mounted[M], r route) (at string, mw []M) {
	for _, m := range ms {
		if m.at != "" && strings.HasPrefix(r.path, m.at+"/") {
			at, mw = m.at, append(mw, m.middleware)
		}
	}
	return at, mw
}

// global returns the middleware for the whole site.
func global[M any](ms []mounted[M]) (mw []M) {
	for _, m := range ms {
		if m.at == "" && m.mount.route == "" {
			mw = append(mw, m.middleware)
		}
	}
	return mw
}

// colons turns a path of http.ServeMux into one of gin, echo and fiber.
func colons(path, rest string) string {
	path = strings.Replace(path, "{path...}", rest, 1)
	return strings.NewReplacer("{", ":", "}", "").Replace(path)
}

func (s *site) setUp(app any) {
	if s.configure != nil {
		s.configure(app)
	}
}

func (s *site) setInside(v *visit, app any) {
	if s.inside != nil {
		s.inside(v, app)
	}
}

func (s *site) around(h headers, next func()) {
	if s.outside != nil {
		s.outside(h)
	}
	next()
	if s.after != nil {
		s.after(h)
	}
}

func (r route) respond(v *visit, h headers) string {
	v.count(r.method + " " + r.path)
	if r.act != nil {
		r.act(h)
	}
	return "ok"
}

func ginApp(v *visit, s *site, ms []mounted[gin.HandlerFunc]) any {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	s.setUp(engine)
	engine.Use(func(c *gin.Context) { s.around(httpHeaders(c.Writer.Header()), c.Next) })
	engine.Use(global(ms)...)
	s.setInside(v, engine)
	groups := map[string]*gin.RouterGroup{}
	for _, r := range s.routes {
		at, mw := groupOf(ms, r)
		if groups[at] == nil {
			groups[at] = engine.Group(at, mw...)
		}
		handlers := append(routeOf(ms, r), func(c *gin.Context) { c.String(http.StatusOK, r.respond(v, httpHeaders(c.Writer.Header()))) })
		groups[at].Handle(r.method, colons(strings.TrimPrefix(r.path, at), "*path"), handlers...)
	}
	return engine
}

func echoApp(v *visit, s *site, ms []mounted[echo.MiddlewareFunc]) any {
	e := echo.New()
	s.setUp(e)
	e.Use(func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			s.around(httpHeaders(c.Response().Header()), func() { err = next(c) })
			return err
		}
	})
	e.Use(global(ms)...)
	s.setInside(v, e)
	groups := map[string]*echo.Group{}
	for _, r := range s.routes {
		at, mw := groupOf(ms, r)
		if groups[at] == nil {
			groups[at] = e.Group(at, mw...)
		}
		groups[at].Add(r.method, colons(strings.TrimPrefix(r.path, at), "*"), func(c echo.Context) error {
			return c.String(http.StatusOK, r.respond(v, httpHeaders(c.Response().Header())))
		}, routeOf(ms, r)...)
	}
	return e
}

func chiApp(v *visit, s *site, ms []mounted[func(http.Handler) http.Handler]) any {
	router := chi.NewRouter()
	s.setUp(router)
	router.Use(s.httpAround)
	router.Use(global(ms)...)
	s.setInside(v, router)
	groups := map[string]chi.Router{"": router}
	for _, r := range s.routes {
		at, mw := groupOf(ms, r)
		if groups[at] == nil {
			groups[at] = router.Route(at, func(group chi.Router) { group.Use(mw...) })
		}
		path := strings.Replace(strings.TrimPrefix(r.path, at), "{path...}", "*", 1)
		groups[at].With(routeOf(ms, r)...).Method(r.method, path, r.handler(v))
	}
	return router
}

// httpApp builds a site with http.ServeMux.
func httpApp(v *visit, s *site, ms []mounted[func(http.Handler) http.Handler]) any {
	root := http.NewServeMux()
	s.setUp(root)
	s.setInside(v, root)
	groups := map[string]*http.ServeMux{"": root}
	for _, r := range s.routes {
		at, mw := groupOf(ms, r)
		if groups[at] == nil {
			groups[at] = http.NewServeMux()
			root.Handle(at+"/", chain(mw, groups[at]))
		}
		groups[at].Handle(r.method+" "+r.path, chain(routeOf(ms, r), r.handler(v)))
	}
	return s.httpAround(chain(global(ms), root))
}

// chain returns h inside the middleware, of which the first is the outermost.
func chain(mw []func(http.Handler) http.Handler, h http.Handler) http.Handler {
	for i := len(mw) - 1; i >= 0; i-- {
		h = mw[i](h)
	}
	return h
}

func (s *site) httpAround(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.around(httpHeaders(w.Header()), func() { next.ServeHTTP(w, r) })
	})
}

func (r route) handler(v *visit) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(r.respond(v, httpHeaders(w.Header()))))
	})
}

// readBuffer bounds the headers of a request on fiber.
const readBuffer = 512 << 10

func fiberApp(v *visit, s *site, ms []mounted[fiber.Handler]) any {
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ReadBufferSize: readBuffer, DisableHeaderNormalizing: s.namesAsSent})
	s.setUp(app)
	app.Use(func(c *fiber.Ctx) (err error) {
		s.around(fiberHeaders{c}, func() { err = c.Next() })
		return err
	})
	for _, mw := range global(ms) {
		app.Use(mw)
	}
	s.setInside(v, app)
	groups := map[string]fiber.Router{"": app}
	for _, r := range s.routes {
		at, mw := groupOf(ms, r)
		if groups[at] == nil {
			groups[at] = app.Group(at, mw...)
		}
		handlers := append(routeOf(ms, r), func(c *fiber.Ctx) error { return c.SendString(r.respond(v, fiberHeaders{c})) })
		groups[at].Add(r.method, colons(strings.TrimPrefix(r.path, at), "*"), handlers...)
	}
	return app
}

type httpHeaders http.Header

func (h httpHeaders) All() map[string][]string { return h }
func (h httpHeaders) Set(name, value string)   { http.Header(h).Set(name, value) }
func (h httpHeaders) Add(name, value string)   { http.Header(h).Add(name, value) }

func (h httpHeaders) Scribble() (restore func()) {
	var restores []func()
	for _, values := range h {
		for i, old := range values {
			values[i] = "scribbled"
			restores = append(restores, func() { values[i] = old })
		}
	}
	return func() {
		for _, restore := range restores {
			restore()
		}
	}
}

type fiberHeaders struct{ *fiber.Ctx }

func (h fiberHeaders) All() map[string][]string { return h.GetRespHeaders() }
func (h fiberHeaders) Set(name, value string)   { h.Ctx.Set(name, value) }
func (h fiberHeaders) Add(name, value string)   { h.Response().Header.Add(name, value) }

// Scribble does nothing: fasthttp hands out copies.
func (h fiberHeaders) Scribble() (restore func()) { return func() {} }
