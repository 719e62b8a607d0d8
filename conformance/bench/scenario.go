package bench

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A Scenario is a request to an app that has a policy.
type Scenario struct {
	Name   string
	Policy Policy
	Request

	// Earlier is what the response has from earlier middleware.
	Earlier http.Header

	// Normal names the scenario of which this one is the hostile version: same
	// in kind, and meant to cost about the same.
	Normal string
	// Common marks what apps meet every day. The chart is about these.
	Common bool
}

// A Request is what a policy looks at.
type Request struct {
	Method string
	Header http.Header
}

// A Policy is what all stacks are configured with, each in its own terms.
type Policy struct {
	Origins     func() []string // "*" alone: any
	Methods     []string
	Headers     []string // "*": whatever is asked for
	Credentials bool
	MaxAge      time.Duration
}

const (
	path       = "/items"
	origin     = "https://myapp.com"
	subdomain  = "https://shop.eu.myapp.com"
	subdomains = "https://*.myapp.com"
	stranger   = "https://evil.example"
	huge       = 512 << 10
)

// Tenant returns the i-th of many exact origins.
func Tenant(i int) string { return fmt.Sprintf("https://tenant-%07d.example.com", i) }

// Tenants returns a list of n exact origins.
func Tenants(n int) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = Tenant(i)
	}
	return list
}

func one(entry string) func() []string { return func() []string { return []string{entry} } }

func many(n int) func() []string {
	return sync.OnceValue(func() []string { return Tenants(n) })
}

// Scenarios returns the rows of the table.
func Scenarios() []Scenario {
	base := Policy{
		Origins:     one(origin),
		Methods:     []string{"GET", "POST", "PUT", "DELETE"},
		Headers:     []string{"Content-Type", "Authorization"},
		Credentials: true,
		MaxAge:      24 * time.Hour,
	}
	with := func(change func(*Policy)) Policy {
		p := base
		change(&p)
		return p
	}
	of := func(origins func() []string) Policy {
		return with(func(p *Policy) { p.Origins = origins })
	}
	anyOrigin := with(func(p *Policy) { p.Origins, p.Credentials = one("*"), false })
	anyHeader := with(func(p *Policy) { p.Headers = []string{"*"} })
	listed, asked := "authorization,content-type", "x-request-id,x-trace-id"

	return []Scenario{
		{Name: "no-origin", Policy: base, Common: true, Request: get("")},
		{Name: "allowed-1", Policy: base, Common: true, Request: get(origin)},
		{Name: "allowed-100", Policy: of(many(100)), Common: true, Request: get(Tenant(50))},
		{Name: "allowed-100k", Policy: of(many(100_000)), Request: get(Tenant(50_000))},
		{Name: "allowed-after-others", Policy: base, Common: true, Request: get(origin), Earlier: earlier()},
		{Name: "subdomain", Policy: of(one(subdomains)), Common: true, Request: get(subdomain)},
		{Name: "refused", Policy: base, Common: true, Request: get(stranger)},
		{Name: "any-origin", Policy: anyOrigin, Common: true, Request: get(origin)},
		{Name: "preflight-allowed", Policy: base, Common: true, Request: preflight(origin, listed)},
		{Name: "preflight-refused", Policy: base, Common: true, Request: preflight(stranger, listed)},
		{Name: "headers-reflected", Policy: anyHeader, Common: true, Request: preflight(origin, asked)},

		{Name: "hostile-header-list", Policy: base, Normal: "preflight-allowed", Request: preflight(origin, strings.Repeat("a,", huge/2))},
		{Name: "hostile-reflected", Policy: anyHeader, Normal: "headers-reflected", Request: preflight(origin, strings.Repeat("a,", huge/2))},
		{Name: "hostile-long-origin", Policy: base, Normal: "refused", Request: get("https://" + strings.Repeat("a", huge) + ".myapp.com")},
		{Name: "hostile-many-labels", Policy: of(one(subdomains)), Normal: "subdomain", Request: get("https://" + strings.Repeat("a.", 10_000) + "myapp.com")},
	}
}

// earlier returns the headers that middleware for compression, request ids and
// security sets.
func earlier() http.Header {
	return http.Header{
		"Cache-Control":             {"no-store"},
		"Content-Type":              {"application/json"},
		"Strict-Transport-Security": {"max-age=63072000"},
		"Vary":                      {"Accept-Encoding"},
		"X-Content-Type-Options":    {"nosniff"},
		"X-Request-Id":              {"0193c5a4-5d5b-7cc0-8f3e-3f0a5e9d2b71"},
	}
}

func get(origin string) Request {
	r := Request{Method: http.MethodGet, Header: http.Header{}}
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	return r
}

func preflight(origin, headers string) Request {
	return Request{Method: http.MethodOptions, Header: http.Header{
		"Origin":                         {origin},
		"Access-Control-Request-Method":  {http.MethodPut},
		"Access-Control-Request-Headers": {headers},
	}}
}

// isPreflight: all OPTIONS requests here are.
func (s *Scenario) isPreflight() bool { return s.Method == http.MethodOptions }

func (p *Policy) anyOrigin() bool { return p.Origins()[0] == "*" }

func (p *Policy) anyHeader() bool { return slices.Contains(p.Headers, "*") }

// hasPattern reports whether the policy is about subdomains.
func (p *Policy) hasPattern() bool { return strings.Contains(p.Origins()[0], "*.") }

// Config is the policy in the terms of polycors.
func (p *Policy) Config() cors.Config {
	return cors.Config{
		AllowOrigins:     p.Origins(),
		AllowMethods:     p.Methods,
		AllowHeaders:     p.Headers,
		AllowCredentials: p.Credentials,
		MaxAge:           p.MaxAge,
	}
}
