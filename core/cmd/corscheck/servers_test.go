package main

import (
	"net/http"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/httpcors"
)

// shop is a policy without mistakes.
func shop() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "http://localhost:3000"},
		AllowMethods:     []string{"GET", "PUT"},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
		MaxAge:           2 * time.Hour,
	}
}

// items is an API without CORS.
func items() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/1", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("PUT /items/1", func(http.ResponseWriter, *http.Request) {})
	return mux
}

// with adds headers to all responses.
func with(h http.Handler, headers ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < len(headers); i += 2 {
			w.Header().Add(headers[i], headers[i+1])
		}
		h.ServeHTTP(w, r)
	})
}

// compares allows the origins for which ok returns true, with credentials.
func compares(ok func(origin string) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Origin")
		if o := r.Header.Get("Origin"); o != "" && ok(o) {
			w.Header().Set("Access-Control-Allow-Origin", o)
			w.Header().Set("Access-Control-Allow-Credentials", "true")
			w.Header().Set("Access-Control-Allow-Methods", "PUT")
		}
	})
}

// byMethod sends preflights, and all other OPTIONS requests, to another handler.
func byMethod(options, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			options.ServeHTTP(w, r)
		} else {
			others.ServeHTTP(w, r)
		}
	})
}

// redirects redirects every request to the URL that to returns.
func redirects(status int, to func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to(r), status) })
}

// servers returns the servers of the scripts by their names.
func servers() map[string]http.Handler {
	const mine = "https://app.myapp.com"
	good := httpcors.New(shop())(items())
	return map[string]http.Handler{
		"shop":              good,
		"items":             items(),
		"public":            httpcors.AllowAll()(items()),
		"other":             httpcors.New(cors.Config{AllowOrigins: []string{"https://a.example"}})(items()),
		"not-found":         http.NotFoundHandler(),
		"unauthorized":      http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }),
		"route-only":        byMethod(http.NotFoundHandler(), good),
		"preflight-only":    byMethod(good, items()),
		"redirect-slash":    redirects(http.StatusMovedPermanently, func(r *http.Request) string { return r.URL.Path + "/" }),
		"redirect-https":    redirects(http.StatusPermanentRedirect, func(r *http.Request) string { return "https://" + r.Host + r.URL.Path }),
		"redirect-login":    http.RedirectHandler("/login", http.StatusFound),
		"fixed-origin":      with(items(), "Access-Control-Allow-Origin", "https://myapp.com"),
		"max-age-with-unit": with(compares(func(string) bool { return true }), "Access-Control-Max-Age", "600s"),
		"two-middlewares":   with(httpcors.New(shop())(with(items(), "Access-Control-Allow-Origin", "*")), "Vary", "Accept"),
		"star-with-credentials": with(items(), "Access-Control-Allow-Origin", "*",
			"Access-Control-Allow-Credentials", "true"),
		"no-vary": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if o := r.Header.Get("Origin"); o == "https://myapp.com" {
				w.Header().Set("Access-Control-Allow-Origin", o)
			}
		}),

		"trailing-slash": compares(func(o string) bool { return o == "https://myapp.com/" }),
		"every-origin":   compares(func(string) bool { return true }),
		"null-too":       compares(func(o string) bool { return o == mine || o == "null" }),
		"prefix":         compares(func(o string) bool { return strings.HasPrefix(o, mine) }),
		"suffix":         compares(func(o string) bool { return strings.HasPrefix(o, "https") && strings.HasSuffix(o, mine[8:]) }),
		"any-scheme":     compares(func(o string) bool { return o == mine || o == "http"+mine[5:] }),
		"unescaped-dot": compares(func(o string) bool {
			return len(o) == len(mine) && strings.HasPrefix(o, "https://app") && strings.HasSuffix(o, "myapp.com")
		}),
		"subdomains": compares(func(o string) bool {
			return o == mine || strings.HasPrefix(o, "https://") && strings.HasSuffix(o, "."+mine[8:])
		}),
	}
}
