package browser

import (
	"fmt"
	"strings"
)

// plainPage is a page on a server without TLS. Its requests to other such servers
// are not mixed content.
var plainPage = page{origin: "http://plain.test"}

// everywhere answers on all hosts, and allows everything.
var everywhere = site{
	preflight: with(allowOrigin+"*", allowMethods+"*", allowHeaders+"*, Authorization"),
	response:  with(allowOrigin + "*"),
}

// urlScenarios test how browsers parse and spell URLs: those of scripts, and those of
// redirects. The agents must send the same, if they send it at all.
func urlScenarios() []scenario {
	const unchecked = "the standard accepts a label in Punycode only if it is valid; Chromium does not check it"
	departures := map[string]string{
		"https://api.test/RUN/a|b": "the standard keeps | in paths; Chromium encodes it",
		"https://xn--.test/RUN/x":  unchecked,
		"https://xn--a.test/RUN/x": unchecked,
		"https://a b.test/RUN/x":   "the standard forbids spaces in hosts; Chromium encodes them",
		"https://a%20b.test/RUN/x": "the standard forbids spaces in hosts; Chromium encodes them",
		"https://a*b.test/RUN/x":   "the standard keeps asterisks in hosts; Chromium encodes them",
	}
	var scenarios []scenario
	for _, address := range spellingsOfURLs() {
		from, start := myapp, "https://start.test/start"
		if strings.HasPrefix(strings.ToLower(address), "http://") {
			from, start = plainPage, "http://start.test/start"
		}
		if !isRelative(address) {
			scenarios = append(scenarios, scenario{
				name: fmt.Sprintf("of a script, %q", address), from: from, departure: departures[address],
				sites: map[string]site{"*": everywhere},
				steps: []step{{url: address, method: "PUT"}}, preflights: asChromium,
			})
		}
		if strings.ContainsAny(address, "\n\x01\x7f") {
			continue // not in a header
		}
		scenarios = append(scenarios, scenario{
			name: fmt.Sprintf("of a redirect, %q", address), from: from, departure: departures[address],
			sites: map[string]site{"*": everywhere, "start.test": {
				preflight: everywhere.preflight, response: everywhere.response,
				paths: map[string]site{"/start": {response: reply{307, []string{allowOrigin + "*", "Location: " + address}}}},
			}},
			steps: []step{{url: start}},
		})
	}
	return scenarios
}

// isRelative reports whether a URL depends on the URL of the page.
func isRelative(address string) bool {
	scheme, rest, ok := strings.Cut(address, ":")
	return !ok || strings.ContainsAny(scheme, "/?#") || len(rest) < 2 || strings.Trim(rest[:2], `/\`) != ""
}

func spellingsOfURLs() []string {
	var all []string
	for _, path := range []string{
		"a b", "ä", "日本", `a"b`, "a<b>c", "a`b", "{a}", "a|b", "a^b", `a\b`, "[a]", "a'b", "a;b=1", "a:b@c", "a!$&()*+,=~",
		"%7Ea", "%2fa%2Fb", "%C3%A4", "%c3%a4",
		"a/../b", "a/./b", "a/..", "a/.", "a/%2E/b", "a/.%2e/b", "a/%2e%2E", "../RUN/x", "../../../RUN/x", "/a//b", "a//../b", "a/", "...", "a/.../b",
		"a\tb", "a\nb", "a\x01b", "a\x7fb", " ", "a ", "a#b", "a#b c", "a#ä`<>", "#", "a#b#c",
		"?", "x?a b", "x?a=ä", `x?a="<>'`, "x?a=`{}|^\\", "x?a?b", "x?a=%zz", "x?a=[1]", "x?a=b&c=d+e", "x?/../y", "x?a=b#c", "x?#", "x?a\tb", "x? ",
	} {
		all = append(all, "https://api.test/RUN/"+path)
	}
	for _, host := range []string{
		"API.test", "api.test:443", "api.test:8443", "api.test:", "api.test:0443", "api.test:00008443",
		"bücher.test", "BÜCHER.test", "xn--bcher-kva.test", "XN--BCHER-KVA.test", "faß.test", "日本.test", "a%70i.test", "%C3%BCber.test",
		"api。test", "a\u00adpi.test", "ＡＰＩ.test", "a_b.test", "a-.test", "-a.test", "ab--c.test", "xn--.test", "xn--a.test", "a b.test", "a<b.test",
		"a%00b.test", "a%20b.test", "a%2fb.test", "a%zz.test", "a|b.test", "a^b.test", "a*b.test", "a!b.test", "a'b.test", "a$b.test", "a(b).test", "a+b.test",
		"a,b.test", "a;b.test", "a=b.test", "a~b.test", "a&b.test",
		"sub..api.test", ".api.test", "☃.test", "\u200d.test", "a\u200cb.test", "Ⅷ.test", "ⓐ.test", "é.é.test",
		"@api.test", ":@api.test", "user@api.test", "user:@api.test", ":secret@api.test", "a@b@api.test", "us er:p%3A@api.test", "@@api.test",
		"api.test:99999", "api.test:65536", "api.test:-1", "api.test:a", "api.test:4 43", "api.test:443:443", "[", "[]", "[::g]", "[::1%25lo]", "[::1", "::1", "[::1]x",
	} {
		all = append(all, "https://"+host+"/RUN/x")
	}
	for _, host := range []string{
		"127.0.0.1", "127.1", "127.0.1", "0x7f.1", "0X7F.1", "0177.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.0.0.1.", "127.0.0.0x1", "127.0x.1", "0x7f.0.0.0",
		"127.0.0.256", "127.0.0.1.5", "127.0.0.08", "127.0.0.0xg", "foo.1", "foo.0x4", "foo.09", "1.2.3.4.", "4294967296", "127..1", "%31%32%37.1", "１２７.1", "1e2.test",
		"[::1]", "[0:0:0:0:0:0:0:1]", "[::FFFF:127.0.0.1]", "[::ffff:7f00:1]", "[0::0:1]", "[::127.0.0.1]", "[1:2:3:4:5:6:7:8]", "[::1.2.3]", "[1::2::3]", "api.test.", "api.test..", "localhost", "LOCALHOST", "sub.localhost",
	} {
		all = append(all, "http://"+host+":8080/RUN/x")
	}
	// Go's HTTP/2 servers close the connection, and its clients try again forever.
	for _, path := range []string{"%zz", "%", "a%4", "%zz?a#b"} {
		all = append(all, "http://api.test/RUN/"+path)
	}
	return append(all,
		"https:///api.test/RUN/x", "https:////api.test/RUN/x", `https:\\api.test\RUN\x`, `https:/\api.test/RUN/x`, `https://\api.test/RUN/x`,
		"HTTPS://api.test/RUN/x", "hTtP://api.test/RUN/x", "\thttps://api.test/RUN/x", " https://api.test/RUN/x ", "ht\ttps://api.test/RUN/x",
		"https:\t//api.test/RUN/x", "https://api.test/RUN", "https://api.test/RUN?x", "https://api.test/RUN#x", "https://api.test?/RUN/x",
		// Relative to https://start.test/RUN/start.
		"x", "./x", "../RUN/x", "x/../y", "x y", "x:y", "/RUN/x", "/RUN/x/../y", `\RUN\x`, "//api.test/RUN/x", `\\api.test/RUN/x`,
		`/\api.test/RUN/x`, "///api.test/RUN/x", "//user@api.test/RUN/x", "//@api.test/RUN/x", "//api.test:8443/RUN/x", "//api test/RUN/x",
		"https:x/RUN", "https:/RUN/x", `https:\RUN\x`, "ä/RUN", "x?ä=RUN", "%2e/RUN",
	)
}
