package cors_test

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	cors "github.com/polycors/polycors/core"
)

func TestAcceptedConfigs(t *testing.T) {
	for name, cfg := range map[string]cors.Config{
		"AllowAll":                        cors.AllowAll(),
		"the asterisk twice":              origins("*", "*"),
		"an origin twice":                 origins("https://a.com", "https://a.com"),
		"a callback only":                 {AllowOriginFunc: never},
		"a regular expression only":       {AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile("https://a")}},
		"a callback with credentials":     {AllowOriginFunc: never, AllowCredentials: true},
		"a broad expression, anonymously": {AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile("https://.*")}},
		"http without credentials":        origins("http://myapp.com", "http://*.myapp.com:*"),
		"loopback with credentials":       credentialed("http://localhost:*", "http://127.0.0.1:3000", "http://[::1]:*", "http://*.localhost:*", "https://localhost"),
		"custom schemes with credentials": credentialed("tauri://localhost", "capacitor://localhost", "chrome-extension://abc"),
		"a public suffix without them":    origins("https://*.github.io", "https://*.com"),
		"a name below a public suffix":    credentialed("https://*.me.github.io", "https://pr-*.me.vercel.app", "https://me.github.io"),
		"reserved top-level names":        credentialed("https://*.test", "https://*.internal", "https://*.localhost"),
		"every success of a preflight":    with(func(c *cors.Config) { c.PreflightStatus = 200 }),
		"the last success of a preflight": with(func(c *cors.Config) { c.PreflightStatus = 299 }),
		"a negative max-age":              with(func(c *cors.Config) { c.MaxAge = -time.Millisecond }),
		"a year of max-age":               with(func(c *cors.Config) { c.MaxAge = 365 * 24 * time.Hour }),
		"methods of WebDAV":               with(func(c *cors.Config) { c.AllowMethods = []string{"PROPFIND", "query", "x!"} }),
		"patch and PATCH":                 with(func(c *cors.Config) { c.AllowMethods = []string{"patch", "PATCH"} }),
		"underscores and dots in headers": with(func(c *cors.Config) { c.AllowHeaders = []string{"x_a", "x.b", "X-C"} }),
		"headers of CORS responses": with(func(c *cors.Config) {
			c.AllowHeaders = []string{"Access-Control-Allow-Origin", "access-control-allow-headers"}
		}),
		"an empty list of origins":                  {AllowOrigins: []string{}},
		"an empty list of origins with credentials": {AllowOrigins: []string{}, AllowCredentials: true, RejectDisallowed: true},
		"file:// with Unsafe.NullOrigin":            {AllowOrigins: []string{"file://", "null"}, AllowCredentials: true, Unsafe: cors.Unsafe{NullOrigin: true}},
		"above a public suffix without credentials": origins("https://*.railway.app", "https://*--app.netlify.app"),
		"above a public suffix with Unsafe.PublicSuffixes": {AllowOrigins: []string{"https://*.railway.app", "https://*--app.netlify.app"},
			AllowCredentials: true, Unsafe: cors.Unsafe{PublicSuffixes: true}},
		"exposed headers, all, anonymously": with(func(c *cors.Config) { c.ExposeHeaders = []string{"*"} }),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := cors.New(cfg); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRedundantSettings(t *testing.T) {
	p := mustPolicy(t, cors.Config{
		AllowOrigins:  []string{"https://myapp.com"},
		AllowMethods:  []string{"put", "PUT", "Put"},
		AllowHeaders:  []string{"Origin", "Content-Length", "X-A", "x-a", "Host", "DNT", "Keep-Alive", "Connection", "Referer", "Accept-Encoding", "Accept", "X-B"},
		ExposeHeaders: []string{"ETag", "etag", "Link"},
		Vary:          []string{"origin", "X-Tenant", "x-tenant"},
	})
	d, _ := decide(t.Context(), p, preflight("https://myapp.com", "PUT", ""))
	if d.AllowMethods != "PUT" || d.AllowHeaders != "X-A, Accept, X-B" || d.Vary != preflightVary+", X-Tenant" {
		t.Errorf("preflight: %+v", d)
	}
	if d, _ = decide(t.Context(), p, get("https://myapp.com")); d.ExposeHeaders != "ETag, Link" || d.Vary != "Origin, X-Tenant" {
		t.Errorf("actual request: %+v", d)
	}
	if got := p.Config(); len(got.AllowHeaders) != 12 || len(got.AllowMethods) != 3 {
		t.Errorf("Config shows %+v, want what was configured", got)
	}
	p = mustPolicy(t, with(func(c *cors.Config) { c.AllowHeaders = []string{"Origin"} }))
	if d, _ = decide(t.Context(), p, preflight("https://myapp.com", "PUT", "")); d.AllowHeaders != "" {
		t.Errorf("AllowHeaders = %q, want none", d.AllowHeaders)
	}
}

// filled returns a Config with something in every field that is a list.
func filled() cors.Config {
	return change(full(), func(c *cors.Config) {
		c.AllowOriginRegexps = []*regexp.Regexp{regexp.MustCompile(`https://re\.com`)}
		c.Vary = []string{"X-Tenant"}
	})
}

// spoil overwrites everything that a Config points to.
func spoil(t *testing.T, cfg cors.Config) {
	t.Helper()
	for _, list := range [][]string{cfg.AllowOrigins, cfg.AllowMethods, cfg.AllowHeaders, cfg.ExposeHeaders, cfg.Vary} {
		if len(list) == 0 {
			t.Fatal("a list is empty: the test proves nothing")
		}
		for i := range list {
			list[i] = "https://evil.example"
		}
	}
	if err := cfg.AllowOriginRegexps[0].UnmarshalText([]byte(`https://evil\.example`)); err != nil {
		t.Fatal(err)
	}
	cfg.AllowOriginRegexps[0] = nil
}

func TestConfigIsCopy(t *testing.T) {
	check := func(p *cors.Policy, after string) {
		t.Helper()
		cfg, want := p.Config(), filled()
		if got, want := fmt.Sprint(cfg), fmt.Sprint(want); got != want {
			t.Errorf("after %s, Config is\n%s\nwant\n%s", after, got, want)
		}
		if d, _ := decide(t.Context(), p, get("https://re.com")); d.AllowOrigin == "" {
			t.Errorf("after %s, https://re.com is refused", after)
		}
		if d, _ := decide(t.Context(), p, get("https://evil.example")); d.AllowOrigin != "" {
			t.Errorf("after %s, https://evil.example is allowed", after)
		}
	}
	cfg := filled()
	p := mustPolicy(t, cfg)
	spoil(t, cfg)
	check(p, "changing what New was given")
	spoil(t, p.Config())
	check(p, "changing what Config returned")

	cfg = filled()
	if err := p.Reconfigure(cfg); err != nil {
		t.Fatal(err)
	}
	spoil(t, cfg)
	check(p, "changing what Reconfigure was given")
}

func TestNewKeepsArgument(t *testing.T) {
	cfg := filled()
	mustPolicy(t, cfg)
	if got, want := fmt.Sprint(cfg), fmt.Sprint(filled()); got != want {
		t.Errorf("New has changed its argument to\n%s\nfrom\n%s", got, want)
	}
}

// A field that is added to Config must be copied by Policy.Config, including the
// memory that it refers to.
func TestConfigFields(t *testing.T) {
	cfg := filled()
	cfg.AllowOriginFunc = never
	cfg.PreflightContinue, cfg.PreflightStatus, cfg.RejectDisallowed = true, 200, true
	cfg.OnReject = func(context.Context, cors.Rejection) {}
	cfg.ReportOnly = &cors.Config{AllowOrigins: []string{"https://myapp.com"}}
	cfg.Unsafe = cors.Unsafe{InsecureOrigins: true, PublicSuffixes: true, NullOrigin: true}
	got := reflect.ValueOf(mustPolicy(t, cfg).Config())
	for i := range got.NumField() {
		if got.Field(i).IsZero() {
			t.Errorf("the field %s is lost", got.Type().Field(i).Name)
		}
	}
}

func TestReconfigureError(t *testing.T) {
	p := mustPolicy(t, full())
	if err := p.Reconfigure(origins("https://new.example", "https://new.example/")); err == nil {
		t.Fatal("an invalid configuration is accepted")
	}
	if d, _ := decide(t.Context(), p, get("https://myapp.com")); d != fullActual {
		t.Errorf("after a refused Reconfigure: %+v", d)
	}
	if d, _ := decide(t.Context(), p, get("https://new.example")); d != refusedActual {
		t.Errorf("a refused Reconfigure allows %+v", d)
	}
	if err := p.Reconfigure(cors.AllowAll()); err != nil {
		t.Fatal(err)
	}
	if d, _ := decide(t.Context(), p, get("https://myapp.com")); d != allActual {
		t.Errorf("after Reconfigure: %+v", d)
	}
}

// Two configurations that differ everywhere take turns; no request may see a
// mixture.
func TestReconfigureUnderLoad(t *testing.T) {
	one, other := full(), cors.Config{
		AllowOrigins:    []string{"https://*.myapp.com", "https://myapp.com"},
		AllowMethods:    []string{"PATCH"},
		AllowHeaders:    []string{"X-Other"},
		MaxAge:          -1,
		PreflightStatus: 200,
		Vary:            []string{"X-Tenant"},
	}
	ask := preflight("https://myapp.com", "PUT", "x-a")
	p := mustPolicy(t, one)
	valid := map[decision]bool{}
	for _, cfg := range []cors.Config{one, other} {
		d, _ := decide(t.Context(), mustPolicy(t, cfg), ask)
		valid[d] = true
	}
	if len(valid) != 2 {
		t.Fatal("the two configurations answer alike")
	}

	done := make(chan struct{})
	var readers, writers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if d, err := decide(t.Context(), p, ask); err != nil || !valid[d] {
					t.Errorf("Decide = %+v, %v: neither configuration says so", d, err)
					return
				}
				if ok, err := p.AllowsOrigin(t.Context(), "https://a.myapp.com"); !ok || err != nil {
					t.Errorf("AllowsOrigin = %t, %v", ok, err)
					return
				}
				if n := len(p.Config().AllowOrigins); n != 2 && n != 3 {
					t.Errorf("Config has %d origins", n)
					return
				}
			}
		})
	}
	for _, cfg := range []cors.Config{one, other, {}} { // the last is invalid
		writers.Go(func() {
			for range 200 {
				if err := p.Reconfigure(cfg); (err != nil) != (cfg.AllowOrigins == nil) {
					t.Errorf("Reconfigure: %v", err)
					return
				}
			}
		})
	}
	writers.Wait()
	close(done)
	readers.Wait()
}

func TestOriginKinds(t *testing.T) {
	p := mustPolicy(t, cors.Config{
		AllowOrigins: []string{
			"https://a.com", "https://*.a.com", "http://localhost:*", "https://pr-*.b.dev", "https://*.c.com:*", "moz-extension://*", "tauri://localhost", "null",
		},
		Unsafe: cors.Unsafe{NullOrigin: true},
	})
	for o := range strings.FieldsSeq("https://a.com https://x.a.com http://localhost:5173 https://pr-7.b.dev https://x.c.com https://x.c.com:9 moz-extension://id tauri://localhost null") {
		if d, _ := decide(t.Context(), p, get(o)); d.AllowOrigin != o {
			t.Errorf("%s: %+v", o, d)
		}
	}
	for o := range strings.FieldsSeq("https://b.dev https://pr-.b.dev https://c.com http://a.com tauri://other https://a.com:1 NULL nul") {
		if d, _ := decide(t.Context(), p, get(o)); d.AllowOrigin != "" {
			t.Errorf("%s: %+v", o, d)
		}
	}
}

// An empty list allows no origin; regular expressions and a callback still do.
func TestEmptyOrigins(t *testing.T) {
	closed := cors.Config{AllowOrigins: []string{}, RejectDisallowed: true}
	var rejections []string
	closed.OnReject = func(_ context.Context, r cors.Rejection) { rejections = append(rejections, r.Hint()) }
	p := mustPolicy(t, closed)
	if d, _ := decide(t.Context(), p, preflight("https://myapp.com", "PUT", "")); d.Status != 403 || d.AllowOrigin != "" {
		t.Errorf("a preflight: %+v, want 403", d)
	}
	if d, _ := decide(t.Context(), p, get("https://myapp.com")); d.Status != 403 || d.AllowOrigin != "" || d.Vary != "Origin" {
		t.Errorf("a request: %+v, want 403", d)
	}
	if d, _ := decide(t.Context(), p, get("")); d.Status != 0 || d.Vary != "Origin" {
		t.Errorf("a request without Origin: %+v, want to pass", d)
	}
	const hint = `AllowOrigins is an empty list, which allows no origin: if this origin is yours, add "https://myapp.com" to AllowOrigins`
	if len(rejections) != 2 || rejections[0] != hint || !strings.HasPrefix(rejections[1], hint) {
		t.Errorf("OnReject gets %q", rejections)
	}
	if e := p.Explain(t.Context(), preflight("https://myapp.com", "PUT", "")); e.Allowed || e.Hint != hint {
		t.Errorf("Explain: %s", e)
	}
	if p.Config().AllowOrigins == nil {
		t.Error("Config has a nil list, want an empty one")
	}

	for name, cfg := range map[string]cors.Config{
		"an expression": {AllowOrigins: []string{}, AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://myapp\.com`)}},
		"a callback":    {AllowOrigins: []string{}, AllowOriginFunc: func(_ context.Context, o string) (bool, error) { return o == "https://myapp.com", nil }},
	} {
		p := mustPolicy(t, cfg)
		if d, _ := decide(t.Context(), p, get("https://myapp.com")); d.AllowOrigin != "https://myapp.com" {
			t.Errorf("%s: %+v", name, d)
		}
		if e := p.Explain(t.Context(), get("https://evil.example")); !strings.HasPrefix(e.Hint, "AllowOrigins is an empty list") {
			t.Errorf("%s: the hint does not mention the empty list: %s", name, e)
		}
	}
}
