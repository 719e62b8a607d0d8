package browser

import (
	"fmt"
	"strings"
)

// safelistScenarios test which headers need a preflight. The server allows
// everything.
func safelistScenarios() []scenario {
	everything := map[string]site{"api.test": {
		preflight: with("Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: *",
			"Access-Control-Allow-Headers: *, Authorization"),
		response: with("Access-Control-Allow-Origin: *"),
	}}
	value := func(n int) string { return strings.Repeat("a", n) }
	var scenarios []scenario
	add := func(preflights int, line, departure string) {
		name := line
		if len(line) > 60 {
			name = fmt.Sprintf("%s… of %d bytes", line[:30], len(line))
		}
		scenarios = append(scenarios, scenario{
			name:       fmt.Sprintf("%q causes %d preflights", name, preflights),
			sites:      everything,
			steps:      []step{{header: []string{line}, want: "200"}},
			preflights: preflights,
			departure:  departure,
		})
	}
	for _, line := range []string{
		"Accept: application/json", "Accept: " + value(128), "Accept: */*;q=0.5", "Accept: ",
		"Accept-Language: de-CH, en;q=0.8", "Accept-Language: *", "Content-Language: de",
		"Content-Type: text/plain", "Content-Type: TEXT/Plain", "Content-Type: text/plain;charset=utf-8",
		"Content-Type: application/x-www-form-urlencoded", "Content-Type: multipart/form-data",
		"Content-Type: multipart/form-data; boundary=x", "Content-Type: text/plain; a=" + value(114),
		"Range: bytes=0-99", "Range: bytes=100-", "Range: bytes=0-0", "Range: bytes=009-10",
		// Forbidden names are dropped.
		"Cookie: a=b", "Origin: https://evil.test", "Host: evil.test", "Referer: https://evil.test/",
		"Dnt: 1", "Accept-Charset: utf-8", "Accept-Encoding: br", "Content-Length: 3", "Connection: close",
		"Date: today", "Expect: x", "Te: x", "Via: x", "Keep-Alive: x", "Set-Cookie: a=b",
		"Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: x", "Sec-Anything: 1", "Proxy-Anything: 1",
		"X-Http-Method-Override: TRACE", "X-Http-Method: track", "X-Method-Override: GET, connect",
	} {
		add(0, line, "")
	}
	for _, line := range []string{
		"Accept: " + value(129), `Accept: a"b`, "Accept: a{b", "Accept: a:b",
		"Accept-Language: en_US", "Accept-Language: " + value(129), "Content-Language: en(", "Content-Language: a\"b",
		"Content-Type: application/json", "Content-Type: text/html", "Content-Type: application/octet-stream",
		"Content-Type: text/xml", "Content-Type: text/plain, text/plain", "Content-Type: text/plain;charset=\"utf-8\"",
		"Content-Type: text", "Content-Type: ", "Content-Type: text/plain; a=" + value(115),
		"Content-Type: application/grpc-web+proto",
		"Range: bytes=-5", "Range: bytes=0-1,3-4", "Range: items=0-1", "Range: bytes=5-1", "Range: bytes= 0-1",
		"Range: bytes=0 -1", "Range: Bytes=0-1",
		"Authorization: Bearer x", "X-Requested-With: XMLHttpRequest", "Cache-Control: no-cache", "Pragma: no-cache",
		"If-None-Match: \"x\"", "If-Modified-Since: Mon, 23 Nov 2026 00:00:00 GMT", "Last-Event-Id: 1",
		"Traceparent: 00-1-1-00", "Priority: u=1", "Idempotency-Key: 1",
		"Save-Data: off", "Dpr: x", "Dpr: 1.", "Ect: 5g", "Rtt: -1", "Downlink: -1", "Device-Memory: x", "Width: 1.5",
		"X-Http-Method-Override: PUT", "X-Http-Method-Override: TRACER", "X-Http-Method-Override: \"TRACE\"",
	} {
		add(1, line, "")
	}
	for _, line := range []string{
		"Dpr: 1", "Width: 100", "Viewport-Width: 100", "Save-Data: on", "Downlink: 1", "Ect: 4g", "Rtt: 100", "Device-Memory: 1",
	} {
		add(0, line, "the safelist of the standard has no client hints")
	}
	add(0, "User-Agent: mine", "in the standard, scripts can set User-Agent, with permission; Chromium drops it")
	return scenarios
}
