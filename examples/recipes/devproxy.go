package recipes

import (
	"net/http"
	"net/http/httputil"
	"net/url"
)

// Recipe 13: no CORS at all in development. In Create React App, "proxy" in
// package.json; in Vite, server.proxy. The browser sees one origin, behind
// which a proxy gives /api/ to the API, and everything else to the front end's
// server. In production the same API is on another origin, and has a policy.

// DevProxy is one origin for a front end and its API. The cookies of the API
// become those of the proxy, too.
//
//	front, _ := url.Parse("http://localhost:5173")
//	api, _ := url.Parse("http://localhost:8080")
//	http.ListenAndServe("localhost:3000", recipes.DevProxy(front, api))
func DevProxy(frontEnd, api *url.URL) *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("/api/", proxyTo(api))
	mux.Handle("/", proxyTo(frontEnd))
	return mux
}

// proxyTo keeps the Host of the request, from which the API can tell that its
// Origin is the server's own.
func proxyTo(target *url.URL) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		r.SetXForwarded()
	}}
}

// Gateway is a proxy that stands behind a policy of ours, in front of a server
// that may set CORS headers of its own. Both together would be two
// Access-Control-Allow-Origin lines, which browsers refuse; and whatever else
// the upstream allows is not ours to pass on. Its Vary stays. Mount it by
// [GinHTTP], [EchoHTTP], [FiberHTTP] or [ChiHTTP].
//
// In fiber, the middleware "proxy" will not do after a policy: it replaces the
// whole response, headers and all.
func Gateway(upstream *url.URL) *httputil.ReverseProxy {
	proxy := proxyTo(upstream)
	proxy.ModifyResponse = func(res *http.Response) error {
		for _, name := range []string{
			"Access-Control-Allow-Origin",
			"Access-Control-Allow-Credentials",
			"Access-Control-Allow-Methods",
			"Access-Control-Allow-Headers",
			"Access-Control-Expose-Headers",
			"Access-Control-Max-Age",
		} {
			res.Header.Del(name)
		}
		return nil
	}
	return proxy
}
