package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/polycors/polycors/core/corstest"
)

// betterHint looks for the cause of a refusal with further requests, where the
// refused response alone allows only a guess. It returns hint if it finds none.
func (p *prober) betterHint(ctx context.Context, hint string) string {
	blocked := p.main.blocked
	switch blocked.Issue {
	case corstest.IssuePreflightRedirect:
		return p.redirectHint(hint)
	case corstest.IssueMissingAllowOrigin, corstest.IssuePreflightMissingAllowOrigin,
		corstest.IssueAllowOriginMismatch, corstest.IssuePreflightAllowOriginMismatch:
	default:
		return hint
	}
	if h := p.misplaced(ctx); h != "" {
		return h
	}
	for _, r := range relatives(p.ask.origin) {
		in, err := p.client.letsIn(ctx, p.target, p.ask, r.origin)
		if err != nil {
			return hint
		}
		if in {
			return r.hint
		}
	}
	return hint
}

// misplaced tells whether a middleware lets in the origin, but does not get to
// see one of preflight and request.
func (p *prober) misplaced(ctx context.Context) string {
	blocked := p.main.blocked
	if blocked.Stage == corstest.StagePreflight {
		for _, s := range p.samples {
			if allowOrigin(s.header) == p.ask.origin {
				return fmt.Sprintf("the middleware is not where the request goes: a GET of this URL lets in %s, but the preflight gets %d without "+
					"CORS headers; mount the middleware for the whole application, not on a group or a route, where it does not run for OPTIONS",
					p.ask.origin, blocked.Status)
			}
		}
		return ""
	}
	v := p.client.visit(ctx, p.target, p.ask, how{preflightOnly: true, forcePreflight: true})
	if v.err != nil || v.admitted() < public {
		return ""
	}
	return "the middleware is not where the request goes: it answers a preflight for this URL, but the response to the request has no CORS headers; " +
		"mount it before the routes: one that was added earlier does not get it"
}

// redirectHint says where a redirected preflight should have gone.
func (p *prober) redirectHint(hint string) string {
	e := p.main.preflight()
	location, err := url.Parse(e.ResponseHeader.Get("Location"))
	if err != nil {
		return hint
	}
	to, from := p.target.ResolveReference(location), *p.target
	request := fmt.Sprintf("request %s in the front end, or ", value(to.String()))
	secure := from
	secure.Scheme = "https"
	switch {
	case to.Host == from.Host && to.Path != from.Path && strings.TrimSuffix(to.Path, "/") == strings.TrimSuffix(from.Path, "/"):
		return "the redirect is about the trailing slash: " + request + "answer preflights before redirects"
	case to.Scheme == "https" && from.Scheme == "http" && to.Hostname() == from.Hostname():
		return "the redirect leads to https: " + request + "answer preflights before redirects"
	case e.Status == http.StatusFound || e.Status == http.StatusSeeOther:
		return fmt.Sprintf("the redirect leads to %s: if that is a login, authentication comes before CORS; mount CORS first, "+
			"since preflights carry no credentials", value(to.String()))
	}
	return fmt.Sprintf("the redirect leads to %s: %sanswer preflights before redirects", value(to.String()), request)
}
