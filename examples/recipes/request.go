package recipes

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
	fibercors "github.com/polycors/polycors/fiberadapter"
)

// Recipe 5, a callback that needs more than the origin. It reaches the request
// through its context: by httpcors.Request in gin, echo, chi and net/http, and by
// fibercors.Ctx in fiber. Both return nil outside a request, as in AllowsOrigin
// and Explain.
//
// A preflight has the host and the path of the request that it announces, but not
// its headers and cookies.

// Partners says which origins may use which host of an API.
type Partners interface {
	Allows(ctx context.Context, host, origin string) (bool, error)
}

// AskWithHost asks about the origin and the host. Vary needs nothing: the host and
// the path are part of the URL, by which caches keep responses apart.
func AskWithHost(partners Partners) cors.Config {
	return cors.Config{
		AllowOriginFunc: func(ctx context.Context, origin string) (bool, error) {
			r := httpcors.Request(ctx)
			if r == nil {
				return false, nil
			}
			return partners.Allows(ctx, r.Host, origin)
		},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
	}
}

// AskWithHostFiber is [AskWithHost] for fiber, which uses the memory of a request
// again: what is kept has to be copied. It does not use c.Hostname, which clients
// can forge.
func AskWithHostFiber(partners Partners) cors.Config {
	cfg := AskWithHost(partners)
	cfg.AllowOriginFunc = func(ctx context.Context, origin string) (bool, error) {
		c := fibercors.Ctx(ctx)
		if c == nil {
			return false, nil
		}
		return partners.Allows(ctx, strings.Clone(c.Get(fiber.HeaderHost)), origin)
	}
	return cfg
}

// AskWithRegion asks about the origin and a header that a proxy adds, to preflights
// too. Vary names it: caches keep the responses for different regions apart.
func AskWithRegion(allows func(region, origin string) bool) cors.Config {
	return cors.Config{
		AllowOriginFunc: func(ctx context.Context, origin string) (bool, error) {
			r := httpcors.Request(ctx)
			return r != nil && allows(r.Header.Get("X-Region"), origin), nil
		},
		Vary: []string{"X-Region"},
	}
}
