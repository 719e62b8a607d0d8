package museum

import (
	"context"
	"net/http"

	gincontrib "github.com/gin-contrib/cors"
	"github.com/gin-gonic/gin"
	gochi "github.com/go-chi/cors"
	echo5 "github.com/labstack/echo/v5"
	echocontrib5 "github.com/labstack/echo/v5/middleware"
	rscors "github.com/rs/cors"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
	fiber3cors "github.com/polycors/polycors/fiber3adapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

// header returns a header of the request that a callback is asked about.
func header(ctx context.Context, name string) string {
	if r := httpcors.Request(ctx); r != nil {
		return r.Header.Get(name)
	}
	if c := fibercors.Ctx(ctx); c != nil {
		return c.Get(name)
	}
	if c := fiber3cors.Ctx(ctx); c != nil {
		return c.Get(name)
	}
	return ""
}

// byTenant returns a policy that allows each tenant its own origin. A gateway
// names the tenant in a header.
func byTenant() (cors.Config, terms) {
	allows := func(tenant, origin string) bool { return origin == "https://"+tenant+".example" }
	cfg := cors.Config{
		AllowOriginFunc: func(ctx context.Context, origin string) (bool, error) {
			return allows(header(ctx, "X-Tenant"), origin), nil
		},
		Vary: []string{"X-Tenant"},
	}
	byRequest := func(r *http.Request, origin string) bool { return allows(r.Header.Get("X-Tenant"), origin) }
	return cfg, terms{
		gin: func(c *gincontrib.Config) {
			c.AllowOriginFunc = nil
			c.AllowOriginWithContextFunc = func(c *gin.Context, origin string) bool { return byRequest(c.Request, origin) }
		},
		chi: func(o *gochi.Options) { o.AllowOriginFunc = byRequest },
		rs: func(o *rscors.Options) {
			o.AllowOriginVaryRequestFunc = func(r *http.Request, origin string) (bool, []string) {
				return byRequest(r, origin), []string{"X-Tenant"}
			}
		},
		echo5: func(c *echocontrib5.CORSConfig) {
			c.UnsafeAllowOriginFunc = func(c *echo5.Context, origin string) (string, bool, error) {
				return origin, byRequest(c.Request(), origin), nil
			}
		},
		only: []string{ginContrib, echo5s, goChi, rs},
	}
}

func caches() []exhibit {
	const app, evil = "https://a.com", "https://evil.net"
	withEncoding := site{outside: func(h headers) { h.Add("Vary", "Accept-Encoding") }}
	tenant, tenantTerms := byTenant()
	tenantA, tenantB := []string{"X-Tenant: a"}, []string{"X-Tenant: b"}
	return []exhibit{
		{
			fault:  "a cache sends the response to a program, without `Origin`, to an allowed page, which is blocked",
			policy: origins(app), harm: poisons(reader{}, reader{origin: app}),
		},
		{
			fault:   "a cache sends the response to a refused page to an allowed page, which is blocked",
			reports: []string{"rs/cors#10", "expressjs/cors#106", "Kludex/starlette#1111"},
			policy:  origins(app), harm: poisons(reader{origin: evil}, reader{origin: app}),
		},
		{
			fault:  "a cache sends the response to one allowed page to another, which is blocked",
			policy: origins("https://b.com", app), harm: poisons(reader{origin: "https://b.com"}, reader{origin: app}),
		},
		{
			fault:   "the same, with an expression that allows both",
			reports: []string{"expressjs/cors#106"},
			policy:  matching(`https://(a|b)\.com`), harm: poisons(reader{origin: "https://b.com"}, reader{origin: app}),
		},
		{
			fault:  "the same, with a callback that allows both",
			policy: cors.Config{AllowOriginFunc: always}, harm: poisons(reader{origin: "https://b.com"}, reader{origin: app}),
		},
		{
			fault:   "with `*`, a cache sends the response to an image, without `Origin`, to a page, which is blocked",
			reports: []string{"https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches"},
			policy:  origins("*"), harm: poisons(reader{}, reader{origin: app}),
		},
		{
			fault:   "a callback reads a header that `Vary` does not name, and a cache sends one tenant's response to another",
			reports: []string{"rs/cors#157", "go-chi/cors#23", "fastify/fastify-cors#292"},
			policy:  tenant, terms: tenantTerms,
			harm: either(
				poisons(reader{"https://a.example", tenantA}, reader{"https://a.example", tenantB}),
				poisons(reader{"https://a.example", tenantB}, reader{"https://a.example", tenantA}),
			),
		},
		{
			fault:   "`Vary` of an outer middleware is overwritten",
			reports: []string{"gin-contrib/cors#8", "tower-rs/tower-http#398"},
			policy:  origins(app), site: withEncoding,
			harm: either(unvaried(getFrom(app), "Accept-Encoding"), unvaried(getFrom(evil), "Accept-Encoding")),
		},
		{
			fault:   "`Vary` of an outer middleware is overwritten in the response to a preflight",
			reports: []string{"gin-contrib/cors#8"},
			policy:  origins(app), site: withEncoding, harm: unvaried(preflightFrom(app), "Accept-Encoding"),
		},
		{
			fault:   "`Vary` of the response to a preflight lacks headers that it depends on",
			reports: []string{"rs/cors#10"},
			policy:  origins(app), harm: unvaried(preflightFrom(app), "Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"),
		},
		{
			fault:   "`Vary` of the response to a refused preflight lacks `Origin`",
			reports: []string{"rs/cors#10"},
			policy:  origins(app), harm: unvaried(preflightFrom(evil), "Origin"),
		},
		{
			fault:  "a policy for `*` whose `Vary` lists `Origin` sends no `Vary: Origin`",
			policy: with(origins("*"), func(c *cors.Config) { c.Vary = []string{"Origin"} }), terms: terms{nobody: true},
			harm: unvaried(getFrom(app), "Origin"),
		},
		{
			fault:  "two policies in a row name `Origin` twice",
			policy: origins(app), site: site{mounts: []mount{{policy: origins(app)}, {policy: origins(app)}}},
			harm: func(v *visit) string {
				if res := v.get("/items", app); varies(res.Header, "Origin") > 1 {
					return "Vary names Origin twice"
				}
				return ""
			},
		},
	}
}
