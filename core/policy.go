package cors

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/polycors/polycors/core/internal/origin"
)

// A Policy decides what browsers are told. Its methods may be called
// concurrently, also while it is reconfigured. The zero Policy lets every
// request pass untouched, so that a variable can be declared first and
// configured later; it must not be copied after first use.
type Policy struct {
	compiled atomic.Pointer[compiled]
}

// New returns the policy that cfg describes. If cfg has problems, the error
// joins a [*ConfigError] for each of them.
func New(cfg Config) (*Policy, error) {
	p := new(Policy)
	if err := p.Reconfigure(cfg); err != nil {
		return nil, err
	}
	return p, nil
}

// Reconfigure replaces the configuration of a policy in use, at once and as a
// whole: each request is decided by the old configuration or by the new one. On
// error, which is as for [New], the old one stays in force. To allow nobody any
// more, give it an AllowOriginFunc that returns false: an empty list is an error.
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

// AllowsOrigin reports whether the policy allows an origin: the answer that
// Decide gives, for other gates such as the CheckOrigin of a WebSocket library.
// The error is that of AllowOriginFunc, and comes with false.
//
// No origin at all, the empty string, is not allowed by any policy, nor is any
// origin by the zero Policy. Programs
// other than browsers send none; let them pass before asking, if they should.
func (p *Policy) AllowsOrigin(ctx context.Context, origin string) (bool, error) {
	c := p.compiled.Load()
	if c == nil || origin == "" {
		return false, nil
	}
	return c.allows(ctx, origin)
}

// Decide returns what to answer. An error is that of AllowOriginFunc: the
// Decision that comes with it allows nothing, and the request must go no
// further. Nothing of req is kept.
func (p *Policy) Decide(ctx context.Context, req Request) (Decision, error) {
	c := p.compiled.Load()
	if c == nil {
		return Decision{}, nil
	}
	a, err := c.answer(ctx, &req)
	return a.decide(&req), err
}

// read reads the headers that this policy looks at, and returns the context for
// those whom it asks.
func (c *compiled) read(src Source, req *Request) context.Context {
	explains := c.cfg.OnReject != nil
	if req.Method == http.MethodOptions {
		req.RequestMethod = src.Header("Access-Control-Request-Method")
		if c.echoHeaders || explains {
			req.RequestHeaders = src.Header("Access-Control-Request-Headers")
		}
	}
	if c.cfg.RejectDisallowed || explains {
		req.Host = src.Header("Host")
		req.FetchSite = src.Header("Sec-Fetch-Site")
	}
	if explains {
		req.Credentials = src.Header("Cookie") != ""
	}
	if explains || c.cfg.AllowOriginFunc != nil {
		return src.Context()
	}
	return context.Background()
}

// answer chooses the answer to a request.
func (c *compiled) answer(ctx context.Context, req *Request) (*Answer, error) {
	if req.Origin == "" {
		return c.noOrigin, nil
	}
	ok, err := c.allows(ctx, req.Origin)
	if c.cfg.OnReject != nil {
		c.report(ctx, req, ok, err)
	}
	of := &c.actual
	if req.isPreflight() {
		of = &c.preflight
	}
	switch {
	case err != nil:
		return of.failed, err
	case ok:
		return of.allowed, nil
	case c.cfg.RejectDisallowed && of == &c.actual && !req.isSameOrigin():
		return c.rejected, nil
	}
	return of.refused, nil
}

// allows decides about an Origin header that is there.
func (c *compiled) allows(ctx context.Context, o string) (bool, error) {
	if ok := c.origins.Contains(o); ok || !c.asks {
		return ok, nil
	}
	return c.ask(ctx, o)
}

// ask decides about an origin that is not listed. The expressions were judged by
// what origin.Parse accepts, so they must not see anything else.
func (c *compiled) ask(ctx context.Context, o string) (bool, error) {
	if _, ok := origin.Parse(o); !ok && (o != "null" || !c.cfg.Unsafe.NullOrigin) {
		return false, nil
	}
	for _, re := range c.regexps {
		if re.MatchString(o) {
			return true, nil
		}
	}
	if c.cfg.AllowOriginFunc == nil {
		return false, nil
	}
	// The string may live in a buffer that the framework uses again.
	ok, err := c.cfg.AllowOriginFunc(ctx, strings.Clone(o))
	return ok && err == nil, err
}
