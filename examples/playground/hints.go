package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/examples/playground/internal/snippets"
)

// explain says what polycors says about a request. The preflight's header names
// are those that the browser sent or, if it sent none, those it would send.
func explain(policy *cors.Policy, r snippets.Request, requestHeaders string) cors.Explanation {
	ctx := context.Background()
	if r.NeedsPreflight() {
		e := policy.Explain(ctx, cors.Request{
			Method: http.MethodOptions, Origin: r.Page, RequestMethod: r.SentMethod(), RequestHeaders: requestHeaders,
			FetchSite: "cross-site", Credentials: r.Credentials,
		})
		if !e.Allowed {
			return e
		}
	}
	return policy.Explain(ctx, cors.Request{Method: r.SentMethod(), Origin: r.Page, FetchSite: "cross-site", Credentials: r.Credentials})
}

// hiddenHeader explains that a script may not read a header of the response.
func hiddenHeader(policy *cors.Policy, r snippets.Request) (message, hint string, ok bool) {
	cfg := policy.Config()
	if r.Reads == "" || isSafelistedResponse(r.Reads) ||
		slices.ContainsFunc(cfg.ExposeHeaders, func(h string) bool { return h == "*" || strings.EqualFold(h, r.Reads) }) {
		return "", "", false
	}
	name := http.CanonicalHeaderKey(r.Reads)
	return fmt.Sprintf("the script gets the response, but the header %q is hidden from it", name),
		fmt.Sprintf("add %q to ExposeHeaders", name), true
}

// isSafelistedResponse reports whether scripts may read a response header without
// permission.
//
// https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
func isSafelistedResponse(name string) bool {
	switch strings.ToLower(name) {
	case "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma":
		return true
	}
	return false
}

// hintFixes returns the changes to the policy and the request that a hint speaks
// of, if the request gets further with them.
func (p *playground) hintFixes(r snippets.Request, e cors.Explanation) []fix {
	cfg := p.policy.Config()
	fixes := []fix{}
	policy := func(label string, edit func(*cors.Config)) {
		edited := clone(cfg)
		edit(&edited)
		changed, err := cors.New(edited)
		if err != nil {
			return
		}
		data, err := encode(edited)
		if err == nil && explain(changed, r, r.PreflightHeaders()).String() != e.String() {
			fixes = append(fixes, fix{Label: label, Policy: data})
		}
	}
	request := func(label string, edit func(*snippets.Request)) {
		edited := r
		edit(&edited)
		if explain(p.policy, edited, edited.PreflightHeaders()).String() != e.String() {
			fixes = append(fixes, fix{Label: label, Request: &edited})
		}
	}
	switch e.Reason {
	case cors.ReasonOriginRefused:
		policy(fmt.Sprintf("Add %q to AllowOrigins", r.Page), func(c *cors.Config) { c.AllowOrigins = append(c.AllowOrigins, r.Page) })
		if o := p.allowedPage(); o != "" {
			request("Open the page at "+o, func(r *snippets.Request) { r.Page = o })
		}
	case cors.ReasonOriginNull:
		if o := p.allowedPage(); o != "" {
			request("Serve the page from "+o, func(r *snippets.Request) { r.Page = o })
		}
	case cors.ReasonCredentials:
		if slices.Contains(cfg.AllowOrigins, "*") {
			policy(fmt.Sprintf(`List %q instead of "*", and set AllowCredentials`, r.Page), func(c *cors.Config) {
				c.AllowOrigins, c.AllowCredentials = []string{r.Page}, true
			})
		} else {
			policy("Set AllowCredentials to true", func(c *cors.Config) { c.AllowCredentials = true })
		}
		request("Send no credentials", func(r *snippets.Request) { r.Credentials = false })
	case cors.ReasonMethodRefused:
		upper := strings.ToUpper(r.Method)
		if upper != r.SentMethod() {
			request(fmt.Sprintf("Write %q in the request", upper), func(r *snippets.Request) { r.Method = upper })
		} else {
			policy(fmt.Sprintf("Add %q to AllowMethods", upper), func(c *cors.Config) { c.AllowMethods = append(methodsOf(c), upper) })
		}
	case cors.ReasonHeaderRefused:
		missing := refusedHeaders(p.policy, r)
		policy("Add "+quotedList(missing)+" to AllowHeaders", func(c *cors.Config) { c.AllowHeaders = append(c.AllowHeaders, missing...) })
	}
	return fixes
}

// allowedPage returns the first origin of the playground that the policy allows.
func (p *playground) allowedPage() string {
	for _, page := range p.pages {
		if ok, err := p.policy.AllowsOrigin(context.Background(), page.Origin); ok && err == nil && !page.Sandbox {
			return page.Origin
		}
	}
	return ""
}

// methodsOf returns the methods that a Config allows, also if it lists none.
func methodsOf(c *cors.Config) []string {
	if c.AllowMethods == nil {
		return []string{"GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"}
	}
	return c.AllowMethods
}

// refusedHeaders returns the names that are missing in AllowHeaders.
func refusedHeaders(policy *cors.Policy, r snippets.Request) (names []string) {
	for name := range strings.SplitSeq(r.PreflightHeaders(), ",") {
		if e := explain(policy, r, name); e.Reason == cors.ReasonHeaderRefused {
			names = append(names, http.CanonicalHeaderKey(name))
		}
	}
	return names
}

func quotedList(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return and(quoted)
}

// exposeFix is the fix for a hidden header.
func (p *playground) exposeFix(r snippets.Request) []fix {
	cfg := clone(p.policy.Config())
	cfg.ExposeHeaders = append(cfg.ExposeHeaders, http.CanonicalHeaderKey(r.Reads))
	if _, err := cors.New(cfg); err != nil {
		return []fix{}
	}
	data, err := encode(cfg)
	if err != nil {
		return []fix{}
	}
	return []fix{{Label: fmt.Sprintf("Add %q to ExposeHeaders", http.CanonicalHeaderKey(r.Reads)), Policy: data}}
}
