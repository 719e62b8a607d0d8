package probe

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/polycors/polycors/core/corstest"
	"github.com/polycors/polycors/core/internal/advice"
	"github.com/polycors/polycors/core/internal/origin"
	"github.com/polycors/polycors/core/internal/show"
)

// betterHint looks for the cause of a refusal with further requests, because
// the refused response alone allows only a guess. It returns hint if it finds no
// cause.
func betterHint(ctx context.Context, p *prober, hint string) string {
	switch p.main.blocked.Issue {
	case corstest.IssuePreflightRedirect:
		return redirectHint(p, hint)
	case corstest.IssueMissingAllowOrigin, corstest.IssuePreflightMissingAllowOrigin,
		corstest.IssueAllowOriginMismatch, corstest.IssuePreflightAllowOriginMismatch:
	default:
		return hint
	}
	if h := misplacedHint(ctx, p); h != "" {
		return h
	}
	if h := relativeHint(ctx, p); h != "" {
		return h
	}
	return hint
}

// misplacedHint is for a middleware that allows the origin, but handles only
// the preflight or only the request.
func misplacedHint(ctx context.Context, p *prober) string {
	blocked := p.main.blocked
	if blocked.Stage == corstest.StagePreflight {
		for _, s := range p.samples {
			if allowOrigin(s.header) == p.fetch.Origin {
				return fmt.Sprintf("%s: the response to a GET of this URL allows %s, but the preflight gets %d without CORS headers; %s",
					advice.NotOnPath, p.fetch.Origin, blocked.Status, advice.NotOnARoute)
			}
		}
		return ""
	}
	v := p.visit(ctx, p.fetch, how{preflightOnly: true, forcePreflight: true})
	if v.err != nil || v.access() == none {
		return ""
	}
	return advice.NotOnPath + ": it answers a preflight for this URL, but the response to the request has no CORS headers; " +
		advice.MountForAll + ": routes that are added earlier do not use it"
}

// relativeHint tries the origins that people confuse with the user's.
func relativeHint(ctx context.Context, p *prober) string {
	page, ok := origin.Parse(p.fetch.Origin)
	if !ok {
		return ""
	}
	hints := [][2]string{{page.String() + "/", advice.TrailingSlash(page.String())}}
	for _, r := range advice.Relatives(page) {
		o := r.Origin.String()
		hints = append(hints, [2]string{o, advice.Refused(page, r.Relation, o, fmt.Sprintf("allow %q too", page))})
	}
	for _, h := range hints {
		switch allowed, err := p.repeats(ctx, h[0], p.fetch.Method); {
		case err != nil:
			return ""
		case allowed:
			return h[1]
		}
	}
	return ""
}

// redirectHint says where a redirected preflight should have gone.
func redirectHint(p *prober, hint string) string {
	e, from := p.main.preflight(), p.target
	location, err := url.Parse(e.ResponseHeader.Get("Location"))
	if err != nil {
		return hint
	}
	to := from.ResolveReference(location)
	shown := show.Plain(to.String(), show.Line)
	request := fmt.Sprintf("request %s in the front end, or %s", shown, advice.BeforeRedirects)
	switch {
	case to.Host == from.Host && to.Path != from.Path && strings.TrimSuffix(to.Path, "/") == strings.TrimSuffix(from.Path, "/"):
		return "the redirect is about the trailing slash: " + request
	case to.Scheme == "https" && from.Scheme == "http" && to.Hostname() == from.Hostname():
		return "the redirect leads to https: " + request
	case e.Status == http.StatusFound || e.Status == http.StatusSeeOther:
		return fmt.Sprintf("the redirect leads to %s; if that is a login, %s", shown, advice.AuthenticationFirst)
	}
	return fmt.Sprintf("the redirect leads to %s: %s", shown, request)
}
