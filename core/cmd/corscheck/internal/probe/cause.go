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

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

// cause says why the request is refused, and what to change. It may send further
// requests, because the refused response alone often has several explanations. It
// returns "" if it does not know more than package corstest.
func (p *prober) cause(ctx context.Context) string { return p.causeOf(ctx, &p.main) }

// causeOf is the same for any visit of the user's page.
func (p *prober) causeOf(ctx context.Context, v *visit) string {
	e := v.last()
	if e == nil || e.URL != v.blocked.URL {
		return ""
	}
	if e.URL != p.target.String() {
		return p.afterRedirect(ctx, v, e)
	}
	switch v.blocked.Issue {
	case corstest.IssuePreflightRedirect:
		return redirectHint(e)
	case corstest.IssueMissingAllowOrigin:
		return p.bareResponse(ctx, e, v.preflight() != nil)
	case corstest.IssuePreflightMissingAllowOrigin:
		return p.barePreflight(ctx, e)
	case corstest.IssueAllowOriginMismatch, corstest.IssuePreflightAllowOriginMismatch:
		return p.mismatch(ctx, v, e)
	case corstest.IssueInvalidAllowOrigin, corstest.IssuePreflightInvalidAllowOrigin:
		return invalidValue(allowOrigin(e.ResponseHeader), v.blocked.Origin)
	case corstest.IssueMultipleAllowOrigin, corstest.IssuePreflightMultipleAllowOrigin:
		return severalValues(e.ResponseHeader, v.blocked.Origin)
	case corstest.IssuePreflightStatus:
		return preflightStatusHint(e)
	case corstest.IssueInvalidAllowMethods, corstest.IssueInvalidAllowHeaders:
		return ""
	}
	return remedy(e, p.fetch, v.blocked.Origin)
}

// afterRedirect is for a response of the URL that a redirect leads to.
func (p *prober) afterRedirect(ctx context.Context, v *visit, e *corstest.Exchange) string {
	u, err := url.Parse(e.URL)
	if err != nil {
		return ""
	}
	if origin.OfURL(u) != origin.OfURL(p.target) {
		return fmt.Sprintf("the server redirects to %s, which does not allow the page: request that URL directly, and allow the page there; "+
			"if it is a login, respond with 401 instead of the redirect, and let the page open the login", show.Plain(e.URL, show.Line))
	}
	if u.String() != e.URL {
		return ""
	}
	there := *p
	there.client, there.samples = &client{p.transport, u, p.page}, nil
	there.main = visit{exchanges: []corstest.Exchange{*e}, blocked: v.blocked}
	there.visitGET(ctx)
	return there.causeOf(ctx, &there.main)
}

// bareResponse is for a response to an actual request without CORS headers. asked
// is true if a preflight allowed the request.
func (p *prober) bareResponse(ctx context.Context, e *corstest.Exchange, asked bool) string {
	if h := gatewayHint(e); h != "" {
		return h
	}
	if e.Status >= 300 && e.Status < 400 {
		return advice.RedirectFirst
	}
	answered := policyAnswered(e.ResponseHeader)
	if h := guardHint(e); h != "" && !answered {
		return h
	}
	if !asked {
		v := p.visit(ctx, p.fetch, how{preflightOnly: true, forcePreflight: true})
		asked = v.access() != none
	}
	switch {
	case asked && e.Status >= 400:
		return fmt.Sprintf("the preflight is allowed, but the response with status %d has no CORS headers: %s", e.Status, errorHint(e))
	case asked && answered:
		return fmt.Sprintf("the preflight is allowed, but the response does not allow the origin: another policy answers it, "+
			"or something removes the header; list %q there too", p.fetch.Origin)
	case asked:
		return advice.NotOnPath + ": it answers a preflight for this URL, but the response to the request has no CORS headers; " +
			advice.MountForAll + ": routes that are added earlier do not use it" + inNGINX(e)
	}
	if h := p.relativeHint(ctx); h != "" {
		return h
	}
	if answered {
		return p.listHint()
	}
	if h := p.rejectedHint(ctx); h != "" {
		return h
	}
	switch {
	case e.Status >= 400:
		return fmt.Sprintf("the response with status %d has no CORS headers: check the URL; %s", e.Status, errorHint(e))
	case strings.HasPrefix(e.ResponseHeader.Get("Content-Type"), "text/html"):
		return "the response is an HTML page without CORS headers: the URL may reach a front end or a login instead of the API; " +
			"if it is the API, " + advice.MountForAll + ", and list the origin" + inNGINX(e)
	case isNGINX(e.ResponseHeader):
		return "the response does not come through the CORS middleware, or the origin is not allowed: " + advice.MountForAll +
			", and list the origin" + inNGINX(e)
	}
	return ""
}

// barePreflight is for a preflight without CORS headers.
func (p *prober) barePreflight(ctx context.Context, e *corstest.Exchange) string {
	if h := gatewayHint(e); h != "" {
		return h
	}
	if h := p.refusedDetail(ctx); h != "" {
		return h
	}
	if policyAnswered(e.ResponseHeader) {
		if h := p.relativeHint(ctx); h != "" {
			return h
		}
		return p.listHint()
	}
	if h := guardHint(e); h != "" {
		return h
	}
	if h := p.rejectedHint(ctx); h != "" {
		return h
	}
	get := p.get.response()
	if get != nil && p.get.access() != none {
		return fmt.Sprintf("%s: the response to a GET of this URL allows %s, but the preflight gets %d without CORS headers; %s",
			advice.NotOnPath, p.fetch.Origin, e.Status, elsewhere(e.Status)) + inNGINX(e)
	}
	if h := p.relativeHint(ctx); h != "" {
		return h
	}
	if get != nil && policyAnswered(get.ResponseHeader) {
		return fmt.Sprintf("%s: the preflight gets %d without CORS headers; %s, and list %q, if it is yours",
			advice.NotOnPath, e.Status, elsewhere(e.Status), p.fetch.Origin)
	}
	return routerHint(e.Status)
}

// elsewhere says where the middleware belongs if something else answers preflights
// with a status.
func elsewhere(status int) string {
	switch {
	case status < 300, status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		return advice.NotOnARoute
	}
	return "something before it answers: " + advice.MountFirst
}

// refusedDetail is for policies that answer without any CORS headers if only the
// method or a header is not allowed. Such policies allow a preflight that
// requests less.
func (p *prober) refusedDetail(ctx context.Context) string {
	allows := func(method string, h http.Header) bool {
		f := script.Fetch{Origin: p.fetch.Origin, Method: method, Header: h}
		v := p.visit(ctx, f, how{preflightOnly: true, forcePreflight: true})
		return v.err == nil && v.blocked == nil
	}
	e := p.main.preflight()
	if e == nil {
		return ""
	}
	var lists []string
	method := p.fetch.Method
	if !allows(method, nil) {
		if method == http.MethodGet || !allows(http.MethodGet, nil) {
			return ""
		}
		lists = append(lists, fmt.Sprintf("%q to its methods", method))
		method = http.MethodGet
	}
	const most = 10
	var names []string
	asked := requestedHeaders(e)
	for _, name := range asked[:min(len(asked), most)] {
		name = http.CanonicalHeaderKey(name)
		if !allows(method, http.Header{name: p.fetch.Header.Values(name)}) {
			names = append(names, fmt.Sprintf("%q", name))
		}
	}
	if len(names) > 0 {
		lists = append(lists, strings.Join(names, ", ")+" to its headers")
	}
	if len(lists) == 0 {
		return ""
	}
	return "the policy allows the origin, but not this request, for which it leaves out all CORS headers: add " + strings.Join(lists, ", and ")
}

// listHint is for a policy that answers, and does not allow the origin.
func (p *prober) listHint() string {
	if p.fetch.Origin == "null" {
		return advice.NullOrigin
	}
	return fmt.Sprintf("the policy that answers does not allow the origin: list %q, if it is yours; "+
		"if it is listed, the request reaches another group's policy", p.fetch.Origin)
}

// rejectedHint is for a policy that answers with an error, and no CORS headers, if
// it does not allow the origin.
func (p *prober) rejectedHint(ctx context.Context) string {
	e := p.get.response()
	if e == nil || e.Status < 400 || allowOrigin(e.ResponseHeader) != "" {
		return ""
	}
	_, status, err := p.headers(ctx, http.MethodGet, nil)
	if err != nil || status >= 400 && (e.Status != http.StatusForbidden || status == http.StatusForbidden) {
		return ""
	}
	if h := p.relativeHint(ctx); h != "" {
		return h
	}
	return fmt.Sprintf("the server rejects the origin: it responds with %d to a GET from it, and with %d to one without Origin; "+
		"list %q, if it is yours", e.Status, status, p.fetch.Origin)
}

// relativeHint tries the origins that people confuse with the user's.
func (p *prober) relativeHint(ctx context.Context) string {
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

// mismatch is for a response that names another origin.
func (p *prober) mismatch(ctx context.Context, v *visit, e *corstest.Exchange) string {
	got, page := strings.Trim(allowOrigin(e.ResponseHeader), " \t"), v.blocked.Origin
	switch {
	case page == "null":
		return advice.NullOrigin
	case got == page+"/":
		return fmt.Sprintf("the server sends a trailing slash: send exactly %q", page)
	case strings.EqualFold(got, page):
		return fmt.Sprintf("the server changes upper and lower case: send exactly %q", page)
	case strings.HasPrefix(got, page+"/"):
		return fmt.Sprintf("an origin has no path: send exactly %q", page)
	case strings.Contains(got, "*"):
		return invalidValue(got, page)
	}
	if !e.Preflight {
		f := script.Fetch{Origin: page, Method: http.MethodGet, Credentials: p.fetch.Credentials}
		preflight := p.visit(ctx, f, how{preflightOnly: true, forcePreflight: true})
		if preflight.access() != none {
			return fmt.Sprintf("the preflight names %s, but the response names %s: %s", page, show.Quoted(got), advice.StoredHeaders)
		}
	}
	h, _, err := p.headers(ctx, http.MethodGet, http.Header{"Origin": {anyStranger}})
	if err == nil && strings.Trim(allowOrigin(h), " \t") == got {
		return fmt.Sprintf("the server sends %s to every origin: let it compare the origin of the request with a list, "+
			"and send it back with Vary: Origin; list %q", show.Quoted(got), page)
	}
	return fmt.Sprintf("send exactly the origin of the request, %q, if it is in your list", page)
}

// invalidValue is for a header that is not an origin.
func invalidValue(got, page string) string {
	exact := fmt.Sprintf("send one origin, %q, or * without credentials", page)
	switch {
	case strings.TrimSpace(got) == "":
		return "the header is empty, as it is if a variable is not set: " + exact
	case strings.Contains(got, "*"):
		return fmt.Sprintf("browsers know no patterns such as %s: let the server compare the origin of the request with the pattern, and %s",
			show.Quoted(got), exact)
	case !strings.Contains(got, "://"):
		return fmt.Sprintf("%s has no scheme such as https://: %s", show.Quoted(got), exact)
	}
	return exact
}

// severalValues is for a header with several origins, in one line or in several.
func severalValues(h http.Header, page string) string {
	lines := h.Values("Access-Control-Allow-Origin")
	if len(lines) == 1 {
		return fmt.Sprintf("the header holds a list, but browsers accept one origin: let the server compare the origin of the request "+
			"with the list, and send only %q", page)
	}
	fix := "let only one of them add it"
	if isNGINX(h) {
		fix += "; in nginx, proxy_hide_header Access-Control-Allow-Origin removes the header of the server behind"
	}
	return "two things add the header, such as a proxy and the server behind it, or two middlewares: " + fix
}
