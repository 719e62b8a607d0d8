package browser

import cors "github.com/polycors/polycors/core"

// credentialScenarios test which requests carry cookies, and what the server must
// allow. The server sets them at /login.
func credentialScenarios() []scenario {
	allowed := cors.Config{
		AllowOrigins:     []string{"https://myapp.test", "http://localhost:3000"},
		AllowHeaders:     []string{"Authorization"},
		AllowCredentials: true,
	}
	notAllowed := allow("https://myapp.test")
	var scenarios []scenario
	for _, tt := range []struct {
		name       string
		from       page
		policy     cors.Config
		through    []string
		preflights int
		steps      []step
	}{
		{"cookies are sent back with include", myapp, allowed, frameworks, 0, []step{
			{url: "/login", credentials: "include", want: "200"},
			{credentials: "include", want: "200"},
		}},
		{"a preflight has no cookies, but the request has", myapp, allowed, frameworks, 1, []step{
			{url: "/login", credentials: "include", want: "200"},
			{method: "PUT", credentials: "include", want: "200"},
		}},
		{"cookies are not sent without include", myapp, allowed, nil, 1, []step{
			{url: "/login", credentials: "include", want: "200"},
			{want: "200"},
			{credentials: "same-origin", want: "200"},
			{credentials: "omit", want: "200"},
			{method: "PUT", credentials: "omit", want: "200"},
		}},
		{"cookies are not kept without include", myapp, allowed, nil, 0, []step{
			{url: "/login", want: "200"},
			{url: "/login", credentials: "omit", want: "200"},
			{credentials: "include", want: "200"},
		}},
		{"cookies of a preflighted login are kept", myapp, allowed, nil, 1, []step{
			{method: "PUT", url: "/login", credentials: "include", want: "200"},
			{credentials: "include", want: "200"},
		}},
		{"cookies are sent from http on localhost", page{origin: "http://localhost:3000"}, allowed, nil, 0, []step{
			{url: "/login", credentials: "include", want: "200"},
			{credentials: "include", want: "200"},
		}},
		{"an Authorization header needs no credentials mode", myapp, allowed, nil, 1, []step{
			{credentials: "omit", header: []string{"Authorization: Bearer x"}, want: "200"},
		}},
		{"an Authorization header with cookies", myapp, allowed, frameworks, 1, []step{
			{url: "/login", credentials: "include", want: "200"},
			{method: "PUT", credentials: "include", header: []string{"Authorization: Bearer x"}, want: "200"},
		}},
		// Preflights that fail are not cached.
		{"cookies that are not allowed", myapp, notAllowed, frameworks, 2, []step{
			{credentials: "include", want: "InvalidAllowCredentials"},
			{method: "PUT", credentials: "include", want: "PreflightInvalidAllowCredentials"},
			{method: "PUT", want: "200"},
		}},
		// The script may not read the response, but the browser keeps the cookie
		// and sends it with the next request.
		{"cookies that are not allowed are kept", myapp, notAllowed, nil, 0, []step{
			{url: "/login", credentials: "include", want: "InvalidAllowCredentials"},
			{credentials: "include", want: "InvalidAllowCredentials"},
		}},
		{"cookies for an origin that is not allowed are kept", evil, notAllowed, nil, 0, []step{
			{url: "/login", credentials: "include", want: "MissingAllowOriginHeader"},
			{credentials: "include", want: "MissingAllowOriginHeader"},
		}},
		{"cookies if any origin is allowed", myapp, allow("*"), frameworks, 1, []step{
			{credentials: "include", want: "WildcardOriginNotAllowed"},
			{method: "PUT", credentials: "include", want: "PreflightWildcardOriginNotAllowed"},
			{credentials: "omit", want: "200"},
		}},
		{"cookies from another origin", evil, allowed, frameworks, 1, []step{
			{credentials: "include", want: "MissingAllowOriginHeader"},
			{method: "PUT", credentials: "include", want: "PreflightMissingAllowOriginHeader"},
		}},
		{"credentials allowed but not sent", myapp, allowed, nil, 1, []step{
			{credentials: "omit", want: "200"},
			{method: "DELETE", credentials: "omit", want: "200"},
		}},
		{"cookies within a site", myapp, allowed, nil, 0, []step{
			{url: "https://server.myapp.test/login", credentials: "include", want: "200"},
			{url: "https://server.myapp.test/items", credentials: "include", want: "200"},
		}},
	} {
		scenarios = append(scenarios, scenario{
			name: tt.name, from: tt.from, policy: tt.policy, through: tt.through,
			steps: tt.steps, preflights: tt.preflights,
		})
	}
	return append(scenarios, handMadeCookies()...)
}

// handMadeCookies test cookies on hand-made servers.
func handMadeCookies() []scenario {
	const cookie = "Set-Cookie: session=s3cret; Secure; SameSite=None"
	origin, credentials := "Access-Control-Allow-Origin: https://myapp.test", "Access-Control-Allow-Credentials: true"
	login := site{response: with(origin, credentials, cookie)}
	return []scenario{
		{
			name: "cookies set by a preflight are dropped",
			sites: map[string]site{"api.test": {
				preflight: with(origin, credentials, cookie, "Access-Control-Allow-Methods: PUT"),
				response:  with(origin, credentials),
			}},
			steps: []step{
				{method: "PUT", credentials: "include", want: "200"},
				{credentials: "include", want: "200"},
			},
			preflights: 1,
		},
		{
			name: "cookies set by an error are kept",
			sites: map[string]site{"api.test": {
				response: reply{500, []string{origin, credentials, cookie}},
			}},
			steps: []step{
				{credentials: "include", want: "500"},
				{credentials: "include", want: "500"},
			},
		},
		{
			name: "cookies of another site are kept only with SameSite=None and Secure",
			sites: map[string]site{"api.test": {response: with(origin, credentials,
				"Set-Cookie: lax=1; Secure; SameSite=Lax", "Set-Cookie: unset=1; Secure", "Set-Cookie: open=1; SameSite=None",
				"Set-Cookie: good=1; Secure; SameSite=None")}},
			steps: []step{{credentials: "include", want: "200"}, {credentials: "include", want: "200"}},
		},
		{
			name: "a script cannot read Set-Cookie, exposed or not",
			sites: map[string]site{"api.test": {
				response: with(origin, credentials, cookie, "Access-Control-Expose-Headers: Set-Cookie, X-A", "X-A: 1"),
			}},
			steps: []step{{credentials: "include", want: "200"}, {credentials: "omit", want: "200"}},
		},
		{
			name:  "cookies of the page's own origin are sent by default",
			sites: map[string]site{"myapp.test": login},
			steps: []step{
				{url: "https://myapp.test/items", want: "200"},
				{url: "https://myapp.test/items", want: "200"},
				{url: "https://myapp.test/items", credentials: "omit", want: "200"},
			},
		},
		{
			name:  "cookies of no-cors requests are kept and sent",
			sites: map[string]site{"api.test": login},
			steps: []step{
				{mode: "no-cors", credentials: "include", want: "opaque"},
				{mode: "no-cors", credentials: "include", want: "opaque"},
				{mode: "no-cors", credentials: "omit", want: "opaque"},
			},
		},
		{
			name: "cookies set by a redirect are kept and sent",
			sites: map[string]site{"api.test": {
				response: with(origin, credentials),
				paths: map[string]site{"/start": {
					response: reply{302, []string{origin, credentials, cookie, "Location: https://api.test/items"}},
				}},
			}},
			steps: []step{
				{url: "/start", credentials: "include", want: "200"},
				{credentials: "include", want: "200"},
			},
		},
	}
}
