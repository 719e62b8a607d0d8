package recipes

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/ilyakaznacheev/cleanenv"
	"github.com/kelseyhightower/envconfig"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corstest"
)

// unset deletes a variable for the rest of the test.
func unset(t *testing.T, name string) {
	t.Helper()
	t.Setenv(name, "") // restores it at the end
	if err := os.Unsetenv(name); err != nil {
		t.Fatal(err)
	}
}

func TestFrontEndFromEnv(t *testing.T) {
	for name, tt := range map[string]struct {
		set              func(t *testing.T)
		allowed, refused string
	}{
		"the variable is the origin":          {func(t *testing.T) { t.Setenv("FRONTEND_URL", "https://staging.myapp.com") }, "https://staging.myapp.com", myApp},
		"without a variable, it is myapp.com": {func(t *testing.T) { unset(t, "FRONTEND_URL") }, myApp, "https://staging.myapp.com"},
	} {
		t.Run(name, func(t *testing.T) {
			tt.set(t)
			forEach(t, behind(must(FrontEndFromEnv()), shop()), func(t *testing.T, api http.RoundTripper) {
				corstest.Allows(t, on(tt.allowed, api), "PUT", "/items/1", "Content-Type: application/json")
				corstest.RefusesWith(t, on(tt.refused, api), noOriginPreflight, "PUT", "/items/1", "Content-Type: application/json")
			})
		})
	}
}

func TestFrontEndFromEnvError(t *testing.T) {
	for value, want := range map[string]string{
		"":                       "AllowOrigins[0]",
		"https://myapp.com/":     `"https://myapp.com"`,
		"myapp.com":              `"https://myapp.com"`,
		"https://a.com,b.com":    `"https://a.com", "https://b.com"`,
		`"https://myapp.com"`:    `"https://myapp.com"`,
		"https://myapp.com/shop": `"https://myapp.com"`,
	} {
		t.Setenv("FRONTEND_URL", value)
		_, err := FrontEndFromEnv()
		wantError(t, err, "FRONTEND_URL:\n", want)
	}
}

func TestOriginsFromEnv(t *testing.T) {
	t.Setenv("ALLOWED_ORIGINS", "https://myapp.com, https://admin.myapp.com")
	forEach(t, behind(must(OriginsFromEnv()), shop()), func(t *testing.T, api http.RoundTripper) {
		corstest.Allows(t, on(myApp, api), "GET", "/items")
		corstest.Allows(t, on("https://admin.myapp.com", api), "GET", "/items")
		corstest.RefusesWith(t, on(evil, api), noOrigin, "GET", "/items")
	})
}

func TestOriginsFromEnvError(t *testing.T) {
	unset(t, "ALLOWED_ORIGINS")
	_, err := OriginsFromEnv()
	wantError(t, err, "ALLOWED_ORIGINS:\n")

	t.Setenv("ALLOWED_ORIGINS", "https://myapp.com/,http://Localhost:3000,https://ok.example,")
	_, err = OriginsFromEnv()
	wantError(t, err, "ALLOWED_ORIGINS:\n",
		`AllowOrigins[0]: "https://myapp.com/"`, `AllowOrigins[1]: "http://Localhost:3000"`, `AllowOrigins[3]: ""`)
}

func TestSettingsFromEnv(t *testing.T) {
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
	forEach(t, behind(policy, shop()), func(t *testing.T, api http.RoundTripper) {
		page := withCookies("https://v2.myapp.dev", api)
		corstest.Allows(t, page, "PUT", "/items/1", "Authorization: Bearer token")
		wantHeaders(t, "preflight", first(page).ResponseHeader, map[string]string{
			"Access-Control-Allow-Methods": "GET, PUT", "Access-Control-Max-Age": "3600",
		})
		if first(page).Status != 200 {
			t.Errorf("the preflight has status %d, want 200", first(page).Status)
		}
		res := corstest.Allows(t, withCookies("https://eu.myapp.com", api), "GET", "/items")
		wantHeaders(t, "response", res.Header, map[string]string{"X-Total-Count": "2"})
		if blocked := corstest.RefusesWith(t, withCookies(evil, api), noOrigin, "GET", "/items"); blocked.Status != 403 {
			t.Errorf("status %d, want 403", blocked.Status)
		}
	})
}

// A variable that is set, but blank, never allows anybody. Packages differ in
// what they make of it.
func TestBlankVariables(t *testing.T) {
	t.Run("caarlos0/env leaves the list nil, which is an error", func(t *testing.T) {
		t.Setenv("SHOP_CORS_ALLOW_ORIGINS", "")
		_, _, err := SettingsFromEnv("SHOP_")
		wantError(t, err, "AllowOrigins is not set", "the variable or file that it comes from")
	})
	t.Run("strings.Split makes a list with an empty entry, which is an error", func(t *testing.T) {
		t.Setenv("ALLOWED_ORIGINS", "")
		_, err := OriginsFromEnv()
		wantError(t, err, `AllowOrigins[0]: "" is empty`)
	})
	t.Setenv("SHOP_CORS_ALLOWORIGINS", "")
	t.Setenv("SHOP_CORS_ALLOW_ORIGINS", "")
	type settings struct {
		CORS cors.Config `env-prefix:"SHOP_CORS_"`
	}
	for name, parse := range map[string]func(*settings) error{
		"kelseyhightower/envconfig": func(s *settings) error { return envconfig.Process("SHOP", s) },
		"ilyakaznacheev/cleanenv":   func(s *settings) error { return cleanenv.ReadEnv(s) },
	} {
		t.Run(name+" makes an empty list, which allows nobody", func(t *testing.T) {
			var s settings
			if err := parse(&s); err != nil {
				t.Fatal(err)
			}
			e := must(cors.New(s.CORS)).Explain(t.Context(), cors.Request{Method: "GET", Origin: myApp})
			if e.Allowed || !strings.Contains(e.Hint, "AllowOrigins is an empty list") {
				t.Errorf("Explain says %s", e)
			}
		})
		t.Run(name+" leaves the list nil where no variable is set, which is an error", func(t *testing.T) {
			unset(t, "SHOP_CORS_ALLOWORIGINS")
			unset(t, "SHOP_CORS_ALLOW_ORIGINS")
			var s settings
			if err := parse(&s); err != nil {
				t.Fatal(err)
			}
			_, err := cors.New(s.CORS)
			wantError(t, err, "AllowOrigins is not set")
		})
	}
}

// The variables are those of the policy in force. They do not change one that is
// tried out.
func TestReportOnlyAndVariables(t *testing.T) {
	t.Setenv("SHOP_ALLOW_ORIGINS", myApp)
	t.Setenv("SHOP_ALLOWORIGINS", myApp)
	t.Setenv("SHOP_REPORT_ONLY", "true")
	t.Setenv("SHOP_REPORTONLY_ALLOWORIGINS", evil)
	for name, parse := range map[string]func(*cors.Config) error{
		"caarlos0/env":              func(c *cors.Config) error { return env.ParseWithOptions(c, env.Options{Prefix: "SHOP_"}) },
		"kelseyhightower/envconfig": func(c *cors.Config) error { return envconfig.Process("SHOP", c) },
	} {
		t.Run(name, func(t *testing.T) {
			var cfg cors.Config
			if err := parse(&cfg); err != nil || cfg.ReportOnly != nil || len(cfg.AllowOrigins) != 1 {
				t.Errorf("%+v, %v", cfg, err)
			}
			cfg.ReportOnly = &cors.Config{AllowOrigins: []string{adminApp}}
			if err := parse(&cfg); err != nil || !slices.Equal(cfg.ReportOnly.AllowOrigins, []string{adminApp}) {
				t.Errorf("ReportOnly becomes %+v, %v", cfg.ReportOnly, err)
			}
		})
	}
}

// The packages split lists at commas, also inside an expression.
func TestCommaInExpression(t *testing.T) {
	t.Setenv("SHOP_CORS_ALLOW_ORIGIN_REGEXPS", `https://[a-z]{2,3}\.myapp\.com`)
	_, _, err := SettingsFromEnv("SHOP_")
	wantError(t, err, "AllowOriginRegexps[0]", "cut at a comma")
}

func TestSettingsFromEnvError(t *testing.T) {
	_, _, err := SettingsFromEnv("SHOP_")
	wantError(t, err, "SHOP_CORS_", "AllowOrigins")

	t.Setenv("SHOP_CORS_ALLOW_ORIGINS", myApp)
	settings, _, err := SettingsFromEnv("SHOP_")
	if err != nil || settings.CORS.AllowHeaders[0] != "Content-Type" {
		t.Errorf("settings %+v, error %v, want the default of AllowHeaders", settings, err)
	}
	for _, value := range []string{"a day", "1500ms"} {
		t.Setenv("SHOP_CORS_MAX_AGE", value)
		_, _, err = SettingsFromEnv("SHOP_")
		wantError(t, err, "MaxAge")
	}
}
