package browser

// jarScenarios test the cookies of servers on the site of the page, and of redirects
// through other sites.
func jarScenarios() []scenario {
	const sameSite = "https://sub.myapp.test"
	trusted := []string{"Access-Control-Allow-Origin: https://myapp.test", "Access-Control-Allow-Credentials: true"}
	login := site{response: with(append(trusted, "Set-Cookie: strict=1; Secure; SameSite=Strict", "Set-Cookie: lax=1; SameSite=Lax",
		"Set-Cookie: unset=1", "Set-Cookie: none=1; Secure; SameSite=None")...)}
	visit := step{url: sameSite + "/items", credentials: "include", want: "200"}
	start := step{url: "https://api.test/start", credentials: "include"}
	from := func(st step, want string) step {
		st.want = want
		return st
	}
	to := func(location string) map[string]site {
		return map[string]site{"/start": {response: reply{302, append(trusted, "Location: "+location)}}}
	}
	through := login
	through.paths = to("https://api.test/start")
	return []scenario{
		{
			name:  "cookies of a server on the same site are sent, whatever their SameSite",
			sites: map[string]site{"sub.myapp.test": login},
			steps: []step{visit, visit},
		},
		{
			name:  "a redirect from another site to the page's does not hold back Strict cookies",
			sites: map[string]site{"sub.myapp.test": login, "api.test": {paths: to(sameSite + "/items")}},
			steps: []step{visit, from(start, "AllowOriginMismatch")},
		},
		{
			name:  "a redirect through another site does not hold back Strict cookies",
			sites: map[string]site{"sub.myapp.test": through, "api.test": {paths: to(sameSite + "/items")}},
			steps: []step{visit, {url: sameSite + "/start", credentials: "include", want: "AllowOriginMismatch"}},
		},
		{
			name:  "cookies that a redirect from another site sets on the page's site",
			sites: map[string]site{"sub.myapp.test": login, "api.test": {paths: to(sameSite + "/items")}},
			steps: []step{from(start, "AllowOriginMismatch"), visit},
		},
		{
			name: "a Lax cookie replaces one with SameSite=None",
			sites: map[string]site{"sub.myapp.test": {response: with(append(trusted, "Set-Cookie: none=2; SameSite=Lax")...), paths: map[string]site{
				"/login": {response: with(append(trusted, "Set-Cookie: none=1; Secure; SameSite=None")...)}}}},
			steps: []step{{url: sameSite + "/login", credentials: "include", want: "200"}, visit, visit},
		},
	}
}
