package translate

import (
	"regexp"
	"slices"
	"time"

	cors "github.com/polycors/polycors/core"
)

var simple = []string{"GET", "HEAD", "POST"}

// dialects returns the middlewares that can be translated. Their defaults are those
// of gin-contrib/cors v1.7, echo v4 and v5, fiber v2 and v3, go-chi/cors v1.2,
// rs/cors v1.11 and the npm package cors v2.8.
func dialects() map[string]dialect {
	allowAll := func(credentials bool) func(*Translation) {
		return func(t *Translation) {
			t.Config = cors.AllowAll()
			t.Config.AllowCredentials = credentials
		}
	}
	own := dialect{ // names that polycors shares
		origins: "AllowOrigins", methods: "AllowMethods", headers: "AllowHeaders", expose: "ExposeHeaders", maxAge: "MaxAge",
	}
	gin := own
	gin.functions = []string{"AllowOriginFunc", "AllowOriginWithContextFunc"}
	gin.replaces = true
	gin.defaultMethods = simple
	gin.extra = ginExtra
	gin.presets = map[string]func(*Translation){
		"Default": func(t *Translation) {
			ginDefault(t)
			t.Config.AllowOrigins = []string{"*"}
		},
		"DefaultConfig": ginDefault,
	}

	echo := own
	echo.functions = []string{"AllowOriginFunc", "UnsafeAllowOriginFunc"}
	echo.replaces, echo.seconds, echo.anyOrigin = true, true, true
	echo.defaultHeaders = reflected
	echo.extra = func(t *Translation, s *source) { skipper(t, s, "Skipper") }
	echo.presets = map[string]func(*Translation){"CORS": allowAll(false), "DefaultCORSConfig": func(*Translation) {}}

	fiber := own
	fiber.functions = []string{"AllowOriginsFunc"}
	fiber.seconds, fiber.anyOrigin = true, true
	fiber.defaultHeaders = reflected
	fiber.extra = func(t *Translation, s *source) { skipper(t, s, "Next") }
	fiber.presets = map[string]func(*Translation){"New": allowAll(false), "ConfigDefault": func(*Translation) {}}

	rs := dialect{
		origins: "AllowedOrigins", methods: "AllowedMethods", headers: "AllowedHeaders", expose: "ExposedHeaders", maxAge: "MaxAge", seconds: true,
		functions: []string{"AllowOriginFunc", "AllowOriginRequestFunc", "AllowOriginVaryRequestFunc"}, replaces: true, foldsOrigins: true,
		defaultMethods: simple, defaultHeaders: []string{"Accept", "Content-Type", "X-Requested-With"}, anyOrigin: true, extra: rsExtra,
		presets: map[string]func(*Translation){"AllowAll": allowAll(false), "Default": func(*Translation) {}},
	}
	chi := rs
	chi.defaultHeaders = []string{"Accept", "Content-Type"}
	chi.functions = []string{"AllowOriginFunc"}
	return map[string]dialect{"gin-contrib": gin, "echo": echo, "fiber": fiber, "rs": rs, "go-chi": chi, "express": express()}
}

func ginDefault(t *Translation) {
	t.Config.AllowMethods = []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
	t.Config.AllowHeaders = []string{"Content-Type"}
	t.Config.MaxAge = 12 * time.Hour
}

func ginExtra(t *Translation, s *source) {
	if s.fields["AllowAllOrigins"].isTrue {
		t.Config.AllowOrigins = []string{"*"}
	}
	if !slices.Contains(t.Config.AllowOrigins, "*") {
		t.Config.RejectDisallowed = true
		t.note("RejectDisallowed", "is set, because gin-contrib answers 403 to origins that are not allowed. Without it, their requests reach the handler")
	}
	if s.fields["AllowWildcard"].isTrue {
		t.note("AllowWildcard", "is not needed: an asterisk stands for whole subdomains (https://*.myapp.com), or for a part of one label")
	}
	if s.fields["AllowBrowserExtensions"].isTrue {
		t.Config.AllowOrigins = append(t.Config.AllowOrigins, "chrome-extension://*", "moz-extension://*", "safari-web-extension://*")
		t.note("AllowBrowserExtensions", "only permitted such entries: the three schemes are listed here, better list the extension that is yours")
	}
	if s.fields["AllowWebSockets"].isTrue {
		t.note("AllowWebSockets", "is left out: a browser's WebSocket sends the http or https origin of its page")
	}
	if s.fields["AllowFiles"].isTrue {
		t.note("AllowFiles", `is left out: browsers send "null" for files, which any site can send`)
	}
	if v, ok := s.fields["OptionsResponseStatusCode"]; ok && v.kind == number {
		t.Config.PreflightStatus = int(v.number)
	}
}

func skipper(t *Translation, s *source, field string) {
	if _, ok := s.fields[field]; ok {
		t.note(field, "becomes Select, which returns nil for requests to leave alone")
		delete(s.fields, field)
	}
}

func rsExtra(t *Translation, s *source) {
	if s.fields["OptionsPassthrough"].isTrue {
		t.Config.PreflightContinue = true
	}
	if v, ok := s.fields["OptionsSuccessStatus"]; ok && v.kind == number {
		t.Config.PreflightStatus = int(v.number)
	}
	if s.fields["Debug"].isTrue {
		t.note("Debug", "is left out: OnReject reports what browsers refuse, and why; cors.LogRejections writes it to a log")
	}
	for _, o := range t.Config.AllowOrigins {
		if o == "http://*" || o == "https://*" {
			t.note("AllowedOrigins", "has "+o+", which is every site with that scheme: list your origins, or allow every origin without credentials")
			return
		}
	}
}

// express returns the dialect of the npm package cors.
func express() dialect {
	return dialect{
		origins: "origin", methods: "methods", headers: "allowedHeaders", expose: "exposedHeaders", maxAge: "maxAge", seconds: true,
		defaultHeaders: reflected,
		presets: map[string]func(*Translation){"cors": func(t *Translation) {
			t.Config = cors.AllowAll()
			t.Config.AllowMethods = nil
		}},
		extra: expressExtra,
	}
}

func expressExtra(t *Translation, s *source) {
	switch v, ok := s.fields["origin"]; {
	case !ok && t.Config.AllowOrigins == nil:
		t.Config.AllowOrigins = []string{"*"}
	case v.kind == boolean && v.isTrue:
		t.Config.AllowOrigins = []string{"*"}
		t.note("origin", "is true, which repeats whatever origin comes in: that is every origin")
	case v.kind == boolean && ok:
		t.Config.AllowOrigins = []string{}
		t.note("origin", "is false, which switches CORS off: an empty list allows no origin")
	case v.kind == function:
		t.Config.AllowOrigins = []string{}
		t.note("origin", "is a function: write it as AllowOriginFunc, which returns whether the origin is allowed")
	default:
		for _, text := range v.regexps {
			if re, err := regexp.Compile(text); err == nil {
				t.Config.AllowOriginRegexps = append(t.Config.AllowOriginRegexps, re)
				t.note("origin", "has an expression: it must match the whole origin here, so begin it with https://")
			} else {
				t.note("origin", "has an expression that Go does not have: "+text)
			}
		}
	}
	if v := s.fields["credentials"]; v.kind == boolean {
		t.Config.AllowCredentials = v.isTrue
	}
	if s.fields["preflightContinue"].isTrue {
		t.Config.PreflightContinue = true
	}
	if v, ok := s.fields["optionsSuccessStatus"]; ok && v.kind == number {
		t.Config.PreflightStatus = int(v.number)
	}
	t.note("preflight", "answers 403 to origins that are not allowed, where Express answers 204 without permission: browsers refuse both")
}
