package verdicts

import (
	"net/http"
	"strings"

	gincontrib "github.com/gin-contrib/cors"
	chicorslib "github.com/go-chi/cors"
	"github.com/gofiber/fiber/v2"
	fiberlib "github.com/gofiber/fiber/v2/middleware/cors"
	fiber3 "github.com/gofiber/fiber/v3"
	fiber3lib "github.com/gofiber/fiber/v3/middleware/cors"
	"github.com/gorilla/handlers"
	echolib "github.com/labstack/echo/v4/middleware"
	echo5 "github.com/labstack/echo/v5"
	echo5lib "github.com/labstack/echo/v5/middleware"
	rscors "github.com/rs/cors"
)

// What the rows have in common.
const (
	everySite = "every site is allowed with credentials"
	onlyEnd   = "the server compares only the end of origins"
	onlyStart = "the server compares only the beginning of origins"
	dot       = "a dot in the server's regular expression"
	asUser    = "-credentials"
)

func everyOrigin(string) bool { return true }

func ginContrib() []row {
	contrib := func(change func(*gincontrib.Config)) http.Handler {
		c := gincontrib.Config{AllowMethods: both, AllowHeaders: []string{"Content-Type"}, AllowCredentials: true, AllowWildcard: true}
		change(&c)
		return ginApp(gincontrib.New(c))
	}
	list := func(origins ...string) http.Handler {
		return contrib(func(c *gincontrib.Config) { c.AllowOrigins = origins })
	}
	const acme = "-origin https://app.acme.test -credentials"
	return []row{
		{name: "a list", server: list(front), args: "-method PUT -credentials", verdict: allowed, cause: "rejected:"},
		{name: "all origins with credentials", server: contrib(func(c *gincontrib.Config) { c.AllowAllOrigins = true }), args: asUser, verdict: refused, cause: "instead of *"},
		{name: "a function that allows all", server: contrib(func(c *gincontrib.Config) { c.AllowOriginFunc = everyOrigin }), args: asUser, verdict: dangerous, cause: everySite},
		{name: "a function that searches", server: contrib(func(c *gincontrib.Config) {
			c.AllowOriginFunc = func(o string) bool { return strings.Contains(o, "myapp.com") }
		}), args: asUser, verdict: dangerous, cause: "only searches origins for myapp.com", without: onlyEnd},
		{name: "an end", server: list("https://*acme.test"), args: acme, verdict: dangerous, cause: onlyEnd, without: dot},
		{name: "an end of one's own domain", server: list("https://*acme.test"), args: "-origin https://acme.test -credentials", verdict: dangerous, cause: onlyEnd, without: dot},
		{name: "subdomains", server: list("https://*.acme.test"), args: acme, verdict: allowed, cause: "every subdomain of acme.test is", without: "warning  https"},
		{name: "a beginning", server: list("https://myapp.com*"), args: asUser, verdict: dangerous, cause: onlyStart},
		{name: "any suffix", server: list("https://myapp.*"), args: asUser, verdict: dangerous, cause: "does not compare the end of origins, as in myapp.*", without: onlyStart},
		{name: "a wildcard below a public suffix", server: list("https://*.github.io"), args: "-origin https://me.github.io -credentials", verdict: dangerous, cause: "every site below github.io is"},
		{name: "an expression without an end", server: list(`/https://myapp\.com/`), args: asUser, verdict: dangerous, cause: onlyStart},
		{name: "an expression with a dot", server: list(`/^https://app.myapp\.com$/`), args: "-origin https://app.myapp.com -credentials", verdict: dangerous, cause: dot},
		{name: "an origin that is not listed", server: list("https://other.example"), args: "-method PUT", verdict: refused, cause: "the server rejects the origin"},
		{name: "an origin with a slash", server: list(front + "/"), args: "-method PUT", verdict: refused, cause: "browsers send no trailing slash"},
		{name: "an origin of http", server: list("http://myapp.com"), args: "-method PUT", verdict: refused, cause: "http and https are different origins"},
		{name: "a header that is not listed", server: list(front), args: "-method PUT -header Authorization:x -header X-A:1", verdict: refused, cause: `add "Authorization", "X-A" to Access-Control-Allow-Headers`},
		{name: "a star for headers with credentials", server: contrib(func(c *gincontrib.Config) {
			c.AllowOrigins, c.AllowHeaders = []string{front}, []string{"*"}
		}), args: "-credentials -header X-A:1", verdict: refused, cause: `add "X-A" to Access-Control-Allow-Headers: with credentials, * is not enough`},
	}
}

func echoAndFiber() []row {
	echoList := func(origins ...string) http.Handler {
		return echoApp(echolib.CORSWithConfig(echolib.CORSConfig{AllowOrigins: origins, AllowCredentials: true}))
	}
	fiberWith := func(c fiberlib.Config) *fiber.App { return fiberRoutes(newFiber(fiberlib.New(c)), both) }
	fiber3With := func(c fiber3lib.Config) *fiber3.App { return fiber3Routes(newFiber3(fiber3lib.New(c))) }
	return []row{
		{name: "echo with a list", server: echoList(front), args: "-method PUT -credentials", verdict: allowed, cause: "rejected:"},
		{name: "echo with a star", server: echoList("*"), args: asUser, verdict: refused, cause: "instead of *"},
		{name: "echo with an unsafe star", server: echoApp(echolib.CORSWithConfig(echolib.CORSConfig{AllowOrigins: []string{"*"}, AllowCredentials: true,
			UnsafeWildcardOriginWithAllowCredentials: true})), args: asUser, verdict: dangerous, cause: everySite},
		{name: "echo with every https origin", server: echoList("https://*"), args: asUser, verdict: dangerous, cause: everySite},
		{name: "echo with null", server: echoList(front, "null"), args: asUser, verdict: dangerous, cause: "null is allowed with credentials"},
		{name: "echo with null, asked from null", server: echoList("null"), args: "-origin null -credentials", verdict: dangerous, cause: "null is allowed with credentials"},
		{name: "echo without the origin", server: echoList("https://www.myapp.com"), args: "-method PUT", verdict: refused, cause: "a host with www. and one without"},
		{name: "echo with an end", server: echoList("https://*myapp.com"), args: asUser, verdict: dangerous, cause: onlyEnd},
		{name: "echo v5 with every origin", server: echo5App(echo5lib.CORSWithConfig(echo5lib.CORSConfig{AllowCredentials: true,
			UnsafeAllowOriginFunc: func(_ *echo5.Context, o string) (string, bool, error) { return o, true, nil }})), args: asUser, verdict: dangerous, cause: everySite},
		{name: "echo v5 without the origin", server: echo5App(echo5lib.CORS("https://other.example")), args: "-method PUT", verdict: refused, cause: `list "https://myapp.com"`},
		{name: "echo v5 without a star", server: echo5App(echo5lib.CORS("*")), args: "-method PUT", verdict: allowed, cause: "every site may read"},

		{name: "fiber with a list", server: fiberWith(fiberlib.Config{AllowOrigins: front, AllowCredentials: true}), args: "-method PUT -credentials", verdict: allowed, cause: "rejected:"},
		{name: "fiber with every origin", server: fiberWith(fiberlib.Config{AllowOriginsFunc: everyOrigin, AllowCredentials: true}), args: asUser, verdict: dangerous, cause: everySite},
		{name: "fiber without the origin", server: fiberWith(fiberlib.Config{AllowOrigins: "https://other.example"}), args: "-method PUT", verdict: refused, cause: `list "https://myapp.com"`},
		{name: "fiber without credentials", server: fiberWith(fiberlib.Config{AllowOrigins: front}), args: "-method PUT -credentials", verdict: refused, cause: "send Access-Control-Allow-Credentials: true"},
		{name: "fiber without a method", server: fiberWith(fiberlib.Config{AllowOrigins: front, AllowMethods: "GET"}), args: "-method PUT", verdict: refused, cause: `add "PUT" to Access-Control-Allow-Methods`},
		{name: "fiber v3 with every origin", server: fiber3With(fiber3lib.Config{AllowOriginsFunc: everyOrigin, AllowCredentials: true}), args: asUser, verdict: dangerous, cause: everySite},
		{name: "fiber v3 without the origin", server: fiber3With(fiber3lib.Config{AllowOrigins: []string{"https://other.example"}}), args: "-method PUT", verdict: refused, cause: `list "https://myapp.com"`},
		{name: "fiber v3 without a header", server: fiber3With(fiber3lib.Config{AllowOrigins: []string{front}, AllowHeaders: []string{"X-A"}}), args: "-method PUT -header X-B:1",
			verdict: refused, cause: `add "X-B" to Access-Control-Allow-Headers`},
	}
}

func rsAndGorilla() []row {
	rs := func(o rscors.Options) http.Handler { o.AllowCredentials = true; return rscors.New(o).Handler(items()) }
	goChi := func(o chicorslib.Options) http.Handler {
		o.AllowCredentials = true
		return chiApp(chicorslib.Handler(o))
	}
	gorilla := func(o ...handlers.CORSOption) http.Handler {
		return handlers.CORS(append(o, handlers.AllowCredentials())...)(items())
	}
	mine := []string{front}
	return []row{
		{name: "rs with a list", server: rs(rscors.Options{AllowedOrigins: mine, AllowedMethods: both}), args: "-method PUT -credentials", verdict: allowed, cause: "rejected:"},
		{name: "rs with a star", server: rs(rscors.Options{}), args: asUser, verdict: refused, cause: "instead of *"},
		{name: "rs with every https origin", server: rs(rscors.Options{AllowedOrigins: []string{"https://*"}}), args: asUser, verdict: dangerous, cause: everySite},
		{name: "rs with every origin for a PUT", server: rs(rscors.Options{AllowOriginFunc: everyOrigin, AllowedMethods: both}), args: "-method PUT", verdict: dangerous, cause: everySite},
		{name: "rs with any suffix", server: rs(rscors.Options{AllowedOrigins: []string{"https://app.*"}}), args: "-origin https://app.myapp.com -credentials",
			verdict: dangerous, cause: "as in app.*"},
		{name: "rs with a local beginning", server: rs(rscors.Options{AllowedOrigins: []string{"http://localhost*"}}), args: "-origin http://localhost:3000 -credentials",
			verdict: dangerous, cause: onlyStart},
		{name: "rs without the method", server: rs(rscors.Options{AllowedOrigins: mine, AllowedMethods: []string{"GET"}}), args: "-method PUT", verdict: refused, cause: `add "PUT" to its methods`},
		{name: "rs without the headers", server: rs(rscors.Options{AllowedOrigins: mine, AllowedMethods: both}), args: "-method PUT -header Authorization:x -header X-A:1",
			verdict: refused, cause: `add "Authorization", "X-A" to its headers`},
		{name: "rs without the origin", server: rs(rscors.Options{AllowedOrigins: []string{"http://localhost:3000"}}), args: "-origin http://127.0.0.1:3000 -method PUT",
			verdict: refused, cause: "localhost, 127.0.0.1 and [::1] are different origins"},

		{name: "go-chi with every https origin", server: goChi(chicorslib.Options{AllowedOrigins: []string{"https://*"}}), args: asUser, verdict: dangerous, cause: everySite},
		{name: "go-chi with null", server: goChi(chicorslib.Options{AllowedOrigins: []string{front, "null"}}), args: asUser, verdict: dangerous, cause: "null is allowed"},
		{name: "go-chi without the method and the header", server: goChi(chicorslib.Options{AllowedOrigins: mine, AllowedMethods: []string{"GET"}}),
			args: "-method PUT -header X-A:1", verdict: refused, cause: `add "PUT" to its methods, and "X-A" to its headers`},
		{name: "go-chi without the origin", server: goChi(chicorslib.Options{AllowedOrigins: []string{"https://other.example"}}), args: "-method PUT",
			verdict: refused, cause: `list "https://myapp.com"`},

		{name: "gorilla with a list", server: gorilla(handlers.AllowedOrigins(mine), handlers.AllowedMethods(both)), args: "-method PUT -credentials", verdict: allowed, cause: "rejected:"},
		{name: "gorilla with every origin", server: gorilla(handlers.AllowedOriginValidator(everyOrigin)), args: asUser, verdict: dangerous, cause: everySite},
		{name: "gorilla with a star", server: gorilla(handlers.AllowedOrigins([]string{"*"})), args: asUser, verdict: refused, cause: "instead of *"},
		{name: "gorilla without the method", server: gorilla(handlers.AllowedOrigins(mine)), args: "-method PUT", verdict: refused, cause: `add "PUT" to its methods`},
		{name: "gorilla without the header", server: gorilla(handlers.AllowedOrigins(mine), handlers.AllowedMethods(both)), args: "-method PUT -header X-A:1",
			verdict: refused, cause: `add "X-A" to its headers`},
		{name: "gorilla without the origin", server: gorilla(handlers.AllowedOrigins([]string{"https://www.myapp.com"})), verdict: refused, cause: "a host with www. and one without"},
	}
}
