package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A Scenario is a request to an app.
type Scenario struct {
	Name    string
	Request *http.Request

	// Earlier has the headers that earlier middleware has set on the response.
	Earlier http.Header

	// Normal names the normal version of a hostile scenario: the two should cost
	// about the same.
	Normal string
	// Common marks scenarios that apps meet every day. The chart shows only these.
	Common bool

	setup setup
}

// A setup is the configuration of every stack, in terms that all of them have.
type setup struct {
	origins     func() []string // "*" alone: any
	methods     []string
	headers     []string // "*": any
	credentials bool
	maxAge      time.Duration
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

// Scenarios returns the scenarios that are measured.
func Scenarios() []Scenario {
	base := setup{
		origins:     one(origin),
		methods:     []string{"GET", "POST", "PUT", "DELETE"},
		headers:     []string{"Content-Type", "Authorization"},
		credentials: true,
		maxAge:      24 * time.Hour,
	}
	allowing := func(origins func() []string) setup {
		s := base
		s.origins = origins
		return s
	}
	anyOrigin, anyHeader := allowing(one("*")), base
	anyOrigin.credentials = false
	anyHeader.headers = []string{"*"}
	listed, unlisted := "authorization,content-type", "x-request-id,x-trace-id"
	commas := strings.Repeat("a,", huge/2)
	longOrigin := "https://" + strings.Repeat("a", huge) + ".myapp.com"
	manyLabels := "https://" + strings.Repeat("a.", 10_000) + "myapp.com"

	return []Scenario{
		{Name: "no-origin", setup: base, Common: true, Request: get("")},
		{Name: "allowed-1", setup: base, Common: true, Request: get(origin)},
		{Name: "allowed-100", setup: allowing(many(100)), Common: true, Request: get(Tenant(50))},
		{Name: "allowed-100k", setup: allowing(many(100_000)), Request: get(Tenant(50_000))},
		{Name: "allowed-after-others", setup: base, Common: true, Request: get(origin), Earlier: earlier()},
		{Name: "subdomain", setup: allowing(one(subdomains)), Common: true, Request: get(subdomain)},
		{Name: "refused", setup: base, Common: true, Request: get(stranger)},
		{Name: "any-origin", setup: anyOrigin, Common: true, Request: get(origin)},
		{Name: "preflight-allowed", setup: base, Common: true, Request: preflight(origin, listed)},
		{Name: "preflight-refused", setup: base, Common: true, Request: preflight(stranger, listed)},
		{Name: "headers-reflected", setup: anyHeader, Common: true, Request: preflight(origin, unlisted)},

		{Name: "hostile-header-list", setup: base, Normal: "preflight-allowed", Request: preflight(origin, commas)},
		{Name: "hostile-reflected", setup: anyHeader, Normal: "headers-reflected", Request: preflight(origin, commas)},
		{Name: "hostile-long-origin", setup: base, Normal: "refused", Request: get(longOrigin)},
		{Name: "hostile-many-labels", setup: allowing(one(subdomains)), Normal: "subdomain", Request: get(manyLabels)},
	}
}

// earlier returns headers that middleware for compression, request ids and
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

func get(origin string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://api.myapp.com"+path, nil)
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	return r
}

func preflight(origin, headers string) *http.Request {
	r := get(origin)
	r.Method = http.MethodOptions
	r.Header.Set(requestMethod, http.MethodPut)
	r.Header.Set(requestHeaders, headers)
	return r
}

// isPreflight reports whether the request is a preflight, as every OPTIONS
// request here is.
func (s *Scenario) isPreflight() bool { return s.Request.Method == http.MethodOptions }

func (s *setup) anyOrigin() bool { return s.origins()[0] == "*" }

func (s *setup) anyHeader() bool { return slices.Contains(s.headers, "*") }

// hasPattern reports whether the setup allows subdomains.
func (s *setup) hasPattern() bool { return strings.Contains(s.origins()[0], "*.") }

func (s *setup) seconds() int { return int(s.maxAge / time.Second) }

// config returns the setup as a configuration of polycors.
func (s *setup) config() cors.Config {
	return cors.Config{
		AllowOrigins:     s.origins(),
		AllowMethods:     s.methods,
		AllowHeaders:     s.headers,
		AllowCredentials: s.credentials,
		MaxAge:           s.maxAge,
	}
}
