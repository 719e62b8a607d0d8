package cors_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	cors "github.com/polycors/polycors/core"
)

// What a hint says, word for word, makes the request allowed.
func TestHints(t *testing.T) {
	const insecure = "set Unsafe.InsecureOrigins to true for development, and "
	list := credentialed
	for _, tt := range []struct {
		name string
		cfg  cors.Config
		req  cors.Request
		want string // the hint
	}{
		{"another device", origins("http://192.168.1.10:3000"), get("http://192.168.1.11:3000"),
			`"http://192.168.1.10:3000" is another device: if this origin is yours, add "http://192.168.1.11:3000" to AllowOrigins`},
		{"another device, with credentials", change(list("http://192.168.1.10"), func(c *cors.Config) { c.Unsafe.InsecureOrigins = true }),
			get("http://192.168.1.11"),
			`"http://192.168.1.10" is another device: if this origin is yours, add "http://192.168.1.11" to AllowOrigins`},
		{"another name in the local network", origins("http://nas.local"), get("http://nas2.local"),
			`"http://nas.local" is another device: if this origin is yours, add "http://nas2.local" to AllowOrigins`},
		{"another IPv6 address", origins("https://[fd00::1]"), get("https://[fd00::2]"),
			`"https://[fd00::1]" is another device: if this origin is yours, add "https://[fd00::2]" to AllowOrigins`},
		{"a device beside a site, with credentials", list("https://myapp.com"), get("http://192.168.1.11:3000"),
			`if this origin is yours, ` + insecure + `add "http://192.168.1.11:3000" to AllowOrigins`},
		{"the address on which servers listen, with credentials", list("https://myapp.com"), get("http://0.0.0.0:3000"),
			`if this origin is yours, open the page at "http://localhost:3000", and add that to AllowOrigins`},

		{"another host of the site", origins("https://web.myapp.com"), get("https://web2.myapp.com"),
			`"https://web.myapp.com" is another origin of the same site: if this origin is yours, add "https://web2.myapp.com" to AllowOrigins`},
		{"the domain of a subdomain", list("https://app.myapp.com"), get("https://myapp.com"),
			`"https://app.myapp.com" is another origin of the same site: if this origin is yours, add "https://myapp.com" to AllowOrigins`},
		{"another host of the site, over http", list("https://web.myapp.com"), get("http://web2.myapp.com"),
			`"https://web.myapp.com" is another origin of the same site: if this origin is yours, serve the page over https, ` +
				`because http is not safe with AllowCredentials, and add "https://web2.myapp.com" to AllowOrigins`},

		{"an application shell over http", list("https://tauri.localhost"), get("http://tauri.localhost"),
			`"https://tauri.localhost" is allowed, but http and https are different origins: add "http://tauri.localhost" to AllowOrigins`},
		{"an application shell over https", list("http://localhost"), get("https://localhost"),
			`"http://localhost" is allowed, but http and https are different origins: add "https://localhost" to AllowOrigins`},
		{"an application shell with a scheme of its own", list("https://localhost"), get("capacitor://localhost"),
			`if this origin is yours, add "capacitor://localhost" to AllowOrigins`},
		{"a development server over http", list("https://localhost:3000"), get("http://localhost:3000"),
			`"https://localhost:3000" is allowed, but http and https are different origins: add "http://localhost:3000" to AllowOrigins`},
		{"a device over http", origins("https://nas.local"), get("http://nas.local"),
			`"https://nas.local" is allowed, but http and https are different origins: open the page over https, or add "http://nas.local" to AllowOrigins`},
		{"a site over http", list("https://myapp.com"), get("http://myapp.com"),
			`"https://myapp.com" is allowed, but http and https are different origins: open the page over https`},

		{"another port of localhost", list("http://localhost:3000"), get("http://localhost:5173"),
			`"http://localhost:3000" is allowed, but each port is a different origin: add "http://localhost:5173" to AllowOrigins, ` +
				`or "http://localhost:*" for every port`},
		{"a trailing slash", list("https://myapp.com"), get("https://myapp.com/"), `it has a trailing slash; send "https://myapp.com"`},
		{"a part of an expression", expressions(`//myapp\.com|https://x\.example`), get("https://myapp.com"),
			`the regular expression "//myapp\\.com|https://x\\.example" matches only the part "//myapp.com" of it, ` +
				`but it must match the whole: if this origin is yours, add "https://myapp.com" to AllowOrigins`},
		{"nobody is allowed", cors.Config{AllowOrigins: []string{}}, get("https://myapp.com"),
			`AllowOrigins is an empty list, which allows no origin: if this origin is yours, add "https://myapp.com" to AllowOrigins`},

		{"a method", origins("https://myapp.com"), cors.Request{Method: "PURGE", Origin: "https://myapp.com"}, `add "PURGE" to AllowMethods`},
		{"a method in lower case that is not listed", origins("https://myapp.com"), cors.Request{Method: "purge", Origin: "https://myapp.com"},
			`write "PURGE" in the front end, because methods are case-sensitive, and add it to AllowMethods`},
		{"patch in lower case", origins("https://myapp.com"), cors.Request{Method: "patch", Origin: "https://myapp.com"},
			`write "PATCH" in the front end: methods are case-sensitive, and browsers do not upper-case this one`},
		{"a header", origins("https://myapp.com"), cors.Request{RequestHeaders: "X-Foo", Origin: "https://myapp.com"}, `add "X-Foo" to AllowHeaders`},
		{"Authorization beside an asterisk", cors.AllowAll(), cors.Request{RequestHeaders: "Authorization", Origin: "https://myapp.com"}, ""},
		{"Authorization", change(origins("https://myapp.com"), func(c *cors.Config) { c.AllowHeaders = []string{"*"} }),
			cors.Request{RequestHeaders: "Authorization", Origin: "https://myapp.com"}, `add "Authorization" to AllowHeaders: "*" does not cover it`},
		{"a response header", origins("https://myapp.com"), cors.Request{RequestHeaders: "Access-Control-Allow-Origin", Origin: "https://myapp.com"},
			`remove it from the request: it is a response header, which this policy sets`},
		{"a header of browsers in a preflight", origins("https://myapp.com"), preflight("https://myapp.com", "PUT", "cookie"),
			`remove it from the request: scripts cannot set this header, and browsers never ask for it`},
		{"cookies", origins("https://myapp.com"), cors.Request{Origin: "https://myapp.com", Credentials: true},
			`set AllowCredentials to true, or remove credentials: "include" from the request`},
		{"cookies with an asterisk", origins("*"), cors.Request{Origin: "https://myapp.com", Credentials: true},
			`list the origins of your front ends in AllowOrigins instead of "*", and set AllowCredentials to true; ` +
				`or remove credentials: "include" from the request`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.req.FetchSite = "cross-site"
			e := mustPolicy(t, tt.cfg).Explain(t.Context(), tt.req)
			if e.Hint != tt.want || e.Allowed != (tt.want == "") {
				t.Errorf("hint\n%s\nwant\n%s", e, tt.want)
			}
			cfg, req := followHint(t, tt.cfg, tt.req, e.Hint)
			p, err := cors.New(cfg)
			if err != nil {
				t.Fatalf("following %s: %v", e.Hint, err)
			}
			if after := p.Explain(t.Context(), req); !after.Allowed {
				t.Errorf("following %s leads to %s", e.Hint, after)
			}
		})
	}
}

var (
	addTo      = regexp.MustCompile(`add ("[^"]*") to (Allow\w+)`)
	writeFront = regexp.MustCompile(`write ("[^"]*") in the front end(?:, .* and add it to AllowMethods)?`)
	openAt     = regexp.MustCompile(`open the page at ("[^"]*"), and add that to AllowOrigins`)
	sendOrigin = regexp.MustCompile(`; send ("[^"]*")`)
)

// followHint does what a hint says, in the policy and in the front end. If there
// are two ways, it takes the first, or both.
func followHint(t *testing.T, cfg cors.Config, req cors.Request, hint string) (cors.Config, cors.Request) {
	t.Helper()
	value := func(match []string) string { return quotedIn(t, match[1])[0] }
	list := map[string]*[]string{"AllowOrigins": &cfg.AllowOrigins, "AllowMethods": &cfg.AllowMethods, "AllowHeaders": &cfg.AllowHeaders}
	add := func(field, entry string) { *list[field] = append(slices.Clone(*list[field]), entry) }
	for _, match := range addTo.FindAllStringSubmatch(hint, -1) {
		add(match[2], value(match))
	}
	if match := unsafeField.FindStringSubmatch(hint); match != nil {
		setUnsafe(t, &cfg, match[1])
	}
	if match := writeFront.FindStringSubmatch(hint); match != nil {
		req.Method = value(match)
		if strings.HasSuffix(match[0], "AllowMethods") {
			add("AllowMethods", req.Method)
		}
	}
	if match := openAt.FindStringSubmatch(hint); match != nil {
		req.Origin = value(match)
		add("AllowOrigins", req.Origin)
	}
	if match := sendOrigin.FindStringSubmatch(hint); match != nil {
		req.Origin = value(match)
	}
	if strings.Contains(hint, "page over https") {
		req.Origin = "https" + strings.TrimPrefix(strings.TrimPrefix(req.Origin, "https"), "http")
	}
	if strings.Contains(hint, "in AllowOrigins instead of") {
		cfg.AllowOrigins = []string{req.Origin}
	}
	if strings.Contains(hint, "set AllowCredentials to true") {
		cfg.AllowCredentials = true
	}
	if strings.Contains(hint, "remove it from the request") {
		req.RequestHeaders = ""
	}
	return cfg, req
}
