// Package paths tests that no request gets the policy of one path and the handler
// of another, however its path is spelled and however the router reads paths. It
// has applications of all frameworks with the options of their routers.
package paths

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	echomiddleware "github.com/labstack/echo/v4/middleware"
	"github.com/valyala/fasthttp"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Areas are the parts of a site: keys for Paths. Each handler says in the header
// Area where it is.
var Areas = []string{"/", "/public/", "/api/", "/api/v2/", "/files/"}

func areaOf(route string) string {
	best := ""
	for _, area := range Areas {
		if strings.HasPrefix(route+"/", area) && len(area) > len(best) {
			best = area
		}
	}
	return best
}

// routes are what the routers serve. {x} stands for a parameter, and * for all
// that is left.
var routes = []string{
	"/{a}", "/{a}/{b}", "/{a}/{b}/{c}", "/x", "/public", "/public/x", "/public/{a}", "/public/{a}/{b}",
	"/api", "/api/transfer", "/api/{a}", "/api/{a}/{b}", "/api/v2", "/api/v2/x", "/api/v2/{a}", "/files", "/files/*",
}

// A Site is an application with all the routes, behind Paths.
type Site struct {
	Name    string
	HTTP    http.Handler
	Fiber   fasthttp.RequestHandler // instead of HTTP
	Below   string                  // the prefix of all paths
	Foreign bool                    // whether the keys of Paths lack the prefix, by mistake
}

// Sites returns the applications. paths returns the policies of the areas below a
// prefix.
func Sites(paths func(below string) cors.Paths) []Site {
	m := paths("")
	return slices.Concat(ginSites(m), echoSites(m), chiSites(m), muxSites(m), prefixSites(paths), fiberSites(m))
}

// colons turns {x} into :x, and * into star.
func colons(route, star string) string {
	return strings.NewReplacer("{", ":", "}", "", "*", star).Replace(route)
}

func ginSites(m cors.Paths) (list []Site) {
	for name, set := range map[string]func(*gin.Engine){
		"gin":                               func(*gin.Engine) {},
		"gin with RemoveExtraSlash":         func(e *gin.Engine) { e.RemoveExtraSlash = true },
		"gin with UseRawPath":               func(e *gin.Engine) { e.UseRawPath = true },
		"gin with UseRawPath, values raw":   func(e *gin.Engine) { e.UseRawPath, e.UnescapePathValues = true, false },
		"gin with UseEscapedPath":           func(e *gin.Engine) { e.UseEscapedPath = true },
		"gin with RedirectFixedPath":        func(e *gin.Engine) { e.RedirectFixedPath = true },
		"gin with all of them":              func(e *gin.Engine) { e.RemoveExtraSlash, e.UseRawPath, e.RedirectFixedPath = true, true, true },
		"gin without RedirectTrailingSlash": func(e *gin.Engine) { e.RedirectTrailingSlash = false },
	} {
		e := gin.New()
		set(e)
		e.Use(gincors.Paths(m))
		for _, route := range routes {
			e.Any(colons(route, "*rest"), func(c *gin.Context) { c.Header("Area", areaOf(route)) })
		}
		list = append(list, Site{Name: name, HTTP: e})
	}
	return list
}

func echoSites(m cors.Paths) (list []Site) {
	rewrite := echomiddleware.Rewrite(map[string]string{"/v1/*": "/$1"})
	for name, mount := range map[string]func(*echo.Echo, echo.MiddlewareFunc){
		"echo":                              func(e *echo.Echo, p echo.MiddlewareFunc) { e.Use(p) },
		"echo with Pre":                     func(e *echo.Echo, p echo.MiddlewareFunc) { e.Pre(p) },
		"echo after RemoveTrailingSlash":    func(e *echo.Echo, p echo.MiddlewareFunc) { e.Pre(echomiddleware.RemoveTrailingSlash(), p) },
		"echo after AddTrailingSlash":       func(e *echo.Echo, p echo.MiddlewareFunc) { e.Pre(echomiddleware.AddTrailingSlash()); e.Use(p) },
		"echo after Rewrite":                func(e *echo.Echo, p echo.MiddlewareFunc) { e.Pre(rewrite); e.Use(p) },
		"echo after a change of Path alone": func(e *echo.Echo, p echo.MiddlewareFunc) { e.Pre(echo.WrapMiddleware(v1IsAPI), p) },
	} {
		e := echo.New()
		mount(e, echocors.Paths(m))
		for _, route := range routes {
			e.Any(colons(route, "*"), func(c echo.Context) error {
				c.Response().Header().Set("Area", areaOf(route))
				return nil
			})
		}
		list = append(list, Site{Name: name, HTTP: e})
	}
	return list
}

// v1IsAPI changes Path, but not RawPath, as PathRewrite of chi does.
func v1IsAPI(next http.Handler) http.Handler { return chimiddleware.PathRewrite("/v1", "/api")(next) }

func chiSites(m cors.Paths) (list []Site) {
	for name, before := range map[string]func(http.Handler) http.Handler{
		"chi":                              nil,
		"chi after StripSlashes":           chimiddleware.StripSlashes,
		"chi after CleanPath":              chimiddleware.CleanPath,
		"chi after URLFormat":              chimiddleware.URLFormat,
		"chi after GetHead":                chimiddleware.GetHead,
		"chi after a change of Path alone": v1IsAPI,
	} {
		r := chi.NewRouter()
		if before != nil {
			r.Use(before)
		}
		r.Use(chicors.Paths(m))
		handle := func(r chi.Router, route, pattern string) {
			r.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Area", areaOf(route)) })
		}
		if before == nil { // with Mount
			r.Route("/api", func(r chi.Router) {
				r.Use(chicors.Paths(m))
				for _, route := range routes {
					if rest, ok := strings.CutPrefix(route, "/api"); ok {
						handle(r, route, "/"+strings.TrimPrefix(rest, "/"))
					}
				}
			})
		}
		for _, route := range routes {
			if before != nil || !strings.HasPrefix(route, "/api") {
				handle(r, route, route)
			}
		}
		list = append(list, Site{Name: name, HTTP: r})
	}
	return list
}

func newMux() *http.ServeMux {
	mux := http.NewServeMux()
	var patterns []string // ServeMux refuses /files/{rest...} beside /{a}/{b}
	for _, route := range routes {
		if prefix, ok := strings.CutSuffix(route, "*"); ok {
			patterns = append(patterns, prefix+"{$}", prefix+"{a}", prefix+"{a}/{b}")
			continue
		}
		patterns = append(patterns, route)
	}
	for _, route := range patterns {
		mux.HandleFunc(route, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Area", areaOf(route)) })
	}
	return mux
}

func muxSites(m cors.Paths) []Site {
	return []Site{{Name: "ServeMux", HTTP: httpcors.Paths(m)(newMux())}}
}

// prefixSites are behind a middleware that removes a prefix, which is part of the
// keys, or should be.
func prefixSites(paths func(below string) cors.Paths) (list []Site) {
	for name, prefix := range map[string]string{"": "/base", " that the keys lack": ""} {
		m := paths(prefix)
		r := chi.NewRouter()
		r.Use(chimiddleware.StripPrefix("/base"), chicors.Paths(m))
		for _, route := range routes {
			r.HandleFunc(route, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Area", areaOf(route)) })
		}
		mux := http.StripPrefix("/base", httpcors.Paths(m)(newMux()))
		list = append(list,
			Site{Name: "chi below a prefix" + name, HTTP: r, Below: "/base", Foreign: prefix == ""},
			Site{Name: "ServeMux below a prefix" + name, HTTP: mux, Below: "/base", Foreign: prefix == ""},
		)
	}
	return list
}

func fiberSites(m cors.Paths) (list []Site) {
	cut := func(c *fiber.Ctx) error {
		if rest, ok := strings.CutPrefix(c.Path(), "/v1/"); ok {
			c.Path("/" + rest)
		}
		return c.Next()
	}
	restart := func(c *fiber.Ctx) error {
		if rest, ok := strings.CutPrefix(c.Path(), "/v1/"); ok {
			c.Path("/" + rest)
			return c.RestartRouting()
		}
		return c.Next()
	}
	for _, v := range []struct {
		name          string
		config        fiber.Config
		before, after fiber.Handler
		mounted       bool
	}{
		{name: "fiber"},
		{name: "fiber with StrictRouting", config: fiber.Config{StrictRouting: true}},
		{name: "fiber with CaseSensitive", config: fiber.Config{CaseSensitive: true}},
		{name: "fiber with UnescapePath", config: fiber.Config{UnescapePath: true}},
		{name: "fiber with all of them", config: fiber.Config{UnescapePath: true, CaseSensitive: true, StrictRouting: true}},
		{name: "fiber after a change of the path", before: cut},
		{name: "fiber before RestartRouting", after: restart},
		{name: "fiber with Mount", mounted: true},
	} {
		app := fiber.New(v.config)
		if v.before != nil {
			app.Use(v.before)
		}
		app.Use(fibercors.Paths(m))
		if v.after != nil {
			app.Use(v.after)
		}
		api := fiber.New(v.config)
		if v.mounted {
			api.Use(fibercors.Paths(m))
			app.Mount("/api", api)
		}
		for _, route := range slices.Backward(routes) { // fiber takes the first that matches
			handler := func(c *fiber.Ctx) error { c.Set("Area", areaOf(route)); return nil }
			if rest, ok := strings.CutPrefix(route, "/api"); ok && v.mounted {
				api.All(colons(rest, "*"), handler)
				continue
			}
			app.All(colons(route, "*"), handler)
		}
		list = append(list, Site{Name: v.name, Fiber: app.Handler()})
	}
	return list
}
