package recipes

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// apis is an API that rejects strangers.
func apis() []server {
	return byPath(cors.Paths{"/": must(cors.New(cors.Config{
		AllowOrigins:     []string{myApp},
		AllowHeaders:     []string{"Content-Type"},
		AllowCredentials: true,
		RejectDisallowed: true,
	}))}, "/api/items")
}

// via makes a proxy send its requests to servers without a network.
func via(proxy *httputil.ReverseProxy, servers map[string]http.RoundTripper) *httputil.ReverseProxy {
	proxy.Transport = corstest.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
		return servers[req.URL.Host].RoundTrip(req)
	})
	return proxy
}

// devProxy is recipe 13 in front of an API.
func devProxy(api http.RoundTripper) http.RoundTripper {
	mux := DevProxy(must(url.Parse("http://front.internal:5173")), must(url.Parse("http://api.internal:8080")))
	servers := map[string]http.RoundTripper{
		"front.internal:5173": corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "front end") })),
		"api.internal:8080":   api,
	}
	for _, path := range []string{"/api/", "/"} {
		handler, _ := mux.Handler(&http.Request{Method: "GET", URL: &url.URL{Path: path}})
		via(handler.(*httputil.ReverseProxy), servers)
	}
	return corstest.Handler(mux)
}

func TestDevProxy(t *testing.T) {
	forEach(t, apis(), func(t *testing.T, api http.RoundTripper) {
		page := withCookies("http://localhost:3000", devProxy(api))
		page.Server = "http://localhost:3000" // one origin for both
		if res := corstest.Allows(t, page, "PUT", "/api/items", "Content-Type: application/json"); res.StatusCode != 204 {
			t.Errorf("status %d, want 204: the request is same-origin for the API", res.StatusCode)
		}
		res := corstest.Allows(t, page, "GET", "/index.html")
		if body, err := io.ReadAll(res.Body); err != nil || string(body) != "front end" {
			t.Errorf("body %q, %v", body, err)
		}
		if page.Preflights() != 0 {
			t.Errorf("%d preflights, want none within one origin", page.Preflights())
		}
	})
}

func TestDevProxyStrangers(t *testing.T) {
	forEach(t, apis(), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/api/items", "Content-Type: application/json")
		corstest.RefusesWith(t, withCookies("http://localhost:3000", api), noOriginPreflight, "PUT", "/api/items")
		corstest.RefusesWith(t, withCookies(evil, devProxy(api)), noOriginPreflight, "PUT", "/api/items")
		corstest.RefusesWith(t, withCookies(evil, devProxy(api)), noOrigin, "POST", "/api/items")
	})
}

// upstreams is a proxy in front of a server that sets CORS headers.
func upstreams(proxy func(*url.URL) *httputil.ReverseProxy) []server {
	upstream := corstest.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range map[string]string{
			"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true",
			"Access-Control-Expose-Headers": "*", "Vary": "Accept-Encoding", "X-Secret": "1",
		} {
			w.Header().Set(name, value)
		}
		if strings.HasSuffix(r.URL.Path, "/missing") {
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	gateway := via(proxy(must(url.Parse("http://upstream.internal"))), map[string]http.RoundTripper{"upstream.internal": upstream})
	return behind(ours(), gateway)
}

func TestGateway(t *testing.T) {
	forEach(t, upstreams(Gateway), func(t *testing.T, api http.RoundTripper) {
		for _, path := range []string{"/api/items", "/api/missing"} {
			page := withCookies(myApp, api)
			corstest.Allows(t, page, "GET", path)
			corstest.NoWarnings(t, page)
			res := last(page).ResponseHeader
			wantHeaders(t, "response", res, map[string]string{
				"Access-Control-Allow-Origin": myApp, "Access-Control-Allow-Credentials": "true", "Access-Control-Expose-Headers": "",
			})
			if vary := strings.Join(res.Values("Vary"), ", "); !strings.Contains(vary, "Origin") || !strings.Contains(vary, "Accept-Encoding") {
				t.Errorf("Vary: %q, want Origin and Accept-Encoding in it", vary)
			}
			corstest.RefusesWith(t, on(evil, api), noOrigin, "GET", path)
		}
		corstest.Allows(t, withCookies(myApp, api), "PUT", "/api/items", "Content-Type: application/json")
		corstest.RefusesWith(t, withCookies(evil, api), noOriginPreflight, "PUT", "/api/items")
	})
}

func TestGatewayWithoutModifyResponse(t *testing.T) {
	for _, server := range upstreams(proxyTo) {
		t.Run(server.framework, func(t *testing.T) {
			if server.framework == "fiber" { // the policy writes its headers again
				corstest.Allows(t, withCookies(myApp, server.transport), "GET", "/api/items")
				corstest.RefusesWith(t, on(evil, server.transport), noOrigin, "GET", "/api/items")
				return
			}
			corstest.RefusesWith(t, withCookies(myApp, server.transport), corstest.IssueMultipleAllowOrigin, "GET", "/api/items")
			corstest.Allows(t, on(evil, server.transport), "GET", "/api/items") // by the * of the upstream
		})
	}
}

func TestGatewayUpstreamGone(t *testing.T) {
	gateway := Gateway(must(url.Parse("http://upstream.internal")))
	gateway.Transport = corstest.RoundTripperFunc(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })
	gateway.ErrorHandler = func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) }
	forEach(t, behind(ours(), gateway), func(t *testing.T, api http.RoundTripper) {
		if res := corstest.Allows(t, withCookies(myApp, api), "GET", "/api/items"); res.StatusCode != http.StatusBadGateway {
			t.Errorf("status %d, want 502, which the script can read", res.StatusCode)
		}
	})
}
