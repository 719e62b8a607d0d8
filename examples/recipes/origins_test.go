package recipes

import (
	"net/http"
	"testing"

	"github.com/polycors/polycors/core/corstest"
)

func TestSeveralFrontEnds(t *testing.T) {
	forEach(t, mounted(SeveralFrontEnds()), func(t *testing.T, api http.RoundTripper) {
		for _, origin := range SeveralFrontEnds().AllowOrigins {
			page := withCookies(origin, api)
			corstest.Allows(t, page, "PUT", "/items/1", "Content-Type: application/json")
			corstest.NoWarnings(t, page)
		}
		for _, origin := range []string{
			"http://localhost:3001", "http://localhost", "https://localhost:3000", "http://[::1]:3000",
			"http://myapp.com", "https://www.myapp.com", "https://myapp.com.evil.example", evil, "null",
		} {
			corstest.RefusesWith(t, withCookies(origin, api), noOriginPreflight, "PUT", "/items/1")
			corstest.RefusesWith(t, withCookies(origin, api), noOrigin, "GET", "/items")
		}
	})
}
