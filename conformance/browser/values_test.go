package browser

import (
	"fmt"
	"strings"
)

// methodSpellings test spellings of methods, in each mode, with each list.
func methodSpellings() []scenario {
	var scenarios []scenario
	for _, method := range []string{
		"GET", "Get", "gEt", "HEAD", "hEaD", "POST", "pOsT", "PUT", "pUt", "DELETE", "Delete", "OPTIONS", "oPtIoNs", "PATCH", "Patch", "pATCH",
		"TRACE", "tRaCe", "TRACK", "track", "CONNECT", "Connect", "QUERY", "Query", "PROPFIND", "M-SEARCH", "LINK", "PURGE", "X", "x!#$&'", "*", "1", "null",
		"GET ", " GET", "GE T", "P,T", "P;T", "PÜT", "P\tT", "P(T", "\"PUT\"",
	} {
		for _, list := range []string{"*", method + ", X-Y", strings.ToUpper(method)} {
			if strings.ContainsAny(method, " ,;Ü\t(\"") && list != "*" {
				continue // never sent
			}
			everything := with(allowOrigin+"https://myapp.test", allowCredentials+"true", allowMethods+list)
			steps := []step{{method: method}, include(step{method: method})}
			if list == "*" {
				steps = append(steps, step{method: method, mode: "no-cors"}, step{method: method, url: "https://myapp.test/items"})
			}
			scenarios = append(scenarios, scenario{
				name:  fmt.Sprintf("%q when Access-Control-Allow-Methods is %q", method, list),
				sites: map[string]site{"*": {preflight: everything, response: everything}},
				steps: steps, preflights: asChromium,
			})
		}
	}
	return scenarios
}

// headerValues test header values at the limits of the safelist, with
// CORS and in mode no-cors.
func headerValues() []scenario {
	long := func(n int) string { return strings.Repeat("a", n) }
	var lists [][]string
	for _, line := range []string{
		"Accept: text/html, */*;q=0.8", "Accept: a\tb", "Accept: a(b)", "Accept: a<b>", "Accept: a@b", "Accept: a[b]", `Accept: a\b`, "Accept: a?b", "Accept: é", "Accept: a=b", "Accept: a/b,c/d", "Accept: a'b", "Accept: a|b", "Accept: \x7f",
		"Accept-Language: en-US,en;q=0.9", "Accept-Language: en US", "Accept-Language: en\tUS", "Accept-Language: en/US", "Accept-Language: é", "Accept-Language: en:US", "Accept-Language: ", "Accept-Language: *;q=0",
		"Content-Language: en-US", "Content-Language: en, de", "Content-Language: en_US", "Content-Language: ", "Content-Language: a.b=c;d*",
		"Content-Type: text/plain ", "Content-Type: text/plain\t; x=y", "Content-Type: text /plain", "Content-Type: text/plain;", "Content-Type: ;text/plain", "Content-Type: text/plain x", "Content-Type: text/plain;x=é", "Content-Type: text/plain;x",
		"Content-Type: text/plain;x=\ty", "Content-Type: multipart/form-data;boundary=\"x\"", "Content-Type: multipart/form-data;boundary=a b", "Content-Type: MULTIPART/FORM-DATA", "Content-Type: multipart/mixed", "Content-Type: application/x-www-form-urlencoded; charset=UTF-8",
		"Content-Type: application/json; charset=utf-8", "Content-Type: application/csp-report", "Content-Type: */*", "Content-Type: text/plain\x0b", "Content-Type: text/plain, application/json", "Content-Type: application/x-www-form-urlencoded,", "Content-Type: é",
		"Range: bytes=0-", "Range: bytes=0-0", "Range: bytes=00-01", "Range: bytes=-1", "Range: bytes=-", "Range: bytes=1-0", "Range: bytes=0-1,2-3", "Range: bytes=a-b", "Range: bytes 0-1", "Range: BYTES=0-1", "Range: bytes =0-1", "Range: bytes=0- 1",
		"Range: bytes=\t0-1", "Range: bytes=0-18446744073709551615", "Range: bytes=0-9223372036854775807", "Range: bytes=0-9223372036854775808", "Range: bytes=18446744073709551616-", "Range: ", "Range: bytes=", "Range: bytes=+1-2", "Range: lines=0-1", "Range: bytes=0-1;",
		"Save-Data: ON", "Save-Data: ", "Dpr: 1.5", "Dpr: .5", "Dpr: 1e1", "Dpr: -1", "Dpr: 1,5", "Width: 0", "Width: -1", "Width: ", "Viewport-Width: 1.0", "Viewport-Width: x", "Downlink: 1.25", "Downlink: 1.", "Ect: 4G", "Ect: slow-2g", "Rtt: 0", "Rtt: 1.5", "Device-Memory: 0.25", "Device-Memory: ",
		"Sec-Ch-Ua: x", "X-Requested-With: ", "DNT: 1", "Purpose: prefetch", "Upgrade-Insecure-Requests: 1", "If-Match: x", "If-Unmodified-Since: x", "If-Range: x", "Forwarded: for=x", "X-Forwarded-For: 1.1.1.1", "X-Http-Method: TRACE , GET", "X-Http-Method: GET", "X-Method-Override: \"CONNECT\"", "X-Http-Method-Override: GET,TRACK",
		"Access-Control-Allow-Origin: *", "Access-Control-Request-Private-Network: true", "Access-Control-Request-Foo: 1", "Set-Cookie2: x", "Cookie2: x", "Proxy-Authorization: x", "Proxy: x", "Sec: x", "Trailer: x", "Transfer-Encoding: chunked", "Upgrade: x", "Host: x", "Accept-Charset: x", "Early-Data: 1", "User-Agent: x",
	} {
		lists = append(lists, []string{line})
	}
	for _, n := range []int{127, 128, 129} {
		for _, name := range []string{"Accept", "Accept-Language", "Content-Language", "Content-Type", "Save-Data"} {
			value := long(n)
			if name == "Content-Type" {
				value = "text/plain;" + long(n-len("text/plain;"))
			}
			lists = append(lists, []string{name + ": " + value})
		}
	}
	lists = append(lists,
		[]string{"Accept: " + long(64), "Accept: " + long(62)}, []string{"Accept: " + long(64), "Accept: " + long(63)}, []string{"Accept: a", "Accept: b"},
		[]string{"Accept-Language: en", "Accept-Language: de"}, []string{"Content-Type: text/plain", "Content-Type: text/plain"}, []string{"Range: bytes=0-1", "Range: bytes=2-3"},
		[]string{"Accept: a", "X-A: 1", "Content-Language: en"}, []string{"X-B: 1", "x-a: 1", "X-B: 2"}, []string{"Accept: " + long(129), "Accept-Language: " + long(129), "X-A: 1"},
		[]string{"Accept: " + long(128), "Accept-Language: " + long(128), "Content-Language: " + long(128), "Content-Type: text/plain;" + long(117), "Range: bytes=0-1"},
		[]string{"X-A: é"}, []string{"X-A: \x01"}, []string{"X-A: a\tb"}, []string{"X-A: \x7f"}, []string{"X-A: \x00"}, []string{"X-A: a\nb"}, []string{"X-A:  a "}, []string{"X-A: "}, []string{"X A: 1"}, []string{"X(A: 1"}, []string{"é: 1"}, []string{": 1"}, []string{"X-A: 日"},
	)
	clientHints := map[string]bool{
		"Save-Data": true, "Dpr": true, "Width": true, "Viewport-Width": true, "Downlink": true, "Ect": true, "Rtt": true, "Device-Memory": true,
	}
	var scenarios []scenario
	for _, lines := range lists {
		name := fmt.Sprintf("%.60q", lines)
		post := step{method: "POST", header: lines}
		own := step{header: lines, url: "https://myapp.test/items"}
		steps := []step{{header: lines}, post, own}
		quiet := post
		quiet.mode = "no-cors"
		steps = append(steps, quiet)
		departure := ""
		switch name, value, _ := strings.Cut(lines[0], ": "); {
		case clientHints[name]:
			departure = "the safelist of the standard has no client hints"
		case value == "bytes=0-9223372036854775807":
			departure = "the standard has no limit for the numbers of a range"
		case name == "User-Agent":
			departure = "in the standard, scripts can set User-Agent, with permission; Chromium drops it"
		case strings.HasPrefix(name, "If-"):
			departure = "in the standard, a conditional request has Cache-Control: no-cache; in Chromium, max-age=0"
		}
		scenarios = append(scenarios, scenario{
			name: name, sites: map[string]site{"*": everywhere}, steps: steps, preflights: asChromium, departure: departure,
		})
	}
	return scenarios
}
