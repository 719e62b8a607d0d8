package museum

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	gincontrib "github.com/gin-contrib/cors"
	gochi "github.com/go-chi/cors"
	fibercontrib "github.com/gofiber/fiber/v2/middleware/cors"
	fibercontrib3 "github.com/gofiber/fiber/v3/middleware/cors"
	echocontrib "github.com/labstack/echo/v4/middleware"
	echo5 "github.com/labstack/echo/v5"
	echocontrib5 "github.com/labstack/echo/v5/middleware"
	rscors "github.com/rs/cors"

	cors "github.com/polycors/polycors/core"
)

// terms says what differs if the peers express a policy. What a Config and the
// options of a peer have in common is translated.
type terms struct {
	gin    func(*gincontrib.Config)
	echo4  func(*echocontrib.CORSConfig)
	echo5  func(*echocontrib5.CORSConfig)
	fiber2 func(*fibercontrib.Config)
	fiber3 func(*fibercontrib3.Config)
	chi    func(*gochi.Options)
	rs     func(*rscors.Options)

	only   []string // the peers that can express the policy; nil: all that the translation allows
	nobody bool     // no peer can
}

// The names of the peers.
const (
	ginContrib = "gin-contrib/cors"
	echo4s     = "echo v4's own"
	echo5s     = "echo v5's own"
	fiber2s    = "fiber v2's own"
	fiber3s    = "fiber v3's own"
	goChi      = "go-chi/cors"
	rs         = "rs/cors"
)

// only are the terms of a policy that only these peers can express.
func only(names ...string) terms { return terms{only: names} }

func (t terms) cannot(name string) bool {
	return t.nobody || t.only != nil && !slices.Contains(t.only, name)
}

// methods returns the methods that a policy allows.
func methods(cfg cors.Config) []string {
	if cfg.AllowMethods == nil {
		return []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"}
	}
	return cfg.AllowMethods
}

func seconds(d time.Duration) int { return int(d / time.Second) }

// callback returns the callback of a policy as the peers have it, or nil.
func callback(cfg cors.Config) func(origin string) bool {
	if cfg.AllowOriginFunc == nil {
		return nil
	}
	return func(origin string) bool {
		ok, err := cfg.AllowOriginFunc(context.Background(), origin)
		return ok && err == nil
	}
}

// edit applies what a peer needs besides.
func edit[C any](cfg *C, f func(*C)) {
	if f != nil {
		f(cfg)
	}
}

func (t terms) forGin(cfg cors.Config) (gincontrib.Config, bool) {
	origins := slices.Clone(cfg.AllowOrigins)
	for _, re := range cfg.AllowOriginRegexps {
		origins = append(origins, "/"+re.String()+"/")
	}
	c := gincontrib.Config{
		AllowOrigins:           origins,
		AllowOriginFunc:        callback(cfg),
		AllowMethods:           methods(cfg),
		AllowHeaders:           cfg.AllowHeaders,
		ExposeHeaders:          cfg.ExposeHeaders,
		AllowCredentials:       cfg.AllowCredentials,
		MaxAge:                 cfg.MaxAge,
		AllowWildcard:          len(cfg.AllowOriginRegexps) == 0,
		AllowBrowserExtensions: true,
		CustomSchemas:          []string{"tauri://"},
		AllowWebSockets:        true,
		AllowFiles:             true,
	}
	edit(&c, t.gin)
	return c, true
}

// anyHeader returns the names of request headers, or none if a policy allows all
// of them: echo and fiber express it so.
func anyHeader(cfg cors.Config) []string {
	if slices.Contains(cfg.AllowHeaders, "*") {
		return nil
	}
	return cfg.AllowHeaders
}

func (t terms) forEcho4(cfg cors.Config) (echocontrib.CORSConfig, bool) {
	c := echocontrib.CORSConfig{
		AllowOrigins:     cfg.AllowOrigins,
		AllowMethods:     methods(cfg),
		AllowHeaders:     anyHeader(cfg),
		ExposeHeaders:    cfg.ExposeHeaders,
		AllowCredentials: cfg.AllowCredentials,
		MaxAge:           seconds(cfg.MaxAge),
	}
	if f := cfg.AllowOriginFunc; f != nil {
		c.AllowOriginFunc = func(origin string) (bool, error) { return f(context.Background(), origin) }
	}
	edit(&c, t.echo4)
	return c, cfg.AllowOriginRegexps == nil
}

func (t terms) forEcho5(cfg cors.Config) (echocontrib5.CORSConfig, bool) {
	c := echocontrib5.CORSConfig{
		AllowOrigins:     cfg.AllowOrigins,
		AllowMethods:     methods(cfg),
		AllowHeaders:     anyHeader(cfg),
		ExposeHeaders:    cfg.ExposeHeaders,
		AllowCredentials: cfg.AllowCredentials,
		MaxAge:           seconds(cfg.MaxAge),
	}
	if f := cfg.AllowOriginFunc; f != nil {
		c.UnsafeAllowOriginFunc = func(_ *echo5.Context, origin string) (string, bool, error) {
			ok, err := f(context.Background(), origin)
			return origin, ok, err
		}
	}
	edit(&c, t.echo5)
	return c, cfg.AllowOriginRegexps == nil
}

func (t terms) forFiber2(cfg cors.Config) (fibercontrib.Config, bool) {
	c := fibercontrib.Config{
		AllowOrigins:     strings.Join(cfg.AllowOrigins, ","),
		AllowOriginsFunc: callback(cfg),
		AllowMethods:     strings.Join(methods(cfg), ","),
		AllowHeaders:     strings.Join(anyHeader(cfg), ","),
		ExposeHeaders:    strings.Join(cfg.ExposeHeaders, ","),
		AllowCredentials: cfg.AllowCredentials,
		MaxAge:           seconds(cfg.MaxAge),
	}
	edit(&c, t.fiber2)
	return c, cfg.AllowOriginRegexps == nil
}

func (t terms) forFiber3(cfg cors.Config) (fibercontrib3.Config, bool) {
	c := fibercontrib3.Config{
		AllowOrigins:     cfg.AllowOrigins,
		AllowOriginsFunc: callback(cfg),
		AllowMethods:     methods(cfg),
		AllowHeaders:     anyHeader(cfg),
		ExposeHeaders:    cfg.ExposeHeaders,
		AllowCredentials: cfg.AllowCredentials,
		MaxAge:           seconds(cfg.MaxAge),
	}
	edit(&c, t.fiber3)
	return c, cfg.AllowOriginRegexps == nil
}

func (t terms) forChi(cfg cors.Config) (gochi.Options, bool) {
	c := gochi.Options{
		AllowedOrigins:     cfg.AllowOrigins,
		AllowedMethods:     methods(cfg),
		AllowedHeaders:     cfg.AllowHeaders,
		ExposedHeaders:     cfg.ExposeHeaders,
		AllowCredentials:   cfg.AllowCredentials,
		MaxAge:             seconds(cfg.MaxAge),
		OptionsPassthrough: cfg.PreflightContinue,
	}
	if f := callback(cfg); f != nil {
		c.AllowOriginFunc = func(_ *http.Request, origin string) bool { return f(origin) }
	}
	edit(&c, t.chi)
	return c, cfg.AllowOriginRegexps == nil
}

func (t terms) forRS(cfg cors.Config) (rscors.Options, bool) {
	c := rscors.Options{
		AllowedOrigins:     cfg.AllowOrigins,
		AllowOriginFunc:    callback(cfg),
		AllowedMethods:     methods(cfg),
		AllowedHeaders:     cfg.AllowHeaders,
		ExposedHeaders:     cfg.ExposeHeaders,
		AllowCredentials:   cfg.AllowCredentials,
		MaxAge:             seconds(cfg.MaxAge),
		OptionsPassthrough: cfg.PreflightContinue,
	}
	edit(&c, t.rs)
	return c, cfg.AllowOriginRegexps == nil
}
