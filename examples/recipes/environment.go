package recipes

import (
	"fmt"
	"os"
	"strings"

	"github.com/caarlos0/env/v11"

	cors "github.com/polycors/polycors/core"
)

// Recipe 2: the origins come from the environment. A program with a wrong
// variable should not start. The error names the variable, what is wrong, and
// the correct value:
//
//	policy, err := recipes.FrontEndFromEnv()
//	if err != nil {
//		log.Fatal(err)
//	}

// FrontEndFromEnv allows one front end, as process.env.FRONTEND_URL ||
// "https://myapp.com" does in Express. The default is for a variable that is not
// set. A variable that is empty is an error: a deployment has lost its value.
func FrontEndFromEnv() (*cors.Policy, error) {
	origin, ok := os.LookupEnv("FRONTEND_URL")
	if !ok {
		origin = "https://myapp.com"
	}
	policy, err := cors.New(cors.Config{
		AllowOrigins: []string{origin},
		AllowHeaders: []string{"Content-Type"},
	})
	if err != nil {
		return nil, fmt.Errorf("FRONTEND_URL:\n%w", err)
	}
	return policy, nil
}

// OriginsFromEnv allows the front ends in a variable, which commas separate. In
// NestJS, app.enableCors({ origin: process.env.ALLOWED_ORIGINS }) with such a
// list allows nobody, because it takes the whole string for one origin.
func OriginsFromEnv() (*cors.Policy, error) {
	origins := strings.Split(os.Getenv("ALLOWED_ORIGINS"), ",")
	for i, origin := range origins {
		origins[i] = strings.TrimSpace(origin) // people write "a, b"
	}
	policy, err := cors.New(cors.Config{AllowOrigins: origins, AllowHeaders: []string{"Content-Type"}})
	if err != nil {
		return nil, fmt.Errorf("ALLOWED_ORIGINS:\n%w", err)
	}
	return policy, nil
}

// Settings belong to a program that reads all of them from its environment.
type Settings struct {
	Addr string      `env:"ADDR" envDefault:"127.0.0.1:8080"`
	CORS cors.Config `envPrefix:"CORS_"` // CORS_ALLOW_ORIGINS, CORS_MAX_AGE, …
}

// SettingsFromEnv reads the whole configuration from variables with a prefix,
// such as SHOP_CORS_ALLOW_ORIGINS for "SHOP_". A field without a variable keeps
// its value, which allows defaults in Go.
func SettingsFromEnv(prefix string) (Settings, *cors.Policy, error) {
	settings := Settings{CORS: cors.Config{AllowHeaders: []string{"Content-Type"}}}
	if err := env.ParseWithOptions(&settings, env.Options{Prefix: prefix}); err != nil {
		return Settings{}, nil, err
	}
	policy, err := cors.New(settings.CORS)
	if err != nil {
		return Settings{}, nil, fmt.Errorf("%sCORS_…:\n%w", prefix, err)
	}
	return settings, policy, nil
}
