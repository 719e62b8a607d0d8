package museum

import (
	"context"
	"net/http"
	"regexp"
	"strings"

	gincontrib "github.com/gin-contrib/cors"

	cors "github.com/polycors/polycors/core"
)

// rooms returns the museum.
func rooms() []room {
	return []room{
		{"Strangers are allowed", strangers()},
		{"Expressions allow strangers", expressions()},
		{"The site's own pages are blocked", lockedOut()},
		{"Asterisks and credentials", asterisks()},
		{"Policies that do not do what they say", policies()},
		{"Preflights and other requests", preflights()},
		{"Requested headers", requestedHeaders()},
		{"Vary and caches", caches()},
		{"What responses say", responses()},
		{"Callbacks", callbacks()},
		{"Several policies", severalPolicies()},
		{"Paths", paths()},
		{"The server's own origin", ownOrigin()},
		{"Memory", memory()},
		{"Documents", documents()},
		{"What runs after the policy on fiber", afterOnFiber()},
		{"What polycors cannot prevent", limits()},
	}
}

// origins returns a policy for some origins, without cookies.
func origins(list ...string) cors.Config { return cors.Config{AllowOrigins: list} }

// cookies returns a policy for some origins, with cookies.
func cookies(list ...string) cors.Config {
	return cors.Config{AllowOrigins: list, AllowCredentials: true}
}

// matching returns a policy for the origins that match an expression.
func matching(expression string) cors.Config {
	return cors.Config{AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(expression)}}
}

// with returns a policy after a change.
func with(cfg cors.Config, change func(*cors.Config)) cors.Config {
	change(&cfg)
	return cfg
}

func always(context.Context, string) (bool, error) { return true, nil }
func never(context.Context, string) (bool, error)  { return false, nil }

func strangers() []exhibit {
	return []exhibit{
		{
			fault:   "`*` with cookies: every site reads with cookies",
			reports: []string{"CVE-2018-20744", "go-chi/cors#6", "labstack/echo#2400", "gofiber/fiber#2338", "CVE-2024-25124", "GHSA-972r-f3fv-whm3"},
			policy:  cookies("*"), harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault:   "`https://*` with cookies: every site reads with cookies",
			reports: []string{"rs/cors#197", "go-chi/cors#17"},
			policy:  cookies("https://*"), harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault:   "`http*` with cookies: every site reads with cookies",
			reports: []string{"rs/cors#197"},
			policy:  cookies("http*"), harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault:   "`h*` with cookies: every site reads with cookies",
			reports: []string{"rs/cors#197"},
			policy:  cookies("h*"), harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault:  "`null` with cookies: every sandboxed frame reads with cookies",
			policy: cookies("null"), harm: reads("null"), mistake: true,
		},
		{
			fault:  "`file://` with cookies: every local file reads with cookies, in app shells that send this origin",
			policy: cookies("file://"), harm: names("file://"), mistake: true,
		},
		{
			fault:   "`https://foo.com` and `https://bar.com` allow https://barfoo.com",
			reports: []string{"GHSA-vhxv-fg4m-p2w8", "GHSA-v84h-653v-4pq9"},
			policy:  cookies("https://foo.com", "https://bar.com"), harm: reads("https://barfoo.com", "https://foobar.com"),
		},
		{
			fault:   "`https://example.com` allows https://evilexample.com",
			reports: []string{"CVE-2024-27302"},
			policy:  cookies("https://example.com"), harm: reads("https://evilexample.com"),
		},
		{
			fault:   "`https://example.com` allows https://example.com.evil.net",
			reports: []string{"CVE-2017-11173"},
			policy:  cookies("https://example.com"), harm: reads("https://example.com.evil.net"),
		},
		{
			fault:   "`https://example.com` is read as an expression, and allows https://examplexcom.evil.net",
			reports: []string{"CVE-2022-1996"},
			policy:  cookies("https://example.com"), harm: reads("https://examplexcom.evil.net", "https://examplexcom"),
		},
		{
			fault:   "`https://*.foo.com` is read as an expression, and allows https://a.fooxcom.evil.net",
			reports: []string{"martini-contrib/cors#6"},
			policy:  cookies("https://*.foo.com"), harm: reads("https://a.fooxcom.evil.net", "https://a.fooxcom", "https://a.foo.com.evil.net"),
		},
		{
			fault:   "`https://*.example.com` allows https://evilexample.com, http:// and other ports",
			reports: []string{"gofiber/fiber#2915"},
			policy:  cookies("https://*.example.com"),
			harm:    reads("https://evilexample.com", "http://evilexample.com:8080", "http://a.example.com", "https://a.example.com:8080"),
		},
		{
			fault:   "`https://example.com/*` allows https://example.community",
			reports: []string{"CVE-2019-25211", "gin-contrib/cors#106"},
			policy:  cookies("https://example.com/*"), harm: reads("https://example.community"), mistake: true,
		},
		{
			fault:   "`http://localhost:*` allows http://localhost.evil.com",
			reports: []string{"CVE-2019-25211"},
			policy:  cookies("http://localhost:*"), harm: reads("http://localhost.evil.com", "http://localhostevil.com"),
		},
		{
			fault:  "`https://example.com*` allows https://example.com.evil.net",
			policy: cookies("https://example.com*"), harm: reads("https://example.com.evil.net"), mistake: true,
		},
		{
			fault:  "`https://*example.com`, without the dot, allows https://evilexample.com",
			policy: origins("https://*example.com"), harm: reads("https://evilexample.com"), mistake: true,
		},
		{
			fault:  "`https://api.*.com` allows https://api.com, since prefix and suffix overlap",
			policy: cookies("https://api.*.com"), harm: reads("https://api.com"), mistake: true,
		},
		{
			fault:  "`https://a?.example.com` allows `https://a/.example.com`, since `?` is a wildcard",
			policy: cookies("https://a?.example.com"), harm: names("https://a/.example.com", "https://ab.example.com"), mistake: true,
		},
		{
			fault:  "two entries in one string, with a blank: `https://.fooexample.com` is allowed",
			policy: origins("https://a.com, https://*.example.com"), terms: only(fiber2s),
			harm: names("https://.fooexample.com", "https://fooexample.com"), mistake: true,
		},
		{
			fault:  "`https://*.railway.app` with cookies: the wildcard is above a public suffix, and allows https://evil.up.railway.app",
			policy: cookies("https://*.railway.app"), harm: reads("https://evil.up.railway.app"), mistake: true,
		},
		{
			fault:  "`https://*.amazonaws.com` with cookies: the wildcard is above public suffixes, and allows https://evil.s3.amazonaws.com",
			policy: cookies("https://*.amazonaws.com"), harm: reads("https://evil.s3.amazonaws.com"), mistake: true,
		},
		{
			fault:  "`https://*.github.io` with cookies: anybody can register a name there",
			policy: cookies("https://*.github.io"), harm: reads("https://evil.github.io"), mistake: true,
		},
		{
			fault:   "the wildcard matches a path: `https://evil.net/.example.com`",
			reports: []string{"gofiber/fiber#3690", "gofiber/fiber#4455"},
			policy:  cookies("https://*.example.com"), harm: names("https://evil.net/.example.com", "https://evil.net#.example.com", "https://evil.net?.example.com"),
		},
		{
			fault:   "the wildcard matches a user name: `https://evil.net@x.example.com`",
			reports: []string{"gofiber/fiber#3690"},
			policy:  cookies("https://*.example.com"), harm: names("https://evil.net@x.example.com"),
		},
		{
			fault:   "the wildcard matches an empty label: `https://.example.com`",
			reports: []string{"gofiber/fiber#3690"},
			policy:  cookies("https://*.example.com"), harm: names("https://.example.com"),
		},
		{
			fault:  "the wildcard matches a host that only some browsers accept: `https://evil.net{.example.com`",
			policy: cookies("https://*.example.com"), harm: names("https://evil.net`.example.com", "https://evil.net{.example.com"),
		},
		{
			fault:  "the wildcard matches an origin of 64 kB",
			policy: cookies("https://*.example.com"), harm: names("https://" + strings.Repeat("a", 1<<16) + ".example.com"),
		},
		{
			fault:   "several origins in one header are reflected: `https://evil.net, https://a.example.com`",
			reports: []string{"rs/cors#131"},
			policy:  cookies("https://*.example.com"), harm: names("https://evil.net, https://a.example.com"),
		},
		{
			fault:  "a request with two `Origin` lines, of which the first is allowed, gets both reflected",
			policy: cookies("https://a.com"),
			harm: func(v *visit) string {
				res := v.get("/items", "https://evil.net", "Origin: https://a.com")
				if got := strings.Join(res.Header.Values(allowOrigin), ", "); strings.Contains(got, "evil") {
					return got
				}
				return ""
			},
		},
		{
			fault:   "an origin with a trailing slash is reflected: `https://a.com/`",
			reports: []string{"ktorio/ktor#4163"},
			policy:  cookies("https://a.com"), harm: names("https://a.com/"),
		},
		{
			fault:   "an origin is allowed because it equals `Host`, which the client chooses",
			reports: []string{"gin-contrib/cors#61"},
			policy:  cookies("https://a.com"),
			harm: told(func(v *visit) *http.Response {
				return v.send("GET /items", "Host: evil.net", "Origin: https://evil.net")
			}, allowOrigin),
		},
	}
}

// expressions has expressions that allow more than they seem to. With cookies,
// polycors refuses most.
func expressions() []exhibit {
	exhibits := []exhibit{
		{
			fault:   "`https://example\\.com` matches a part of the origin, and allows https://example.com.evil.net",
			reports: []string{"CVE-2026-37737"},
			policy:  matching(`https://example\.com`), harm: reads("https://example.com.evil.net"),
		},
		{
			fault:  "`https://app-\\D+\\.example\\.com` is converted to lower case, and allows https://app-123.example.com",
			policy: matching(`https://app-\D+\.example\.com`), harm: reads("https://app-123.example.com"),
		},
		{
			fault:  "`https://app-\\D+\\.example\\.com` is converted to lower case, and blocks https://app-abc.example.com",
			policy: matching(`https://app-\D+\.example\.com`), harm: blocked("https://app-abc.example.com", "GET /items"), required: true,
		},
		{
			fault:   "`^https://myapp\\.com$` is refused, or blocks https://myapp.com",
			reports: []string{"gin-contrib/cors#177"},
			policy:  matching(`^https://myapp\.com$`), harm: blocked("https://myapp.com", "GET /items"), required: true,
		},
		{
			fault:   "an expression has state: the same origin is allowed first, and blocked later",
			reports: []string{"expressjs/cors#220", "fastify/fastify-cors#151"},
			policy:  matching(`https://myapp\.com`), required: true,
			harm: either(blocked("https://myapp.com", "GET /items"), blocked("https://myapp.com", "GET /items"), blocked("https://myapp.com", "GET /items")),
		},
		{
			fault:    "an expression that does not compile is accepted, and every request panics",
			document: `{"allowOriginRegexps": ["https://("]}`,
			terms:    terms{gin: func(c *gincontrib.Config) { c.AllowOrigins = []string{"/https://(/"} }, only: []string{ginContrib}},
			harm:     dropped, mistake: true,
		},
	}
	for _, e := range []struct{ expression, stranger string }{
		{`.*\.com`, "https://evil.com"},
		{`https://[\w.]+`, "https://evil.net"},
		{`https://.*myapp\.com`, "https://evilmyapp.com"},
		{`https?://.*\.myapp\.com(:\d+)?`, "http://x.myapp.com"},
		{`https://.*\.github\.io`, "https://evil.github.io"},
		{`https://[a-z0-9-]+\.vercel\.app`, "https://evil.vercel.app"},
		{`https://.*:8443`, "https://evil.net:8443"},
		{`https://.*\.myapp.com`, "https://x.myappxcom"},
		{`chrome-extension://.*`, "chrome-extension://evil"},
		{`[a-z]+://myapp\.com`, "http://myapp.com"},
	} {
		cfg := matching(e.expression)
		cfg.AllowCredentials = true
		exhibits = append(exhibits, exhibit{
			fault: "`" + e.expression + "` with cookies allows " + e.stranger, policy: cfg, harm: reads(e.stranger), mistake: true,
		})
	}
	for _, e := range []struct{ expression, own string }{
		{`\.example2\.com$`, "https://www.example2.com"},
		{`example\.com`, "https://example.com"},
		{`(www\.)?foo\.com`, "https://www.foo.com"},
		{`/foo/`, "https://foo.com"},
	} {
		exhibits = append(exhibits, exhibit{
			fault: "`" + e.expression + "` matches no origin, and is accepted", policy: matching(e.expression), harm: blocked(e.own, "GET /items"), mistake: true,
		})
	}
	for _, e := range []struct{ expression, own string }{
		{`https://(.*\.)?myapp\.com`, "https://a.myapp.com"},
		{`https://(app|admin)\.myapp\.(com|de)`, "https://admin.myapp.de"},
		{`http://localhost:\d+`, "http://localhost:5173"},
	} {
		cfg := matching(e.expression)
		cfg.AllowCredentials = true
		exhibits = append(exhibits, exhibit{
			fault: "`" + e.expression + "` with cookies is right, and is refused", policy: cfg, harm: blocked(e.own, "GET /items"), required: true,
		})
	}
	return exhibits
}

// dropped is the harm that the server drops the connection.
func dropped(v *visit) string {
	if res := v.get("/items", "https://a.com"); res.StatusCode == 0 {
		return "the connection is dropped"
	}
	return ""
}
