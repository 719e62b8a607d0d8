package browser

import (
	"fmt"

	cors "github.com/polycors/polycors/core"
)

// redirectScenarios test redirects: by an app, within it or to https://other.test,
// and by hand-made servers.
func redirectScenarios() []scenario {
	const (
		app      = "https://myapp.test"
		mismatch = "AllowOriginMismatch" // the origin is null
	)
	open := site{
		preflight: with(allowOrigin+"*", allowMethods+"PUT", allowHeaders+"X-A, Authorization"),
		response:  with(allowOrigin + "*"),
	}
	closed := site{
		preflight: with(allowOrigin+app, allowCredentials+"true", allowMethods+"PUT"),
		response:  with(allowOrigin+app, allowCredentials+"true"),
	}
	forNull := site{
		preflight: with(allowOrigin+"null", allowCredentials+"true", allowMethods+"PUT"),
		response:  with(allowOrigin+"null", allowCredentials+"true"),
	}
	exact := cors.Config{AllowOrigins: []string{app}, AllowCredentials: true, AllowHeaders: []string{"X-A", "Authorization"}}
	var scenarios []scenario
	for _, tt := range []struct {
		name       string
		policy     cors.Config
		through    []string
		other      site
		preflights int
		step       step
	}{
		{"within an app", exact, frameworks, site{}, 0, step{url: "/moved", want: "200"}},
		{"of a PUT within an app", exact, frameworks, site{}, 2, step{method: "PUT", url: "/moved", want: "200"}},
		{"within an app, with credentials", exact, nil, site{}, 0, step{url: "/moved", credentials: "include", want: "200"}},
		{"within an app that allows another origin", allow("https://evil.test"), nil, site{}, 0,
			step{url: "/moved", want: "MissingAllowOriginHeader"}},
		{"of a POST within an app", exact, nil, site{}, 0,
			step{method: "POST", url: "/moved", body: "x", header: []string{"Content-Type: text/plain"}, want: "200"}},
		{"to a server that allows any origin", exact, frameworks, open, 0, step{url: "/away", want: "200"}},
		{"of a PUT to a server that allows any origin", exact, nil, open, 2, step{method: "PUT", url: "/away", want: "200"}},
		{"of a GET with a header to a server that allows any origin", exact, nil, open, 2,
			step{header: []string{"X-A: 1"}, url: "/away", want: "200"}},
		{"to a server that allows the page", exact, frameworks, closed, 0, step{url: "/away", want: mismatch}},
		{"of a PUT to a server that allows the page", exact, nil, closed, 2,
			step{method: "PUT", url: "/away", want: "PreflightAllowOriginMismatch"}},
		{"to a server that allows null", exact, nil, forNull, 0, step{url: "/away", want: "200"}},
		{"to a server that allows null, with credentials", exact, nil, forNull, 0, step{url: "/away", credentials: "include", want: "200"}},
		{"of a PUT to a server that allows null", exact, nil, forNull, 2, step{method: "PUT", url: "/away", want: "200"}},
		{"to a server that allows any origin, with credentials", exact, nil, open, 0,
			step{url: "/away", credentials: "include", want: "WildcardOriginNotAllowed"}},
		{"of Authorization to another server", exact, frameworks, open, 1,
			step{url: "/away", header: []string{"Authorization: Bearer x"}, want: "200"}},
		{"of Authorization within an app", exact, nil, site{}, 2, step{url: "/moved", header: []string{"Authorization: Bearer x"}, want: "200"}},
		{"with the mode error", exact, nil, open, 0, step{url: "/away", redirect: "error", want: "TypeError"}},
		{"with the mode manual", exact, frameworks, open, 0, step{url: "/away", redirect: "manual", want: "opaqueredirect"}},
		{"with the mode manual, for another origin", allow("https://evil.test"), nil, open, 0,
			step{url: "/away", redirect: "manual", want: "MissingAllowOriginHeader"}},
		{"in mode no-cors", exact, nil, open, 0, step{mode: "no-cors", url: "/away", want: "opaque"}},
	} {
		scenarios = append(scenarios, scenario{
			name: tt.name, policy: tt.policy, through: tt.through, sites: map[string]site{"other.test": tt.other},
			steps: []step{tt.step}, preflights: tt.preflights,
		})
		if tt.step.redirect != "" {
			scenarios[len(scenarios)-1].unmodeled = "redirect modes"
		}
	}
	scenarios = append(scenarios, scenario{
		name: "to a server without CORS", policy: exact, sites: map[string]site{"other.test": {}},
		steps:      []step{{url: "/away", want: "MissingAllowOriginHeader"}},
		unreported: "the other server refuses",
	})
	return append(scenarios, handMadeRedirects(open, closed, forNull)...)
}

func handMadeRedirects(open, closed, forNull site) []scenario {
	to := func(status int, location string, lines ...string) map[string]site {
		return map[string]site{"/start": {
			preflight: with(allowOrigin+"*", allowMethods+"PUT, DELETE", allowHeaders+"X-A"),
			response:  reply{status, append(lines, "Location: "+location)},
		}}
	}
	const anyone = allowOrigin + "*"
	var scenarios []scenario
	add := func(name, want string, preflights int, st step, sites map[string]site) {
		st.want = want
		if st.url == "" {
			st.url = "/start"
		}
		scenarios = append(scenarios, scenario{name: name, sites: sites, steps: []step{st}, preflights: preflights})
	}
	own := step{url: "https://myapp.test/start"}
	add("from the page's own origin to a server keeps the origin", "200", 0, own, map[string]site{
		"myapp.test": {paths: to(302, "https://api.test/items")}, "api.test": closed})
	add("to a scheme that browsers do not fetch", "CorsDisabledScheme", 0, step{}, map[string]site{
		"api.test": {paths: to(302, "ftp://other.test/", anyone)}})
	add("to two Locations", "TypeError", 0, step{}, map[string]site{
		"api.test": {paths: to(302, "https://api.test/items", anyone, "Location: https://api.test/other"), response: with(anyone)}})
	add("from the page's own origin to itself", "200", 0, own, map[string]site{
		"myapp.test": {paths: to(302, "https://myapp.test/items")}})
	add("back to the page's own origin makes the origin null", "MissingAllowOriginHeader", 0, step{}, map[string]site{
		"api.test": {paths: to(302, "https://myapp.test/items", anyone)}, "myapp.test": {}})
	add("back to the page's own origin, which allows null", "200", 0, step{}, map[string]site{
		"api.test": {paths: to(302, "https://myapp.test/items", anyone)}, "myapp.test": forNull})
	add("to a subdomain makes the origin null", "AllowOriginMismatch", 0, step{}, map[string]site{
		"api.test": {paths: to(302, "https://sub.api.test/items", anyone)}, "sub.api.test": closed})
	add("to another port makes the origin null", "AllowOriginMismatch", 0, step{}, map[string]site{
		"api.test": {response: closed.response, paths: to(302, "https://api.test:8443/items", anyone)}})
	add("by a response without CORS headers", "MissingAllowOriginHeader", 0, step{}, map[string]site{
		"api.test": {paths: to(302, "https://other.test/items")}, "other.test": open})
	add("to a URL with a password", "RedirectContainsCredentials", 0, step{}, map[string]site{
		"api.test": {paths: to(302, "https://user:secret@other.test/items", anyone)}, "other.test": open})
	add("to a relative URL", "200", 0, step{}, map[string]site{
		"api.test": {response: open.response, paths: to(302, "items", anyone)}})
	add("without a Location", "302", 0, step{}, map[string]site{
		"api.test": {paths: map[string]site{"/start": {response: reply{302, []string{anyone}}}}}})
	add("in an endless loop", "TypeError", 0, step{}, map[string]site{
		"api.test": {paths: to(302, "https://api.test/start", anyone)}})
	for _, tt := range []struct {
		status     int
		method     string
		preflights int
	}{
		{301, "PUT", 2}, {302, "PUT", 2}, {303, "PUT", 1}, {307, "PUT", 2}, {308, "PUT", 2},
		{301, "POST", 0}, {302, "POST", 0}, {303, "POST", 0}, {307, "POST", 0}, {308, "POST", 0},
		{303, "HEAD", 0}, {302, "DELETE", 2},
	} {
		st := step{method: tt.method}
		if tt.method == "POST" {
			st.body, st.header = "x", []string{"Content-Type: text/plain"}
		}
		allowing := open
		allowing.preflight = with(anyone, allowMethods+"PUT, DELETE")
		add(fmt.Sprintf("of %s by %d", tt.method, tt.status), "200", tt.preflights, st, map[string]site{
			"api.test": {paths: to(tt.status, "https://other.test/items", anyone)}, "other.test": allowing})
	}
	return scenarios
}
