package adaptertest

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A contractCase is a row of the contract: with these policies, the request gets
// this response.
type contractCase struct {
	name     string
	policies []cors.Config // the outermost first
	respond  Response      // of all endpoints
	request  request
	status   int    // 0 means 200
	headers  string // all Access-Control-* headers and Vary, sorted
	handled  bool   // whether an endpoint is called
}

type contractGroup struct {
	name  string
	cases []contractCase
}

func contract() []contractGroup {
	return []contractGroup{
		{"preflight", preflightCases()},
		{"actual request", actualCases()},
		{"origin entries", originCases()},
		{"rejecting", rejectCases()},
		{"callback", callbackCases()},
		{"vary", varyCases()},
		{"stacked", stackedCases()},
	}
}

const (
	preflightVary   = "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
	defaultMethods  = "Access-Control-Allow-Methods: GET, HEAD, PUT, PATCH, POST, DELETE"
	allowsMyApp     = "Access-Control-Allow-Origin: https://myapp.com"
	allowsAny       = "Access-Control-Allow-Origin: *"
	withCredentials = "Access-Control-Allow-Credentials: true"

	preflightFromMyApp = "OPTIONS /items\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PUT"
	preflightFromEvil  = "OPTIONS /items\nOrigin: https://evil.example\nAccess-Control-Request-Method: PUT"
	putFromMyApp       = "PUT /items\nOrigin: https://myapp.com"
	putFromEvil        = "PUT /items\nOrigin: https://evil.example"
)

// secret is part of an error text, which must not appear in a response.
const secret = "password=hunter2"

var errLookup = errors.New("tenant database unreachable, " + secret)

func only(cfg cors.Config) []cors.Config { return []cors.Config{cfg} }

func myApp() cors.Config { return cors.Config{AllowOrigins: []string{"https://myapp.com"}} }

// full returns a Config with all fields that have an effect on a response.
func full() cors.Config {
	return cors.Config{
		AllowOrigins:     []string{"https://myapp.com", "https://*.myapp.com", "http://localhost:*"},
		AllowMethods:     []string{"GET", "POST", "PUT", "DELETE"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		ExposeHeaders:    []string{"X-Total-Count"},
		AllowCredentials: true,
		MaxAge:           24 * time.Hour,
	}
}

func with(cfg cors.Config, change func(*cors.Config)) cors.Config {
	change(&cfg)
	return cfg
}

func preflightCases() []contractCase {
	const fullAnswer = withCredentials + `
Access-Control-Allow-Headers: Content-Type, Authorization
Access-Control-Allow-Methods: GET, POST, PUT, DELETE
` + allowsMyApp + `
Access-Control-Max-Age: 86400
` + preflightVary
	const shortAnswer = defaultMethods + "\n" + allowsMyApp + "\n" + preflightVary
	const anyAnswer = defaultMethods + "\n" + allowsAny + "\n" + preflightVary
	echoing := with(full(), func(c *cors.Config) {
		c.AllowMethods, c.AllowHeaders, c.MaxAge = []string{"*"}, []string{"*"}, 0
	})
	const echoed = withCredentials + "\nAccess-Control-Allow-Headers: x-b,x-a, x-c\nAccess-Control-Allow-Methods: PURGE\n" +
		allowsMyApp + "\n" + preflightVary

	return []contractCase{
		{name: "is answered with the full lists", policies: only(full()), status: 204,
			request: preflightFromMyApp + "\nAccess-Control-Request-Headers: content-type", headers: fullAnswer},
		{name: "has the same response when it requests a method and header that are not allowed", policies: only(full()), status: 204,
			request: "OPTIONS /items\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PATCH\nAccess-Control-Request-Headers: x-secret",
			headers: fullAnswer},
		{name: "has the same response on a path without a route", policies: only(full()), status: 204,
			request: "OPTIONS /nowhere/else\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PUT", headers: fullAnswer},
		{name: "is answered before an OPTIONS route", policies: only(full()), status: 204,
			request: "OPTIONS /own\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PUT", headers: fullAnswer},
		{name: "has no headers for what is not configured", policies: only(myApp()), status: 204,
			request: preflightFromMyApp, headers: shortAnswer},
		{name: "from another origin gets 403 and no CORS headers", policies: only(full()), status: 403,
			request: preflightFromEvil, headers: preflightVary},
		{name: "from any origin is allowed by *", policies: only(cors.Config{AllowOrigins: []string{"*"}}), status: 204,
			request: preflightFromEvil, headers: anyAnswer},
		{name: "with two Origin lines is refused", policies: only(full()), status: 403,
			request: preflightFromMyApp + "\nOrigin: https://myapp.com", headers: preflightVary},
		{name: "with two Origin lines is refused by *", policies: only(cors.Config{AllowOrigins: []string{"*"}}), status: 403,
			request: preflightFromMyApp + "\nOrigin: https://myapp.com", headers: preflightVary},
		{name: "with a joined Origin line is refused", policies: only(full()), status: 403,
			request: "OPTIONS /items\nOrigin: https://myapp.com, https://myapp.com\nAccess-Control-Request-Method: PUT", headers: preflightVary},
		{name: "can forbid caching", policies: only(with(myApp(), func(c *cors.Config) { c.MaxAge = -1 })), status: 204,
			request: preflightFromMyApp, headers: defaultMethods + "\n" + allowsMyApp + "\nAccess-Control-Max-Age: 0\n" + preflightVary},
		{name: "can have another status", policies: only(with(myApp(), func(c *cors.Config) { c.PreflightStatus = 200 })), status: 200,
			request: preflightFromMyApp, headers: shortAnswer},
		{name: "with credentials and * gets what it requests, on several lines", policies: only(echoing), status: 204,
			request: "OPTIONS /items\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PURGE\n" +
				"Access-Control-Request-Headers: x-b\nAccess-Control-Request-Headers: x-a, x-c", headers: echoed},
		{name: "with credentials and * does not get an Authorization that is not listed", policies: only(echoing), status: 204,
			request: "OPTIONS /items\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PURGE\n" +
				"Access-Control-Request-Headers: authorization, x-a,x-b", headers: strings.Replace(echoed, "x-b,x-a, x-c", "x-a,x-b", 1)},
		{name: "with credentials and * does not get what is not a list of names", policies: only(echoing), status: 204,
			request: "OPTIONS /items\nOrigin: https://myapp.com\nAccess-Control-Request-Method: P(T\nAccess-Control-Request-Headers: x-a, <script>",
			headers: withCredentials + "\n" + allowsMyApp + "\n" + preflightVary},
		{name: "can be passed on to the next handler", status: 200, handled: true,
			policies: only(with(myApp(), func(c *cors.Config) { c.PreflightContinue = true })),
			request:  "OPTIONS /own\nOrigin: https://myapp.com\nAccess-Control-Request-Method: PUT", headers: shortAnswer},
		{name: "that is refused is not passed on to the next handler", status: 403,
			policies: only(with(myApp(), func(c *cors.Config) { c.PreflightContinue = true })),
			request:  "OPTIONS /own\nOrigin: https://evil.example\nAccess-Control-Request-Method: PUT", headers: preflightVary},
		{name: "needs a requested method", policies: only(myApp()), handled: true,
			request: "OPTIONS /own\nOrigin: https://myapp.com", headers: allowsMyApp + "\nVary: Origin"},
		{name: "needs an origin", policies: only(myApp()), handled: true,
			request: "OPTIONS /own\nAccess-Control-Request-Method: PUT", headers: "Vary: Origin"},
		{name: "needs the method OPTIONS", policies: only(myApp()), handled: true,
			request: putFromMyApp + "\nAccess-Control-Request-Method: PUT", headers: allowsMyApp + "\nVary: Origin"},
	}
}

func actualCases() []contractCase {
	const fullAnswer = withCredentials + "\n" + allowsMyApp + "\nAccess-Control-Expose-Headers: X-Total-Count\nVary: Origin"
	star := cors.Config{AllowOrigins: []string{"*"}, ExposeHeaders: []string{"*"}}
	const starAnswer = allowsAny + "\nAccess-Control-Expose-Headers: *"

	return []contractCase{
		{name: "from an allowed origin may be read", policies: only(full()), handled: true,
			request: putFromMyApp, headers: fullAnswer},
		{name: "from another origin passes without CORS headers", policies: only(full()), handled: true,
			request: putFromEvil, headers: "Vary: Origin"},
		{name: "without Origin passes with Vary, for caches", policies: only(full()), handled: true,
			request: "GET /items", headers: "Vary: Origin"},
		{name: "with an empty Origin is handled as one without", policies: only(full()), handled: true,
			request: "GET /items\nOrigin:", headers: "Vary: Origin"},
		{name: "from any origin may be read with *", policies: only(star), handled: true,
			request: putFromEvil, headers: starAnswer},
		{name: "without Origin has the same response with *, for caches", policies: only(star), handled: true,
			request: "GET /items", headers: starAnswer},
		{name: "with two Origin lines is refused", policies: only(full()), handled: true,
			request: putFromMyApp + "\nOrigin: https://myapp.com", headers: "Vary: Origin"},
		{name: "with an Origin in another case is refused", policies: only(full()), handled: true,
			request: "PUT /items\nOrigin: https://MyApp.com", headers: "Vary: Origin"},
		{name: "from a sandboxed frame is refused", policies: only(full()), handled: true,
			request: "PUT /items\nOrigin: null", headers: "Vary: Origin"},
		{name: "on a path without a route has its headers", policies: only(full()), status: 404,
			request: "GET /nowhere/else\nOrigin: https://myapp.com", headers: fullAnswer},
		{name: "with an error of the handler has its headers", policies: only(full()), handled: true, status: 500,
			respond: Response{Status: 500}, request: putFromMyApp, headers: fullAnswer},
		{name: "with status 304 has its headers", policies: only(full()), handled: true, status: 304,
			respond: Response{Status: 304}, request: "GET /items\nOrigin: https://myapp.com", headers: fullAnswer},
		{name: "may spell the name of the header Origin in any case", policies: only(myApp()), handled: true,
			request: "PUT /items\noRIGIN: https://myapp.com", headers: allowsMyApp + "\nVary: Origin"},
	}
}

// originCases test that an adapter passes on the origin unchanged. The tests of
// core cover the kinds of entries.
func originCases() []contractCase {
	entries := cors.Config{
		AllowOrigins: []string{"https://*.myapp.com", "http://localhost:*", "https://pr-*.myapp.dev",
			"moz-extension://*", "tauri://localhost", "null"},
		AllowOriginRegexps: []*regexp.Regexp{regexp.MustCompile(`https://\d+\.example\.org`)},
		Unsafe:             cors.Unsafe{NullOrigin: true},
	}
	var cases []contractCase
	add := func(origin string, allowed bool) {
		c := contractCase{policies: only(entries), request: request("GET /items\nOrigin: " + origin), handled: true}
		c.name, c.headers = origin+" is refused", "Vary: Origin"
		if allowed {
			c.name, c.headers = origin+" is allowed", "Access-Control-Allow-Origin: "+origin+"\nVary: Origin"
		}
		cases = append(cases, c)
	}
	for _, origin := range []string{
		"https://a.myapp.com", "https://b.a.myapp.com", "http://localhost", "http://localhost:5173", "https://pr-12.myapp.dev",
		"moz-extension://e6d4f1a2-3b5c", "tauri://localhost", "null", "https://42.example.org",
	} {
		add(origin, true)
	}
	for _, origin := range []string{
		"https://myapp.com", "https://evilmyapp.com", "https://myapp.com.evil.org", "https://.myapp.com", "https://a@b.myapp.com",
		"https://evil.com#.myapp.com", "https://evil.com/.myapp.com", "https://a.myapp.com/", "https://a.myapp.com:8443",
		"http://a.myapp.com", "https://a.pr-1.myapp.dev", "http://localhost:", "http://localhost:99999",
		"https://42.example.org.evil.com", "http://42.example.org", "tauri://localhost.evil.com", "NULL", "*",
	} {
		add(origin, false)
	}
	return cases
}

func rejectCases() []contractCase {
	reject := with(full(), func(c *cors.Config) { c.RejectDisallowed = true })
	const fullAnswer = withCredentials + "\n" + allowsMyApp + "\nAccess-Control-Expose-Headers: X-Total-Count\nVary: Origin"
	return []contractCase{
		{name: "stops requests from other origins", policies: only(reject), status: 403,
			request: putFromEvil, headers: "Vary: Origin"},
		{name: "passes allowed origins", policies: only(reject), handled: true, request: putFromMyApp, headers: fullAnswer},
		{name: "passes requests without Origin", policies: only(reject), handled: true, request: "PUT /items", headers: "Vary: Origin"},
		{name: "passes the server's own origin, by Sec-Fetch-Site", policies: only(reject), handled: true,
			request: "PUT /items\nOrigin: https://behind-a-proxy.example\nSec-Fetch-Site: same-origin", headers: "Vary: Origin"},
		{name: "passes the server's own origin, by Host", policies: only(reject), handled: true,
			request: "PUT /items\nHost: api.example\nOrigin: https://api.example", headers: "Vary: Origin"},
		{name: "passes a null origin that the browser calls same-origin", policies: only(reject), handled: true,
			request: "PUT /items\nOrigin: null\nSec-Fetch-Site: same-origin", headers: "Vary: Origin"},
		{name: "passes the server's own origin, by Host with the default port", policies: only(reject), handled: true,
			request: "PUT /items\nHost: api.example:443\nOrigin: https://api.example", headers: "Vary: Origin"},
		{name: "passes the server's own origin, by Host in upper case", policies: only(reject), handled: true,
			request: "PUT /items\nHost: API.example:80\nOrigin: http://api.example", headers: "Vary: Origin"},
		{name: "passes the server's own origin, by an absolute target", policies: only(reject), handled: true,
			request: "PUT http://api.example/items\nHost: other.example\nOrigin: http://api.example", headers: "Vary: Origin"},
		{name: "stops the origin of Host if an absolute target names another", policies: only(reject), status: 403,
			request: "PUT http://api.example/items\nHost: other.example\nOrigin: http://other.example", headers: "Vary: Origin"},
		{name: "stops another port of the same host", policies: only(reject), status: 403,
			request: "PUT /items\nHost: api.example:8080\nOrigin: https://api.example", headers: "Vary: Origin"},
		{name: "trusts Sec-Fetch-Site more than Host", policies: only(reject), status: 403,
			request: "PUT /items\nHost: api.example\nOrigin: http://api.example\nSec-Fetch-Site: cross-site", headers: "Vary: Origin"},
		{name: "stops an OPTIONS request that is not a preflight", policies: only(reject), status: 403,
			request: "OPTIONS /own\nOrigin: https://evil.example", headers: "Vary: Origin"},
	}
}

func callbackCases() []contractCase {
	deciding := func(allow bool, err error) []cors.Config {
		return only(cors.Config{
			AllowOrigins:    []string{"https://myapp.com"},
			AllowOriginFunc: func(context.Context, string) (bool, error) { return allow, err },
		})
	}
	return []contractCase{
		{name: "allows", policies: deciding(true, nil), handled: true, request: putFromEvil,
			headers: "Access-Control-Allow-Origin: https://evil.example\nVary: Origin"},
		{name: "refuses", policies: deciding(false, nil), handled: true, request: putFromEvil, headers: "Vary: Origin"},
		{name: "is not called for listed origins", policies: deciding(false, errLookup), handled: true, request: putFromMyApp,
			headers: allowsMyApp + "\nVary: Origin"},
		{name: "is not called for requests without Origin", policies: deciding(false, errLookup), handled: true,
			request: "GET /items", headers: "Vary: Origin"},
		{name: "is not called for an invalid origin", policies: deciding(true, nil), handled: true,
			request: "GET /items\nOrigin: https://evil.example/path", headers: "Vary: Origin"},
		{name: "that fails allows nothing and stops the request", policies: deciding(true, errLookup), status: 500,
			request: putFromEvil, headers: "Vary: Origin"},
		{name: "that fails allows no preflight", policies: deciding(true, errLookup), status: 500,
			request: preflightFromEvil, headers: preflightVary},
	}
}

func varyCases() []contractCase {
	byTenant := with(myApp(), func(c *cors.Config) { c.Vary = []string{"X-Tenant"} })
	starByTenant := cors.Config{AllowOrigins: []string{"*"}, Vary: []string{"X-Tenant"}}
	return []contractCase{
		{name: "names the headers that select the policy", policies: only(byTenant), handled: true,
			request: "GET /items", headers: "Vary: Origin, X-Tenant"},
		{name: "names them on preflights", policies: only(byTenant), status: 403,
			request: preflightFromEvil, headers: preflightVary + ", X-Tenant"},
		{name: "names them with *", policies: only(starByTenant), handled: true,
			request: "GET /items", headers: allowsAny + "\nVary: X-Tenant"},
		{name: "names Origin with * if it is listed", policies: only(cors.Config{AllowOrigins: []string{"*"}, Vary: []string{"Origin"}}),
			handled: true, request: "GET /items", headers: allowsAny + "\nVary: Origin"},
		{name: "keeps what the handler adds", policies: only(myApp()), handled: true,
			respond: Response{Header: http.Header{"Vary": {"Accept-Encoding"}}},
			request: "GET /items", headers: "Vary: Origin, Accept-Encoding"},
		{name: "keeps what an outer policy added, without repetition", policies: []cors.Config{starByTenant, byTenant}, handled: true,
			request: "GET /items", headers: "Vary: Origin, X-Tenant"},
	}
}

func stackedCases() []contractCase {
	star := cors.Config{AllowOrigins: []string{"*"}, ExposeHeaders: []string{"X-Outer"}}
	evil := with(full(), func(c *cors.Config) { c.AllowOrigins = []string{"https://evil.example"} })
	return []contractCase{
		{name: "the inner policy replaces the outer one", policies: []cors.Config{star, full()}, handled: true, request: putFromMyApp,
			headers: withCredentials + "\n" + allowsMyApp + "\nAccess-Control-Expose-Headers: X-Total-Count\nVary: Origin"},
		{name: "the inner policy revokes what the outer one allowed", policies: []cors.Config{star, full()}, handled: true,
			request: putFromEvil, headers: "Vary: Origin"},
		{name: "the inner policy deletes credentials and exposed headers", policies: []cors.Config{evil, {AllowOrigins: []string{"*"}}},
			handled: true, request: putFromEvil, headers: allowsAny + "\nVary: Origin"},
		{name: "the outer policy answers preflights", policies: []cors.Config{full(), evil}, status: 403,
			request: preflightFromEvil, headers: preflightVary},
	}
}
