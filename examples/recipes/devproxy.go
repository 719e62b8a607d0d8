package recipes

import (
	"net/http"
	"net/http/httputil"
	"net/url"

	"github.com/polycors/polycors/core/httpcors"
)

// Recipe 13: no CORS in development. In Create React App, "proxy" in
// package.json; in Vite, server.proxy. The browser sees one origin. A proxy
// sends /api/ to the API and everything else to the server of the front end.

// DevProxy makes one origin of a front end and its API. The cookies of the API
// become cookies of the proxy too.
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

// proxyTo returns a proxy that keeps the Host of the request. The API compares
// it with Origin and recognizes the request as same-origin.
func proxyTo(target *url.URL) *httputil.ReverseProxy {
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(target)
		r.Out.Host = r.In.Host
		r.SetXForwarded()
	}}
}

// Gateway is a proxy to mount behind a policy, in front of a server that sets
// CORS headers itself. It removes them: browsers refuse two lines of
// Access-Control-Allow-Origin, and the policy alone decides what is allowed. It
// keeps Vary.
//
// In fiber, the middleware "proxy" replaces the whole response. It needs none of
// this: the policy writes its headers again after the handler.
func Gateway(upstream *url.URL) *httputil.ReverseProxy {
	proxy := proxyTo(upstream)
	proxy.ModifyResponse = httpcors.StripResponse
	return proxy
}
