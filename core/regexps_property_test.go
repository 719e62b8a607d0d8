package cors_test

import (
	"regexp"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// A permission is an entry of AllowOrigins with @ for a host, and expressions
// that mean the same.
type permission struct {
	entry       string
	expressions []string
}

var permissions = []permission{
	{"https://@", []string{
		`https://@`, `^https://@$`, `\Ahttps://@\z`, `(?i)https://@`, `(?m)^https://@$`, `https://(?:@)`, `https://\b@\b`,
	}},
	{"https://*.@", []string{
		`https://.*\.@`, `https://.+\.@`, `https://(.*\.)@`, `https://[^/]+\.@`, `https://([a-z0-9_-]+\.)+@`,
		`^https://\S+\.@$`, `(?s)https://.+?\.@`,
	}},
	{"https://*.@:*", []string{
		`https://.*\.@(:\d+)?`, `https://(.*\.)@(?::[0-9]{1,5})?`, `https://.+\.@(:.*)?`, `https://.+\.@(|:8443|:[1-9]\d*)`,
	}},
	{"https://@:8443", []string{`https://@:8443`, `https://@:8{1}443`}},
	{"http://@", []string{`http://@`, `http://@(:\d+)?`, `https?://@`, `http(s|)://@`}},
	{"http://*.@", []string{`http://.*\.@`, `https?://.+\.@(:\d+)?`}},
	{"tauri://@", []string{`tauri://@`, `(tauri|ionic)://@`}},
	{"moz-extension://*", []string{`moz-extension://.*`, `moz-extension://[0-9a-f-]{36}`, `moz-extension://\S+`}},
}

// hosts has registrable, reserved and public names.
var hosts = []string{
	"myapp.com", "app.myapp.com", "myapp.co.uk", "me.github.io", "x.y.kawasaki.jp", "city.kawasaki.jp",
	"localhost", "app.localhost", "test", "app.test", "db.internal", "example",
	"com", "co.uk", "github.io", "vercel.app", "kawasaki.jp", "y.kawasaki.jp", "corp", "lan",
}

// TestRegexpsAndLists checks that New accepts an expression if and only if it
// accepts an entry that means the same.
func TestRegexpsAndLists(t *testing.T) {
	for _, unsafe := range []cors.Unsafe{
		{}, {InsecureOrigins: true}, {PublicSuffixes: true}, {InsecureOrigins: true, PublicSuffixes: true},
	} {
		for _, host := range hosts {
			for _, p := range permissions {
				entry := strings.Replace(p.entry, "@", host, 1)
				list := credentialed(entry)
				list.Unsafe = unsafe
				_, refused := cors.New(list)
				for _, expr := range p.expressions {
					expr = strings.Replace(expr, "@", regexp.QuoteMeta(host), 1)
					cfg := credentialedRegexps(expr)
					cfg.Unsafe = unsafe
					policy, err := cors.New(cfg)
					if (err != nil) != (refused != nil) {
						t.Errorf("%+v:\n%q: %v\n%q: %v", unsafe, entry, refused, expr, err)
					}
					if err == nil {
						checkStrangers(t, policy, unsafe, expr, host)
					}
				}
			}
		}
	}
}

// checkStrangers checks that an expression does not allow similar origins.
func checkStrangers(t *testing.T, p *cors.Policy, unsafe cors.Unsafe, expr, host string) {
	t.Helper()
	origins := []string{
		"https://evil" + host + "evil", "https://" + host + ".evil.net", "https://" + host + "evil.net", "https://a." + host + ".evil.net",
		"https://evil.net", "https://evil.net:8443", "https://10.0.0.1", "https://[2001:db8::1]",
		"https://" + strings.ReplaceAll(host+".", ".", "x") + "net",
		"evil://" + host, "evil://x." + host, "http2://" + host, "null",
		"https://" + host + "/", "https://evil.net#." + host, "https://evil.net/." + host,
	}
	if host != "localhost" && host != "test" && host != "example" && !unsafe.PublicSuffixes {
		origins = append(origins, "https://evil"+host, "https://x-"+host, "https://www.evil-"+host)
	}
	if !unsafe.InsecureOrigins {
		origins = append(origins, "moz-extension://evil", "http://evil.net")
		if !strings.HasSuffix(host, "localhost") {
			origins = append(origins, "http://"+host, "http://x."+host, "http://x."+host+":8080")
		}
	}
	for _, o := range origins {
		if ok, _ := p.AllowsOrigin(t.Context(), o); ok {
			t.Errorf("%+v: %q allows %q", unsafe, expr, o)
		}
	}
}
