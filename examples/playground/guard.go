package main

import (
	"net/http"
	"slices"
	"strings"
)

// guard protects the server on the developer's machine from other sites. The Host
// header must be the server's own: a name of another site that resolves to loopback
// is refused. No page of another origin can change anything, and none can read
// anything, as there are no CORS headers here.
func guard(hosts []string, csp string, next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !slices.Contains(hosts, r.Host) {
			http.Error(w, "unknown host", http.StatusMisdirectedRequest)
			return
		}
		if err := sameOrigin.Check(r); err != nil {
			http.Error(w, "the request is from another origin", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", csp)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

// pagePolicy is the Content-Security-Policy of the page.
func (p *playground) pagePolicy() string {
	var frames []string
	for _, page := range p.pages {
		if !page.Sandbox {
			frames = append(frames, page.Origin)
		}
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'",
		"frame-src " + strings.Join(frames, " "),
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
	}, "; ")
}

// framePolicy is the Content-Security-Policy of a front end. It names the origin,
// because that of a sandboxed frame is null.
func (p *playground) framePolicy(origin string) string {
	connect := make([]string, len(p.apis))
	for i, a := range p.apis {
		connect[i] = a.URL
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src " + origin, "connect-src " + strings.Join(connect, " "),
		"base-uri 'none'", "form-action 'none'", "frame-ancestors " + p.url, "require-trusted-types-for 'script'",
	}, "; ")
}
