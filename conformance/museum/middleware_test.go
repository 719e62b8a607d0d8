package museum

import (
	"fmt"
	"net/http"

	gincontrib "github.com/gin-contrib/cors"
	gochi "github.com/go-chi/cors"
	"github.com/gofiber/fiber/v2"
	fibercontrib "github.com/gofiber/fiber/v2/middleware/cors"
	fiber3 "github.com/gofiber/fiber/v3"
	fibercontrib3 "github.com/gofiber/fiber/v3/middleware/cors"
	echocontrib "github.com/labstack/echo/v4/middleware"
	echocontrib5 "github.com/labstack/echo/v5/middleware"
	rscors "github.com/rs/cors"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
	echo5cors "github.com/polycors/polycors/echo5adapter"
	echocors "github.com/polycors/polycors/echoadapter"
	fiber3cors "github.com/polycors/polycors/fiber3adapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// A middleware is CORS on a framework.
type middleware struct {
	name      string
	framework string
	module    string // of a peer

	// construct configures the middleware for a site, and returns a function that
	// builds the app. The function is nil if the middleware cannot express the
	// policy. construct panics if it refuses the policy.
	construct func(*site, terms) func(*visit) any
}

// adapters returns those of polycors.
func adapters() []middleware {
	return []middleware{
		adapter("gin", ginApp, gincors.New, gincors.Paths),
		adapter("echo v4", echoApp, echocors.New, echocors.Paths),
		adapter("echo v5", echo5App, echo5cors.New, echo5cors.Paths),
		adapter("fiber v2", fiberApp, fibercors.New, fibercors.Paths),
		adapter("fiber v3", fiber3App, fiber3cors.New, fiber3cors.Paths),
		adapter("chi", chiApp, chicors.New, chicors.Paths),
		adapter("net/http", httpApp, httpcors.New, httpcors.Paths),
	}
}

// peers returns the middleware of others.
func peers() []middleware {
	return []middleware{
		peer(ginContrib, "gin", "github.com/gin-contrib/cors", ginApp, terms.forGin, gincontrib.New),
		peer(echo4s, "echo v4", "github.com/labstack/echo/v4", echoApp, terms.forEcho4, echocontrib.CORSWithConfig),
		peer(echo5s, "echo v5", "github.com/labstack/echo/v5", echo5App, terms.forEcho5, echocontrib5.CORSWithConfig),
		peer(fiber2s, "fiber v2", "github.com/gofiber/fiber/v2", fiberApp, terms.forFiber2, newFiber2s),
		peer(fiber3s, "fiber v3", "github.com/gofiber/fiber/v3", fiber3App, terms.forFiber3, newFiber3s),
		peer(goChi, "chi", "github.com/go-chi/cors", chiApp, terms.forChi, gochi.Handler),
		peer(rs, "net/http", "github.com/rs/cors", httpApp, terms.forRS, newRS),
	}
}

func newFiber2s(cfg fibercontrib.Config) fiber.Handler   { return fibercontrib.New(cfg) }
func newFiber3s(cfg fibercontrib3.Config) fiber3.Handler { return fibercontrib3.New(cfg) }

func newRS(o rscors.Options) func(http.Handler) http.Handler { return rscors.New(o).Handler }

// A builder builds a site with a framework.
type builder[M any] func(*visit, *site, []mounted[M]) any

func adapter[M any](framework string, build builder[M], fresh func(cors.Config) M, paths func(cors.Paths) M) middleware {
	return middleware{name: "polycors", framework: framework, construct: func(s *site, _ terms) func(*visit) any {
		var ms []mounted[M]
		if m, ok := s.paths(); ok {
			ms = append(ms, mounted[M]{middleware: paths(m)})
		} else {
			for _, m := range s.mounts {
				ms = append(ms, mounted[M]{middleware: fresh(m.policy)})
			}
		}
		return func(v *visit) any { return build(v, s, ms) }
	}}
}

// paths returns the policies of a site by their paths. It is not ok if there is
// none for a part of the site.
func (s *site) paths() (m cors.Paths, ok bool) {
	m = cors.Paths{}
	for _, mount := range s.mounts {
		at := mount.at + "/"
		if mount.route != "" {
			at = mount.route[len("PUT "):]
		}
		ok = ok || at != "/" || mount.live != nil
		if m[at] = mount.live; mount.live == nil {
			p, err := cors.New(mount.policy)
			if err != nil {
				panic(err)
			}
			m[at] = p
		}
	}
	return m, ok
}

func peer[M, C any](name, framework, module string, build builder[M], translate func(terms, cors.Config) (C, bool), fresh func(C) M) middleware {
	return middleware{name: name, framework: framework, module: module, construct: func(s *site, t terms) func(*visit) any {
		var ms []mounted[M]
		for _, m := range s.mounts {
			cfg, ok := translate(t, m.policy)
			if !ok || m.live != nil || t.cannot(name) {
				return nil
			}
			ms = append(ms, mounted[M]{m, fresh(cfg)})
		}
		return func(v *visit) any { return build(v, s, ms) }
	}}
}

// constructed calls construct. refused is what the middleware says about a policy
// that it refuses.
func (m middleware) constructed(s *site, t terms) (build func(*visit) any, refused string) {
	defer func() {
		if r := recover(); r != nil {
			refused = fmt.Sprint(r)
		}
	}()
	return m.construct(s, t), ""
}
