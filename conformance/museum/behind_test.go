package museum

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/cache"
	"github.com/gofiber/fiber/v2/middleware/proxy"
	fiber3 "github.com/gofiber/fiber/v3"
	cache3 "github.com/gofiber/fiber/v3/middleware/cache"
	proxy3 "github.com/gofiber/fiber/v3/middleware/proxy"
	static3 "github.com/gofiber/fiber/v3/middleware/static"

	cors "github.com/polycors/polycors/core"
)

// upstream returns the URL of a server that sends these headers.
func upstream(v *visit, lines ...string) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { addTo(w.Header(), lines) }))
	v.Cleanup(server.Close)
	return server.URL
}

// proxied mounts the three kinds of proxy that fiber has.
func proxied(lines ...string) site {
	return site{inside: func(v *visit, app any) {
		url := upstream(v, lines...)
		switch app := app.(type) {
		case *fiber.App:
			app.Get("/do", func(c *fiber.Ctx) error { return proxy.Do(c, url+"/") })
			app.Get("/forward", proxy.Forward(url+"/"))
			app.Get("/balancer", proxy.Balancer(proxy.Config{Servers: []string{url}}))
		case *fiber3.App:
			app.Get("/do", func(c fiber3.Ctx) error { return proxy3.Do(c, url+"/") })
			app.Get("/forward", proxy3.Forward(url+"/"))
			app.Get("/balancer", proxy3.Balancer(proxy3.Config{Servers: []string{url}}))
		}
	}}
}

// static serves a folder that has a folder of the name of a route.
func static(v *visit, app any) {
	dir := v.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "items"), 0o755); err != nil {
		v.Fatal(err)
	}
	switch app := app.(type) {
	case *fiber.App:
		app.Static("/", dir)
	case *fiber3.App:
		app.Use("/", static3.New(dir))
	}
}

// caching mounts fiber's cache.
func caching(_ *visit, app any) {
	switch app := app.(type) {
	case *fiber.App:
		app.Use(cache.New(cache.Config{StoreResponseHeaders: true}))
	case *fiber3.App:
		app.Use(cache3.New(cache3.Config{StoreResponseHeaders: true}))
	}
}

func afterOnFiber() []exhibit {
	const app, evil = "https://a.com", "https://evil.net"
	through := func(h func(path string) harm) harm { return either(h("/do"), h("/forward"), h("/balancer")) }
	return []exhibit{
		{
			fault: "`proxy.Do`, `Forward` and `Balancer` delete the headers of the policy",
			only:  "fiber", policy: cookies(app), site: proxied(), required: true,
			harm: through(func(path string) harm { return blocked(app, "GET "+path) }),
		},
		{
			fault: "`proxy.Do`, `Forward` and `Balancer` replace the headers of the policy by the upstream's `*`",
			only:  "fiber", policy: origins(app), site: proxied("Access-Control-Allow-Origin: *"),
			harm: through(func(path string) harm { return allowedTo(evil, "GET "+path) }),
		},
		{
			fault: "`Static` with a folder deletes the headers of a route with the same path",
			only:  "fiber", policy: origins(app), required: true,
			site: site{inside: static},
			harm: blocked(app, "GET /items"),
		},
		{
			fault: "`cache` with StoreResponseHeaders sends the first origin's headers to the second",
			only:  "fiber", policy: origins(app, "https://b.com"), required: true,
			site: site{inside: caching},
			harm: either(blocked(app, "GET /items"), blocked("https://b.com", "GET /items")),
		},
	}
}

func limits() []exhibit {
	const app, evil = "https://a.com", "https://evil.net"
	handler := func(act func(headers)) site { return site{routes: []route{{method: "GET", path: "/items", act: act}}} }
	return []exhibit{
		{
			fault:   "a handler sets `Vary` instead of adding to it, and deletes `Origin`",
			reports: []string{"go-chi/chi#640", "flipt-io/flipt#803"},
			policy:  origins(app), site: handler(func(h headers) { h.Set("Vary", "Accept-Encoding") }),
			harm:  unvaried(getFrom(app), "Origin"),
			limit: "Add to `Vary` in handlers. On fiber, polycors writes its headers again.",
		},
		{
			fault:   "an upstream server adds a second `Access-Control-Allow-Origin`, and browsers block the response",
			reports: []string{"labstack/echo#2853", "rs/cors#45"},
			policy:  origins(app), site: handler(func(h headers) { h.Add(allowOrigin, "*") }),
			harm:  blocked(app, "GET /items"),
			limit: "`httpcors.StripResponse` deletes the upstream's headers.",
		},
		{
			fault:  "a handler sets `Access-Control-Allow-Origin` itself, and overrules the policy",
			policy: origins(app), site: handler(func(h headers) { h.Set(allowOrigin, "*") }),
			harm:  allowedTo(evil, "GET /items"),
			limit: "`corscheck` and `corstest.CheckRoutes` find it.",
		},
		{
			fault:  "a cache inside the policy stores headers, ignores `Vary`, and sends the first origin's headers to the second",
			policy: origins(app, "https://b.com"),
			stage: func() exhibit {
				var kept map[string]string
				cached := handler(func(h headers) {
					for name, value := range kept {
						h.Set(name, value)
					}
					if kept == nil {
						kept = map[string]string{}
						for name, values := range h.All() {
							kept[name] = strings.Clone(values[0]) // fiber's are not to be retained
						}
					}
				})
				return exhibit{
					policy: origins(app, "https://b.com"), site: cached,
					harm: either(blocked(app, "GET /items"), blocked("https://b.com", "GET /items")),
				}
			},
			limit: "Use a cache that obeys `Vary`, or one that stores no headers of CORS.",
		},
		{
			fault:   "the router's redirect from `/items/` to `/items` is sent before any middleware runs",
			reports: []string{"gin-gonic/gin#3857"},
			only:    "gin", policy: origins(app), harm: blocked(app, "GET /items/"),
			limit: "Wrap the engine with `httpcors.New(cfg)`, or turn the redirects off.",
		},
		{
			fault:  "`PreflightContinue` leaves preflights to a router that has no route for them",
			policy: with(origins(app), func(c *cors.Config) { c.PreflightContinue = true }), terms: only(goChi, rs),
			harm:  blocked(app, "PUT /items"),
			limit: "The next handler has to respond with a 2xx.",
		},
	}
}
