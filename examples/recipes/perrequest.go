package recipes

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Recipe 10: options per request. In Express, a delegate: app.use(cors((req,
// callback) => …)). Here a function chooses among policies that are already
// made, which is as free and costs nothing. Mount it where you would mount the
// one policy: on the application, before the routes.
//
// It is asked about preflights too, and those have the path and the host of the
// request that they announce, but neither its headers nor its cookies.

// OpenAndRestricted is the public API open to every site, and the rest to the
// front end alone.
func OpenAndRestricted() (cors.Paths, error) {
	open, err1 := cors.New(cors.AllowAll())
	restricted, err2 := cors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	})
	return cors.Paths{"/": restricted, "/public/": open}, errors.Join(err1, err2)
}

// ByPathGin chooses by path in gin.
func ByPathGin(paths cors.Paths) gin.HandlerFunc {
	return gincors.Select(func(c *gin.Context) *cors.Policy { return paths.Policy(c.Request.URL.Path) })
}

// ByPathEcho chooses by path in echo.
func ByPathEcho(paths cors.Paths) echo.MiddlewareFunc {
	return echocors.Select(func(c echo.Context) *cors.Policy { return paths.Policy(c.Request().URL.Path) })
}

// ByPathFiber chooses by path in fiber, whose routes match in any letter case
// unless fiber.Config.CaseSensitive is set: /PUBLIC/x and /public/x are one
// route. Hence the prefixes have to be in lower case.
func ByPathFiber(paths cors.Paths) fiber.Handler {
	return fibercors.Select(func(c *fiber.Ctx) *cors.Policy { return paths.Policy(strings.ToLower(c.Path())) })
}

// ByPathChi chooses by path in chi, and on net/http.
func ByPathChi(paths cors.Paths) func(http.Handler) http.Handler {
	return chicors.Select(func(r *http.Request) *cors.Policy { return paths.Policy(r.URL.Path) })
}

// Hosts maps the names of an API to policies, ports included where there are
// some: "eu.api.example", "localhost:8080".
type Hosts map[string]*cors.Policy

// ByHostGin chooses by host in gin.
func ByHostGin(hosts Hosts) gin.HandlerFunc {
	return gincors.Select(func(c *gin.Context) *cors.Policy { return hosts[c.Request.Host] })
}

// ByHostEcho chooses by host in echo.
func ByHostEcho(hosts Hosts) echo.MiddlewareFunc {
	return echocors.Select(func(c echo.Context) *cors.Policy { return hosts[c.Request().Host] })
}

// ByHostFiber chooses by host in fiber. c.Hostname would believe any client's
// X-Forwarded-Host.
func ByHostFiber(hosts Hosts) fiber.Handler {
	return fibercors.Select(func(c *fiber.Ctx) *cors.Policy { return hosts[c.Get(fiber.HeaderHost)] })
}

// ByHostChi chooses by host in chi, and on net/http.
func ByHostChi(hosts Hosts) func(http.Handler) http.Handler {
	return chicors.Select(func(r *http.Request) *cors.Policy { return hosts[r.Host] })
}

// Tenants have front ends of their own, and say in X-Tenant who they are.
type Tenants struct {
	byName map[string]*cors.Policy
	any    *cors.Policy
}

// NewTenants makes a policy for each tenant of its origins, and one of all
// origins for requests that do not say whose they are, as preflights cannot.
func NewTenants(origins map[string][]string) (*Tenants, error) {
	policy := func(origins []string) (*cors.Policy, error) {
		return cors.New(cors.Config{
			AllowOrigins:     origins,
			AllowHeaders:     []string{"Content-Type", "X-Tenant"},
			AllowCredentials: true,
			RejectDisallowed: true,                 // one tenant's page gets nowhere in the name of another
			Vary:             []string{"X-Tenant"}, // the choice depends on it, and caches have to know
		})
	}
	t := &Tenants{byName: map[string]*cors.Policy{}}
	var all []string
	var err error
	for name, list := range origins {
		if t.byName[name], err = policy(list); err != nil {
			return nil, errors.Join(errors.New("tenant "+name+":"), err)
		}
		all = append(all, list...)
	}
	slices.Sort(all)
	t.any, err = policy(all)
	return t, err
}

// Policy returns the policy of a tenant, and of nobody in particular.
func (t *Tenants) Policy(name string) *cors.Policy {
	if p, ok := t.byName[name]; ok {
		return p
	}
	return t.any
}

// ByTenantGin chooses by tenant in gin.
func ByTenantGin(t *Tenants) gin.HandlerFunc {
	return gincors.Select(func(c *gin.Context) *cors.Policy { return t.Policy(c.GetHeader("X-Tenant")) })
}

// ByTenantEcho chooses by tenant in echo.
func ByTenantEcho(t *Tenants) echo.MiddlewareFunc {
	return echocors.Select(func(c echo.Context) *cors.Policy { return t.Policy(c.Request().Header.Get("X-Tenant")) })
}

// ByTenantFiber chooses by tenant in fiber.
func ByTenantFiber(t *Tenants) fiber.Handler {
	return fibercors.Select(func(c *fiber.Ctx) *cors.Policy { return t.Policy(c.Get("X-Tenant")) })
}

// ByTenantChi chooses by tenant in chi, and on net/http.
func ByTenantChi(t *Tenants) func(http.Handler) http.Handler {
	return chicors.Select(func(r *http.Request) *cors.Policy { return t.Policy(r.Header.Get("X-Tenant")) })
}
