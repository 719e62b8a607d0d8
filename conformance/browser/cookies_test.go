package browser

import (
	"fmt"
	"strings"
)

// cookieAttributes are Set-Cookie lines. HOST is the host of the server.
var cookieAttributes = []string{
	"a=1", "a=1; Secure", "a=1; SameSite=None", "a=1; SameSite=None; Secure", "a=1; SameSite=Lax", "a=1; SameSite=Strict; Secure",
	"a=1; samesite=NONE; secure", "a=1; SameSite; Secure", "a=1; SameSite=; Secure", "a=1; SameSite=foo; Secure",
	"a=1; SameSite=Lax; SameSite=None; Secure", "a=1; SameSite=None; SameSite=Lax; Secure",
	"a=1; Partitioned", "a=1; Partitioned; Secure; SameSite=None", "a=1; HttpOnly; Secure; SameSite=None",
	"__Secure-a=1; SameSite=None", "__Secure-a=1; Secure; SameSite=None", "__secure-a=1; SameSite=None", "__SECURE-a=1; Secure; SameSite=None",
	"__Host-a=1; Secure; SameSite=None", "__Host-a=1; Secure; SameSite=None; Path=/", "__Host-a=1; SameSite=None; Path=/",
	"__Host-a=1; Secure; SameSite=None; Path=/; Domain=HOST", "__host-a=1; Secure; SameSite=None", "__Host-a=1; Secure; SameSite=None; Path=/; Domain=",
	"a=1; Secure; SameSite=None; Domain=HOST; Path=/RUN/", "a=1; Secure; SameSite=None; Domain=.HOST; Path=/RUN/", "a=1; Secure; SameSite=None; Domain=other.test",
	"a=1; Secure; SameSite=None; Domain=sub.HOST", "a=1; Secure; SameSite=None; Domain=test",
	"a=1; Secure; SameSite=None; Path=/RUN/other", "a=1; Secure; SameSite=None; Path=x", "a=1; Secure; SameSite=None; Path=/RUN/items",
	"a=1; Secure; SameSite=None; Max-Age=0", "a=1; Secure; SameSite=None; Max-Age=-1", "a=1; Secure; SameSite=None; Max-Age=x", "a=1; Secure; SameSite=None; Max-Age=60",
	"a=1; Secure; SameSite=None; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=1; Secure; SameSite=None; Expires=soon",
}

// cookieSpellings are Set-Cookie lines with unusual syntax.
var cookieSpellings = []string{
	"a=b c", "a=b,c", `a="b"`, `a="b c`, `a=b\c`,
	"a=", "a==b", "a= b ", "=b", "a",
	"a b=1", "a,b=1", "a=é", `"a"=1`, "a/b=1",
	"", "a=1;Secure;SameSite=None", "a=1 ;  Secure ; SameSite = None",
}

// cookieScenarios test which cookies Chromium stores and sends. Each scenario has a
// host of its own, because some cookies have the path of all scenarios.
func cookieScenarios() []scenario {
	var scenarios []scenario
	hosts := 0
	for _, kind := range []struct {
		name  string
		from  page
		url   string // with a verb for the host
		lines []string
	}{
		{"of another site", myapp, "https://c%d.test", cookieAttributes},
		{"of the same site", myapp, "https://c%d.myapp.test", cookieAttributes},
		{"of the same site without TLS", plainPage, "http://c%d.plain.test", cookieAttributes},
		{"of the same host over TLS, for a page without", plainPage, "https://c%d.plain.test", cookieAttributes[:20]},
		{"of another site without TLS", plainPage, "http://c%d.test", cookieAttributes[:20]},
		{"of localhost, for another site", plainPage, "http://c%d.localhost:8080", cookieAttributes},
		{"with unusual names and values", plainPage, "http://c%d.plain.test", cookieSpellings},
	} {
		for _, line := range kind.lines {
			hosts++
			base := fmt.Sprintf(kind.url, hosts)
			_, host, _ := strings.Cut(base, "://")
			host, _, _ = strings.Cut(host, ":")
			answer := with(allowOrigin+kind.from.origin, allowCredentials+"true")
			login := answer
			login.lines = append(login.lines, "Set-Cookie: "+strings.ReplaceAll(line, "HOST", host))
			login.lines = login.lines[:len(login.lines):len(login.lines)]
			scenarios = append(scenarios, scenario{
				name: fmt.Sprintf("%s, %q", kind.name, line), from: kind.from,
				sites: map[string]site{"*": {response: answer, paths: map[string]site{"/login": {response: login}}}},
				steps: []step{include(step{url: base + "/login"}), include(step{url: base + "/items"})},
			})
		}
	}
	return append(scenarios, cookiesInRedirects()...)
}

// cookiesInRedirects test cookies that a redirect sets, and its target.
func cookiesInRedirects() []scenario {
	hosts := []string{"myapp.test", "api.myapp.test", "other.test"}
	var scenarios []scenario
	for _, first := range hosts {
		for _, second := range hosts {
			for _, credentials := range []string{"include", "same-origin", "omit"} {
				lines := []string{"Set-Cookie: unset=1", "Set-Cookie: strict=1; SameSite=Strict", "Set-Cookie: lax=1; SameSite=Lax", "Set-Cookie: none=1; SameSite=None; Secure"}
				answer := func(origin string) reply { return with(append(lines, allowOrigin+origin, allowCredentials+"true")...) }
				start := answer("https://myapp.test")
				start.status = 307
				start.lines = append(start.lines, "Location: https://"+second+"/items")
				origin := "https://myapp.test"
				if first != "myapp.test" && first != second {
					origin = "null"
				}
				quiet := with(allowOrigin+"https://myapp.test", allowCredentials+"true")
				visit := func(host string) step { return include(step{url: "https://" + host + "/later"}) }
				scenarios = append(scenarios, scenario{
					name: fmt.Sprintf("of %s, which redirects to %s, %s", first, second, credentials),
					sites: map[string]site{"*": {response: quiet, paths: map[string]site{
						"/start": {response: start}, "/items": {response: answer(origin)},
					}}},
					steps: []step{
						{url: "https://" + first + "/start", credentials: credentials}, visit(first), visit(second),
						{url: "https://" + first + "/start", credentials: credentials},
					},
				})
			}
		}
	}
	return scenarios
}
