package recipes

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/polycors/polycors/core/corstest"
)

// unset removes a variable for the rest of the test.
func unset(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // restores it at the end
	if err := os.Unsetenv(name); err != nil {
		t.Fatal(err)
	}
}

// wantError fails the test unless err has all the texts.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("error:\n%v\nwant it to have %q", err, text)
		}
	}
}

func TestFrontEndFromEnv(t *testing.T) {
	for name, test := range map[string]struct {
		set             func(t *testing.T)
		allowed, refuse string
	}{
		"takes the origin from the variable":       {func(t *testing.T) { t.Setenv("FRONTEND_URL", "https://staging.myapp.com") }, "https://staging.myapp.com", myApp},
		"has a default where the variable is none": {func(t *testing.T) { unset(t, "FRONTEND_URL") }, myApp, "https://staging.myapp.com"},
	} {
		t.Run(name, func(t *testing.T) {
			test.set(t)
			policy, err := FrontEndFromEnv()
			if err != nil {
				t.Fatal(err)
			}
			forEach(t, allServers(policy), func(t *testing.T, api http.RoundTripper) {
				corstest.Allows(t, on(test.allowed, api), "PUT", "/items/1", "Content-Type: application/json")
				refuses(t, on(test.refuse, api), corstest.IssuePreflightMissingAllowOrigin, "PUT", "/items/1", "Content-Type: application/json")
			})
		})
	}
}

func TestFrontEndFromEnvStopsTheStart(t *testing.T) {
	for value, want := range map[string]string{
		"":                       "is empty",
		"https://myapp.com/":     `"https://myapp.com/" has a trailing slash; use "https://myapp.com"`,
		"myapp.com":              `use "https://myapp.com"`,
		"https://a.com,b.com":    `"https://a.com", "https://b.com"`,
		`"https://myapp.com"`:    `use "https://myapp.com"`,
		"https://myapp.com/shop": `use "https://myapp.com"`,
	} {
		t.Setenv("FRONTEND_URL", value)
		_, err := FrontEndFromEnv()
		wantError(t, err, "FRONTEND_URL", want)
	}
}

func TestOriginsFromEnvAllowsEachInTheList(t *testing.T) {
	t.Setenv("ALLOWED_ORIGINS", "https://myapp.com, https://admin.myapp.com")
	policy, err := OriginsFromEnv()
	if err != nil {
		t.Fatal(err)
	}
	forEach(t, allServers(policy), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "GET", "/items")
		corstest.Allows(t, on("https://admin.myapp.com", api), "GET", "/items")
		refuses(t, on(evil, api), "MissingAllowOriginHeader", "GET", "/items")
	})
}

func TestOriginsFromEnvNamesEveryWrongEntry(t *testing.T) {
	unset(t, "ALLOWED_ORIGINS")
	_, err := OriginsFromEnv()
	wantError(t, err, "ALLOWED_ORIGINS", "is empty")

	t.Setenv("ALLOWED_ORIGINS", "https://myapp.com/,http://Localhost:3000,https://ok.example,")
	_, err = OriginsFromEnv()
	wantError(t, err, "ALLOWED_ORIGINS",
		`AllowOrigins[0]: "https://myapp.com/"`, `AllowOrigins[1]: "http://Localhost:3000"`, `AllowOrigins[3]: ""`)
}

func TestSettingsFromEnvReadsEveryField(t *testing.T) {
	for name, value := range map[string]string{
		"SHOP_ADDR":                         "127.0.0.1:9090",
		"SHOP_CORS_ALLOW_ORIGINS":           "https://myapp.com,https://*.myapp.com",
		"SHOP_CORS_ALLOW_ORIGIN_REGEXPS":    `https://v[0-9]+\.myapp\.dev`,
		"SHOP_CORS_ALLOW_METHODS":           "GET,PUT",
		"SHOP_CORS_ALLOW_HEADERS":           "Content-Type,Authorization",
		"SHOP_CORS_EXPOSE_HEADERS":          "X-Total-Count",
		"SHOP_CORS_ALLOW_CREDENTIALS":       "true",
		"SHOP_CORS_MAX_AGE":                 "1h",
		"SHOP_CORS_VARY":                    "X-Tenant",
		"SHOP_CORS_PREFLIGHT_STATUS":        "200",
		"SHOP_CORS_REJECT_DISALLOWED":       "true",
		"SHOP_CORS_UNSAFE_INSECURE_ORIGINS": "true",
	} {
		t.Setenv(name, value)
	}
	settings, policy, err := SettingsFromEnv("SHOP_")
	if err != nil {
		t.Fatal(err)
	}
	if settings.Addr != "127.0.0.1:9090" || settings.CORS.MaxAge != time.Hour || !settings.CORS.Unsafe.InsecureOrigins {
		t.Errorf("settings: %+v", settings)
	}
	forEach(t, allServers(policy), func(t *testing.T, api http.RoundTripper) {
		page := withCookies("https://v2.myapp.dev", api)
		res := corstest.Allows(t, page, "PUT", "/items/1", "Authorization: Bearer token")
		wantHeaders(t, "preflight", page.Exchanges()[0].ResponseHeader, map[string]string{
			"Access-Control-Allow-Methods": "GET, PUT", "Access-Control-Max-Age": "3600",
		})
		if page.Exchanges()[0].Status != 200 || res.StatusCode != 204 {
			t.Errorf("preflight %d, response %d", page.Exchanges()[0].Status, res.StatusCode)
		}
		res = corstest.Allows(t, withCookies("https://eu.myapp.com", api), "GET", "/items")
		wantHeaders(t, "response", res.Header, map[string]string{"X-Total-Count": "2"})
		blocked := refuses(t, withCookies(evil, api), "MissingAllowOriginHeader", "GET", "/items")
		if blocked.Status != http.StatusForbidden {
			t.Errorf("status %d, want 403", blocked.Status)
		}
	})
}

func TestSettingsFromEnvKeepsDefaultsAndStopsTheStart(t *testing.T) {
	_, _, err := SettingsFromEnv("SHOP_")
	wantError(t, err, "SHOP_CORS_", "AllowOrigins is empty")

	t.Setenv("SHOP_CORS_ALLOW_ORIGINS", "https://myapp.com")
	settings, _, err := SettingsFromEnv("SHOP_")
	if err != nil || settings.CORS.AllowHeaders[0] != "Content-Type" {
		t.Errorf("settings %+v, error %v", settings, err)
	}
	t.Setenv("SHOP_CORS_MAX_AGE", "a day")
	_, _, err = SettingsFromEnv("SHOP_")
	wantError(t, err, "MaxAge", `"a day"`)
	t.Setenv("SHOP_CORS_MAX_AGE", "1500ms")
	_, _, err = SettingsFromEnv("SHOP_")
	wantError(t, err, "MaxAge", "is not in whole seconds")
}
