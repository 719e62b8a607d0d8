package museum

import (
	"fmt"
	"math"
	"net/http"
	"runtime"
	"strings"
	"time"

	gincontrib "github.com/gin-contrib/cors"
	fibercontrib3 "github.com/gofiber/fiber/v3/middleware/cors"
	echocontrib "github.com/labstack/echo/v4/middleware"
	echocontrib5 "github.com/labstack/echo/v5/middleware"
	rscors "github.com/rs/cors"

	cors "github.com/polycors/polycors/core"
)

// privateNetwork allows access to private networks, which polycors does not offer.
func privateNetwork() terms {
	return terms{
		gin:    func(c *gincontrib.Config) { c.AllowPrivateNetwork = true },
		rs:     func(o *rscors.Options) { o.AllowPrivateNetwork = true },
		fiber3: func(c *fibercontrib3.Config) { c.AllowPrivateNetwork = true },
		only:   []string{ginContrib, fiber3s, rs},
	}
}

// allowedTo is the harm that a page may send a request.
func allowedTo(origin, request string) harm {
	return func(v *visit) string {
		if _, err := fetch(v.page(origin), request); err == nil {
			return origin + " may " + request
		}
		return ""
	}
}

// unlisted is the harm that the response to a preflight for a method does not
// name it.
func unlisted(origin, method string) harm {
	return func(v *visit) string {
		lines := v.preflight("/items", origin, method).Header.Values(allowMethods)
		for name := range strings.SplitSeq(strings.Join(lines, ","), ",") {
			if strings.TrimSpace(name) == method {
				return ""
			}
		}
		return fmt.Sprintf("%q lacks %s", lines, method)
	}
}

// remembers is the harm that a browser uses the response to a preflight again.
func remembers(origin string) harm {
	return func(v *visit) string {
		p := v.page(origin)
		for range 2 {
			if _, err := fetch(p, "PUT /items"); err != nil {
				return err.Error()
			}
		}
		if n := p.Preflights(); n != 2 {
			return fmt.Sprintf("%d preflight for two requests", n)
		}
		return ""
	}
}

// unhandled is the harm that a request does not reach its handler.
func unhandled(request string, headers ...string) harm {
	return func(v *visit) string {
		res := v.send(request, headers...)
		if !v.ran(request) {
			return fmt.Sprintf("%s: the handler does not run, the status is %d", request, res.StatusCode)
		}
		return ""
	}
}

func preflights() []exhibit {
	const app = "https://a.com"
	own := site{routes: []route{{method: "OPTIONS", path: "/own"}}}
	return []exhibit{
		{
			fault:   "OPTIONS without `Origin` does not reach the site's own handler",
			reports: []string{"labstack/echo#2534", "labstack/echo#3060", "rs/cors#39", "rs/cors#85"},
			policy:  origins(app), site: own, harm: unhandled("OPTIONS /own"),
		},
		{
			fault:   "OPTIONS with `Origin`, but not a preflight, does not reach the site's own handler",
			reports: []string{"labstack/echo#3060"},
			policy:  origins(app), site: own, harm: unhandled("OPTIONS /own", "Origin: "+app),
		},
		{
			fault:   "requests from other origins do not reach the handler, by default",
			reports: []string{"gin-contrib/cors#184", "gin-contrib/cors#186", "labstack/echo#2732"},
			policy:  origins(app), harm: unhandled("GET /items", "Origin: https://evil.net"),
		},
		{
			fault:  "a refused preflight lists the methods, headers or max-age of the policy",
			policy: with(origins(app), func(c *cors.Config) { c.AllowHeaders, c.MaxAge = []string{"X-A"}, time.Minute }),
			harm:   told(preflightFrom("https://evil.net"), allowMethods, allowHeaders, maxAge),
		},
		{
			fault:  "a refused preflight lists the methods of the route",
			policy: origins(app), terms: terms{
				echo4: func(c *echocontrib.CORSConfig) { c.AllowMethods = nil },
				echo5: func(c *echocontrib5.CORSConfig) { c.AllowMethods = nil },
			},
			harm: told(preflightFrom("https://evil.net"), "Allow"),
		},
		{
			fault:  "a refused response lists the exposed headers",
			policy: with(origins(app), func(c *cors.Config) { c.ExposeHeaders = []string{"X-Total"} }),
			harm:   told(getFrom("https://evil.net"), exposeHeaders),
		},
		{
			fault:  "other responses have headers of preflights",
			policy: origins(app), harm: told(getFrom(app, "Access-Control-Request-Headers: x-a"), allowHeaders, allowMethods, maxAge),
		},
	}
}

func requestedHeaders() []exhibit {
	const app = "https://a.com"
	listing := func(names ...string) cors.Config {
		return with(origins(app), func(c *cors.Config) { c.AllowHeaders = names })
	}
	two := listing("X-A", "X-B")
	return []exhibit{
		{
			fault:   "a gateway splits the requested headers into several lines, and the request is blocked",
			reports: []string{"go-chi/cors#33", "rs/cors#184"},
			policy:  two, required: true,
			harm: respelt(func(asked string) []string { return strings.Split(asked, ",") }, app, "PUT /items", "X-A: 1", "X-B: 1"),
		},
		{
			fault:   "a gateway puts blanks between the requested headers, and the request is blocked",
			reports: []string{"rs/cors#184"},
			policy:  two, required: true,
			harm: respelt(func(asked string) []string { return []string{strings.ReplaceAll(asked, ",", "  ,  ")} }, app, "PUT /items", "X-A: 1", "X-B: 1"),
		},
		{
			fault:   "requested headers in upper case are refused",
			reports: []string{"rs/cors#176", "rs/cors#183"},
			policy:  two, required: true,
			harm: respelt(func(asked string) []string { return []string{strings.ToUpper(asked)} }, app, "PUT /items", "X-A: 1", "X-B: 1"),
		},
		{
			fault:   "requested headers in another order are refused",
			reports: []string{"rs/cors#176"},
			policy:  two, required: true,
			harm: respelt(func(string) []string { return []string{"x-b,x-a"} }, app, "PUT /items", "X-A: 1", "X-B: 1"),
		},
		{
			fault:   "of the listed headers, some combinations are refused",
			reports: []string{"jub0bs/cors#15"},
			policy:  listing("A", "B", "C", "D", "E"), required: true,
			harm: either(
				blocked(app, "PUT /items", "A: 1", "C: 1", "E: 1"), blocked(app, "PUT /items", "B: 1", "D: 1"),
				blocked(app, "PUT /items", "E: 1"), blocked(app, "PUT /items", "A: 1", "B: 1", "C: 1", "D: 1", "E: 1"),
			),
		},
		{
			fault:   "a header of commas allocates a multiple of its length",
			reports: []string{"CVE-2025-47908", "go-chi/cors#36"},
			policy:  two, harm: grows(","),
		},
		{
			fault:   "a header of commas allocates a multiple of its length, with any header allowed and with cookies",
			reports: []string{"CVE-2025-47908", "go-chi/cors#36"},
			policy:  with(cookies(app), func(c *cors.Config) { c.AllowHeaders = []string{"*"} }), harm: grows(","),
		},
		{
			fault:   "a header of one-letter names allocates a multiple of its length",
			reports: []string{"CVE-2025-47908"},
			policy:  two, harm: grows("a,"),
		},
	}
}

// grows is the harm that a preflight takes more memory if it asks for many
// headers rather than for one as long as all of them.
func grows(name string) harm {
	const length = 200 << 10
	return func(v *visit) string {
		take := func(names string) uint64 {
			least := uint64(math.MaxUint64) // buffers are pooled, and sometimes made anew
			for range 5 {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				v.preflight("/items", "https://a.com", "PUT", "Access-Control-Request-Headers: "+names)
				runtime.ReadMemStats(&after)
				least = min(least, after.TotalAlloc-before.TotalAlloc)
			}
			return least
		}
		one := take(strings.Repeat("a", length))
		many := take(strings.Repeat(name, length/len(name)))
		if many > one+4*length {
			return fmt.Sprintf("%d kB in place of %d kB", many>>10, one>>10)
		}
		return ""
	}
}

func responses() []exhibit {
	const app, evil = "https://a.com", "https://evil.net"
	return []exhibit{
		{
			fault:   "a refused origin is reflected",
			reports: []string{"CVE-2017-20146"},
			policy:  cookies(app), harm: either(told(getFrom(evil), allowOrigin), told(preflightFrom(evil), allowOrigin)),
		},
		{
			fault:   "the response to a refused origin allows credentials",
			reports: []string{"Kludex/starlette#2560"},
			policy:  cookies(app), harm: either(told(getFrom(evil), allowCredentials), told(preflightFrom(evil), allowCredentials)),
		},
		{
			fault:   "the response to a request without `Origin` names an origin of the list",
			reports: []string{"labstack/echo#1669"},
			policy:  cookies(app), harm: told(func(v *visit) *http.Response { return v.send("GET /items") }, allowOrigin),
		},
		{
			fault:   "all origins of the list are in one header, and browsers block it",
			reports: []string{"labstack/echo#743"},
			policy:  cookies("https://b.com", app), harm: blocked(app, "PUT /items"), required: true,
		},
		{
			fault:   "an empty list of exposed headers is sent",
			reports: []string{"rs/cors#159", "rs/cors#160"},
			policy:  with(cookies(app), func(c *cors.Config) { c.ExposeHeaders = []string{} }), harm: told(getFrom(app), exposeHeaders),
		},
		{
			fault:   "the request's `Vary` is copied into the response",
			reports: []string{"GHSA-q7jf-gf43-6x6p"},
			policy:  cookies(app),
			harm: func(v *visit) string {
				if res := v.get("/items", app, "Vary: X-Chosen"); varies(res.Header, "X-Chosen") > 0 {
					return "Vary names X-Chosen"
				}
				return ""
			},
		},
		{
			fault:  "the browser blames a header that is allowed, since none is listed beside one that is not",
			policy: with(cookies(app), func(c *cors.Config) { c.AllowHeaders = []string{"*"} }), terms: terms{nobody: true},
			harm: func(v *visit) string {
				_, err := fetch(v.page(app), "PUT /items", "Authorization: Bearer token", "X-One: 1")
				if err != nil && strings.Contains(strings.ToLower(err.Error()), "x-one") {
					return err.Error()
				}
				return ""
			},
		},
	}
}
