package cors

import (
	"context"
	"sync/atomic"
)

// A Policy decides which CORS headers a response gets. Its methods may be called
// concurrently, also while it is reconfigured. The zero Policy passes every
// request on unchanged until it is configured. A Policy must not be copied after
// first use.
type Policy struct {
	compiled atomic.Pointer[compiled]
}

// New returns the policy that cfg describes. If cfg is invalid, the error joins
// a [*ConfigError] for each problem.
func New(cfg Config) (*Policy, error) {
	p := new(Policy)
	if err := p.Reconfigure(cfg); err != nil {
		return nil, err
	}
	return p, nil
}

// Reconfigure replaces the configuration of a policy in use. Each request is
// decided by the old configuration or by the new one, never by a mixture. If cfg
// is invalid, Reconfigure returns the same error as [New] and the old
// configuration stays in force. To stop allowing any origin, set AllowOrigins
// to an empty list that is not nil, and remove AllowOriginRegexps and
// AllowOriginFunc.
func (p *Policy) Reconfigure(cfg Config) error {
	c, err := compile(cfg)
	if err != nil {
		return err
	}
	p.compiled.Store(c)
	return nil
}

// Config returns a copy of the configuration in force.
func (p *Policy) Config() Config {
	if c := p.compiled.Load(); c != nil {
		return c.cfg.clone()
	}
	return Config{}
}

// AllowsOrigin reports whether the policy allows an origin. It decides as the
// middleware does, for other checks such as the CheckOrigin of a WebSocket
// library. If AllowOriginFunc returns an error, AllowsOrigin returns false and
// that error.
//
// AllowsOrigin returns false for the empty string, and the zero Policy returns
// false for every origin. Programs other than browsers do not send Origin: to
// accept them, check first whether the header is absent.
func (p *Policy) AllowsOrigin(ctx context.Context, origin string) (bool, error) {
	c := p.compiled.Load()
	if c == nil || origin == "" {
		return false, nil
	}
	return c.allows(ctx, origin)
}
