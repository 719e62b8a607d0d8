package museum

import (
	"net/http"

	"github.com/gin-gonic/gin"

	cors "github.com/polycors/polycors/core"
)

func severalPolicies() []exhibit {
	const a, b, evil = "https://a.com", "https://b.com", "https://evil.net"
	both := site{mounts: []mount{{policy: origins(a)}, {at: "/api", policy: origins(b)}}}
	open := site{mounts: []mount{{policy: origins("*")}, {at: "/api", policy: origins(b)}}}
	return []exhibit{
		{
			fault:   "a policy for a group does not answer preflights",
			reports: []string{"gin-contrib/cors#12", "gin-gonic/gin#3546", "labstack/echo#2950"},
			site:    site{mounts: []mount{{at: "/api", policy: origins(a)}}}, harm: blocked(a, "PUT /api/items"), required: true,
		},
		{
			fault:   "a policy for a route does not answer preflights",
			reports: []string{"labstack/echo#2620", "go-chi/chi#263", "rs/cors#185"},
			site:    site{mounts: []mount{{route: "PUT /api/items", policy: origins(a)}}}, harm: blocked(a, "PUT /api/items"), required: true,
		},
		{
			fault: "a policy for the group `/api` applies to `/apix`",
			site:  site{mounts: []mount{{at: "/api", policy: origins(a)}}}, harm: allowedTo(a, "GET /apix"),
		},
		{
			fault: "a policy for the site and one for a group: the site's answers preflights for the group",
			site:  both, harm: blocked(b, "PUT /api/items"), required: true,
		},
		{
			fault: "a policy for the site and one for a group: pages that the group's allows are blocked",
			site:  both, harm: blocked(b, "GET /api/items"), required: true,
		},
		{
			fault:   "a policy for the site and one for a group: pages that only the site's allows read the group",
			reports: []string{"expressjs/cors#167"},
			site:    both, harm: allowedTo(a, "GET /api/items"),
		},
		{
			fault:   "`*` for the site and a list for a group: every site reads the group",
			reports: []string{"expressjs/cors#167"},
			site:    open, harm: allowedTo(evil, "GET /api/items"),
		},
		{
			fault:   "two policies in a row: pages that only the outer one allows read responses",
			reports: []string{"expressjs/cors#167", "expressjs/cors#79"},
			site:    site{mounts: []mount{{policy: origins("*")}, {policy: origins(b)}}}, harm: allowedTo(evil, "GET /items"),
		},
		{
			fault: "two policies in a row: the response has the credentials of one and the origin of the other",
			site:  site{mounts: []mount{{policy: cookies(a)}, {policy: origins(a)}}},
			harm:  told(getFrom(a), allowCredentials),
		},
	}
}

// rejecting returns a policy for origins that rejects all others.
func rejecting(list ...string) cors.Config {
	return with(origins(list...), func(c *cors.Config) { c.RejectDisallowed = true })
}

// ranFrom is the harm that a request from another site reaches a handler.
func ranFrom(origin, request, handler string) harm {
	return func(v *visit) string {
		v.send(request, "Origin: "+origin, "Sec-Fetch-Site: cross-site")
		if v.ran(handler) {
			return request + " from " + origin + " reaches " + handler
		}
		return ""
	}
}

// readFrom is the harm that a script reads what a handler sends.
func readFrom(origin, request, handler string) harm {
	return func(v *visit) string {
		res := v.send(request, "Origin: "+origin, "Sec-Fetch-Site: cross-site")
		if got := res.Header.Get(allowOrigin); v.ran(handler) && (got == "*" || got == origin) {
			return request + " from " + origin + " reads " + handler
		}
		return ""
	}
}

func paths() []exhibit {
	const app, evil = "https://a.com", "https://evil.net"
	rejects := only(ginContrib) // the others cannot reject
	none := terms{nobody: true} // the others have no map of paths
	strict := func(at string, routes ...route) site {
		return site{routes: routes, mounts: []mount{{policy: rejecting(app)}, {at: at, policy: origins("*")}}}
	}
	open := func(at string, routes ...route) site {
		return site{routes: routes, mounts: []mount{{policy: origins("*")}, {at: at, policy: rejecting(app)}}}
	}
	transfer := route{method: "POST", path: "/api/transfer"}
	cleaned := func(s site) site {
		s.configure = func(app any) {
			if engine, ok := app.(*gin.Engine); ok {
				engine.RemoveExtraSlash = true // and dot segments
			}
		}
		return s
	}
	escaped := strict("/public", route{method: "GET", path: "/{doc}"})
	escaped.configure = func(app any) {
		if engine, ok := app.(*gin.Engine); ok {
			engine.UseRawPath = true
		}
	}
	return []exhibit{
		{
			fault: "`POST //api/transfer` evades the policy that rejects other sites, and reaches the handler",
			site:  cleaned(strict("/public", transfer, route{method: "POST", path: "/{doc}"})), terms: rejects, harm: either(ranFrom(evil, "POST //api/transfer", "POST /api/transfer"), ranFrom(evil, "POST //api/transfer", "POST /{doc}")),
		},
		{
			fault: "`POST /files//x` evades the policy that rejects other sites, and reaches the handler",
			site:  strict("/public", route{method: "POST", path: "/files/{path...}"}), terms: rejects,
			harm: ranFrom(evil, "POST /files//x", "POST /files/{path...}"),
		},
		{
			fault: "`/public%2Fx` gets the policy of `/public/`, and the handler of `/:doc`",
			site:  escaped, harm: readFrom(evil, "GET /public%2Fx", "GET /{doc}"),
		},
		{
			fault: "`/%61pi/transfer` gets the policy of `/`, and the handler of `/api/transfer`",
			site:  open("/api", route{method: "GET", path: "/api/transfer"}), terms: none,
			harm: readFrom(evil, "GET /%61pi/transfer", "GET /api/transfer"),
		},
		{
			fault:   "`/api/../admin` gets the policy of `/api/`, and the handler of `/admin`",
			reports: []string{"CVE-2020-25032", "CVE-2019-18978"},
			site:    cleaned(strict("/api", route{method: "GET", path: "/admin"})),
			harm:    readFrom(evil, "GET /api/../admin", "GET /admin"),
		},
		{
			fault:   "`/a+b` is read as `/a b`, and gets the policy of another path",
			reports: []string{"CVE-2024-6844", "corydolphin/flask-cors#383"},
			site:    open("/a+b", route{method: "GET", path: "/a+b/x"}), terms: none,
			harm: readFrom(evil, "GET /a+b/x", "GET /a+b/x"),
		},
		{
			fault:   "`/API/items` gets the policy of `/`, and the handler of `/api/items` if the router ignores case",
			reports: []string{"CVE-2024-6866"},
			site:    open("/api"), terms: none, harm: readFrom(evil, "GET /API/items", "GET /api/items"),
		},
		{
			fault:   "of two prefixes that match a path, the shorter one decides",
			reports: []string{"CVE-2024-6839"},
			site:    open("/api"), terms: none, harm: readFrom(evil, "GET /api/items", "GET /api/items"),
		},
	}
}

func ownOrigin() []exhibit {
	const own = "https://api.example"
	rejects := only(ginContrib)
	policy := rejecting("https://a.com")
	return []exhibit{
		{
			fault:  "a form of the site itself is rejected if `Host` has the default port",
			policy: policy, terms: rejects, harm: unhandled("POST /items", "Host: api.example:443", "Origin: "+own),
		},
		{
			fault:  "a form of the site itself is rejected if `Host` is in upper case",
			policy: policy, terms: rejects, harm: unhandled("POST /items", "Host: API.example", "Origin: "+own),
		},
		{
			fault:  "a form of the site itself is rejected behind a proxy that rewrites `Host`, although `Sec-Fetch-Site` is same-origin",
			policy: policy, terms: rejects,
			harm: unhandled("POST /items", "Host: 10.0.0.1:8080", "Origin: "+own, "Sec-Fetch-Site: same-origin"),
		},
		{
			fault:  "a form of the site itself is rejected if the request target is a URL",
			policy: policy, terms: rejects,
			harm: func(v *visit) string {
				res := v.send("POST http://api.example/items", "Host: 10.0.0.1:8080", "Origin: http://api.example")
				if !v.ran("POST /items") {
					return http.StatusText(res.StatusCode)
				}
				return ""
			},
		},
		{
			fault:  "a request with `origin:` in lower case evades the policy that rejects other sites",
			policy: policy, terms: rejects, site: site{namesAsSent: true},
			harm: func(v *visit) string {
				v.send("POST /items", "host: api.example", "origin: https://evil.net")
				if v.ran("POST /items") {
					return "the handler runs"
				}
				return ""
			},
		},
	}
}
