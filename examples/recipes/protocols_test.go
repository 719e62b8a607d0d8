package recipes

import (
	"net/http"
	"testing"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

func TestConnect(t *testing.T) {
	service := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Grpc-Status", "0")
		w.Header().Set("Trailer-Request-Cost", "12")
		w.Header().Set("Trailer-Internal", "1")
	})
	const method = "/greet.v1.GreetService/Greet"
	forEach(t, behind(must(cors.New(Connect())), service), func(t *testing.T, api http.RoundTripper) {
		for _, headers := range [][]string{
			{"Content-Type: application/json", "Connect-Protocol-Version: 1", "Connect-Timeout-Ms: 500"},
			{"Content-Type: application/grpc-web+proto", "X-Grpc-Web: 1", "X-User-Agent: grpc-web-javascript/0.1", "Grpc-Timeout: 1S", "Authorization: Bearer token"},
		} {
			res := corstest.Allows(t, on(myApp, api), "POST", method, headers...)
			wantHeaders(t, "what the script sees", res.Header, map[string]string{
				"Grpc-Status": "0", "Trailer-Request-Cost": "12", "Trailer-Internal": "",
			})
			corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "POST", method, headers...)
		}
		corstest.Allows(t, on(myApp, api), "GET", method+"?connect=v1&encoding=json&message=%7B%7D")
		corstest.RefusesWith(t, on(myApp, api), headerRefused, "POST", method, "X-Other: 1")
	})
}

func TestTracing(t *testing.T) {
	trace := []string{
		"traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "baggage: user=1", "tracestate: a=1",
		"sentry-trace: 4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1", "Content-Type: application/json",
	}
	forEach(t, mounted(Tracing()), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "GET", "/items", trace...)
		corstest.Allows(t, on(myApp, api), "PUT", "/items/1", trace...)
		corstest.RefusesWith(t, on(myApp, api), headerRefused, "GET", "/items", append(trace, "b3: 1")...)
		corstest.RefusesWith(t, on(evil, api), noOriginPreflight, "GET", "/items", trace...)
	})
	forEach(t, mounted(RequestHeaders()), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "GET", "/items")
		corstest.RefusesWith(t, on(myApp, api), headerRefused, "GET", "/items", trace[0])
	})
}

func TestApps(t *testing.T) {
	forEach(t, mounted(Apps()), func(t *testing.T, api http.RoundTripper) {
		for _, origin := range []string{
			"chrome-extension://cfhdojbkjhnklbpkdaibdccddilifddb",
			"moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc", "moz-extension://5b0bd4a3-1f4d-4fa7-8d1c-1c1e2d9c7c11",
			"tauri://localhost", "http://tauri.localhost", "capacitor://localhost", "https://localhost",
		} {
			corstest.Allows(t, on(origin, api), "PUT", "/items/1", "Authorization: Bearer token")
		}
		for _, origin := range []string{"chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "tauri://other", "http://localhost", "null", evil} {
			corstest.RefusesWith(t, on(origin, api), noOriginPreflight, "PUT", "/items/1", "Authorization: Bearer token")
		}
	})
	cfg := Apps()
	cfg.AllowCredentials = true
	_, err := cors.New(cfg)
	wantError(t, err, `"moz-extension://*"`)
}
