package bench

import (
	"net/http"

	gincontrib "github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	gochi "github.com/go-chi/cors"
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	rs "github.com/rs/cors"

	"github.com/polycors/polycors/chiadapter"
	"github.com/polycors/polycors/echoadapter"
	"github.com/polycors/polycors/ginadapter"
)

// The bare app ends preflights where a CORS middleware does: skipping the router
// must not count as speed.

func ginStacks() []Stack {
	gin.SetMode(gin.ReleaseMode)
	return []Stack{
		{Bare, func(s *Scenario) App {
			if s.isPreflight() {
				return ginApp(s, func(c *gin.Context) { c.AbortWithStatus(http.StatusNoContent) })
			}
			return ginApp(s)
		}},
		{Floor, func(s *Scenario) App {
			f := newFloor(&s.setup)
			return ginApp(s, func(c *gin.Context) {
				if status := f.serve(c.Writer.Header(), c.Request); status != 0 {
					c.AbortWithStatus(status)
				}
			})
		}},
		{Polycors, func(s *Scenario) App { return ginApp(s, gincors.New(s.setup.config())) }},
		{"gin-contrib", func(s *Scenario) App {
			cfg := gincontrib.Config{
				AllowOrigins:     s.setup.origins(),
				AllowMethods:     s.setup.methods,
				AllowHeaders:     s.setup.headers,
				AllowCredentials: s.setup.credentials,
				AllowWildcard:    s.setup.hasPattern(),
				MaxAge:           s.setup.maxAge,
			}
			return ginApp(s, gincontrib.New(cfg))
		}},
	}
}

func ginApp(s *Scenario, mw ...gin.HandlerFunc) App {
	a := newHTTPApp(s)
	engine := gin.New()
	engine.Use(mw...)
	engine.Handle(http.MethodGet, path, func(*gin.Context) { a.handled = true })
	engine.Handle(http.MethodOptions, path, func(*gin.Context) { a.handled = true })
	a.handler = engine
	return a
}

func echoStacks() []Stack {
	return []Stack{
		{Bare, func(s *Scenario) App {
			if s.isPreflight() {
				return echoApp(s, func(echo.HandlerFunc) echo.HandlerFunc {
					return func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }
				})
			}
			return echoApp(s)
		}},
		{Floor, func(s *Scenario) App {
			f := newFloor(&s.setup)
			return echoApp(s, func(next echo.HandlerFunc) echo.HandlerFunc {
				return func(c echo.Context) error {
					if status := f.serve(c.Response().Header(), c.Request()); status != 0 {
						return c.NoContent(status)
					}
					return next(c)
				}
			})
		}},
		{Polycors, func(s *Scenario) App { return echoApp(s, echocors.New(s.setup.config())) }},
		{"echo-builtin", func(s *Scenario) App {
			cfg := middleware.CORSConfig{
				AllowOrigins:     s.setup.origins(),
				AllowMethods:     s.setup.methods,
				AllowHeaders:     s.setup.headers,
				AllowCredentials: s.setup.credentials,
				MaxAge:           s.setup.seconds(),
			}
			if s.setup.anyHeader() {
				cfg.AllowHeaders = nil // allows any header in echo
			}
			return echoApp(s, middleware.CORSWithConfig(cfg))
		}},
	}
}

func echoApp(s *Scenario, mw ...echo.MiddlewareFunc) App {
	a := newHTTPApp(s)
	e := echo.New()
	e.Use(mw...)
	handler := func(echo.Context) error { a.handled = true; return nil }
	e.GET(path, handler)
	e.OPTIONS(path, handler)
	a.handler = e
	return a
}

func chiStacks() []Stack {
	return []Stack{
		{Bare, func(s *Scenario) App {
			if s.isPreflight() {
				return chiApp(s, func(http.Handler) http.Handler {
					return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						w.WriteHeader(http.StatusNoContent)
					})
				})
			}
			return chiApp(s)
		}},
		{Floor, func(s *Scenario) App {
			f := newFloor(&s.setup)
			return chiApp(s, func(next http.Handler) http.Handler {
				return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if status := f.serve(w.Header(), r); status != 0 {
						w.WriteHeader(status)
						return
					}
					next.ServeHTTP(w, r)
				})
			})
		}},
		{Polycors, func(s *Scenario) App { return chiApp(s, chicors.New(s.setup.config())) }},
		{"go-chi", func(s *Scenario) App {
			return chiApp(s, gochi.Handler(gochi.Options{
				AllowedOrigins:   s.setup.origins(),
				AllowedMethods:   s.setup.methods,
				AllowedHeaders:   s.setup.headers,
				AllowCredentials: s.setup.credentials,
				MaxAge:           s.setup.seconds(),
			}))
		}},
		{"rs", func(s *Scenario) App {
			return chiApp(s, rs.New(rs.Options{
				AllowedOrigins:   s.setup.origins(),
				AllowedMethods:   s.setup.methods,
				AllowedHeaders:   s.setup.headers,
				AllowCredentials: s.setup.credentials,
				MaxAge:           s.setup.seconds(),
			}).Handler)
		}},
	}
}

func chiApp(s *Scenario, mw ...func(http.Handler) http.Handler) App {
	a := newHTTPApp(s)
	r := chi.NewRouter()
	r.Use(mw...)
	handler := func(http.ResponseWriter, *http.Request) { a.handled = true }
	r.Get(path, handler)
	r.Options(path, handler)
	a.handler = r
	return a
}
