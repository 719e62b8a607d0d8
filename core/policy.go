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
func (p *Policy) Decide(ctx context.Context, req Request) (d Decision, err error) {
	err = p.decide(ctx, nil, &req, &d)
	return d, err
}

// A Source is a request as an adapter has it. It is read as far as a policy
// looks at it.
type Source interface {
	// Context returns the context of the request, which callbacks may keep.
	Context() context.Context

	// Header returns the lines of a request header, joined by commas, or the
	// empty string if there are none. The name is in canonical form.
	Header(name string) string
}

// DecideInto is Decide as adapters call it: it copies neither of the large
// structs, and reads nothing that the policy does not look at. Of req, Method,
// Host and Origin have to be set; the rest is filled in from src. The Decision is
// written to d.
func (p *Policy) DecideInto(src Source, req *Request, d *Decision) error {
	return p.decide(context.Background(), src, req, d)
}

// decide decides about a request that is complete, or that src completes.
func (p *Policy) decide(ctx context.Context, src Source, req *Request, d *Decision) error {
	c := p.compiled.Load()
	if c == nil {
		*d = Decision{}
		return nil
	}
	if req.Origin == "" {
		*d = c.noOrigin
		return nil
	}
	if src != nil {
		c.read(req, src)
		if c.cfg.OnReject != nil || c.cfg.AllowOriginFunc != nil {
			ctx = src.Context()
		}
	}
	if req.isPreflight() {
		return c.decidePreflight(ctx, req, d)
	}
	return c.decide(ctx, req, d)
}

// read reads the headers that this policy looks at.
func (c *compiled) read(req *Request, src Source) {
	explains := c.cfg.OnReject != nil
	if req.Method == http.MethodOptions {
		req.RequestMethod = src.Header("Access-Control-Request-Method")
		if c.echoHeaders || explains {
			req.RequestHeaders = src.Header("Access-Control-Request-Headers")
		}
	}
	if c.cfg.RejectDisallowed || explains {
		req.FetchSite = src.Header("Sec-Fetch-Site")
	}
	if explains {
		req.Credentials = src.Header("Cookie") != ""
	}
}

func (c *compiled) decide(ctx context.Context, req *Request, d *Decision) error {
	ok, err := c.allows(ctx, req.Origin)
	if c.cfg.OnReject != nil {
		c.report(ctx, req, ok, err)
	}
	switch {
	case err != nil:
		*d = c.failed
	case ok:
		*d = c.allowed
		if !c.anyOrigin {
			d.AllowOrigin = req.Origin
		}
	default:
		*d = c.refused
		if c.cfg.RejectDisallowed && !req.isSameOrigin() {
			d.Status = statusRejected
		}
	}
	return err
}

func (c *compiled) decidePreflight(ctx context.Context, req *Request, d *Decision) error {
	ok, err := c.allows(ctx, req.Origin)
	if c.cfg.OnReject != nil {
		c.report(ctx, req, ok, err)
	}
	switch {
	case err != nil:
		*d = c.preflightFailed
		return err
	case !ok:
		*d = c.preflightRefused
		return nil
	}
	*d = c.preflightAllowed
	if !c.anyOrigin {
		d.AllowOrigin = req.Origin
	}
	if c.echoMethod {
		d.AllowMethods = echoMethod(req.RequestMethod)
	}
	if c.echoHeaders {
		d.AllowHeaders = echoHeaders(req.RequestHeaders, c.headers["authorization"])
	}
	return nil
}

// allows decides about an Origin header that is there.
func (c *compiled) allows(ctx context.Context, o string) (bool, error) {
	if c.anyOrigin {
		// Several origins are none. Anything else may be one: schemes that this
		// package does not know, say.
		return len(o) <= origin.MaxLen && strings.IndexByte(o, ',') < 0, nil
	}
	if c.origins.Contains(o) {
		return true, nil
	}
	if o == "null" && c.nullOrigin {
		return true, nil
	}
	if c.regexps == nil && c.cfg.AllowOriginFunc == nil {
		return false, nil
	}
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
