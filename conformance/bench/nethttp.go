package bench

import (
	"net/http"
	"strconv"
	"time"

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

// The bare app ends preflights where a CORS middleware would, so that what is
// saved on routing is not taken for speed.

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
			f := newFloor(&s.Policy)
			return ginApp(s, func(c *gin.Context) {
				if status := f.serve(c.Writer.Header(), c.Request); status != 0 {
					c.AbortWithStatus(status)
				}
			})
		}},
		{Polycors, func(s *Scenario) App { return ginApp(s, gincors.New(s.Policy.Config())) }},
		{"gin-contrib", func(s *Scenario) App {
			cfg := gincontrib.Config{
				AllowOrigins:     s.Policy.Origins(),
				AllowMethods:     s.Policy.Methods,
				AllowHeaders:     s.Policy.Headers,
				AllowCredentials: s.Policy.Credentials,
				AllowWildcard:    s.Policy.hasPattern(),
				MaxAge:           s.Policy.MaxAge,
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
			f := newFloor(&s.Policy)
			return echoApp(s, func(next echo.HandlerFunc) echo.HandlerFunc {
				return func(c echo.Context) error {
					if status := f.serve(c.Response().Header(), c.Request()); status != 0 {
						return c.NoContent(status)
					}
					return next(c)
				}
			})
		}},
		{Polycors, func(s *Scenario) App { return echoApp(s, echocors.New(s.Policy.Config())) }},
		{"echo-builtin", func(s *Scenario) App {
			cfg := middleware.CORSConfig{
				AllowOrigins:     s.Policy.Origins(),
				AllowMethods:     s.Policy.Methods,
				AllowHeaders:     s.Policy.Headers,
				AllowCredentials: s.Policy.Credentials,
				MaxAge:           int(s.Policy.MaxAge / time.Second),
			}
			if s.Policy.anyHeader() {
				cfg.AllowHeaders = nil // echo's way of saying so
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
			f := newFloor(&s.Policy)
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
		{Polycors, func(s *Scenario) App { return chiApp(s, chicors.New(s.Policy.Config())) }},
		{"go-chi", func(s *Scenario) App {
			return chiApp(s, gochi.Handler(gochi.Options{
				AllowedOrigins:   s.Policy.Origins(),
				AllowedMethods:   s.Policy.Methods,
				AllowedHeaders:   s.Policy.Headers,
				AllowCredentials: s.Policy.Credentials,
				MaxAge:           int(s.Policy.MaxAge / time.Second),
			}))
		}},
		{"rs", func(s *Scenario) App {
			return chiApp(s, rs.New(rs.Options{
				AllowedOrigins:   s.Policy.Origins(),
				AllowedMethods:   s.Policy.Methods,
				AllowedHeaders:   s.Policy.Headers,
				AllowCredentials: s.Policy.Credentials,
				MaxAge:           int(s.Policy.MaxAge / time.Second),
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

func seconds(p *Policy) string { return strconv.Itoa(int(p.MaxAge / time.Second)) }
