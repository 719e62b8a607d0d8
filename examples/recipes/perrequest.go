package recipes

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"

	chicors "github.com/polycors/polycors/chiadapter"
	cors "github.com/polycors/polycors/core"
	echocors "github.com/polycors/polycors/echoadapter"
	fibercors "github.com/polycors/polycors/fiberadapter"
	gincors "github.com/polycors/polycors/ginadapter"
)

// Recipe 10: options per request. In Express, app.use(cors((req, callback) =>
// …)). Here a function selects one of several policies, which were compiled
// before. It is mounted before the routes, as a single policy is.
//
// The function is also called for preflights. A preflight has the path and the
// host of the request that it announces, but not the headers and cookies.

// OpenAndRestricted opens the public API to every site and the rest to the front
// end only.
func OpenAndRestricted() (cors.Paths, error) {
	open, err1 := cors.New(cors.AllowAll())
	restricted, err2 := cors.New(cors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	})
	paths := cors.Paths{"/": restricted, "/public/": open}
	return paths, errors.Join(err1, err2)
}

// ByPath mounts the paths in each framework.
func ByPath(paths cors.Paths, router *gin.Engine, e *echo.Echo, app *fiber.App, r chi.Router) {
	router.Use(gincors.Paths(paths))
	e.Use(echocors.Paths(paths))
	app.Use(fibercors.Paths(paths))
	r.Use(chicors.Paths(paths))
}

// Hosts maps the hosts of an API to policies, with the port if there is one:
// "eu.api.example", "localhost:8080".
type Hosts map[string]*cors.Policy

// ByHost selects by host.
func ByHost(hosts Hosts) gin.HandlerFunc {
	return gincors.Select(func(c *gin.Context) *cors.Policy { return hosts[c.Request.Host] })
}

// ByHostFiber selects by host in fiber. It does not use c.Hostname, which may
// return the value of X-Forwarded-Host, and clients can forge that.
func ByHostFiber(hosts Hosts) fiber.Handler {
	return fibercors.Select(func(c *fiber.Ctx) *cors.Policy { return hosts[c.Get(fiber.HeaderHost)] })
}

// Tenants have their own front ends, which send their name in X-Tenant.
type Tenants struct {
	byName map[string]*cors.Policy
	any    *cors.Policy
}

// NewTenants makes a policy for the origins of each tenant, and one for all
// origins, which is for requests without X-Tenant. All preflights are such
// requests.
func NewTenants(origins map[string][]string) (*Tenants, error) {
	policy := func(origins []string) (*cors.Policy, error) {
		return cors.New(cors.Config{
			AllowOrigins:     origins,
			AllowHeaders:     []string{"Content-Type", "X-Tenant"},
			AllowCredentials: true,
			RejectDisallowed: true,                 // 403 for the name of another tenant
			Vary:             []string{"X-Tenant"}, // caches keep the responses apart
		})
	}
	t := &Tenants{byName: map[string]*cors.Policy{}}
	var all []string
	var err error
	for name, list := range origins {
		if t.byName[name], err = policy(list); err != nil {
			return nil, fmt.Errorf("tenant %s:\n%w", name, err)
		}
		all = append(all, list...)
	}
	slices.Sort(all)
	t.any, err = policy(all)
	return t, err
}

// ByTenant selects by tenant.
func ByTenant(tenants *Tenants) gin.HandlerFunc {
	return gincors.Select(func(c *gin.Context) *cors.Policy {
		if policy, ok := tenants.byName[c.GetHeader("X-Tenant")]; ok {
			return policy
		}
		return tenants.any
	})
}
